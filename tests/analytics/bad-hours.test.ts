import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

describe('a supply that sags in the mornings', () => {
  interface Morning {
    /** Volts by which the head has less from four to ten o'clock of day 14. */
    readonly sags: number;
    /** Whether the printer stops for it, three times. */
    readonly stops: boolean;
    /** Whether the head is fed from a pack, which is as cold as the morning. */
    readonly pack?: true;
  }

  function* printing({ sags, stops, pack }: Morning): Generator<Reading> {
    const d = dice(2);
    let [jobs, stopped] = [0, 0];
    for (const { ts, day, hour } of moments(15)) {
      const bad = day >= 14 && hour >= 4 && hour < 10;
      const full = pack ? 8100 : 24_000;
      const mv = full * (1 + 0.004 * (d() - 0.5)) - (bad ? (full / 24) * sags : 0);
      jobs += hour >= 4 && hour < 22 ? 2 : 0;
      if (bad && stops && hour >= 6 && ts % (80 * MIN) === 0) stopped++;
      const battery = { soc_pct: 90, voltage_mv: Math.round(mv + 40), status: 'full' } as const;
      yield heartbeat('till-1', ts, {
        printer: { state: 'ok', head_mv: Math.round(mv) },
        ...(pack ? { battery } : {}),
      });
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, low_voltage_stops_total: stopped } });
    }
  }

  it('and stops the printer is told on the first of them', () => {
    const told = tickets(printing({ sags: 1.6, stops: true }));
    expect(told.map((t) => t.mode)).toEqual(['power']);
    expect(told[0]!.day).toBeLessThan(14.5);
  });

  it('is not where it stops nothing, where nothing sags, or where the head is fed from a pack', () => {
    expect(tickets(printing({ sags: 1.6, stops: false }))).toEqual([]);
    expect(tickets(printing({ sags: 0, stops: true }))).toEqual([]);
    expect(tickets(printing({ sags: 1.6, stops: true, pack: true }))).toEqual([]);
  });
});

describe('a head that is hot while it prints, and cool by night', () => {
  /** It prints so many receipts from four to twenty o'clock, and is `more` K above its usual while it does, on day 14. Its computer tells a temperature, or it is its own thermometer. */
  function* printing(more: number, receipts: (hour: number) => number, own?: 'own' | 'wild'): Generator<Reading> {
    const d = dice(5);
    let jobs = 0;
    for (const { ts, day, hour } of moments(15)) {
      const open = hour >= 4 && hour < 20;
      const bad = day >= 14 && hour >= 8;
      const printed = open ? (bad ? receipts(hour) : 3 + Math.round(2 * d())) : 0;
      jobs += printed;
      const head = 26 + (open ? 6 + 4 * d() + (bad ? more : 0) : 0);
      const wild = own === 'wild' && day >= 14.4 && ts % (160 * MIN) === 0;
      yield heartbeat('till-1', ts, {
        printer: { state: 'ok', head_temp_c: wild ? 1 : Math.round(head) },
        ...(own ? {} : { system: { temp_c: 25 } }),
      });
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs } });
    }
  }

  it('is told in the evening of the day on which it is hotter by far at no more receipts', () => {
    for (const own of [undefined, 'own'] as const) {
      // What it takes for its surroundings warms with it.
      const told = tickets(printing(own ? 22 : 17, () => 4, own));
      expect(told.map((t) => t.mode)).toEqual(['overheat']);
      expect(told[0]!.day).toBeLessThan(14.75);
    }
  });

  it('is not where it tells one degree once in a while, which nothing cools to within minutes', () => {
    expect(tickets(printing(0, () => 4, 'wild'))).toEqual([]);
  });

  it('is not where a rush as never before heats it, or it is a little hotter', () => {
    expect(tickets(printing(17, () => 14))).toEqual([]);
    expect(tickets(printing(7, () => 4))).toEqual([]);
  });
});
