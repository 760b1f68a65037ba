import type { Curve } from './history.ts';
import { DAY } from './time.ts';

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

export interface Trend {
  readonly level: number;
  readonly span: number;
  readonly slope: number;
  readonly tStat: number;
  /** By how much that line has risen over the stretch, as a share of the level. */
  readonly gained: number;
  /** Where that stretch began, and where the curve had been at its worst before it, as shares of the level: what came at once was there from its first points on. */
  readonly early: number;
  readonly before: number;
  /** t statistic of a line through the whole curve, and its mean. */
  readonly tWhole: number;
  readonly mean: number;
}

/** Points of a stretch by which it is known where it began. */
const FIRST_POINTS = 3;

/** Weighted mean of the last `days`, three points at the least. */
export function endOf({ n, t, y, w }: Curve, days: number): number {
  let sum = 0;
  let weight = 0;
  for (let i = n - 1; i >= 0 && (i > n - 4 || t[i]! > t[n - 1]! - days); i--) {
    sum += w[i]! * y[i]!;
    weight += w[i]!;
  }
  return sum / weight;
}

/**
 * Weighted mean of the last `days`, three points at the least, without the worst of them: a customer who tries a dead card twenty times makes one
 * bad bucket, a worn reader fails in all.
 */
export function restOf({ n, t, y, w }: Curve, days: number): number {
  let sum = 0;
  let weight = 0;
  let worst = -1;
  for (let i = n - 1; i >= 0 && (i > n - 4 || t[i]! > t[n - 1]! - days); i--) {
    sum += w[i]! * y[i]!;
    weight += w[i]!;
    if (worst < 0 || y[i]! > y[worst]!) worst = i;
  }
  return weight > w[worst]! ? (sum - w[worst]! * y[worst]!) / (weight - w[worst]!) : 0;
}

/** Joins neighbours, newest first, until each point is worth `weight`: a till that prints little tells less an hour, not less. */
function coalesce(curve: Curve, weight: number): { n: number; t: number[]; y: number[]; w: number[] } {
  const t: number[] = [];
  const y: number[] = [];
  const w: number[] = [];
  let open = false;
  for (let i = curve.n - 1; i >= 0; i--) {
    const at = t.length - 1;
    if (!open) {
      t.push(curve.t[i]!);
      y.push(curve.y[i]!);
      w.push(curve.w[i]!);
    } else {
      const sum = w[at]! + curve.w[i]!;
      t[at] = (t[at]! * w[at]! + curve.t[i]! * curve.w[i]!) / sum;
      y[at] = (y[at]! * w[at]! + curve.y[i]! * curve.w[i]!) / sum;
      w[at] = sum;
    }
    open = w.at(-1)! < weight;
  }
  return { n: t.length, t: t.reverse(), y: y.reverse(), w: w.reverse() };
}

/**
 * How the curve has risen: its level at the end, how long it has been up there (at a third of that level or more, bar one point in
 * four), and over that stretch the slope a day of a weighted straight line with its t statistic. What came before, and the first point
 * of the stretch, are left out: a step (another place, a damp roll) shows there, and is no trend until something follows it.
 */
export function trendOf(curve: Curve, holdDays: number): Trend {
  const level = endOf(curve, holdDays * 0.7);
  if (level <= 0) return { level, span: 0, slope: 0, tStat: 0, gained: 0, early: 0, before: 0, tWhole: 0, mean: 0 };
  const { n, t, y, w } = coalesce(curve, (2 / level) ** 2);
  let begin = n - 1;
  for (let i = n - 1, below = 0; i >= 0; i--) {
    if (y[i]! < level / 3 && ++below * 4 > n - i + 1) break;
    if (y[i]! >= level / 3) begin = i;
  }
  const first = n - begin > 3 ? begin + 1 : begin;
  const recent = lineThrough(t, y, w, first);
  const whole = lineThrough(t, y, w, n > 4 ? 1 : 0);
  const gained = (recent.slope * (t[n - 1]! - t[first]!)) / level;
  return {
    level,
    span: t[n - 1]! - t[begin]!,
    slope: recent.slope,
    tStat: recent.tStat,
    gained,
    early: meanOf(y, w, begin, Math.min(FIRST_POINTS, Math.max(1, (n - begin) >> 1))) / level,
    before: Math.max(0, ...y.slice(0, begin)) / level,
    tWhole: whole.tStat,
    mean: whole.mean,
  };
}

/** Weighted mean of some points from one on. */
function meanOf(y: readonly number[], w: readonly number[], from: number, count: number): number {
  let sum = 0;
  let weight = 0;
  for (let i = from; i < from + count; i++) {
    sum += w[i]! * y[i]!;
    weight += w[i]!;
  }
  return sum / weight;
}

/** Weighted least squares from point `first` on: slope a day, and its t statistic with the scatter taken to be no less than the weights say. */
function lineThrough(
  t: readonly number[],
  y: readonly number[],
  w: readonly number[],
  first: number,
): { slope: number; tStat: number; mean: number } {
  const n = t.length;
  let sw = 0;
  let st = 0;
  let sy = 0;
  for (let i = first; i < n; i++) {
    sw += w[i]!;
    st += w[i]! * t[i]!;
    sy += w[i]! * y[i]!;
  }
  const mt = st / sw;
  const my = sy / sw;
  let stt = 0;
  let sty = 0;
  let syy = 0;
  for (let i = first; i < n; i++) {
    stt += w[i]! * (t[i]! - mt) ** 2;
    sty += w[i]! * (t[i]! - mt) * (y[i]! - my);
    syy += w[i]! * (y[i]! - my) ** 2;
  }
  const slope = stt > 0 ? sty / stt : 0;
  const residual = Math.max(1, n - first > 2 ? (syy - slope * sty) / (n - first - 2) : 1);
  return { slope, tStat: stt > 0 && n - first >= 3 ? slope / Math.sqrt(residual / stt) : 0, mean: my };
}

/** Buckets of a detector, and times the mean distance of points, from one point to the next beyond which there was a pause between them. */
const PAUSE = 4 / 3;
const PAUSES = 1.5;
/** Points that a curve has at the least once some have been merged. */
const MERGED = 8;

/**
 * Days for which points on end were so far on the way to failure, up to `day` where the last of them was no longer ago than a point is; pauses are left out, as what was
 * counted before one may be told after it. Points of a long curve are merged and stand farther apart.
 */
export function heldAbove(curve: Curve, level: number, bucketMs: number, day?: number): number {
  const { n, t, y } = curve;
  const apart = n >= MERGED ? (t[n - 1]! - t[0]!) / (n - 1) : 0;
  const pause = Math.max((PAUSE * bucketMs) / DAY, PAUSES * apart);
  let held = 0;
  for (let i = 1; i < n; i++) {
    const gap = t[i]! - t[i - 1]!;
    if (y[i - 1]! >= level && y[i]! >= level && gap <= pause) held += gap;
  }
  const since = day === undefined ? Infinity : day - t[n - 1]!;
  return held + (since <= pause ? since : 0);
}

/** Days from the first point of a curve to its last. */
export function sinceOf({ n, t }: Curve): number {
  return t[n - 1]! - t[0]!;
}

/**
 * How surely what has gone far goes on so fast that it will have failed before it has held: from bucket to bucket it rises by many times what they
 * scatter, and failure is expected within half a day. A link's bad hours climb so, too.
 */
export function runsAway({ level, tStat }: Trend, days: number, liveOnly: boolean): number {
  return liveOnly ? 0 : unit((tStat - 3) / 3) * unit((level - 0.2) / 0.1) * unit((0.7 - days) / 0.4);
}

/** How surely a curve has risen for more than a day. */
export function wearsOf({ tStat, tWhole, span }: Trend): number {
  return unit((Math.max(tStat, tWhole - 2) - 1) / 2.5) * unit((span - 0.7) / 0.7);
}

/** How surely a curve as a whole has risen for two days: what merely has its busy hours does so within one. */
export function mountsOf({ tWhole }: Trend, since: number): number {
  return Math.min(unit((tWhole - 1) / 1.5), unit(since - 1));
}

/** Losses of a place come and go by the hour; those of a link that fails have grown for most of a day. */
export function growthOfLosses({ tStat, tWhole, span }: Trend): number {
  return unit((Math.max(tStat, tWhole - 2) - 1) / 2.5) * unit((span - 0.4) / 0.5);
}
