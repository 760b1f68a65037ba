import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A terminal of so many MB free, of which `used` are gone on a day of the month. */
function* storing(days: number, all: number, used: (day: number) => number): Generator<Reading> {
  const roll = dice(4);
  for (const { ts, day } of moments(days)) {
    const free = Math.max(0, Math.round(all - used(day) + roll()));
    yield heartbeat('till-1', ts, { system: { uptime_s: (ts - T0) / 1000, flash_free_mb: free } });
  }
}

const birth = (ts: number, firmware: string): Reading => {
  const body = { serial: 't1', model: 'P1', firmware, heartbeat_s: 600 };
  return { ...heartbeat('till-1', ts), channel: 'birth', payload: { ts, boot: 'b', seq: 0, ...body } } as Reading;
};

describe('free storage', () => {
  it('that a cache takes by 5 MB a day is watched, and needs nobody once the cache is emptied', () => {
    const cache = (day: number): number => (day < 12 ? 0 : day < 17.2 ? 5 * (day - 12) : 4);
    const engine = new Engine();
    const said: Finding[] = [...storing(22, 80, cache)].flatMap((reading) => [...engine.process(reading)]);
    expect(said.some((f) => f.mode === 'storage_wear' && f.severity === 'watch')).toBe(true);
    expect(said.filter((f) => f.severity !== 'watch')).toEqual([]);
  });

  it('of which a log takes a fifth within half a day, and gives it back the day after, needs nobody', () => {
    // 0.1 % a day beside it, as any terminal writes.
    const log = (day: number): number => day + (day < 12 || day > 13.5 ? 0 : 400 * Math.min(0.5, day - 12));
    expect(tickets(storing(20, 1000, log))).toEqual([]);
  });

  it('that goes on falling as fast as such a log takes it is told a day and a half before it is gone', () => {
    const [told] = tickets(storing(16, 1000, (day) => Math.max(0, 400 * (day - 12))));
    expect(told?.mode).toBe('storage_wear');
    expect(told!.day).toBeLessThan(13);
  });

  it('that goes on falling is told days before it is gone', () => {
    const [told] = tickets(storing(28, 80, (day) => Math.max(0, 5 * (day - 12))));
    expect(told?.mode).toBe('storage_wear');
    expect(told!.day).toBeLessThan(26);
  });

  it('that falls so slowly that its end is always weeks away is told before it is gone', () => {
    const [told] = tickets(storing(80, 100, (day) => Math.max(0, 1.5 * (day - 12))));
    expect(told?.mode).toBe('storage_wear');
    expect(told!.day).toBeLessThan(12 + 100 / 1.5 - 1);
  });

  it('that an update takes two fifths of, and no more, needs nobody', () => {
    function* updated(): Generator<Reading> {
      yield birth(T0, '1.0');
      yield* storing(14, 900, () => 0);
      yield birth(T0 + 14 * DAY, '2.0');
      for (const reading of storing(20, 900, (day) => 360 * Math.max(0, Math.min(1, (day - 14) * 4)))) {
        if (reading.ts > T0 + 14 * DAY) yield reading;
      }
    }
    expect(tickets(updated())).toEqual([]);
  });

  it('that is gone within hours is told of before, though the terminal was updated the day before', () => {
    function* updated(): Generator<Reading> {
      yield birth(T0, '1.0');
      let isOld = true;
      for (const reading of storing(15.4, 900, (day) => Math.max(0, (day - 15) * 24 * 140))) {
        if (isOld && reading.ts > T0 + 14 * DAY) yield birth(reading.ts, '2.0');
        isOld = reading.ts <= T0 + 14 * DAY;
        yield reading;
      }
    }
    const [told] = tickets(updated());
    expect(told?.mode).toBe('storage_wear');
    expect(told!.day).toBeLessThan(15 + (900 / 140 - 1.5) / 24);
  });
});

describe('a loop of crashes beside a cache', () => {
  it('is told within a day and a half, under either name', () => {
    const roll = dice(7);
    let crashes = 0;
    function* crashing(): Generator<Reading> {
      for (const { ts, day } of moments(18)) {
        if (day > 14 && roll() < 6 / 144) crashes++;
        const cache = day > 10 ? 12 * (day - 10) : 0;
        yield heartbeat('till-1', ts, {
          system: { mem_free_mb: 200, flash_free_mb: Math.round(400 - cache + roll()) },
        });
        yield counters('till-1', ts + 1000, { system: { crashes_total: crashes, reboots_total: crashes } });
      }
    }
    const told = tickets(crashing());
    expect(told).toHaveLength(1);
    expect(told[0]!.day).toBeLessThan(15.5);
  });
});

describe('crashes of a terminal whose log takes an eighth of its storage in a week', () => {
  it('are a loop of crashes while most of it is free', () => {
    function* logging(): Generator<Reading> {
      const roll = dice(9);
      let crashes = 2;
      for (const { ts, day } of moments(20)) {
        if (day >= 18 && roll() < 30 / 144) crashes++;
        const free = Math.round(1000 - 20 * Math.max(0, day - 12) + roll());
        yield heartbeat('till-1', ts, { system: { flash_free_mb: free, mem_free_mb: 400 } });
        yield counters('till-1', ts + 1000, { system: { crashes_total: crashes, reboots_total: crashes } });
      }
    }
    expect(tickets(logging()).map(({ mode }) => mode)).toEqual(['crash_loop']);
  });
});
