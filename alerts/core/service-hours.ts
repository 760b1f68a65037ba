import { DateTime, IANAZone } from 'luxon';
import type { DayHours } from '../../contract/registry.ts';

/** When a contract's time counts: the week in its own zone, Monday first, without the holidays. */
export interface ServiceHours {
  readonly week: readonly (DayHours | null)[];
  readonly timezone: string;
  /** Days as `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

const MINUTE = 60_000;
/** Ten years of days: a walk that finds no service in them finds none at all. */
const MOST_DAYS = 3_660;

/** What is wrong with hours as entered; undefined: nothing. */
export function faultOfHours({ week, timezone }: ServiceHours): string | undefined {
  if (!IANAZone.isValidZone(timezone))
    return `hours.timezone: "${timezone}" is no time zone; write one such as Europe/Lisbon`;
  if (week.every((day) => day === null)) return 'hours.week: at least one day needs service hours';
  const wrong = week.findIndex((day) => day !== null && day.closes <= day.opens);
  return wrong < 0 ? undefined : `hours.week[${wrong}]: it closes no later than it opens`;
}

/** The day's stretch of service as moments; null where there is none. */
function stretch(hours: ServiceHours, day: DateTime): { readonly from: number; readonly to: number } | null {
  const open = hours.week[day.weekday - 1];
  if (!open || hours.holidays.includes(day.toISODate() ?? '')) return null;
  // Wall-clock minutes: on the day that clocks are changed, nine o'clock is still nine o'clock.
  const at = (minutes: number): number =>
    day
      .set({ hour: 0 })
      .plus({ days: Math.floor(minutes / 1_440) })
      .set({ hour: Math.floor((minutes % 1_440) / 60), minute: minutes % 60 })
      .toMillis();
  return { from: at(open.opens), to: at(open.closes) };
}

/** Service time between two moments, ms; without hours all time counts. */
export function serviceBetween(hours: ServiceHours | null, from: number, to: number): number {
  if (!hours || to <= from) return Math.max(0, to - from);
  let day = DateTime.fromMillis(from, { zone: hours.timezone }).startOf('day').minus({ days: 1 });
  let sum = 0;
  for (let i = 0; i < MOST_DAYS && day.toMillis() < to; i++, day = day.plus({ days: 1 })) {
    const open = stretch(hours, day);
    if (open) sum += Math.max(0, Math.min(to, open.to) - Math.max(from, open.from));
  }
  return sum;
}

/** The moment at which so much service time has passed since `from`, ms. */
export function afterService(hours: ServiceHours | null, from: number, ms: number): number {
  if (!hours) return from + ms;
  let day = DateTime.fromMillis(from, { zone: hours.timezone }).startOf('day').minus({ days: 1 });
  let left = ms;
  for (let i = 0; i < MOST_DAYS; i++, day = day.plus({ days: 1 })) {
    const open = stretch(hours, day);
    if (!open || open.to <= from) continue;
    const begin = Math.max(from, open.from);
    if (left <= open.to - begin) return begin + left;
    left -= open.to - begin;
  }
  return from + MOST_DAYS * 1_440 * MINUTE;
}
