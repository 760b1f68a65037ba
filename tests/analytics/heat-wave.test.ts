import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

interface Pack {
  readonly name: string;
  readonly site: string;
  /** What surrounds it is told, too. */
  readonly around?: true;
  /** Its temperature is left out. */
  readonly bare?: true;
  /** K that it is warmer by itself from day 16 on. */
  readonly own?: number;
}

/**
 * Handhelds of a few shops; it is hotter by so many K on a day. Packs that are warmer by themselves are so from day `from` on. Chargers let packs of 43 °C and more be until
 * these have cooled to 39.
 */
function* fleet(packs: readonly Pack[], hotter: (day: number) => number, days = 19, from = 16): Generator<Reading> {
  const d = dice(7);
  const held = new Set<string>();
  for (const { site, name } of packs) yield born(name, T0, '1', site);
  for (const { ts, day, hour } of moments(days, 15 * MIN)) {
    const air = 24 + 4 * Math.sin(((hour - 9) / 12) * Math.PI) + hotter(day);
    for (const [i, { name, around, bare, own = 0 }] of packs.entries()) {
      const isOpen = hour >= 8 && hour < 18;
      const temp = Math.round(10 * (air + (isOpen ? 4 : 1) + (day > from ? own : 0) + d())) / 10;
      if (temp > 43) held.add(name);
      else if (temp < 39) held.delete(name);
      const soc = isOpen ? 95 - 5 * (hour - 8) : 90;
      const docked = !isOpen || (hour >= 13 && hour < 16);
      const status = !docked ? 'discharging' : held.has(name) ? 'not_charging' : 'charging';
      const at = ts + i * 1000;
      yield heartbeat(name, at, {
        battery: { soc_pct: Math.min(85, soc), status, ...(bare ? {} : { temp_c: temp }) },
        ...(around ? { system: { temp_c: Math.round(10 * (air + 6 + d())) / 10 } } : {}),
      });
    }
  }
}

function born(name: string, ts: number, firmware: string, site: string): Reading {
  const birth = { serial: name, model: 'M1', firmware, site, timezone: 'Europe/Rome' };
  return { ...event(name, ts, birth as never), channel: 'birth' } as unknown as Reading;
}

/** From the small hours of day 15 on, for so many days. */
const wave =
  (kelvin: number, days = 99) =>
  (day: number): number =>
    day >= 15 && day < 15 + days ? Math.min(kelvin, (kelvin * (day - 14.98)) / 0.1) : 0;
/** By so many K a day from day 14 on. */
const climbing =
  (kelvin: number) =>
  (day: number): number =>
    kelvin * Math.max(0, Math.floor(day) - 13);

const NEIGHBOURS: readonly Pack[] = Array.from({ length: 9 }, (_, i) => ({
  name: `n${i}`,
  site: `s${i % 3}`,
  around: true,
}));

describe('a heat wave', () => {
  const alone: Pack = { name: 'alone', site: 's0' };

  it('is known to a pack that has nothing beside it by the packs of others', () => {
    expect(tickets(fleet([...NEIGHBOURS, alone], wave(13)))).toEqual([]);
  });

  it('that climbs by the day is, too', () => {
    expect(tickets(fleet([...NEIGHBOURS, alone], climbing(3)))).toEqual([]);
  });

  it('lets chargers wait, also of a pack that tells no temperature', () => {
    expect(tickets(fleet([...NEIGHBOURS, { ...alone, bare: true }], wave(14)))).toEqual([]);
  });

  it('is none where one pack is hot', () => {
    const told = tickets(fleet([...NEIGHBOURS, { ...alone, own: 24 }], wave(0)));
    expect(told.map((t) => [t.terminal, t.mode])).toEqual([['alone', 'overheat']]);
  });

  it('that stays is summer: a pack that is hot months later is told as soon as on any day', () => {
    const packs = [...NEIGHBOURS.slice(0, 5), { ...alone, own: 20 }];
    const [told, ...more] = tickets(fleet(packs, wave(11), 75, 70));
    expect([told?.terminal, told?.mode, more]).toEqual(['alone', 'overheat', []]);
    expect(told!.day).toBeLessThan(73);
  });

  it('that has passed leaves all of them as they were', () => {
    const packs = [...NEIGHBOURS.slice(0, 6), alone];
    expect(tickets(fleet(packs, wave(11, 4), 30, 99))).toEqual([]);
    const told = tickets(fleet([...NEIGHBOURS.slice(0, 6), { ...alone, own: 20 }], wave(11, 4), 26, 22));
    expect([told[0]?.terminal, told[0]?.mode]).toEqual(['alone', 'overheat']);
    expect(told.every((t) => t.terminal === 'alone')).toBe(true);
  });

  it('is none where the packs of a small shop, of one batch, grow hot together', () => {
    const batch = Array.from({ length: 4 }, (_, i) => ({
      name: `b${i}`,
      site: 'small',
      ...(i < 3 ? { own: 25 } : {}),
    }));
    const told = tickets(fleet(batch, wave(0), 24, 16));
    expect(told.map((t) => t.terminal).sort()).toEqual(['b0', 'b1', 'b2']);
  });

  it('hides no pack that is hotter than the others', () => {
    const told = tickets(fleet([...NEIGHBOURS, { ...alone, own: 22 }], wave(8)));
    expect(told.map((t) => [t.terminal, t.mode])).toEqual([['alone', 'overheat']]);
  });
});

describe('an update that leaves out what surrounds a pack', () => {
  it('makes no pack hotter', () => {
    function* readings(): Generator<Reading> {
      const d = dice(9);
      yield born('t1', T0, '1', 's1');
      for (const { ts, day, hour } of moments(20, 15 * MIN)) {
        const air = 24 + 3 * Math.sin(((hour - 9) / 12) * Math.PI);
        const temp = (more: number) => Math.round(10 * (air + more + 0.5 * d())) / 10;
        if (Math.abs(day - 14.125) < 0.005) yield born('t1', ts - 1000, '2', 's1');
        yield heartbeat('t1', ts, {
          battery: { soc_pct: 90, status: 'full', temp_c: temp(2) },
          printer: { head_temp_c: temp(0) },
          ...(day < 14.12 ? { system: { temp_c: temp(13) } } : {}),
        });
      }
    }
    expect(tickets(readings())).toEqual([]);
  });
});

describe('a computer that starts again and again on its charger', () => {
  it('begins a charge each time, and its charger is well', () => {
    function* readings(leavesOut: boolean): Generator<Reading> {
      let [boots, sessions] = [3, 40];
      for (const { ts, day, hour } of moments(17, 10 * MIN)) {
        const loops = day > 14.4 && day < 15.2;
        if (loops) {
          for (const minute of [1, 4]) {
            boots++;
            sessions++;
            yield event('t1', ts - minute * MIN, { type: 'boot', component: 'system', detail: { reason: 'crash' } });
          }
        } else if (Math.abs(hour - 8) < 0.01 || Math.abs(hour - 18) < 0.01) sessions++;
        yield heartbeat('t1', ts, { battery: { soc_pct: 70, status: 'charging' } });
        yield counters('t1', ts + 1000, {
          battery:
            leavesOut && Math.round(ts / (10 * MIN)) % 2 === 0
              ? { over_temp_total: 0 }
              : { charge_sessions_total: sessions },
          system: { reboots_total: boots, crashes_total: boots },
        });
      }
    }
    for (const leavesOut of [false, true])
      expect(tickets(readings(leavesOut)).map((t) => t.mode)).toEqual(['crash_loop']);
  });
});
