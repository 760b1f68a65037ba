const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** UTC offsets of an IANA zone over a span, so that local time costs a comparison and not a formatter. */
export interface Zone {
  readonly timezone: string;
  /** Starts of spans, ms UTC, rising; the first is −Infinity's stand-in, 0. */
  readonly since: readonly number[];
  /** Local − UTC in ms from each start on. */
  readonly offsets: readonly number[];
}

/** Reads a zone's transitions between two instants from the platform's own zone data. */
export function zoneOf(timezone: string, from: number, to: number): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offset = (at: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const local = Date.UTC(
      parts.year ?? 0,
      (parts.month ?? 1) - 1,
      parts.day ?? 1,
      parts.hour ?? 0,
      parts.minute ?? 0,
      parts.second ?? 0,
    );
    return local - Math.floor(at / 1000) * 1000;
  };
  const since = [0];
  let current = offset(from);
  const offsets = [current];
  for (let at = from; at < to; at += 7 * DAY) {
    let low = at;
    let high = at + 7 * DAY;
    const next = offset(high);
    if (next === current) continue;
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 2);
      if (offset(middle) === current) low = middle;
      else high = middle;
    }
    since.push(Math.round(high / 60_000) * 60_000);
    offsets.push(next);
    current = next;
  }
  return { timezone, since, offsets };
}

/** Local − UTC at an instant, ms. */
export function offsetAt(zone: Zone, at: number): number {
  for (let i = zone.since.length - 1; i > 0; i--) {
    if (at >= (zone.since[i] as number)) return zone.offsets[i] as number;
  }
  return zone.offsets[0] as number;
}

/** Day number of local time (days since 1970-01-01 on the wall's calendar). */
export function dayOf(localMs: number): number {
  return Math.floor(localMs / DAY);
}

/** 0 Monday … 6 Sunday (1970-01-01 was a Thursday). */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** `YYYY-MM-DD` of a day number. */
export function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
