import type { Evidence } from '../../contract/findings.ts';
import { metricOf } from '../../contract/metrics.ts';
import type { Block } from './block.ts';
import type { ChannelView, GroupShift } from './channel.ts';
import type { GaugeSpec, RateSpec } from './detector.ts';
import { type Forecast, forecast } from './forecast.ts';
import { aboveOf, beyondOf, climbsOf, goesOnOf } from './growth.ts';
import { type Curve, readHistory } from './history.ts';
import { VERY_MANY } from './rate-channel.ts';
import { round, sentence, spanText, usually } from './sentences.ts';
import { DAY } from './time.ts';
import {
  growthOfLosses,
  heldAbove,
  mountsOf,
  restOf,
  runsAway,
  sinceOf,
  type Trend,
  trendOf,
  wearsOf,
} from './trend.ts';

/** What one channel's curve amounts to. */
export interface ChannelVerdict {
  readonly metric: string;
  /** 0 … 1.2: how surely this channel alone shows a part on its way to failure. */
  readonly strength: number;
  /** Gauges: how far it is from habit, in spreads and for as long as it has been so; 0 for a rate. */
  readonly apart: number;
  /** Gauges: how surely it is where nothing innocent brings it; 0 for a rate. */
  readonly beyond: number;
  /** Rates: evidence in nats, which adds up over the rates of a mode; 0 for a gauge. */
  readonly nats: number;
  /** Rates: how much the rise matters and how near failure is, 0 … 1.2. */
  readonly weight: number;
  /** What it counts for when no other channel of its mode agrees. */
  readonly alone: number;
  /** It moves with another of its mode. */
  readonly echoes: boolean;
  /** Rates: nats before they are weighed; the surprise of what came since it rose, in nats, that no allowance holds back; log times its habit. */
  readonly score: number;
  readonly surprise: number;
  readonly times: number;
  /** Change from habit, in the watched unit or in errors a unit of use; for rates also as a multiple of the least rise that matters. */
  readonly more: number;
  readonly risen: number;
  /** Gauges: change from habit since its curve began, on average, in the watched unit. */
  readonly off: number;
  /** Days since its curve began, and for how many it has been up at a third of where it is now. */
  readonly since: number;
  readonly lasted: number;
  /** How surely it has moved towards failure for more than a day. */
  readonly wears: number;
  /** What it loses on its way is counted by rates. */
  readonly costs: boolean;
  /** Share of the way to failure now. */
  readonly level: number;
  /** A stock that runs out: how surely it goes on falling since it left its habit, 0 … 1; a step does not. */
  readonly climbs: number;
  /** How surely its curve as a whole has risen since it began: what merely has its busy hours has not. */
  readonly mounts: number;
  readonly forecast: Forecast;
  readonly answers: Answers;
  /** How surely it grows, however little: losses that come with it say that it is not but the air. */
  readonly slopes: number;
  /** How surely it has gone on since it first left its habit, by a good part of where it is: what was moved has not. */
  readonly goesOn: number;
  /** How surely it will have failed before it has held, 0 … 1. */
  readonly runs: number;
  /** Whether its curve moves towards failure now. */
  readonly rising: boolean;
  /** What it tells people, put into words when it is asked for. The sentence lacks its end: what it says of the time left depends on the channels beside it. */
  evidence(): Evidence;
}

/** What an inferred change counts for where the gauge that tells it directly does not, and the share of the way up to which that says so. */
const DENIED = 0.5;
const SOUND = 0.08;
/** Share of the way from which what is inferred is believed all the same, and over how much more fully: a gauge learns what it tells now and then, and not at all where no charge is a full one. */
const STANDS_BY = 0.45;
const STANDS_BY_SURE = 0.2;

/** t statistic of a line through the whole of a curve from which it has risen, and over as much more surely; days for which it must have, likewise. */
const GROWN = 1.5;
const GROWN_DAYS = 2;
/** Days over which what has lasted for longer than few errors do comes to be believed. */
const LASTED_DAYS = 2;

/** Natural log of how many times the usual rate counts fully: a sound part does not err many times as often as it did. */
const MANIFOLD = Math.log(5);

/** Nats at which rates begin to count, and how many more make them sure: a cumulative sum errs about once in e^nats buckets. */
export const ENOUGH = 8;
export const SURE = 5;
/** Nats that being half way to a known failing rate is worth, and what half way is. */
const PLAIN = 6;
const HALF_WAY = 0.45;
const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/** How surely a gauge that is `apart` from its habit is not there by chance. */
export function farOf(apart: number): number {
  return unit((apart - 5) / 4);
}

/** The five questions that a curve must answer, each 0 … 1. */
export interface Answers {
  readonly far: number;
  readonly magnitude: number;
  readonly held: number;
  readonly grows: number;
  readonly near: number;
}

/** Share of the way to failure from which a level need not go on, and over how much more that of a till that may have been moved need not either. */
export const NO_PLACE = 0.65;
export const NO_PLACE_SURE = 0.15;

/** Days over which what runs away must have done so: three buckets. */
const RUN_DAYS = 0.12;

interface Judged {
  readonly strength: number;
  readonly apart: number;
  readonly beyond: number;
  readonly score: number;
  readonly nats: number;
  readonly weight: number;
  readonly answers: Answers;
  readonly slopes: number;
  readonly goesOn: number;
  readonly trend: Trend;
  readonly since: number;
  readonly lasted: number;
  readonly forecast: Forecast;
}

function judgeCurve(block: Block, view: ChannelView, spec: GaugeSpec | RateSpec): Judged | undefined {
  if (view.history === 0) return undefined;
  const curve = readHistory(block.histories, view.history, block.curve);
  if (curve.n < ('rise' in spec ? 2 : 3)) return undefined;
  const holdDays = spec.holdDays ?? block.detector.holdDays;
  const trend = trendOf(curve, holdDays);
  if (trend.level <= 0) return undefined;
  const outlook = forecast(curve, block.day, spec.reachSd, 0.3);
  const { fullLevel } = block.detector;
  const horizonDays = ('rise' in spec ? undefined : spec.horizonDays) ?? block.detector.horizonDays;
  const near = unit((horizonDays * 1.6 - outlook.p50) / (horizonDays * 0.6));
  if ('rise' in spec) {
    // A rate's score is paid out by the day: what is high has held. Half way to a known failing rate leaves no innocent cause.
    const nats =
      view.score +
      (spec.absolute && hasPassed(curve, view, spec, block.detector.bucketMs)
        ? PLAIN * unit((Math.min(trend.level, restOf(curve, holdDays * 0.7)) - HALF_WAY) / 0.2)
        : 0);
    const far = unit((nats - ENOUGH) / SURE);
    const many = spec.absolute ? 0 : Math.log(Math.max(1, view.now / view.base)) / MANIFOLD;
    const magnitude = Math.min(1.2, Math.max(trend.level / fullLevel, many)) * unit((view.now - view.base) / spec.rise);
    // What stands as low as something innocent may bring it must grow; what stands higher need not.
    const grown = spec.steps || spec.innocent !== undefined ? unit((trend.tStat - 0.4) / 1.6) : 1;
    const stands = spec.innocent === undefined ? 0 : aboveOf(view.base + trend.level * view.reach, spec.innocent);
    const grows = Math.max(grown, stands);
    // Losses that have come a third of the way and go on growing are not waited for either, nor any that have for a week.
    const lasting = spec.absolute && block.detector.liveOnly ? growthOfLosses({ ...trend, span: sinceOf(curve) }) : 0;
    const enough = 0.35 - 0.25 * unit((sinceOf(curve) - 2) / 4);
    const due = Math.max(near, lasting * unit((trend.level - enough) / 0.15));
    const counts = Math.min(grows, due) * magnitude;
    // What is certain may be too little to send anybody for; it is a witness all the same.
    const weight = counts * mattersOf(view, spec, trend, sinceOf(curve));
    return {
      strength: far * weight,
      apart: 0,
      beyond: 0,
      score: nats,
      nats: nats * unit(counts * 4),
      weight,
      answers: { far, magnitude, held: 1, grows, near: due },
      slopes: grows,
      goesOn: 1,
      trend: { ...trend, span: sinceOf(curve) },
      since: sinceOf(curve),
      lasted: trend.span,
      forecast: outlook,
    };
  }
  // Five questions, the weakest answer counts: is it far from habit, far on the way, does it grow, has it held, is failure near?
  const buckets = (trend.span * DAY) / block.detector.bucketMs + 1;
  const apart = (trend.level / view.sigma) * Math.min(3, Math.sqrt(buckets / view.alike));
  const far = Math.max(unit((view.score - 3) / 9), unit((trend.level / view.sigma - 2.5) / 2.5), farOf(apart));
  const magnitude = Math.min(1.2, trend.level / (spec.full ?? Math.max(fullLevel, spec.least ?? 0)));
  // A whole curve that rises may hold a step: where a step is innocent it must rise the more, and a link moves too often to go by it.
  const whole = !spec.steps ? trend.tWhole : block.detector.liveOnly ? 0 : trend.tWhole - 2;
  // A till that was moved has another signal, which wanders ever after: among hundreds of looks one shows a slope. What fades goes on by a good part of where it is.
  const goesOn = spec.steps && block.detector.liveOnly ? goesOnOf(trend, spec) : 1;
  const matters = spec.dir < 0 ? goesOn : 1;
  const slopes = unit((Math.max(trend.tStat, whole) - 0.4) / 2.5);
  const rising = slopes * matters;
  // What stays bad for long is failing too, where a lasting step has no innocent cause.
  const lasting = spec.steps ? 0 : unit((trend.span / holdDays - 0.9) / 0.7) * unit(magnitude * 1.2);
  const deep = trend.level > NO_PLACE ? Math.max(matters, unit((trend.level - NO_PLACE) / NO_PLACE_SURE)) : 0;
  const beyond = beyondOf(curve, trend, spec);
  const grows = Math.max(deep, rising, lasting, beyond);
  const runs = runsAway(trend, outlook.p50, block.detector.liveOnly === true);
  const soon = Math.max(runs * unit(trend.span / RUN_DAYS), beyond);
  const held = Math.max(unit(trend.span / (holdDays * (1 - 0.45 * rising))), soon);
  // How far it is from failing is known of few; one that has fallen as far as no innocent cause brings it, and goes on, is not waited for.
  const grave = spec.grave === undefined ? 0 : unit((trend.level * view.reach - spec.grave) / (0.4 * spec.grave));
  const due = Math.max(near, grave * climbsOf(trend, spec, block.detector.liveOnly === true, outlook.p50));
  const strength = Math.min(far, held, grows, due) * magnitude;
  return {
    strength,
    apart,
    beyond,
    score: 0,
    nats: 0,
    weight: 0,
    answers: { far, magnitude, held, grows, near: due },
    slopes: Math.max(grows, slopes),
    goesOn,
    trend,
    since: sinceOf(curve),
    lasted: trend.span,
    forecast: outlook,
  };
}

/** Whether it has come near half way for longer than anything innocent brings that, or by more errors. */
function hasPassed(curve: Curve, view: ChannelView, { passing = 0 }: RateSpec, bucketMs: number): boolean {
  return passing === 0 || errorsOf(view) >= VERY_MANY || heldAbove(curve, HALF_WAY / 2, bucketMs) >= passing;
}

/** How surely a rise is large enough to send somebody for, or has gone on rising for days, however small it is, or has lasted for longer than what brings so few. */
function mattersOf({ now, base }: ChannelView, spec: RateSpec, { tWhole }: Trend, since: number): number {
  if (spec.matters === undefined) return 1;
  const grown = Math.min(unit((tWhole - GROWN) / GROWN), unit((since - GROWN_DAYS) / GROWN_DAYS));
  return Math.max(unit((now - base) / spec.matters), grown, unit((since - (spec.brief ?? Infinity)) / LASTED_DAYS));
}

/** What a gauge under suspicion amounts to; undefined where it is under none. */
export function judgeGauge(block: Block, i: number): ChannelVerdict | undefined {
  const spec = block.detector.gauges[i]!;
  const view = block.viewGauge(i);
  const verdict = judgeCurve(block, view, spec);
  if (!verdict) return undefined;
  const show = (x: number): number => (spec.show ? spec.show(x, block) : x);
  const said = spec.infers === undefined ? undefined : block.viewGauge(spec.infers);
  const isDenied = said?.ready === true && said.moves && said.history === 0 && said.level < SOUND;
  // A current that is told on another scale since an update has one step.
  const plain = Math.min(
    unit((verdict.trend.level - STANDS_BY) / STANDS_BY_SURE),
    mountsOf(verdict.trend, verdict.since),
  );
  const denied = isDenied ? DENIED + (1 - DENIED) * plain : 1;
  const now = view.base + verdict.trend.level * spec.dir * view.reach;
  const step = verdict.trend.slope * spec.dir * view.reach;
  const metric = spec.metricOn?.(block) ?? spec.metric;
  return {
    metric,
    strength: verdict.strength * denied,
    apart: verdict.apart * denied,
    beyond: verdict.beyond * denied,
    nats: verdict.nats,
    weight: verdict.weight,
    alone: spec.alone ?? 1,
    echoes: spec.echoes === true,
    costs: spec.costs === true,
    score: 0,
    surprise: 0,
    times: 0,
    more: verdict.trend.level * view.reach,
    risen: verdict.trend.level * view.reach,
    off: verdict.trend.mean * view.reach,
    since: verdict.since,
    lasted: verdict.lasted,
    wears: wearsOf(verdict.trend),
    level: verdict.trend.level,
    mounts: mountsOf(verdict.trend, verdict.since),
    climbs: climbsOf(verdict.trend, spec, block.detector.liveOnly === true, verdict.forecast.p50),
    forecast: verdict.forecast,
    answers: { ...verdict.answers, magnitude: verdict.answers.magnitude * denied },
    slopes: verdict.slopes,
    goesOn: verdict.goesOn,
    runs: runsAway(verdict.trend, verdict.forecast.p50, block.detector.liveOnly === true),
    rising: verdict.trend.slope > 0,
    evidence: () => ({
      metric,
      value: round(show(now)),
      baseline: round(show(view.base)),
      unit: spec.unit ?? metricOf(metric)?.unit ?? '',
      threshold: round(show(view.base + spec.dir * view.reach)),
      direction: spec.dir > 0 ? 'above' : 'below',
      ...slopeOf(show(now) - show(now - step), verdict),
      why: `${sentence(spec.describe)} ${spec.dir > 0 ? 'rose' : 'fell'} from ${round(show(view.base))} to ${round(show(now))} within ${spanText(verdict.trend.span)}`,
    }),
  };
}

export function judgeRate(block: Block, i: number, group: GroupShift): ChannelVerdict | undefined {
  const spec = block.detector.rates[i]!;
  const view = block.viewRate(i, group);
  const verdict = judgeCurve(block, view, spec);
  if (!verdict) return undefined;
  return {
    metric: spec.metric,
    strength: verdict.strength,
    apart: verdict.apart,
    beyond: 0,
    nats: verdict.nats,
    weight: verdict.weight,
    alone: spec.alone ?? 1,
    echoes: false,
    costs: false,
    score: verdict.score,
    surprise: surpriseOf(view),
    times: Math.log(Math.max(1, view.now / view.base)),
    more: Math.max(0, view.now - view.base),
    risen: Math.max(0, view.now - view.base) / spec.rise,
    off: 0,
    since: verdict.since,
    lasted: verdict.lasted,
    wears: wearsOf(verdict.trend),
    level: verdict.trend.level,
    mounts: mountsOf(verdict.trend, verdict.since),
    climbs: block.detector.liveOnly ? growthOfLosses(verdict.trend) : 0,
    forecast: verdict.forecast,
    answers: verdict.answers,
    slopes: verdict.slopes,
    goesOn: verdict.goesOn,
    runs: 0,
    rising: verdict.trend.slope > 0,
    evidence: () => ({
      metric: spec.metric,
      value: round(view.now),
      baseline: round(view.base),
      unit: `1/${spec.per}`,
      threshold: round(spec.absolute ? spec.reach : view.base + view.reach),
      direction: 'above',
      ...slopeOf(verdict.trend.slope * view.reach, verdict),
      why: `${sentence(spec.describe)}: ${round(view.now)} per ${spec.per}, ${usually(view.now, view.base)}, for ${spanText(verdict.trend.span)}`,
    }),
  };
}

/** Nats by which as many errors as came since it rose are likelier at their own rate than at the usual one. */
export function surpriseOf(view: ChannelView): number {
  const { now, base } = view;
  return now > base ? errorsOf(view) * (Math.log(now / base) - 1 + base / now) : 0;
}

/** Errors of a rate since it rose, one at the least, as its spread tells them. */
function errorsOf({ now, sigma, reach }: ChannelView): number {
  return (now / (sigma * reach)) ** 2;
}

/** Change a day, in two figures; nothing where the curve does not move towards failure. */
function slopeOf(perDay: number, { trend }: { trend: Trend }): { slope?: number } {
  return trend.slope > 0 ? { slope: Number(perDay.toPrecision(2)) } : {};
}
