import type { Evidence } from '../../contract/findings.ts';
import { metricOf } from '../../contract/metrics.ts';
import type { Mode } from '../../contract/modes.ts';
import type { Block } from './block.ts';
import type { ChannelView, GroupShift } from './channel.ts';
import type { Detector, GaugeSpec, ModeSpec, RateSpec } from './detector.ts';
import { type Forecast, forecast } from './forecast.ts';
import { type Curve, readHistory } from './history.ts';
import { round, sentence, spanText, told, usually } from './sentences.ts';
import { DAY } from './time.ts';

/** What one channel's curve amounts to. */
export interface ChannelVerdict {
  readonly metric: string;
  /** 0 … 1.2: how surely this channel alone shows a part on its way to failure. */
  readonly strength: number;
  /** Gauges: how far it is from habit, in spreads and for as long as it has been so; 0 for a rate. */
  readonly apart: number;
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
  readonly forecast: Forecast;
  readonly answers: Answers;
  /** How surely it will have failed before it has held, 0 … 1. */
  readonly runs: number;
  /** Whether its curve moves towards failure now. */
  readonly rising: boolean;
  /** Its sentence lacks its end: what it says of the time left depends on the channels beside it. */
  readonly evidence: Evidence;
}

/** The judge's opinion of one component: the mode that its channels add up to, how surely, and when it fails. */
export interface Verdict {
  readonly mode: ModeSpec;
  /** 1 and over: enough for a finding that opens a ticket. */
  readonly strength: number;
  /** What its own channels alone amount to, without those that it shares with other modes. */
  readonly own: number;
  readonly level: number;
  readonly forecast: Forecast;
  readonly evidence: readonly Evidence[];
  /** The same without a word of the time that is left. */
  readonly seen: readonly Evidence[];
}

/** Share of the strongest shared evidence below which a mode's own is but a trace. */
const TRACE = 0.35;
/** What a mode's own channels show at the least where they show a trace, and where they show none. */
const PLAIN_TRACE = 0.1;
const FAINT = 0.02;
/** By how much more a gauge counts whose fall costs something that several modes share. */
const COSTLY = 0.6;
/** Nats beyond which what is shared is no louder. */
const LOUD = 20;
/** What evidence that no mode speaks for counts for at the most, once it goes on growing. */
const CARRIED_GROWN = 0.8;

/** What an inferred change counts for where the gauge that tells it directly does not, and the share of the way up to which that says so. */
const DENIED = 0.5;
const SOUND = 0.08;

interface Channels {
  readonly gauges: readonly ChannelVerdict[];
  readonly rates: readonly ChannelVerdict[];
}

/** Natural log of how many times the usual rate counts fully: a sound part does not err many times as often as it did. */
const MANIFOLD = Math.log(5);

/** Nats at which rates begin to count, and how many more make them sure: a cumulative sum errs about once in e^nats buckets. */
const ENOUGH = 8;
const SURE = 5;
/** Nats that being half way to a known failing rate is worth. */
const PLAIN = 6;
/** Nats below which rates add nothing to what gauges show. */
const LEAST_NATS = 4;

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/** What a channel of another component says of a mode of this one. */
export interface Lent {
  readonly mode: Mode;
  readonly verdict: ChannelVerdict;
}

/** Weighs all channels under suspicion, with what another component lends, and attributes them to modes. */
export function judge(block: Block, group: GroupShift, lent?: Lent): Verdict[] {
  const { detector } = block;
  const seen = {
    gauges: detector.gauges.map((_, i) => judgeGauge(block, i)),
    rates: detector.rates.map((_, i) => judgeRate(block, i, group)),
  };
  const { gauges, rates } = detector.weigh?.(block, seen.gauges, seen.rates, group.isAlone) ?? seen;
  const modes = detector.modes.filter(({ mode }) => detector.fails?.(block, mode) ?? true);
  const cases = modes.map((mode) => ({
    mode,
    own: {
      gauges: [
        ...(mode.addsUp ? agreeing(gauges, mode.gauges) : pick(gauges, mode.gauges)),
        ...(lent?.mode === mode.mode ? [lent.verdict] : []),
      ],
      rates: pick(rates, mode.rates),
    },
    shared: { gauges: pick(gauges, mode.sharedGauges ?? []), rates: pick(rates, mode.sharedRates ?? []) },
  }));
  // What several modes share counts for the one that speaks most for itself; where none does, for the likeliest.
  const voice = new Map(cases.map((c) => [c.mode, amount(c.own.gauges, c.own.rates) + hint(c.own)]));
  const heard = cases
    .filter((c) => voice.get(c.mode)! > 0.06 && !outshone(c.own, c.shared))
    .sort((a, b) => voice.get(b.mode)! - voice.get(a.mode)!);
  const loudest = (heard.find((c) => !c.mode.remainder) ?? heard[0])?.mode;
  const carrier =
    loudest ?? tracedOf(cases.map((c) => ({ mode: c.mode, trace: hint(c.own) }))) ?? carrierOf(block, group, modes);
  const verdicts: Verdict[] = [];
  for (const { mode, own, shared } of cases) {
    const yielded = (mode.yieldsTo ?? []).reduce((left, name) => {
      const other = cases.find((c) => c.mode.mode === name);
      return left * (1 - 0.8 * unit((other ? voice.get(other.mode)! : 0) * 1.6));
    }, 1);
    const carried = detector.carried + Math.max(0, CARRIED_GROWN - detector.carried) * growthOf(shared.rates);
    const share = mode !== carrier ? 0.25 : loudest === mode ? 0.8 : carried;
    const strength = yielded * amount(own.gauges, own.rates, shared.gauges, shared.rates, share);
    if (strength < 0.05) continue;
    const all = [...own.gauges, ...own.rates, ...shared.gauges, ...shared.rates].sort((a, b) => sway(b) - sway(a));
    const together = blend(all);
    verdicts.push({
      mode,
      strength,
      own: yielded * amount(own.gauges, own.rates),
      level: Math.max(...all.map((v) => v.level)),
      forecast: together,
      evidence: all.slice(0, 4).map((v, i) => told(v, i === 0, all.length, together.p50)),
      seen: all.slice(0, 3).map((v) => ({ ...v.evidence, why: `${v.evidence.why}.` })),
    });
  }
  return verdicts.sort((a, b) => b.strength - a.strength);
}

/** What channels add up to: gauges by their strength, rates by their nats; each makes the other easier to believe. */
function amount(
  gauges: readonly ChannelVerdict[],
  rates: readonly ChannelVerdict[],
  sharedGauges: readonly ChannelVerdict[] = [],
  sharedRates: readonly ChannelVerdict[] = [],
  share = 0,
): number {
  const seen = witnesses(gauges);
  const single = seen.length + rates.length === 1;
  const grown = growthOf(sharedRates);
  const backed = unit((sumOf(sharedRates.map((v) => v.nats)) - 1) / 3);
  const alone = (v: ChannelVerdict): number => {
    const strength = grownBy(v, grown) * costly(v, sharedRates);
    if (!single) return strength;
    return (
      strength *
      (v.alone < 0.5
        ? v.alone
        : v.alone + (1 - v.alone) * Math.max(backed, unit((v.level - 0.45) / 0.3), v.climbs, v.runs))
    );
  };
  const shown = combine(seen.map(alone)) + share * combine(sharedGauges.map((v) => v.strength));
  const nats = sumOf(rates.map((v) => v.nats)) + share * sumOf(sharedRates.map((v) => v.nats));
  if (nats < LEAST_NATS) return shown;
  const weight = Math.max(...rates.map((v) => v.weight), ...sharedRates.map((v) => v.weight * share));
  const cap = rates.length === 1 && gauges.length === 0 ? rates[0]!.alone : 1;
  return shown + Math.min(cap, unit((nats + 5 * unit(shown) - ENOUGH) / SURE)) * weight;
}

/** How surely rates that several modes share go on growing: what a step of a gauge, which may be innocent, brings with it is no longer so then. */
function growthOf(shared: readonly ChannelVerdict[]): number {
  return Math.max(0, ...shared.map((v) => v.climbs * unit((v.nats - ENOUGH) / SURE)));
}

/** A gauge's strength once what it brings about grows as much. */
function grownBy({ strength, answers: { far, held, grows, near, magnitude } }: ChannelVerdict, grown: number): number {
  return grown <= grows ? strength : Math.min(far, held, grown, near) * magnitude;
}

/** What falls and costs packets from then on needs to have fallen less far than what costs none: of the two together there is no innocent cause. */
function costly(gauge: ChannelVerdict, shared: readonly ChannelVerdict[]): number {
  if (!gauge.costs) return 1;
  return 1 + COSTLY * unit((sumOf(shared.map((v) => v.nats)) - ENOUGH) / SURE);
}

/** A gauge that moves with another of its mode, whatever moves that, is no second witness: the stronger of them counts. */
function witnesses(gauges: readonly ChannelVerdict[]): readonly ChannelVerdict[] {
  if (!gauges.some((v) => v.echoes)) return gauges;
  const strongest = gauges.reduce((best, v) => (v.strength > best.strength ? v : best));
  return gauges.length <= 2 ? [strongest] : gauges.filter((v) => !v.echoes);
}

/**
 * Witnesses of one cause add up: two that have left their habits by three spreads each are as far apart together as one by four. What else
 * each must answer (how long, how near, does it grow) it answers alone.
 */
function agreeing(verdicts: readonly (ChannelVerdict | undefined)[], at: readonly number[]): ChannelVerdict[] {
  const seen = at.map((i) => verdicts[i]).filter((v) => v !== undefined);
  const together = farOf(Math.sqrt(sumOf(seen.map((v) => v.apart ** 2))));
  const raised = seen.map((v) => {
    const { far, held, grows, near, magnitude } = v.answers;
    return { ...v, strength: Math.min(Math.max(far, together), held, grows, near) * magnitude };
  });
  return pick(
    raised,
    raised.map((_, i) => i),
  );
}

/** How surely a gauge that is `apart` from its habit is not there by chance. */
function farOf(apart: number): number {
  return unit((apart - 5) / 4);
}

/** True where a mode's own evidence is but a trace beside what it shares: another cause brings both. */
function outshone(own: Channels, shared: Channels): boolean {
  const grown = growthOf(shared.rates);
  const gauges = Math.max(0, ...own.gauges.map((v) => grownBy(v, grown) + v.level)) * (ENOUGH + SURE);
  const loudest = Math.max(0, ...shared.rates.map((v) => v.nats));
  return sumOf(own.rates.map((v) => v.nats)) + gauges < TRACE * Math.min(LOUD, loudest);
}

/** The one mode of which its own channels show a trace, where no other's show any. */
function tracedOf(traces: readonly { readonly mode: ModeSpec; readonly trace: number }[]): ModeSpec | undefined {
  const shown = traces.filter(({ mode, trace }) => trace > FAINT && !mode.remainder);
  return shown.length === 1 && shown[0]!.trace > PLAIN_TRACE ? shown[0]!.mode : undefined;
}

/** What a mode's own channels say of which part it is while they do not say yet that it fails. */
function hint({ gauges, rates }: Channels): number {
  const come = Math.max(0, ...gauges.map((v) => v.level * Math.min(v.answers.far, v.answers.held)));
  return come + (0.3 * sumOf(rates.map((v) => v.nats))) / (ENOUGH + SURE);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0);
}

/**
 * The mode that shared evidence alone points at: the usual one, unless another cannot be shown by this model in any other way, and the evidence
 * comes no faster than that other brings it.
 */
function carrierOf(block: Block, group: GroupShift, modes: readonly ModeSpec[]): ModeSpec | undefined {
  const sharing = modes.filter((m) => !m.backedOnly && (m.sharedGauges !== undefined || m.sharedRates !== undefined));
  const usual = sharing.find((m) => m.usual);
  if (!usual) return sharing.find((m) => m.remainder);
  const { rates } = block.detector;
  const outright = (usual.sharedRates ?? []).some((i) => block.viewRate(i, group).now >= (rates[i]!.plain ?? Infinity));
  if (outright) return usual;
  const shows = (m: ModeSpec): boolean =>
    m.gauges.some((i) => block.viewGauge(i).ready) || m.rates.some((i) => block.viewRate(i, group).ready);
  return shows(usual) ? (sharing.find((m) => m !== usual && !shows(m)) ?? usual) : usual;
}

function pick(verdicts: readonly (ChannelVerdict | undefined)[], at: readonly number[]): ChannelVerdict[] {
  return at
    .map((i) => verdicts[i])
    .filter(
      (v) => v !== undefined && (v.strength > 0.05 || v.nats > 0 || v.answers.far > (v.level > 0.25 ? 0.2 : 0.5)),
    ) as ChannelVerdict[];
}

/** The strongest counts whole, the next half, the third a quarter: two weak witnesses make one fair one. */
function combine(strengths: readonly number[]): number {
  const sorted = [...strengths].sort((a, b) => b - a);
  return (sorted[0] ?? 0) + (sorted[1] ?? 0) * 0.5 + (sorted[2] ?? 0) * 0.25;
}

/** What a channel counts for in the forecast of all. */
function sway(v: ChannelVerdict): number {
  return (v.strength + v.nats / 28) ** 2 * (0.2 + v.level) ** 2 + 1e-9;
}

/** Averages forecasts in log time, by strength and nearness: what is surest and soonest says most. */
function blend(verdicts: readonly ChannelVerdict[]): Forecast {
  if (verdicts.length === 1) return verdicts[0]!.forecast;
  let total = 0;
  const sum = { p10: 0, p50: 0, p90: 0, within1: 0, within3: 0, within7: 0 };
  for (const v of verdicts) {
    const weight = sway(v);
    total += weight;
    sum.p10 += weight * Math.log(v.forecast.p10);
    sum.p50 += weight * Math.log(v.forecast.p50);
    sum.p90 += weight * Math.log(v.forecast.p90);
    sum.within1 += weight * v.forecast.within1;
    sum.within3 += weight * v.forecast.within3;
    sum.within7 += weight * v.forecast.within7;
  }
  return {
    p10: Math.exp(sum.p10 / total),
    p50: Math.exp(sum.p50 / total),
    p90: Math.exp(sum.p90 / total),
    within1: sum.within1 / total,
    within3: sum.within3 / total,
    within7: sum.within7 / total,
  };
}

interface Trend {
  readonly level: number;
  readonly span: number;
  readonly slope: number;
  readonly tStat: number;
  /** t statistic of a line through the whole curve. */
  readonly tWhole: number;
}

/** Weighted mean of the last `days`, three points at the least. */
function endOf({ n, t, y, w }: Curve, days: number): number {
  let sum = 0;
  let weight = 0;
  for (let i = n - 1; i >= 0 && (i > n - 4 || t[i]! > t[n - 1]! - days); i--) {
    sum += w[i]! * y[i]!;
    weight += w[i]!;
  }
  return sum / weight;
}

/**
 * Weighted mean of the last `days`, three points at the least, without the worst of them: a customer who tries a dead card twenty times makes one
 * bad bucket, a worn reader fails in all.
 */
function restOf({ n, t, y, w }: Curve, days: number): number {
  let sum = 0;
  let weight = 0;
  let worst = -1;
  for (let i = n - 1; i >= 0 && (i > n - 4 || t[i]! > t[n - 1]! - days); i--) {
    sum += w[i]! * y[i]!;
    weight += w[i]!;
    if (worst < 0 || y[i]! > y[worst]!) worst = i;
  }
  return weight > w[worst]! ? (sum - w[worst]! * y[worst]!) / (weight - w[worst]!) : 0;
}

/** Joins neighbours, newest first, until each point is worth `weight`: a till that prints little tells less an hour, not less. */
function coalesce(curve: Curve, weight: number): { n: number; t: number[]; y: number[]; w: number[] } {
  const t: number[] = [];
  const y: number[] = [];
  const w: number[] = [];
  let open = false;
  for (let i = curve.n - 1; i >= 0; i--) {
    const at = t.length - 1;
    if (!open) {
      t.push(curve.t[i]!);
      y.push(curve.y[i]!);
      w.push(curve.w[i]!);
    } else {
      const sum = w[at]! + curve.w[i]!;
      t[at] = (t[at]! * w[at]! + curve.t[i]! * curve.w[i]!) / sum;
      y[at] = (y[at]! * w[at]! + curve.y[i]! * curve.w[i]!) / sum;
      w[at] = sum;
    }
    open = w.at(-1)! < weight;
  }
  return { n: t.length, t: t.reverse(), y: y.reverse(), w: w.reverse() };
}

/**
 * How the curve has risen: its level at the end, how long it has been up there (at a third of that level or more, bar one point in
 * four), and over that stretch the slope a day of a weighted straight line with its t statistic. What came before, and the first point
 * of the stretch, are left out: a step (another place, a damp roll) shows there, and is no trend until something follows it.
 */
function trendOf(curve: Curve, holdDays: number): Trend {
  const level = endOf(curve, holdDays * 0.7);
  if (level <= 0) return { level, span: 0, slope: 0, tStat: 0, tWhole: 0 };
  const { n, t, y, w } = coalesce(curve, (2 / level) ** 2);
  let begin = n - 1;
  for (let i = n - 1, below = 0; i >= 0; i--) {
    if (y[i]! < level / 3 && ++below * 4 > n - i + 1) break;
    if (y[i]! >= level / 3) begin = i;
  }
  const recent = lineThrough(t, y, w, n - begin > 3 ? begin + 1 : begin);
  const whole = lineThrough(t, y, w, n > 4 ? 1 : 0);
  return { level, span: t[n - 1]! - t[begin]!, slope: recent.slope, tStat: recent.tStat, tWhole: whole.tStat };
}

/** Weighted least squares from point `first` on: slope a day, and its t statistic with the scatter taken to be no less than the weights say. */
function lineThrough(
  t: readonly number[],
  y: readonly number[],
  w: readonly number[],
  first: number,
): { slope: number; tStat: number } {
  const n = t.length;
  let sw = 0;
  let st = 0;
  let sy = 0;
  for (let i = first; i < n; i++) {
    sw += w[i]!;
    st += w[i]! * t[i]!;
    sy += w[i]! * y[i]!;
  }
  const mt = st / sw;
  const my = sy / sw;
  let stt = 0;
  let sty = 0;
  let syy = 0;
  for (let i = first; i < n; i++) {
    stt += w[i]! * (t[i]! - mt) ** 2;
    sty += w[i]! * (t[i]! - mt) * (y[i]! - my);
    syy += w[i]! * (y[i]! - my) ** 2;
  }
  const slope = stt > 0 ? sty / stt : 0;
  const residual = Math.max(1, n - first > 2 ? (syy - slope * sty) / (n - first - 2) : 1);
  return { slope, tStat: stt > 0 && n - first >= 3 ? slope / Math.sqrt(residual / stt) : 0 };
}

/** Days from the first point of a curve to its last. */
function sinceOf({ n, t }: Curve): number {
  return t[n - 1]! - t[0]!;
}

/**
 * How surely what has gone far goes on so fast that it will have failed before it has held: from bucket to bucket it rises by many times what they
 * scatter, and failure is expected within half a day. A link's bad hours climb so, too.
 */
function runsAway({ level, tStat }: Trend, days: number, liveOnly: boolean): number {
  return liveOnly ? 0 : unit((tStat - 3) / 3) * unit((level - 0.2) / 0.1) * unit((0.7 - days) / 0.4);
}

/** The five questions that a curve must answer, each 0 … 1. */
export interface Answers {
  readonly far: number;
  readonly magnitude: number;
  readonly held: number;
  readonly grows: number;
  readonly near: number;
}

/** Days over which what runs away must have done so: three buckets. */
const RUN_DAYS = 0.12;

interface Judged {
  readonly strength: number;
  readonly apart: number;
  readonly score: number;
  readonly nats: number;
  readonly weight: number;
  readonly answers: Answers;
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
      (spec.absolute ? PLAIN * unit((Math.min(trend.level, restOf(curve, holdDays * 0.7)) - 0.45) / 0.2) : 0);
    const far = unit((nats - ENOUGH) / SURE);
    const many = spec.absolute ? 0 : Math.log(Math.max(1, view.now / view.base)) / MANIFOLD;
    const magnitude = Math.min(1.2, Math.max(trend.level / fullLevel, many)) * unit((view.now - view.base) / spec.rise);
    const grows = spec.steps ? unit((trend.tStat - 0.4) / 1.6) : 1;
    // Losses that have come a third of the way and go on growing are not waited for either, nor any that have for a week.
    const lasting = spec.absolute && block.detector.liveOnly ? growthOfLosses({ ...trend, span: sinceOf(curve) }) : 0;
    const enough = 0.35 - 0.25 * unit((sinceOf(curve) - 2) / 4);
    const due = Math.max(near, lasting * unit((trend.level - enough) / 0.15));
    const weight = Math.min(grows, due) * magnitude;
    return {
      strength: far * weight,
      apart: 0,
      score: nats,
      nats: nats * unit(weight * 4),
      weight,
      answers: { far, magnitude, held: 1, grows, near: due },
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
  const rising = unit((Math.max(trend.tStat, whole) - 0.4) / 2.5);
  // What stays bad for long is failing too, where a lasting step has no innocent cause.
  const lasting = spec.steps ? 0 : unit((trend.span / holdDays - 0.9) / 0.7) * unit(magnitude * 1.2);
  const grows = trend.level > 0.65 ? 1 : Math.max(rising, lasting);
  const runs = runsAway(trend, outlook.p50, block.detector.liveOnly === true);
  const held = Math.max(unit(trend.span / (holdDays * (1 - 0.45 * rising))), runs * unit(trend.span / RUN_DAYS));
  // How far it is from failing is known of few; one that has fallen as far as no innocent cause brings it, and goes on, is not waited for.
  const grave = spec.grave === undefined ? 0 : unit((trend.level * view.reach - spec.grave) / (0.4 * spec.grave));
  const due = Math.max(near, grave * climbsOf(trend, spec, block.detector.liveOnly === true, outlook.p50));
  const strength = Math.min(far, held, grows, due) * magnitude;
  return {
    strength,
    apart,
    score: 0,
    nats: 0,
    weight: 0,
    answers: { far, magnitude, held, grows, near: due },
    trend,
    since: sinceOf(curve),
    lasted: trend.span,
    forecast: outlook,
  };
}

/** What a gauge under suspicion amounts to; undefined where it is under none. */
export function judgeGauge(block: Block, i: number): ChannelVerdict | undefined {
  const spec = block.detector.gauges[i]!;
  const view = block.viewGauge(i);
  const verdict = judgeCurve(block, view, spec);
  if (!verdict) return undefined;
  const show = (x: number): number => (spec.show ? spec.show(x, block) : x);
  const said = spec.infers === undefined ? undefined : block.viewGauge(spec.infers);
  const denied = said?.ready === true && said.moves && said.history === 0 && said.level < SOUND ? DENIED : 1;
  const now = view.base + verdict.trend.level * spec.dir * view.reach;
  const step = verdict.trend.slope * spec.dir * view.reach;
  const metric = spec.metricOn?.(block) ?? spec.metric;
  return {
    metric,
    strength: verdict.strength * denied,
    apart: verdict.apart * denied,
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
    since: verdict.since,
    lasted: verdict.lasted,
    wears: wearsOf(verdict.trend),
    level: verdict.trend.level,
    climbs: climbsOf(verdict.trend, spec, block.detector.liveOnly === true, verdict.forecast.p50),
    forecast: verdict.forecast,
    answers: { ...verdict.answers, magnitude: verdict.answers.magnitude * denied },
    runs: runsAway(verdict.trend, verdict.forecast.p50, block.detector.liveOnly === true),
    rising: verdict.trend.slope > 0,
    evidence: {
      metric,
      value: round(show(now)),
      baseline: round(show(view.base)),
      unit: spec.unit ?? metricOf(metric)?.unit ?? '',
      threshold: round(show(view.base + spec.dir * view.reach)),
      direction: spec.dir > 0 ? 'above' : 'below',
      ...slopeOf(show(now) - show(now - step), verdict),
      why: `${sentence(spec.describe)} ${spec.dir > 0 ? 'rose' : 'fell'} from ${round(show(view.base))} to ${round(show(now))} within ${spanText(verdict.trend.span)}`,
    },
  };
}

function judgeRate(block: Block, i: number, group: GroupShift): ChannelVerdict | undefined {
  const spec = block.detector.rates[i]!;
  const view = block.viewRate(i, group);
  const verdict = judgeCurve(block, view, spec);
  if (!verdict) return undefined;
  return {
    metric: spec.metric,
    strength: verdict.strength,
    apart: verdict.apart,
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
    since: verdict.since,
    lasted: verdict.lasted,
    wears: wearsOf(verdict.trend),
    level: verdict.trend.level,
    climbs: block.detector.liveOnly ? growthOfLosses(verdict.trend) : 0,
    forecast: verdict.forecast,
    answers: verdict.answers,
    runs: 0,
    rising: verdict.trend.slope > 0,
    evidence: {
      metric: spec.metric,
      value: round(view.now),
      baseline: round(view.base),
      unit: `1/${spec.per}`,
      threshold: round(spec.absolute ? spec.reach : view.base + view.reach),
      direction: 'above',
      ...slopeOf(verdict.trend.slope * view.reach, verdict),
      why: `${sentence(spec.describe)}: ${round(view.now)} per ${spec.per}, ${usually(view.now, view.base)}, for ${spanText(verdict.trend.span)}`,
    },
  };
}

/** Nats by which as many errors as came since it rose are likelier at their own rate than at the usual one. */
function surpriseOf({ now, base, sigma, reach }: ChannelView): number {
  const errors = (now / (sigma * reach)) ** 2;
  return now > base ? errors * (Math.log(now / base) - 1 + base / now) : 0;
}

/** How surely a curve has risen for more than a day. */
function wearsOf({ tStat, tWhole, span }: Trend): number {
  return unit((Math.max(tStat, tWhole - 2) - 1) / 2.5) * unit((span - 0.7) / 0.7);
}

/** A stock that runs out goes on falling, and need have fallen the less the sooner it is gone; a signal that fades comes back within hours, and one that goes on falling into the next day does not. */
function climbsOf({ tStat, level, span }: Trend, spec: GaugeSpec, liveOnly: boolean, days: number): number {
  if (spec.depletes) return unit((tStat - 2) / 3) * unit((level - 0.4 + 0.18 * unit((3 - days) / 2)) / 0.1);
  // Nothing innocent goes on for days in a part that is not mended by itself.
  if (spec.grave !== undefined && !liveOnly) return unit((tStat - 3) / 3) * unit((span - 2) / 2);
  return liveOnly && spec.dir < 0 ? unit((tStat - 1) / 2.5) * unit((span - 0.6) / 0.8) : 0;
}

/** Losses of a place come and go by the hour; those of a link that fails have grown for most of a day. */
function growthOfLosses({ tStat, tWhole, span }: Trend): number {
  return unit((Math.max(tStat, tWhole - 2) - 1) / 2.5) * unit((span - 0.4) / 0.5);
}

/** Change a day, in two figures; nothing where the curve does not move towards failure. */
function slopeOf(perDay: number, { trend }: { trend: Trend }): { slope?: number } {
  return trend.slope > 0 ? { slope: Number(perDay.toPrecision(2)) } : {};
}

/** A channel under suspicion, for people who ask why something was or was not found. */
export interface Suspicion {
  readonly metric: string;
  readonly strength: number;
  /** Rates: evidence in nats. */
  readonly nats: number;
  readonly level: number;
  readonly answers: Answers;
  readonly failsInDays: readonly [p10: number, p50: number, p90: number];
  readonly why: string;
}

/** Every channel of a component that is under suspicion now, whether or not it amounts to a finding. */
export function suspicions(block: Block, group: GroupShift): Suspicion[] {
  const { gauges, rates } = block.detector;
  return [...gauges.map((_, i) => judgeGauge(block, i)), ...rates.map((_, i) => judgeRate(block, i, group))]
    .filter((v) => v !== undefined)
    .map((v) => ({
      metric: v.metric,
      strength: v.strength,
      nats: v.nats,
      level: v.level,
      answers: v.answers,
      failsInDays: [v.forecast.p10, v.forecast.p50, v.forecast.p90],
      why: told(v, true, 1, v.forecast.p50).why,
    }));
}

/** Modes of a detector, for lookups by name. */
export function modeSpec(detector: Detector, mode: Mode): ModeSpec {
  return detector.modes.find((m) => m.mode === mode) ?? detector.modes[0]!;
}
