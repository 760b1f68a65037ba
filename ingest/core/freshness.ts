import type { DayHours, Freshness } from '../../contract/registry.ts';

/** A terminal is late after this many heartbeats without data, silent after the second. */
const LATE_AFTER = 2.5;
const SILENT_AFTER = 10;
/** However short the heartbeat, a pause up to this is no lateness. */
const LEAST_LATE_MS = 45_000;

export const FRESHNESS: readonly Freshness['state'][] = ['never', 'fresh', 'late', 'silent'];

/** How recent the newest data is, measured by the terminal's own heartbeat; an index into `FRESHNESS`. */
export function freshnessCode(lastAt: number, heartbeatS: number, now: number): number {
  if (lastAt === 0) return 0;
  const age = now - lastAt;
  const beat = heartbeatS * 1000;
  if (age <= Math.max(LEAST_LATE_MS, beat * LATE_AFTER)) return 1;
  return age <= Math.max(LEAST_LATE_MS * 4, beat * SILENT_AFTER) ? 2 : 3;
}

/** A day of the week (Monday 0) and minutes after midnight, in some zone. */
export interface LocalTime {
  readonly weekday: number;
  readonly minutes: number;
}

/** True when the store is shut at that local time; closings past midnight (over 1440) belong to the day they opened. */
export function isClosed(hours: readonly (DayHours | null)[], local: LocalTime): boolean {
  const today = hours[local.weekday];
  if (today && local.minutes >= today.opens && local.minutes < today.closes) return false;
  const yesterday = hours[(local.weekday + 6) % 7];
  return !(yesterday && local.minutes + 1440 < yesterday.closes);
}
