import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
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

/** Handhelds of a few shops. From the night before day 15 on it is hotter by `wave` K, for four days; chargers let packs of 43 °C and more be until these have cooled to 39. */
function* fleet(packs: readonly Pack[], wave: number): Generator<Reading> {
  const d = dice(7);
  const held = new Set<string>();
  for (const { site, name } of packs) {
    const birth = { serial: name, model: 'M1', firmware: '1', site, timezone: 'Europe/Rome' };
    yield { ...event(name, Date.UTC(2026, 0, 5), birth as never), channel: 'birth' } as unknown as Reading;
  }
  for (const { ts, day, hour } of moments(19, 15 * MIN)) {
    const air =
      24 + 4 * Math.sin(((hour - 9) / 12) * Math.PI) + (day >= 15 ? Math.min(wave, (wave * (day - 14.9)) / 0.4) : 0);
    for (const [i, { name, around, bare, own = 0 }] of packs.entries()) {
      const isOpen = hour >= 8 && hour < 18;
      const temp = Math.round(10 * (air + (isOpen ? 4 : 1) + (day > 16 ? own : 0) + d())) / 10;
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

const NEIGHBOURS: readonly Pack[] = Array.from({ length: 9 }, (_, i) => ({
  name: `n${i}`,
  site: `s${i % 3}`,
  around: true,
}));

describe('a heat wave', () => {
  const alone: Pack = { name: 'alone', site: 's0' };

  it('is known to a pack that has nothing beside it by the packs of others', () => {
    expect(tickets(fleet([...NEIGHBOURS, alone], 11))).toEqual([]);
  });

  it('lets chargers wait, also of a pack that tells no temperature', () => {
    expect(tickets(fleet([...NEIGHBOURS, { ...alone, bare: true }], 14))).toEqual([]);
  });

  it('is none where one pack is hot', () => {
    const told = tickets(fleet([...NEIGHBOURS, { ...alone, own: 24 }], 0));
    expect(told.map((t) => [t.terminal, t.mode])).toEqual([['alone', 'overheat']]);
  });

  it('hides no pack that is hotter than the others', () => {
    const told = tickets(fleet([...NEIGHBOURS, { ...alone, own: 22 }], 8));
    expect(told.map((t) => [t.terminal, t.mode])).toEqual([['alone', 'overheat']]);
  });
});

describe('an update that leaves out what surrounds a pack', () => {
  it('makes no pack hotter', () => {
    function* readings(): Generator<Reading> {
      const d = dice(9);
      for (const { ts, day, hour } of moments(20, 15 * MIN)) {
        const air = 24 + 3 * Math.sin(((hour - 9) / 12) * Math.PI);
        const temp = (more: number) => Math.round(10 * (air + more + 0.5 * d())) / 10;
        if (Math.abs(day - 14.1) < 0.005)
          yield event('t1', ts - 1000, {
            type: 'firmware_updated',
            component: 'system',
            detail: { from: '1', to: '2' },
          });
        yield heartbeat('t1', ts, {
          battery: { soc_pct: 90, status: 'full', temp_c: temp(2) },
          printer: { head_temp_c: temp(0) },
          ...(day < 14.1 ? { system: { temp_c: temp(8) } } : {}),
        });
      }
    }
    expect(tickets(readings())).toEqual([]);
  });
});

describe('a computer that starts again and again on its charger', () => {
  it('begins a charge each time, and its charger is well', () => {
    function* readings(): Generator<Reading> {
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
          battery: { charge_sessions_total: sessions },
          system: { reboots_total: boots, crashes_total: boots },
        });
      }
    }
    expect(tickets(readings()).map((t) => t.mode)).toEqual(['crash_loop']);
  });
});
