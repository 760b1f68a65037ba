import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('a pack that goes out into the cold every day', () => {
  /** Of its surroundings nothing is told. From day 14 on it is `warmer` K warmer; in that evening it stops for heat five times. */
  function* delivering(warmer: number, stops: boolean): Generator<Reading> {
    const d = dice(3);
    let stopped = 0;
    for (const { ts, day, hour } of moments(16)) {
      const isOut = hour >= 6 && hour < 15;
      const charges = hour >= 15 && hour < 19;
      const usual = isOut ? 9 + 4 * d() : charges ? 34 + 3 * d() : 26 + d();
      const gained = day < 14 ? 0 : warmer;
      if (stops && day >= 14 && day < 15 && charges && ts % (40 * MIN) === 0) stopped++;
      const status = isOut ? 'discharging' : charges ? 'charging' : 'full';
      yield heartbeat('till-1', ts, { battery: { soc_pct: 80, temp_c: Math.round(usual + gained), status } });
      yield counters('till-1', ts + 1000, { battery: { over_temp_total: stopped } });
    }
  }

  it('and stops for heat for the first time is told by the next day where it is warmer than ever, and not for either alone', () => {
    const told = tickets(delivering(14, true));
    expect(told.map((f) => f.mode)).toEqual(['overheat']);
    expect(told[0]!.day).toBeLessThan(15.3);
    expect(tickets(delivering(0, true))).toEqual([]);
    expect(tickets(delivering(14, false))).toEqual([]);
  });
});

describe('a pack whose charge is told in steps of five percent, and no current', () => {
  /** Two shifts a day. A step has just been passed as it comes to its charger, and another after ten minutes there, until day 12; then none. It resists `times` as much. */
  function* driven(seed: number, times: (day: number) => number): Generator<Reading> {
    const d = dice(seed);
    for (const { ts, day, hour } of moments(24)) {
      const shift = (hour + 6) % 12;
      const out = shift < 8;
      const charged = Math.floor((shift - 8) * 6);
      const [left, came, mv] = day < 12 ? [20, 30, 6940] : [25, 25, 6910];
      const soc = out ? Math.max(left, 90 - 10 * Math.floor(shift)) : Math.min(95, came + 10 * Math.floor(charged / 2));
      const rests = day < 12 ? 6760 : 6800;
      const printing = out && d() < 0.1 ? 80 : 0;
      const volts = out ? (soc > left ? 6800 + 12 * soc : rests) - printing : mv + 80 * times(day) + 12 * (soc - came);
      yield heartbeat('till-1', ts, {
        battery: {
          soc_pct: soc,
          voltage_mv: Math.round(volts / 20) * 20,
          status: out ? 'discharging' : soc < 95 ? 'charging' : 'full',
        },
      });
    }
  }

  it('resists no more for which step it was at when it was put on its charger', () => {
    for (const seed of SEEDS) expect(tickets(driven(seed, () => 1))).toEqual([]);
  });

  it('is told to resist more where it does', () => {
    for (const seed of SEEDS) {
      const told = tickets(driven(seed, (day) => 1 + Math.max(0, day - 14) * 0.3));
      expect(told.map((f) => f.mode)).toEqual(['resistance_rise']);
    }
  });
});
