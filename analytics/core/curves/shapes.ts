import type { Progress } from './progress.ts';

/** Progress over life, both from 0 to 1: u is the share of life that is over. */
export type Shape = (u: number) => number;

/**
 * A family of shapes, base + a·(early − base) + b·(u − base), with (a, b) normal. `early` is a fade that tires, (1 − e^(−u/τ)) / (1 − e^(−1/τ));
 * negative, it is the running in of a part that first gets better. All begin at 0 and reach 1 at the end of life.
 */
export interface ShapeFamily {
  readonly base: Shape;
  readonly early: Shape;
  readonly weight: number;
  /** Means of a and b, and their covariance. */
  readonly mean: readonly [a: number, b: number];
  readonly covariance: readonly [aa: number, ab: number, bb: number];
}

/** Deviation of a and b around a completed curve of its kind, and the τ by which it may differ early on. */
const COMPANION_DEVIATION = 0.1;
const COMPANION_TIRING = 0.15;
/** Points that a completed curve is kept as. */
const KEPT = 200;

/**
 * How parts wear: power p of the base u^p, τ in lives, weight; means, deviations and correlation of a and b. The first is nearly a
 * straight line and stands for parts unlike any tested (hence its weight); the others were fitted by expectation and
 * maximisation to every second cell of four public ageing tests, two limits each, and for a seventh of their weight to power laws and
 * growth, lest all wear be a battery's (docs/accuracy-diary/remaining-life.md). A high power is a knee.
 */
const TYPICAL = [
  [1, 0.4, 0.8, 0, 0, 0.15, 0.15, 0],
  [2, 0.4, 0.309, -0.07, 1.25, 0.42, 0.62, -0.93],
  [3, 0.4, 0.198, 0.05, 0.36, 0.25, 0.38, -0.87],
  [9, 0.4, 0.155, -0.34, 0.89, 0.21, 0.32, -0.83],
  [9, 0.05, 0.076, -0.38, 0.91, 0.25, 0.35, -0.86],
  [3, 0.05, 0.057, -0.43, 0.78, 0.31, 0.74, -0.76],
  [5, 0.15, 0.043, -0.36, 0.73, 0.3, 0.34, -0.76],
  [2, 0.15, 0.042, 0.2, 0.58, 0.26, 0.38, -0.78],
  [9, 0.15, 0.036, -0.74, 1.25, 0.4, 0.42, -0.82],
  [5, 0.4, 0.032, 0.09, 0.57, 0.29, 0.4, -0.82],
  [5, 0.05, 0.022, -0.16, 0.59, 0.26, 0.36, -0.76],
  [2, 0.05, 0.016, -0.16, 1.14, 0.31, 0.52, -0.84],
  [3, 0.15, 0.013, -0.59, 0.59, 0.5, 0.41, -0.57],
] as const;

const POWERS = new Map<number, Shape>(([1, 2, 3, 5, 9] as const).map((p) => [p, (u) => u ** p]));
const FADES = new Map<number, Shape>(([0.05, 0.15, 0.4] as const).map((tau) => [tau, earlyFade(tau)]));

/** The families of `TYPICAL`; those of one power share its function, as do those of one τ. */
export const typicalFamilies: readonly ShapeFamily[] = TYPICAL.map(([power, tau, weight, a, b, da, db, r]) => ({
  base: POWERS.get(power)!,
  early: FADES.get(tau)!,
  weight,
  mean: [a, b],
  covariance: [da * da, r * da * db, db * db],
}));

/** Shapes around that of a completed curve, which reached its limit at `end`. */
export function companionFamily(progress: Progress, end: number, weight: number): ShapeFamily {
  const own = COMPANION_DEVIATION ** 2;
  return {
    base: keptShape(progress, end),
    early: FADES.get(COMPANION_TIRING)!,
    weight,
    mean: [0, 0],
    covariance: [own, 0, own],
  };
}

/** The fade that tires within τ lives: 1 at the end of life. */
function earlyFade(tau: number): Shape {
  const whole = -Math.expm1(-1 / tau);
  return (u) => -Math.expm1(-u / tau) / whole;
}

function keptShape({ x, q }: Progress, end: number): Shape {
  const kept = new Float64Array(KEPT + 1);
  let i = 0;
  for (let k = 1; k <= KEPT; k++) {
    const at = (end * k) / KEPT;
    while (i < x.length - 2 && x[i + 1]! < at) i++;
    const width = x[i + 1]! - x[i]!;
    const share = width > 0 ? Math.min(1, (at - x[i]!) / width) : 0;
    kept[k] = q[i]! + (q[i + 1]! - q[i]!) * share;
  }
  return (u) => {
    const at = Math.min(1, u) * KEPT;
    const k = Math.min(KEPT - 1, Math.floor(at));
    return kept[k]! + (kept[k + 1]! - kept[k]!) * (at - k);
  };
}
