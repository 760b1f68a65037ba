import { levelAt, lineThrough, type Progress } from './progress.ts';

/** One belief about where progress reaches 1: an end (from the curve's start), and how much it is believed. */
export interface Belief {
  readonly end: number;
  readonly weight: number;
}

interface Shape {
  readonly prior: number;
  /** Goes by the slope of late, which a recovery turns: believed the less, the larger the recoveries that were seen. */
  readonly ofLate: boolean;
  /** Fits the first `n` samples; answers progress as a function of x. */
  fit(x: Float64Array, q: Float64Array, n: number): (at: number) => number;
}

/** Farther than this many times the age, nothing is foretold. */
export const FAR = 20;
/** Shares of what is known that shapes are tried on, to see how well they would have foretold the rest. */
const TRIALS = [0.6, 0.75, 0.9] as const;
/** Least error of such a trial that counts against a shape, in progress. */
const TOLERANCE = 0.05;
/** A recovery, in progress, by which slopes of late are believed half. */
const RECOVERY = 0.06;

/**
 * Wear shapes: power laws from the start through where the curve is now, which no bump of the day can turn; and slopes that grow by e^k
 * over an age. Wear speeds up more often than it slows down: 181 cells of public ageing tests set the priors (docs/accuracy.md).
 */
const SHAPES: readonly Shape[] = [
  ...(
    [
      [0.8, 0.5],
      [1, 1.2],
      [1.2, 0.8],
      [1.5, 0.5],
      [2, 0.3],
      [2.7, 0.15],
    ] as const
  ).map(([p, prior]) => power(p, prior)),
  ...(
    [
      [-1, 0.4],
      [0, 1.2],
      [1, 1.2],
      [2, 1.2],
      [3, 0.8],
      [4.5, 0.6],
      [7, 0.4],
    ] as const
  ).flatMap(([k, prior]) => [bend(k, 0.5, prior), bend(k, 0.75, prior)]),
];

/** What a curve alone lets us believe of its end: each shape by how well it would have foretold what has come since. */
export function alone(progress: Progress): Belief[] {
  const { x, q, noise } = progress;
  const n = x.length;
  const age = x[n - 1]!;
  const tolerance = Math.hypot(TOLERANCE, noise);
  const late = 1 / (1 + (largestRecovery(q) / RECOVERY) ** 2);
  return SHAPES.map((shape) => {
    let loss = 0;
    for (const trial of TRIALS) {
      const m = Math.max(5, Math.floor(n * trial));
      if (m >= n) continue;
      const foretold = shape.fit(x, q, m);
      const error = foretold(age) - progress.now;
      loss += (error / tolerance) ** 2 / TRIALS.length;
    }
    const end = crossing(shape.fit(x, q, n), age);
    // A part is met anywhere in its life with equal chance: an end many ages away is as rare as a look so early.
    const met = age / end;
    // A heavy-tailed loss: where all shapes do badly, none is ruled out alone.
    return { end, weight: (shape.prior * (shape.ofLate ? late : 1) * met) / (1 + loss) };
  });
}

/** The furthest that progress has come back from where it had been; what lies before the start (a part that runs in) is none. */
function largestRecovery(q: Float64Array): number {
  let most = 0;
  let back = 0;
  for (const v of q) {
    most = Math.max(most, v);
    back = Math.max(back, most - Math.max(0, v));
  }
  return back;
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
  return {
    prior,
    ofLate: false,
    fit: (x, q, n) => {
      const a = Math.max(1e-6, levelAt(x, q, n - 1)) / Math.max(1e-12, x[n - 1]! ** p);
      return (at) => a * at ** p;
    },
  };
}

/** From where the curve is now, with the slope of its last `share`, which grows by e^k over an age; k = 0: straight on. */
function bend(k: number, share: number, prior: number): Shape {
  return {
    prior,
    ofLate: true,
    fit: (x, q, n) => {
      const age = x[n - 1]! || 1;
      const g = (at: number): number => (k === 0 ? at / age : Math.expm1((k * (at - age)) / age) / k);
      const from = Math.max(0, Math.min(n - 4, Math.floor(n * (1 - share))));
      const run = x.subarray(from, n).map(g);
      const { b } = lineThrough(run, q.subarray(from, n), 0, run.length, () => 1);
      const now = levelAt(x, q, n - 1);
      const here = g(age);
      return (at) => now + Math.max(0, b) * (g(at) - here);
    },
  };
}
