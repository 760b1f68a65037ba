import { mean } from 'simple-statistics';
import { among, type Completed } from './fleet.ts';
import { type Curve, type Limit, type Progress, progressOf } from './progress.ts';
import { adding, alone, type Belief, FAR } from './shapes.ts';

/** Where a curve reaches its limit, on its own axis. */
export interface CurveForecast {
  /** `crossed`: it has; `expected`: it will; `none`: nothing points to it within twenty times the age. */
  readonly state: 'crossed' | 'expected' | 'none';
  readonly crossing: number | null;
  readonly p10: number | null;
  readonly p90: number | null;
  /** What is left from the last sample to the crossing. */
  readonly remaining: number | null;
  /** Completed curves that took part. */
  readonly fleet: number;
}

/** What the fleet's word counts for against the curve's own before it has been tried, and how many trials that belief is worth. */
const FLEET_SHARE = 0.7;
const SHARE_WORTH = 4;
/** Trials that a first look at a bias is weighed against. */
const BIAS_WORTH = 4;
/** Log-spread of what remains around each belief: alone, among a fleet that could not be tried, and the least and most there is. */
const SPREAD_ALONE = 0.6;
const SPREAD_FLEET = 0.22;
const LEAST_SPREAD = 0.1;
const MOST_SPREAD = 0.8;
/** Standard normal quantiles at the middles of nine equal slices. */
const SLICES = [-1.593, -0.967, -0.589, -0.282, 0, 0.282, 0.589, 0.967, 1.593] as const;
/** Shares of life at which a fleet's own forecasts are tried, to learn how far they can be trusted. */
const TRIED = [0.5, 0.65, 0.8] as const;

/** How far the curve's own word and the fleet's can be trusted. Biases are in the logarithm of what remains. */
interface Trust {
  readonly share: number;
  readonly ownBias: number;
  readonly fleetBias: number;
  readonly spread: number;
}

/** Completed curves on the scale of progress; those that never reach the limit are left out. */
export function completedOf(curves: readonly Curve[], limit: Limit): Completed[] {
  return curves.flatMap((curve) => {
    const progress = progressOf(curve, limit);
    return progress?.end == null || progress.end <= 0 ? [] : [{ progress, end: progress.end }];
  });
}

/**
 * Foretells where a curve reaches its limit, from its own past and from completed curves of its kind: a mixture of beliefs, each with a
 * spread that, with three completed curves or more, is what forecasts among themselves had been off. Undefined where there is nothing
 * to go by: fewer than five samples, or a start beyond the limit.
 */
export function forecastCurve(curve: Curve, limit: Limit, fleet: readonly Completed[] = []): CurveForecast | undefined {
  const progress = progressOf(curve, limit);
  if (!progress) return undefined;
  const { start, x, end } = progress;
  if (end !== null) {
    const at = start + end;
    return { state: 'crossed', crossing: at, p10: at, p90: at, remaining: 0, fleet: fleet.length };
  }
  const age = x[x.length - 1]!;
  const trust = trustIn(fleet);
  const [p10, p50, p90] = quantiles(mixed(progress, fleet, trust), age, trust.spread);
  if (p50! >= age * FAR) {
    return { state: 'none', crossing: null, p10: null, p90: null, remaining: null, fleet: fleet.length };
  }
  return {
    state: 'expected',
    crossing: start + p50!,
    p10: start + p10!,
    p90: p90! >= age * FAR ? null : start + p90!,
    remaining: p50! - age,
    fleet: fleet.length,
  };
}

function mixed(progress: Progress, fleet: readonly Completed[], trust: Trust): Belief[] {
  const age = progress.x[progress.x.length - 1]!;
  const theirs = among(progress, fleet);
  const share = theirs.length === 0 ? 0 : trust.share;
  return [...weighed(alone(progress), 1 - share, age, trust.ownBias), ...weighed(theirs, share, age, trust.fleetBias)];
}

/** Beliefs whose weights add up to `to`, with a bias taken out. */
function weighed(beliefs: readonly Belief[], to: number, age: number, bias: number): Belief[] {
  return adding(beliefs, to).map((b) => ({ ...b, end: age + (b.end - age) * Math.exp(-bias) }));
}

/** Quantiles 0.1, 0.5, 0.9 of the mixture, each belief spread in the logarithm of what remains. */
function quantiles(beliefs: readonly Belief[], age: number, spread: number): number[] {
  const points = beliefs
    .flatMap(({ end, weight }) => SLICES.map((z) => ({ at: age + (end - age) * Math.exp(z * spread), weight })))
    .sort((a, b) => a.at - b.at);
  const total = points.reduce((sum, p) => sum + p.weight, 0);
  return [0.1, 0.5, 0.9].map((share) => {
    let sum = 0;
    for (const p of points) {
      sum += p.weight;
      if (sum >= total * share) return p.at;
    }
    return Number.POSITIVE_INFINITY;
  });
}

/** Tries both words on the fleet itself: each completed curve, cut short, is foretold by its own past, and from the others. */
function trustIn(fleet: readonly Completed[]): Trust {
  if (fleet.length === 0) return { share: 0, ownBias: 0, fleetBias: 0, spread: SPREAD_ALONE };
  const own: number[] = [];
  const theirs: number[] = [];
  for (const one of fleet) {
    const others = fleet.filter((other) => other !== one);
    for (const share of TRIED) {
      const cut = cutAt(one.progress, one.end * share);
      if (!cut) continue;
      const age = cut.x[cut.x.length - 1]!;
      own.push(missed(alone(cut), age, one.end));
      if (others.length > 0) theirs.push(missed(among(cut, others), age, one.end));
    }
  }
  const ownBias = biasOf(own);
  const fleetBias = biasOf(theirs);
  const untried = SPREAD_FLEET ** 2;
  const ownMiss = missOf(own, ownBias, untried * 2);
  const fleetMiss = missOf(theirs, fleetBias, untried);
  const found = ownMiss / (ownMiss + fleetMiss);
  const share = (FLEET_SHARE * SHARE_WORTH + found * theirs.length) / (SHARE_WORTH + theirs.length);
  // The mixture has a width of its own: only a part of what was missed is spread again around each belief.
  const spread = 0.65 * Math.sqrt(share * fleetMiss + (1 - share) * ownMiss);
  return { share, ownBias, fleetBias, spread: Math.max(LEAST_SPREAD, Math.min(MOST_SPREAD, spread)) };
}

/** How far a forecast was off, in the logarithm of what remained. */
function missed(beliefs: readonly Belief[], age: number, end: number): number {
  const [, p50] = quantiles(beliefs, age, LEAST_SPREAD);
  return Math.max(-2, Math.min(2, Math.log((p50! - age) / (end - age))));
}

function biasOf(misses: readonly number[]): number {
  return misses.length === 0 ? 0 : (mean([...misses]) * misses.length) / (misses.length + BIAS_WORTH);
}

/** Mean square of what is missed once the bias is out, leaning to `before` where little was tried. */
function missOf(misses: readonly number[], bias: number, before: number): number {
  const squares = misses.reduce((sum, m) => sum + (m - bias) ** 2, 0);
  return (squares + before * 2) / (misses.length + 2);
}

function cutAt(progress: Progress, until: number): Progress | undefined {
  const n = progress.x.findIndex((v) => v > until);
  if (n < 8) return undefined;
  const x = progress.x.slice(0, n);
  const q = progress.q.slice(0, n);
  return { ...progress, x, q, end: null, now: q[n - 1]! };
}
