import { levelAt, lineThrough, type Progress } from './progress.ts';

/** One belief about where progress reaches 1: an end (from the curve's start), and how much it is believed. */
export interface Belief {
  readonly end: number;
  readonly weight: number;
}

interface Shape {
  readonly prior: number;
  /** Fits the first `n` samples; answers progress as a function of x. */
  fit(x: Float64Array, q: Float64Array, n: number): (at: number) => number;
}

/** Farther than this many times the age, nothing is foretold. */
export const FAR = 20;
/** Shares of what is known that shapes are tried on, to see how well they would have foretold the rest. */
const TRIALS = [0.6, 0.75, 0.9] as const;
/** Least error of such a trial that counts against a shape, in progress. */
const TOLERANCE = 0.15;

/**
 * Wear shapes: power laws from the start through where the curve is now, which no bump of the day can turn; growth that feeds on itself;
 * and, believed less, the straight line of late. Wear speeds up more often than it slows down.
 */
const SHAPES: readonly Shape[] = [
  ...(
    [
      [0.8, 1],
      [1, 2.4],
      [1.2, 1.6],
      [1.5, 1],
      [2, 0.6],
      [2.7, 0.3],
    ] as const
  ).map(([p, prior]) => power(p, prior)),
  ...([1.5, 3] as const).map((k) => growth(k, 0.3)),
  line(0.35, 0.2),
  line(0.6, 0.4),
];

/** What a curve alone lets us believe of its end: each shape by how well it would have foretold what has come since. */
export function alone(progress: Progress): Belief[] {
  const { x, q, noise } = progress;
  const n = x.length;
  const age = x[n - 1]!;
  const tolerance = Math.hypot(TOLERANCE, noise);
  return SHAPES.map((shape) => {
    let loss = 0;
    for (const trial of TRIALS) {
      const m = Math.max(5, Math.floor(n * trial));
      if (m >= n) continue;
      const foretold = shape.fit(x, q, m);
      const error = foretold(age) - progress.now;
      loss += (error / tolerance) ** 2 / TRIALS.length;
    }
    // A heavy-tailed loss: where all shapes do badly, none is ruled out alone.
    return { end: crossing(shape.fit(x, q, n), age), weight: shape.prior / (1 + loss) };
  });
}

/** Where a rising function reaches 1 after `age`; FAR times the age where it does not. */
function crossing(f: (at: number) => number, age: number): number {
  const far = age * (1 + FAR);
  if (f(age) >= 1) return age * 1.002;
  let low = age;
  let high = age * 1.05;
  while (f(high) < 1) {
    low = high;
    high = age + (high - age) * 1.6;
    if (high >= far) return far;
  }
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 1) low = middle;
    else high = middle;
  }
  return high;
}

/** q = a·x^p through where the curve is now. */
function power(p: number, prior: number): Shape {
  return { prior, fit: (x, q, n) => through(x, q, n, (v) => v ** p) };
}

/** q = a·(e^(k·x/age) − 1) through where the curve is now. */
function growth(k: number, prior: number): Shape {
  return {
    prior,
    fit: (x, q, n) => {
      const age = x[n - 1]! || 1;
      return through(x, q, n, (v) => Math.expm1((k * v) / age));
    },
  };
}

function through(x: Float64Array, q: Float64Array, n: number, g: (v: number) => number): (at: number) => number {
  const a = Math.max(1e-6, levelAt(x, q, n - 1)) / Math.max(1e-12, g(x[n - 1]!));
  return (at) => a * g(at);
}

/** A straight line through the last `share` of the curve, from where it is now. */
function line(share: number, prior: number): Shape {
  return {
    prior,
    fit: (x, q, n) => {
      const { b } = lineThrough(x, q, Math.min(n - 3, Math.floor(n * (1 - share))), n, () => 1);
      const now = levelAt(x, q, n - 1);
      return (at) => now + Math.max(0, b) * (at - x[n - 1]!);
    },
  };
}
