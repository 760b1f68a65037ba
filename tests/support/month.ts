import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';

/** A Monday. */
export const T0 = Date.UTC(2026, 0, 5);
export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;

/** Tickets that a month of readings opens: mode, terminal, and day of the month. */
export function tickets(readings: Iterable<Reading>): { mode: string; terminal: string | null; day: number }[] {
  const engine = new Engine();
  return [...readings]
    .flatMap((reading) => [...engine.process(reading)])
    .filter((f) => f.state === 'open' && f.severity !== 'watch')
    .map((f) => ({ mode: f.mode, terminal: f.terminal, day: (f.at - T0) / DAY }));
}

/** Moments of a month, every ten minutes: day of the month, and hour of the day. */
export function* moments(days: number, every = 10 * MIN): Generator<{ ts: number; day: number; hour: number }> {
  for (let ts = T0; ts < T0 + days * DAY; ts += every) {
    yield { ts, day: (ts - T0) / DAY, hour: (ts % DAY) / HOUR };
  }
}
