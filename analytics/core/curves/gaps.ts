import type { Curve, Limit } from './progress.ts';

/** A capacity that stands at less than such a share of its limit and is above it later was not measured: a cut test, a rig that stood still. */
const IMPOSSIBLE = 0.5;
/** Readings on the good side that must follow: a single one may be the odd one itself. */
const FOLLOWED_BY = 3;

/**
 * A falling curve without readings that its part cannot have had: near zero or negative between normal ones. They are as if never
 * taken, and `missing` says how many. Where nothing normal follows, the part may well have failed, and all is kept; so it is for
 * limits that are not above zero, where no share of them says what is far.
 */
export function withoutGaps<T extends Curve>(curve: T, { threshold, direction }: Limit): { curve: T; missing: number } {
  if (direction !== 'below' || !(threshold > 0)) return { curve, missing: 0 };
  let last = curve.y.length;
  for (let normal = 0; last > 0 && normal < FOLLOWED_BY; ) if (curve.y[--last]! > threshold) normal++;
  const kept = (_: number, i: number) => i >= last || curve.y[i]! >= threshold * IMPOSSIBLE;
  const x = curve.x.filter(kept);
  return { curve: { ...curve, x, y: curve.y.filter(kept) }, missing: curve.x.length - x.length };
}
