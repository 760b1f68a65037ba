import type { Progress } from './progress.ts';
import type { Shape, ShapeFamily } from './shapes.ts';

/** One belief about where progress reaches 1: an end (from the curve's start), and how much it is believed. */
export interface Belief {
  readonly end: number;
  readonly weight: number;
}

/** Farther than this many times the age, nothing is foretold. */
export const FAR = 20;
/** Lives that are tried: what remains over the age, in equal steps of its logarithm. */
const LIVES = 60;
const NEAREST = 0.02;
/** Shares of the age that the past is averaged between: finer at its end, which says most. */
const EDGES = [
  0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.94, 0.97, 1,
] as const;
/** How far a curve may stray from any shape (recoveries, changes of load), in progress, believed alike; and for how much of the age a stray lasts. */
const STRAYS = [0.005, 0.02, 0.08, 0.3] as const;
const STRAY_LASTS = 0.2;
/** Least variance of an average. */
const LEAST_VARIANCE = 1e-6;

/** The past of a curve in averages. */
interface Past {
  readonly age: number;
  readonly x: readonly number[];
  readonly q: Float64Array;
  /** Variance of each average by the noise of its samples. */
  readonly variance: readonly number[];
}

/** Log-density of a life, in the logarithm of what remains. */
export type LifePrior = (life: number, age: number) => number;

/** A part is met anywhere in its life, more often late, when it begins to show: the share that is over is Beta(1.75, 1). */
export const metAnywhere: LifePrior = (life, age) => 1.75 * Math.log(age / life) + Math.log(1 - age / life);

/** Student's t with four degrees of freedom around a usual life, in logarithms. */
export function lifeLike(usual: number, spread: number): LifePrior {
  return (life, age) =>
    -2.5 * Math.log1p((Math.log(life / usual) / spread) ** 2 / 4) + Math.log(1 - age / life) - Math.log(spread);
}

/**
 * The posterior of a part's life: a normal model with families of shapes. For every life L the past, as averages q_i at x_i, is a shape of u = x_i / L
 * plus a stray that is forgotten exponentially (Ornstein–Uhlenbeck) plus noise; a and b of a family are integrated out by the matrix
 * inversion lemma, families and sizes of strays summed. `temper` raises the likelihood to a power below 1 where families are only
 * roughly right (Grünwald's safe Bayes). Answers a belief for each life tried.
 */
export function livesOf(
  progress: Progress,
  families: readonly ShapeFamily[],
  prior: LifePrior,
  temper: number,
): Belief[] {
  const past = pastOf(progress);
  const { age, q } = past;
  const step = Math.log(FAR / NEAREST) / (LIVES - 1);
  const ends = Array.from({ length: LIVES }, (_, i) => age * (1 + NEAREST * Math.exp(step * i)));
  const shapes = [...new Set(families.flatMap((f) => [f.base, f.early]))];
  const strays = STRAYS.map((stray) => {
    const { lower, logDeterminant } = cholesky(past, stray);
    return { lower, logDeterminant, level: whitened(lower, q) };
  });
  const logs = ends.map((end) => {
    const u = past.x.map((v) => v / end);
    const values = shapes.map((shape) => u.map(shape));
    const before = prior(end, age);
    return strays.flatMap(({ lower, logDeterminant, level }) => {
      const even = whitened(lower, u);
      const seen = new Map<Shape, Float64Array>(shapes.map((shape, i) => [shape, whitened(lower, values[i]!)]));
      return families.map((family) => {
        const evidence = logEvidence(level, seen.get(family.base)!, seen.get(family.early)!, even, family);
        return Math.log(family.weight) + temper * (evidence - logDeterminant / 2) + before;
      });
    });
  });
  // Not Math.max(...): every companion adds hundreds of arguments, and a call takes only so many.
  let most = Number.NEGATIVE_INFINITY;
  for (const row of logs) for (const v of row) if (v > most) most = v;
  return ends.map((end, i) => ({ end, weight: logs[i]!.reduce((sum, v) => sum + Math.exp(v - most), 0) }));
}

/** log N(y; m, R + D·S·Dᵀ) without the terms of R alone; everything is whitened by R. */
function logEvidence(
  y: Float64Array,
  base: Float64Array,
  early: Float64Array,
  even: Float64Array,
  { mean: [a, b], covariance: [aa, ab, bb] }: ShapeFamily,
): number {
  let rr = 0;
  let r1 = 0;
  let r2 = 0;
  let d11 = 0;
  let d12 = 0;
  let d22 = 0;
  for (let i = 0; i < y.length; i++) {
    const d1 = early[i]! - base[i]!;
    const d2 = even[i]! - base[i]!;
    const r = y[i]! - base[i]! - a * d1 - b * d2;
    rr += r * r;
    r1 += r * d1;
    r2 += r * d2;
    d11 += d1 * d1;
    d12 += d1 * d2;
    d22 += d2 * d2;
  }
  // The precision of (a, b) afterwards: S⁻¹ + DᵀD.
  const det = aa * bb - ab * ab;
  const h11 = bb / det + d11;
  const h22 = aa / det + d22;
  const h12 = -ab / det + d12;
  const detH = h11 * h22 - h12 * h12;
  const explained = (h22 * r1 * r1 - 2 * h12 * r1 * r2 + h11 * r2 * r2) / detH;
  return -0.5 * (rr - explained + Math.log(det) + Math.log(detH));
}

function pastOf({ x, q, noise }: Progress): Past {
  const age = x[x.length - 1]!;
  const at: number[] = [];
  const level: number[] = [];
  const variance: number[] = [];
  let i = 0;
  for (const edge of EDGES.slice(1)) {
    let sx = 0;
    let sq = 0;
    let n = 0;
    for (; i < x.length && (x[i]! <= edge * age || edge === 1); i++) {
      // At its start a curve is at 0 by definition.
      if (x[i]! <= 0) continue;
      sx += x[i]!;
      sq += q[i]!;
      n++;
    }
    if (n === 0) continue;
    at.push(sx / n);
    level.push(sq / n);
    // Smoothed samples are not independent: a root of their number, not all of it.
    variance.push(noise ** 2 / Math.sqrt(n) + LEAST_VARIANCE);
  }
  return { age, x: at, q: Float64Array.from(level), variance };
}

/** Lower triangle L (row by row) with L·Lᵀ = R, and log |R|. */
function cholesky({ age, x, variance }: Past, stray: number): { lower: Float64Array[]; logDeterminant: number } {
  const lower: Float64Array[] = [];
  let logDeterminant = 0;
  for (let i = 0; i < x.length; i++) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      let sum = stray ** 2 * Math.exp((x[j]! - x[i]!) / (STRAY_LASTS * age)) + (i === j ? variance[i]! : 0);
      for (let k = 0; k < j; k++) sum -= row[k]! * (lower[j] ?? row)[k]!;
      row[j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
    logDeterminant += 2 * Math.log(row[i]!);
    lower.push(row);
  }
  return { lower, logDeterminant };
}

/** L⁻¹·v. */
function whitened(lower: readonly Float64Array[], v: ArrayLike<number>): Float64Array {
  const w = new Float64Array(v.length);
  for (let i = 0; i < w.length; i++) {
    const row = lower[i]!;
    let sum = v[i]!;
    for (let k = 0; k < i; k++) sum -= row[k]! * w[k]!;
    w[i] = sum / row[i]!;
  }
  return w;
}
