// How a curve goes on: whether what it shows is more than a step, a wander or a warm afternoon.
import type { GaugeSpec } from './detector.ts';
import type { Curve } from './history.ts';
import { endOf, type Trend } from './trend.ts';

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/** Days from which what goes on climbing does so for longer than a rush or a warm afternoon, and over how many more it surely does. */
const DAY_ON = 1;
const DAY_ON_SURE = 1.5;

/** Share of its way by which a signal may seem to go on falling where it only wanders; twice that is a fall. */
const SLIGHT = 0.15;

/** By how much more of its way what is beyond anything innocent is surely so, and days that say that it is no slip of a gauge: an hour. */
const BEYOND_SURE = 0.15;
const BEYOND_DAYS = 0.042;
/** The same of what has its hours, as the heat of an afternoon: three. */
const BEYOND_HOURS_DAYS = 0.125;

/** How surely a gauge is where nothing innocent brings it, and has been for an hour; of what has its hours, by the end of its curve, and for three. */
export function beyondOf(curve: Curve, { span, level }: Trend, { beyond, diurnal }: GaugeSpec): number {
  if (beyond === undefined) return 0;
  const end = endOf(curve, 0);
  const [now, hours] = diurnal ? [end, BEYOND_HOURS_DAYS] : [Math.max(end, level), BEYOND_DAYS];
  return unit((now - beyond) / BEYOND_SURE) * unit(span / hours);
}

/** How surely a rate is above what something innocent may bring it to: at a good third more it is. */
export function aboveOf(rate: number, innocent: number): number {
  return unit((rate / innocent - 1) / 0.4);
}

/**
 * How surely what has moved once has gone on since, by a good part of where it is: a signal beyond its own wander, and beyond where it was from the
 * first hour on; a queue beyond where it stood when it began, and on the days before.
 */
export function goesOnOf({ gained, early, before }: Trend, { dir }: GaugeSpec): number {
  const grown = 1 - (dir < 0 ? early : Math.max(early, before));
  return unit(((dir < 0 ? Math.min(gained, grown) : grown) - SLIGHT) / SLIGHT);
}

/** A stock that runs out goes on falling, and need have fallen the less the sooner it is gone; a signal that fades comes back within hours, and one that goes on falling into the next day does not. */
export function climbsOf({ tStat, level, span }: Trend, spec: GaugeSpec, liveOnly: boolean, days: number): number {
  if (spec.depletes) return unit((tStat - 2) / 3) * unit((level - 0.4 + 0.18 * unit((3 - days) / 2)) / 0.1);
  // Nothing innocent goes on from one day into the next in a part that is not mended by itself.
  if (spec.grave !== undefined && !liveOnly) return unit((tStat - 3) / 3) * unit((span - DAY_ON) / DAY_ON_SURE);
  return liveOnly && spec.dir < 0 ? unit((tStat - 1) / 2.5) * unit((span - 0.6) / 0.8) : 0;
}
