import type { Evidence } from '../../contract/findings.ts';
import type { Mode } from '../../contract/modes.ts';
import type { Block, ChannelView } from './block.ts';
import type { Detector, ModeSpec } from './detector.ts';
import { type Forecast, forecast } from './forecast.ts';
import { type Curve, readHistory } from './history.ts';

/** What one channel's curve amounts to. */
interface ChannelVerdict {
  readonly metric: string;
  /** 0 … 1.2: how surely this channel alone shows a part on its way to failure. */
  readonly strength: number;
  /** Share of the way to failure now. */
  readonly level: number;
  readonly forecast: Forecast;
  readonly evidence: Evidence;
}

/** The judge's opinion of one component: the mode that its channels add up to, how surely, and when it fails. */
export interface Verdict {
  readonly mode: ModeSpec;
  /** 1 and over: enough for a finding that opens a ticket. */
  readonly strength: number;
  readonly level: number;
  readonly forecast: Forecast;
  readonly evidence: readonly Evidence[];
}

/** Share of the way to failure that a lone channel must have come before it speaks fully. */
const FULL_LEVEL = 0.22;

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/** Weighs all channels under suspicion and attributes them to modes; undefined where nothing is under suspicion. */
export function judge(block: Block): Verdict[] {
  const { detector } = block;
  const gauges = detector.gauges.map((_, i) => judgeGauge(block, i));
  const rates = detector.rates.map((_, i) => judgeRate(block, i));
  const verdicts: Verdict[] = [];
  for (const mode of detector.modes) {
    const own = pick(gauges, mode.gauges).concat(pick(rates, mode.rates));
    const shared = pick(gauges, mode.sharedGauges ?? []).concat(pick(rates, mode.sharedRates ?? []));
    const ownStrength = combine(own);
    // Shared evidence backs a mode that speaks for itself, and is carried by the usual suspect where none does.
    const weight = ownStrength > 0.15 ? 0.5 : mode.usual ? 0.92 : 0.3;
    const strength = ownStrength + weight * combine(shared);
    if (strength < 0.05) continue;
    const all = [...own, ...shared].sort((a, b) => b.strength - a.strength);
    verdicts.push({
      mode,
      strength,
      level: Math.max(...all.map((v) => v.level)),
      forecast: blend(all),
      evidence: all.slice(0, 4).map((v) => v.evidence),
    });
  }
  return verdicts.sort((a, b) => b.strength - a.strength);
}

function pick(verdicts: readonly (ChannelVerdict | undefined)[], at: readonly number[]): ChannelVerdict[] {
  return at.map((i) => verdicts[i]).filter((v) => v !== undefined);
}

/** The strongest counts whole, the next half, the third a quarter: two weak witnesses make one fair one. */
function combine(verdicts: readonly ChannelVerdict[]): number {
  const sorted = verdicts.map((v) => v.strength).sort((a, b) => b - a);
  return (sorted[0] ?? 0) + (sorted[1] ?? 0) * 0.5 + (sorted[2] ?? 0) * 0.25;
}

/** Averages forecasts in log time, by strength and nearness: what is surest and soonest says most. */
function blend(verdicts: readonly ChannelVerdict[]): Forecast {
  if (verdicts.length === 1) return verdicts[0]!.forecast;
  let total = 0;
  const sum = { p10: 0, p50: 0, p90: 0, within1: 0, within3: 0, within7: 0 };
  for (const v of verdicts) {
    const weight = v.strength ** 2 * (0.2 + v.level) ** 2 + 1e-9;
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
}

/** Weighted straight line through the curve: slope a day, its t statistic, and the level at the end. */
function trendOf(curve: Curve): Trend {
  const { n, t, y, w } = curve;
  let sw = 0;
  let st = 0;
  let sy = 0;
  for (let i = 0; i < n; i++) {
    sw += w[i]!;
    st += w[i]! * t[i]!;
    sy += w[i]! * y[i]!;
  }
  const mt = st / sw;
  const my = sy / sw;
  let stt = 0;
  let sty = 0;
  let syy = 0;
  for (let i = 0; i < n; i++) {
    stt += w[i]! * (t[i]! - mt) ** 2;
    sty += w[i]! * (t[i]! - mt) * (y[i]! - my);
    syy += w[i]! * (y[i]! - my) ** 2;
  }
  const slope = stt > 0 ? sty / stt : 0;
  const residual = Math.max(1, n > 2 ? (syy - slope * sty) / (n - 2) : 1);
  const tail = Math.max(0, n - 3);
  let level = 0;
  let lw = 0;
  for (let i = tail; i < n; i++) {
    level += w[i]! * y[i]!;
    lw += w[i]!;
  }
  return {
    level: level / lw,
    span: curve.t[n - 1]! - curve.t[0]!,
    slope,
    tStat: stt > 0 ? slope / Math.sqrt(residual / stt) : 0,
  };
}

function judgeCurve(
  block: Block,
  view: ChannelView,
  levelSd: number,
  least: number,
): { strength: number; trend: Trend; forecast: Forecast } | undefined {
  if (view.history === 0) return undefined;
  const curve = readHistory(block.histories, view.history, block.curve);
  if (curve.n < 3) return undefined;
  const trend = trendOf(curve);
  if (trend.level <= 0) return undefined;
  const outlook = forecast(curve, block.day, levelSd, 0.3);
  const { holdDays, horizonDays } = block.detector;
  // Five questions, the weakest answer counts: is it far from habit, far on the way, has it held, does it grow, is failure near?
  const far = unit((view.score - 3) / 9);
  const magnitude = Math.min(1.2, trend.level / Math.max(FULL_LEVEL, least));
  const held = unit(trend.span / holdDays);
  const grows = trend.level > 0.75 ? 1 : unit((trend.tStat - 0.5) / 2.5);
  const near = unit((horizonDays * 1.6 - outlook.p50) / (horizonDays * 0.6));
  const strength =
    Math.min(far, held, grows, near) * Math.min(1, magnitude) +
    Math.max(0, magnitude - 1) * Math.min(far, held, grows, near);
  return { strength, trend, forecast: outlook };
}

function judgeGauge(block: Block, i: number): ChannelVerdict | undefined {
  const spec = block.detector.gauges[i]!;
  const view = block.viewGauge(i);
  const verdict = judgeCurve(block, view, spec.reachSd, spec.least ?? 0);
  if (!verdict) return undefined;
  const show = spec.show ?? ((x: number) => x);
  const now = view.base + verdict.trend.level * spec.dir * block.reachOf(i, view.base);
  return {
    metric: spec.metric,
    strength: verdict.strength,
    level: verdict.trend.level,
    forecast: verdict.forecast,
    evidence: {
      metric: spec.metric,
      value: round(show(now)),
      baseline: round(show(view.base)),
      why: `${sentence(spec.describe)} ${spec.dir > 0 ? 'rose' : 'fell'} from ${round(show(view.base))} to ${round(show(now))} within ${spanText(verdict.trend.span)}${pace(verdict)}`,
    },
  };
}

function judgeRate(block: Block, i: number): ChannelVerdict | undefined {
  const spec = block.detector.rates[i]!;
  const view = block.viewRate(i);
  const verdict = judgeCurve(block, view, spec.reachSd, 0);
  if (!verdict) return undefined;
  const times = view.base > 0 ? view.now / view.base : 0;
  return {
    metric: spec.metric,
    strength: verdict.strength,
    level: verdict.trend.level,
    forecast: verdict.forecast,
    evidence: {
      metric: spec.metric,
      value: round(view.now),
      baseline: round(view.base),
      why: `${sentence(spec.describe)}: ${round(view.now)} per ${spec.per}, ${times >= 1.5 ? `${round(times)} times the usual ${round(view.base)}` : `usually ${round(view.base)}`}, for ${spanText(verdict.trend.span)}${pace(verdict)}`,
    },
  };
}

function pace(verdict: { trend: Trend; forecast: Forecast }): string {
  if (verdict.trend.slope <= 0) return '.';
  const days = verdict.forecast.p50;
  return days < 60 ? `, and at this pace fails in about ${spanText(days)}.` : ', and still rising.';
}

function spanText(days: number): string {
  if (days < 1 / 12) return `${Math.max(1, Math.round(days * 1440))} minutes`;
  if (days < 2) return `${Math.round(days * 24)} hours`;
  return `${Math.round(days)} days`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function round(x: number): number {
  return Number(x.toPrecision(3));
}

/** Modes of a detector, for lookups by name. */
export function modeSpec(detector: Detector, mode: Mode): ModeSpec {
  return detector.modes.find((m) => m.mode === mode) ?? detector.modes[0]!;
}
