import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/** Modes of the tickets that readings open. */
function tickets(readings: Iterable<Reading>): string[] {
  const engine = new Engine();
  return [...readings]
    .flatMap((reading) => [...engine.process(reading)])
    .filter((f) => f.state === 'open' && f.severity !== 'watch')
    .map((f) => f.mode);
}

describe('a terminal that crashes more and more', () => {
  /** Of 4,450 MB of flash so many are lost a day from day 12 on; from day 16 on it crashes six times a day, and then more. */
  function* crashing(lost: number): Generator<Reading> {
    const roll = dice(5);
    let crashes = 0;
    for (let ts = T0; ts < T0 + 20 * DAY; ts += 15 * MIN) {
      const day = (ts - T0) / DAY;
      if (day > 16 && roll() < (6 + 2 * (day - 16)) / 96) crashes++;
      const free = 4450 - lost * Math.max(0, day - 12) + 8 * (roll() - 0.5);
      yield heartbeat('till-1', ts, { system: { flash_free_mb: free, mem_free_mb: 280 + 6 * roll() } });
      yield counters('till-1', ts + 1000, { system: { crashes_total: crashes, reboots_total: 0 } });
    }
  }

  it('has worn storage where a little of that is being lost, and no other sign is seen', () => {
    expect(tickets(crashing(0))).toEqual(['crash_loop']);
    expect(tickets(crashing(150))).toEqual(['storage_wear']);
  });
});

describe('a printer whose head is fed from the pack', () => {
  /** Its pack is run empty every evening, or is not; from day 14 on the head stops for want of voltage. */
  function* stopping(empty: boolean, when: (soc: number) => boolean): Generator<Reading> {
    const roll = dice(11);
    let [jobs, stops] = [0, 0];
    for (let ts = T0; ts < T0 + 20 * DAY; ts += 10 * MIN) {
      const hour = (ts % DAY) / HOUR;
      const open = hour >= 8 && hour < 20;
      const spent = empty ? 8.2 : 4;
      const soc = open ? Math.max(1, Math.round(99 - spent * (hour - 8))) : 99;
      if (open) jobs += 10;
      if (ts > T0 + 14 * DAY && open && when(soc) && roll() < 0.6) stops++;
      const battery = { soc_pct: soc, status: open ? ('discharging' as const) : ('full' as const) };
      yield heartbeat('till-1', ts, { printer: { state: 'ok' }, battery });
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, low_voltage_stops_total: stops } });
    }
  }

  it('needs a charger and nobody where it stops as that is empty', () => {
    expect(tickets(stopping(true, (soc) => soc < 30))).toEqual([]);
    expect(tickets(stopping(false, (soc) => soc > 60))).toEqual(['power']);
  });
});
