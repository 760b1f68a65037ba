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

/** Shapes that are weighed against each other. */
interface Word {
  readonly shapes: readonly Shape[];
  /** Least error of a trial that counts against a shape, in progress. */
  readonly tolerance: number;
}

/** Farther than this many times the age, nothing is foretold. */
export const FAR = 20;
/** Shares of what is known that shapes are tried on, to see how well they would have foretold the rest. */
const TRIALS = [0.6, 0.75, 0.9] as const;
/** A recovery, in progress, at which both words count alike: twice what 99 of 100 cells of broad public ageing tests show (docs/accuracy.md). */
const RECOVERY = 0.03;

/** Exponents of power laws and how much each is believed: wear speeds up more often than it slows down. */
const POWERS = [
  [0.8, 1],
  [1, 2.4],
  [1.2, 1.6],
  [1.5, 1],
  [2, 0.6],
  [2.7, 0.3],
] as const;

/**
 * From the start, through where the curve is now: power laws, which no bump of the day can turn; growth that feeds on itself; and,
 * believed less, the straight line of late.
 */
const FROM_START: Word = {
  shapes: [
    ...POWERS.map(([p, prior]) => power(p, prior)),
    ...([1.5, 3] as const).map((k) => growth(k, 0.3)),
    bend(0, 0.35, 0.2),
    bend(0, 0.6, 0.4),
  ],
  tolerance: 0.15,
};

/** From the slope of late, which grows by e^k over an age; power laws count less. 181 cells of public ageing tests set the priors (docs/accuracy.md). */
const OF_LATE: Word = {
  shapes: [
    ...POWERS.map(([p, prior]) => power(p, prior / 2)),
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
  ],
  tolerance: 0.05,
};

/** What a curve alone lets us believe of its end. A recovery turns slopes of late: where a large one was seen, the word from the start counts. */
export function alone(progress: Progress): Belief[] {
  const late = 1 / (1 + (largestRecovery(progress) / RECOVERY) ** 4);
  return [...adding(believed(FROM_START, progress), 1 - late), ...adding(believed(OF_LATE, progress), late)];
}

/** Beliefs with weights that add up to `to`. */
export function adding(beliefs: readonly Belief[], to: number): Belief[] {
  const total = beliefs.reduce((sum, b) => sum + b.weight, 0);
  return total > 0 ? beliefs.map((b) => ({ ...b, weight: (b.weight * to) / total })) : [];
}

/** The ends of a word's shapes, each by how well it would have foretold what has come since. */
function believed(word: Word, { x, q, noise, now }: Progress): Belief[] {
  const n = x.length;
  const age = x[n - 1]!;
  const tolerance = Math.hypot(word.tolerance, noise);
  return word.shapes.map((shape) => {
    let loss = 0;
    for (const trial of TRIALS) {
      const m = Math.max(5, Math.floor(n * trial));
      if (m >= n) continue;
      const error = shape.fit(x, q, m)(age) - now;
      loss += (error / tolerance) ** 2 / TRIALS.length;
    }
    const end = crossing(shape.fit(x, q, n), age);
    // A part is met anywhere in its life with equal chance: an end many ages away is as rare as a look so early.
    const met = age / end;
    // A heavy-tailed loss: where all shapes do badly, none is ruled out alone.
    return { end, weight: (shape.prior * met) / (1 + loss) };
  });
}

/** The furthest that progress has come back from where it had been, beyond what noise makes; a first tenth, where parts run in, aside. */
function largestRecovery({ q, noise }: Progress): number {
  let most = 0;
  let back = 0;
  for (const v of q.subarray(Math.floor(q.length / 10))) {
    most = Math.max(most, v);
    back = Math.max(back, most - Math.max(0, v));
  }
  return Math.max(0, back - noise);
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

/** From where the curve is now, with the slope of its last `share`, which grows by e^k over an age; k = 0: straight on. */
function bend(k: number, share: number, prior: number): Shape {
  return {
    prior,
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
