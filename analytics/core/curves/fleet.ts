import { mean, median } from 'simple-statistics';
import type { Belief } from './life.ts';
import type { Progress } from './progress.ts';

/** Log-spread of pace between parts of one kind, at least, and believed in before any is seen. */
const LEAST_PACE = 0.08;
const USUAL_PACE = 0.22;
/** Points at which two curves are compared. */
const COMPARED = 24;
/** Distance in progress at which curves are no longer alike. */
const ALIKE = 0.05;
/** How far pace and level are believed to differ, where they must disagree: steps of the compromise between them. */
const COMPROMISE = [0, 0.35, 0.65, 1] as const;

/** A completed curve: it reached its limit at `end`. */
export interface Completed {
  readonly progress: Progress;
  readonly end: number;
}

/**
 * What completed curves of its kind let us believe of a curve's end. Each is laid over it, slowed or hurried so that it stands where the
 * curve stands now; the nearer its past then is, and the less it had to be slowed, the more its end counts.
 */
export function among(progress: Progress, fleet: readonly Completed[]): Belief[] {
  const age = progress.x[progress.x.length - 1]!;
  if (fleet.length === 0 || age <= 0) return [];
  const pace = paceSpread(fleet);
  return fleet.flatMap((one) => {
    const matched = timeOf(one.progress, progress.now) / age;
    const logMatched = Math.log(Math.max(0.15, Math.min(6, matched)));
    return COMPROMISE.map((share): Belief => {
      // `share` 1: the other's time is stretched until it stands where this one stands; 0: its own pace is kept.
      const stretch = Math.exp(logMatched * share);
      const distance = apart(progress, one, stretch, age);
      const levels = (valueAt(one.progress, age * stretch) - progress.now) / Math.hypot(0.04, progress.noise);
      const weight =
        (1 + (distance / ALIKE) ** 2) ** -2 *
        Math.exp(-0.5 * (Math.log(stretch) / pace) ** 2) *
        (1 + levels ** 2) ** -1;
      return { end: Math.max(age * 1.002, one.end / stretch), weight };
    });
  });
}

/** Log-spread of the lives of a fleet, leaning to the usual where few have been seen. */
export function paceSpread(fleet: readonly Completed[]): number {
  const logs = fleet.map((one) => Math.log(one.end));
  const middle = median(logs);
  const seen = mean(logs.map((v) => Math.abs(v - middle))) * 1.25;
  return Math.max(LEAST_PACE, (seen * fleet.length + USUAL_PACE * 3) / (fleet.length + 3));
}

/** Mean absolute difference of two pasts, the recent half counting double. */
function apart(progress: Progress, one: Completed, stretch: number, age: number): number {
  let sum = 0;
  let weights = 0;
  for (let k = 1; k <= COMPARED; k++) {
    const at = (age * k) / COMPARED;
    const weight = k * 2 > COMPARED ? 2 : 1;
    sum += weight * Math.abs(valueAt(progress, at) - valueAt(one.progress, at * stretch));
    weights += weight;
  }
  return sum / weights;
}

/** Progress of a curve at a place on its axis, between samples by a straight line. */
function valueAt({ x, q }: Progress, at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (at >= x[high]!) return q[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  const width = x[high]! - x[low]!;
  const share = width > 0 ? (at - x[low]!) / width : 0;
  return q[low]! + (q[high]! - q[low]!) * Math.max(0, share);
}

/** Where a curve last stood below a level for most of what follows: its running maximum is taken, so that recoveries do not confuse it. */
function timeOf({ x, q }: Progress, level: number): number {
  let last = 0;
  for (let i = 0; i < q.length; i++) {
    if (q[i]! >= level) {
      // Between the first time above and the last time below, before the end: the middle.
      for (let k = i; k < q.length && q[k]! < 1; k++) if (q[k]! < level) last = k;
      return (x[i]! + x[Math.max(i, last)]!) / 2;
    }
  }
  return x[x.length - 1]!;
}
