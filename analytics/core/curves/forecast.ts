import { mean, median } from 'simple-statistics';
import { among, type Completed, paceSpread } from './fleet.ts';
import { type Belief, FAR, lifeLike, livesOf, metAnywhere } from './life.ts';
import { type Curve, type Limit, type Progress, progressOf } from './progress.ts';
import { companionFamily, typicalFamilies } from './shapes.ts';

/** Where a curve reaches its limit, on its own axis. */
export interface CurveForecast {
  /** `crossed`: it has; `expected`: it will; `none`: nothing points to it within twenty times the age. */
  readonly state: 'crossed' | 'expected' | 'none';
  readonly crossing: number | null;
  readonly p10: number | null;
  readonly p90: number | null;
  /** What is left from the last sample to the crossing. */
  readonly remaining: number | null;
  /** Completed curves that took part: `MOST_COMPANIONS` at most. */
  readonly fleet: number;
}

/** What laying companions over a curve counts for against its own past before it has been tried, and how many trials that belief is worth. */
const FLEET_SHARE = 0.7;
const SHARE_WORTH = 4;
/** Trials that a first look at a bias is weighed against. */
const BIAS_WORTH = 4;
/** What the posterior among companions counts for against both of those. */
const COMPANION_SHARE = 0.4;
/** What companions' shapes count for in it against typical ones. */
const COMPANION_SHAPES = 0.85;
/** Powers of the likelihood: typical shapes are only roughly right, a companion's more nearly. */
const TYPICAL_TEMPER = 0.35;
const COMPANION_TEMPER = 1;
/** Progress that is no wear yet, and that is the opposite of wear. */
const NO_WEAR = 0.005;
const OPPOSITE = -0.3;
/** Log-spread of what remains around each belief: without a fleet; with one the least, the most, and where it could not be tried. */
const SPREAD_ALONE = 0.25;
const LEAST_SPREAD = 0.1;
const MOST_SPREAD = 0.8;
const SPREAD_FLEET = 0.22;
/** Standard normal quantiles at the middles of nine equal slices. */
const SLICES = [-1.593, -0.967, -0.589, -0.282, 0, 0.282, 0.589, 0.967, 1.593] as const;
/** Shares of life at which a fleet's own forecasts are tried, to learn how far they can be trusted. */
const TRIED = [0.5, 0.65, 0.8] as const;

/** Completed curves that take part at most: more cost time and add little. */
export const MOST_COMPANIONS = 60;

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
 * spread that, with three completed curves or more, is what forecasts among themselves had been off. Of a fleet
 * larger than `MOST_COMPANIONS` so many take part, evenly from the shortest life to the longest. Undefined where there is nothing
 * to go by: fewer than five samples, or a start beyond the limit.
 */
export function forecastCurve(curve: Curve, limit: Limit, all: readonly Completed[] = []): CurveForecast | undefined {
  const progress = progressOf(curve, limit);
  if (!progress) return undefined;
  const fleet = someOf(all);
  const { start, x, end } = progress;
  if (end !== null) {
    const at = start + end;
    return { state: 'crossed', crossing: at, p10: at, p90: at, remaining: 0, fleet: fleet.length };
  }
  const age = x[x.length - 1]!;
  const trust = trustIn(fleet);
  const [p10, p50, p90] = wears(progress, fleet.length > 0)
    ? quantiles(mixed(progress, fleet, trust), age, trust.spread)
    : [];
  if (p50 === undefined || p50 >= age * FAR) {
    return { state: 'none', crossing: null, p10: null, p90: null, remaining: null, fleet: fleet.length };
  }
  return {
    state: 'expected',
    crossing: start + p50,
    p10: start + p10!,
    p90: p90! >= age * FAR ? null : start + p90!,
    remaining: p50 - age,
    fleet: fleet.length,
  };
}

/** At most `MOST_COMPANIONS`, evenly through their lives in order, so that neither the usual life nor its spread is changed. */
function someOf(fleet: readonly Completed[]): readonly Completed[] {
  if (fleet.length <= MOST_COMPANIONS) return fleet;
  const byLife = [...fleet].sort((a, b) => a.end - b.end);
  const step = (byLife.length - 1) / (MOST_COMPANIONS - 1);
  return Array.from({ length: MOST_COMPANIONS }, (_, i) => byLife[Math.round(i * step)]!);
}

/** Whether a curve has moved at all, and is not still going away from its limit; companions know how far a part runs in. */
function wears({ q, now }: Progress, accompanied: boolean): boolean {
  if (!q.some((v) => Math.abs(v) > NO_WEAR)) return false;
  return accompanied || now > OPPOSITE || now > q[q.length >> 1]!;
}

function mixed(progress: Progress, fleet: readonly Completed[], trust: Trust): Belief[] {
  const age = progress.x[progress.x.length - 1]!;
  if (fleet.length === 0) return alone(progress);
  const laid = 1 - COMPANION_SHARE;
  return [
    ...weighed(alone(progress), laid * (1 - trust.share), age, trust.ownBias),
    ...weighed(among(progress, fleet), laid * trust.share, age, trust.fleetBias),
    ...weighed(companions(progress, fleet), COMPANION_SHARE, age, 0),
  ];
}

/** The posterior by typical shapes and the curve's own past. */
function alone(progress: Progress): Belief[] {
  return livesOf(progress, typicalFamilies, metAnywhere, TYPICAL_TEMPER);
}

/** The posterior by companions' shapes and lives, and, believed less, typical shapes. */
function companions(progress: Progress, fleet: readonly Completed[]): Belief[] {
  const families = [
    ...fleet.map((one) => companionFamily(one.progress, one.end, COMPANION_SHAPES / fleet.length)),
    ...typicalFamilies.map((family) => ({ ...family, weight: family.weight * (1 - COMPANION_SHAPES) })),
  ];
  const spread = paceSpread(fleet) * Math.sqrt(1 + 1 / fleet.length);
  return livesOf(progress, families, lifeLike(median(fleet.map((one) => one.end)), spread), COMPANION_TEMPER);
}

/** Beliefs whose weights add up to `to`, with a bias taken out. */
function weighed(beliefs: readonly Belief[], to: number, age: number, bias: number): Belief[] {
  const total = beliefs.reduce((sum, b) => sum + b.weight, 0);
  return beliefs.map(({ end, weight }) => ({
    end: age + (end - age) * Math.exp(-bias),
    weight: total > 0 ? (weight * to) / total : 0,
  }));
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
