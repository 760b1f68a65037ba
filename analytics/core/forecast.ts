import type { Curve } from './history.ts';

/** When a curve reaches 1: days from now at three quantiles, and the probability of it within 1, 3 and 7 days. */
export interface Forecast {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly within1: number;
  readonly within3: number;
  readonly within7: number;
}

/** Wear shapes y = a·(t − t0)^p: decelerating, linear, accelerating, and close to exponential, with how often each is met before any data. */
const POWERS = [0.7, 1, 1.5, 2, 3, 5] as const;
const POWER_PRIOR = [0.1, 0.3, 0.15, 0.2, 0.15, 0.1] as const;
/** Candidate onsets before the first point, as multiples of the span seen. */
const ONSETS = [0.1, 0.35, 1, 2.5] as const;
/** Equal slices of what is believed of the failure level, which is uncertain. */
const LEVELS = 9;
/** What is left to chance after onset, shape and level: log-spread of the remaining time. */
const JITTER = [-1.282, 0, 1.282] as const;
const FAR = 400;

/** Onsets within the curve, as shares of it: what was flat for weeks may have begun to fail only now. */
const INNER = [0.3, 0.55, 0.75] as const;

/**
 * Bayesian model average of threshold crossings: every shape and onset is fitted by weighted least squares, weighed by its likelihood,
 * and crossed with the uncertain failure level (lognormal around 1, `levelSd`); levels already passed without failing are ruled out.
 * `noise` is the spread of a unit-weight point beyond its weight (autocorrelation, lack of fit); `spread` the log-spread left over.
 */
export function forecast(curve: Curve, now: number, levelSd: number, spread: number): Forecast {
  const { n, t } = curve;
  const first = t[0]!;
  const span = Math.max(t[n - 1]! - first, 1e-3);
  let count = 0;
  for (let s = 0; s < POWERS.length; s++) {
    const prior = POWER_PRIOR[s]!;
    for (let i = 0; i < ONSETS.length; i++) {
      if (addFit(curve, count, POWERS[s]!, prior, first - ONSETS[i]! * span - 1e-3, false)) count++;
    }
    if (n < 8) continue;
    for (let i = 0; i < INNER.length; i++) {
      if (addFit(curve, count, POWERS[s]!, prior * 0.5, first + INNER[i]! * span, true)) count++;
    }
  }
  if (count === 0) return { p10: FAR, p50: FAR, p90: FAR, within1: 0, within3: 0, within7: 0 };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) best = Math.min(best, ERROR[i]!);
  // Where even the best shape leaves more than the noise, the noise was taken too small: scale it up to what is seen.
  const scale = Math.max(2, best / Math.max(1, n - 2));
  BINS.fill(0);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = Math.exp(Math.log(PRIOR[i]!) - (ERROR[i]! - best) / (2 * scale));
    if (weight < 1e-4) continue;
    const reached = BEFORE[i]! + SLOPE[i]! * raised(now - ONSET[i]!, POWER[i]!);
    levelsAbove(reached, levelSd);
    for (let l = 0; l < LEVELS; l++) total += addCrossing(i, LEFT[l]!, now, weight, spread);
  }
  return {
    p10: quantile(total * 0.1),
    p50: quantile(total * 0.5),
    p90: quantile(total * 0.9),
    within1: shareBefore(total, 1),
    within3: shareBefore(total, 3),
    within7: shareBefore(total, 7),
  };
}

/** Fits one shape by weighted least squares and keeps it as candidate `at`; false where it does not grow. `inner`: before its onset there is a level. */
function addFit({ n, t, y, w }: Curve, at: number, p: number, prior: number, t0: number, inner: boolean): boolean {
  let sw = 0;
  let sg = 0;
  let sy = 0;
  let gy = 0;
  let gg = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const g = t[i]! > t0 ? raised(t[i]! - t0, p) : 0;
    sw += w[i]!;
    sg += w[i]! * g;
    sy += w[i]! * y[i]!;
    gy += w[i]! * g * y[i]!;
    gg += w[i]! * g * g;
    yy += w[i]! * y[i]! * y[i]!;
  }
  const spread = inner ? gg - (sg * sg) / sw : gg;
  const together = inner ? gy - (sg * sy) / sw : gy;
  const a = spread > 1e-12 ? together / spread : 0;
  if (a <= 0) return false;
  ERROR[at] = Math.max(0, yy - (inner ? (sy * sy) / sw : 0) - a * together);
  PRIOR[at] = prior;
  ONSET[at] = t0;
  SLOPE[at] = a;
  POWER[at] = p;
  BEFORE[at] = inner ? (sy - a * sg) / sw : 0;
  return true;
}

/** `x ** p` for the shapes' powers: a general power is dear, and hundreds are taken for each forecast. */
function raised(x: number, p: number): number {
  switch (p) {
    case 1:
      return x;
    case 1.5:
      return x * Math.sqrt(x);
    case 2:
      return x * x;
    case 3:
      return x * x * x;
    case 5:
      return x * x * (x * x) * x;
    default:
      return x ** p;
  }
}

/** Puts the middles of equal slices of the failing levels that are left into `LEFT`: those already passed without failing are ruled out. */
function levelsAbove(reached: number, sd: number): void {
  const passed = reached > 0 ? normalCdf(Math.log(reached) / sd) : 0;
  for (let i = 0; i < LEVELS; i++) {
    const z =
      passed < 1e-4 ? SLICES[i]! : normalQuantile(Math.min(1 - 1e-6, passed + ((i + 0.5) / LEVELS) * (1 - passed)));
    LEFT[i] = Math.max(Math.exp(sd * z), reached * 1.02);
  }
}

/** Standard normal distribution (Abramowitz & Stegun 26.2.17). */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    0.3989423 *
    Math.exp((-z * z) / 2) *
    t *
    (0.3193815 + t * (-0.3565638 + t * (1.781478 + t * (-1.821256 + t * 1.330274))));
  return z > 0 ? 1 - tail : tail;
}

/** Its inverse (Abramowitz & Stegun 26.2.23). */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p < 0.5 ? p : 1 - p));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -z : z;
}

/** Weighs a crossing's time, and what chance leaves of it on either side, into the bins; answers the weight. */
function addCrossing(i: number, level: number, now: number, weight: number, spread: number): number {
  const taken = (Math.max(1e-6, level - BEFORE[i]!) / SLOPE[i]!) ** (1 / POWER[i]!);
  const left = Math.log(Math.max(0.01, ONSET[i]! + taken - now));
  for (let j = 0; j < JITTER.length; j++) BINS[binOf(left + JITTER[j]! * spread)]! += weight;
  return weight * JITTER.length;
}

/** The bin of a time, by its logarithm. */
function binOf(log: number): number {
  return Math.max(0, Math.min(LAST_BIN, Math.floor((log - SOONEST) / BIN)));
}

function quantile(target: number): number {
  let sum = 0;
  for (let i = 0; i <= LAST_BIN; i++) {
    sum += BINS[i]!;
    if (sum >= target) return Math.min(FAR, Math.exp(SOONEST + (i + 0.5) * BIN));
  }
  return FAR;
}

function shareBefore(total: number, days: number): number {
  const until = binOf(Math.log(days));
  let sum = 0;
  for (let i = 0; i < until; i++) sum += BINS[i]!;
  return total > 0 ? sum / total : 0;
}

/** Times by bins of one per cent, from one and a half minutes to what is too far to tell: nothing is sorted. */
const BIN = 0.01;
const SOONEST = Math.log(0.001);
const LAST_BIN = Math.ceil((Math.log(FAR) - SOONEST) / BIN);
const BINS = new Float64Array(LAST_BIN + 1);

/** The slices where nothing has been passed yet, and room for those that are left: forecasts are made thousands of times a day. */
const SLICES = Float64Array.from({ length: LEVELS }, (_, i) => normalQuantile((i + 0.5) / LEVELS));
const LEFT = new Float64Array(LEVELS);

/** Shapes that fit the curve under way: squared error, prior, onset, slope, power, and the level before the onset. */
const MOST_SHAPES = POWERS.length * (ONSETS.length + INNER.length);
const ERROR = new Float64Array(MOST_SHAPES);
const PRIOR = new Float64Array(MOST_SHAPES);
const ONSET = new Float64Array(MOST_SHAPES);
const SLOPE = new Float64Array(MOST_SHAPES);
const POWER = new Float64Array(MOST_SHAPES);
const BEFORE = new Float64Array(MOST_SHAPES);

/** How unevenly the time left is spread where only the time so far is known (shape of a log-logistic distribution). */
const UNEVEN = 1.4;

/** The forecast for what has worn for some days and may break at any level: about as long again, between a fifth and five times as long. */
export function asLongAgain(days: number): Forecast {
  const within = (limit: number): number => 1 / (1 + (days / limit) ** UNEVEN);
  const spread = 9 ** (1 / UNEVEN);
  return {
    ...{ p10: days / spread, p50: days, p90: days * spread },
    ...{ within1: within(1), within3: within(3), within7: within(7) },
  };
}
