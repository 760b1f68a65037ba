import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Tills of two models of which some take 2.0 at noon of day 14, and crash so many times a day from two days after that on. */
function fleet(
  tills: number,
  took: number,
  crashesOf: (till: number) => number,
  modelOf = (_: number) => 'P1',
  tookOn = (_: number) => 14.5,
  seed = 30,
): Reading[] {
  const readings: Reading[] = [];
  for (let k = 0; k < tills; k++) {
    const roll = dice(seed + k);
    const id = `till-${k}`;
    const birth = (ts: number, firmware: string): Reading => {
      const body = { serial: id, model: modelOf(k), firmware, site: `s${k}`, heartbeat_s: 600 };
      return { ...heartbeat(id, ts), channel: 'birth', payload: { ts, boot: 'b', seq: 0, ...body } } as Reading;
    };
    readings.push(birth(T0, '1.0'));
    let crashes = 0;
    let isNew = false;
    for (const { ts, day } of moments(18)) {
      if (k < took && !isNew && day >= tookOn(k)) {
        isNew = true;
        readings.push(
          event(id, ts, { type: 'firmware_updated', detail: { from: '1.0', to: '2.0' } }),
          birth(ts, '2.0'),
        );
      }
      const perDay = isNew && day >= 16 ? crashesOf(k) : 0;
      if (roll() < perDay / 144) crashes++;
      // All start anew once a night, as card schemes ask for.
      const restarts = crashes + Math.floor(day + 0.9);
      readings.push(
        heartbeat(id, ts + 1000, { system: { mem_free_mb: 200 } }),
        counters(id, ts + 2000, { system: { crashes_total: crashes, reboots_total: restarts } }),
      );
    }
  }
  return readings.sort((a, b) => a.receivedAt - b.receivedAt);
}

describe('crashes within four days after an update', () => {
  it('are their terminal’s own where others of its model took it too and do well', () => {
    const [told, ...more] = tickets(fleet(8, 6, (till) => (till === 0 ? 20 : 0)));
    expect(told).toMatchObject({ mode: 'crash_loop', terminal: 'till-0' });
    expect(told!.day).toBeLessThan(17);
    expect(more).toEqual([]);
  });

  it('may be everybody’s where few took it, or others of its model crash, too', () => {
    expect(tickets(fleet(8, 3, (till) => (till === 0 ? 20 : 0)))).toEqual([]);
    for (let seed = 30; seed < 130; seed += 20) {
      const half = tickets(fleet(8, 6, (till) => (till < 3 ? 20 : 0), undefined, undefined, seed));
      expect(half.filter(({ mode }) => mode === 'crash_loop')).toEqual([]);
    }
  });

  it('may be those of its model where all that do well are of another', () => {
    const model = (till: number): string => (till < 2 ? 'P1' : 'P2');
    expect(tickets(fleet(8, 8, (till) => (till === 0 ? 20 : 0), model))).toEqual([]);
  });

  it('may be everybody’s where they come of one that took it a day before the others', () => {
    const early = (till: number): number => (till === 0 ? 13.5 : 14.5);
    const all = tickets(fleet(8, 6, (till) => (till === 0 ? 20 : 0), undefined, early));
    expect(all.filter(({ day }) => day < 17.5)).toEqual([]);
  });
});

describe('sessions that break within a day after an update', () => {
  /** Sixteen tills, `took` of which take 2.0 from day 14 on, two hours one after another, and lose so many sessions an hour from then on; or sound ones, and a pack each that gives way. */
  function* updated(
    lostOf: (till: number) => number,
    gaveWay = (_: number) => 0,
    took = 8,
    modelOf = (_: number) => 'P1',
  ): Generator<Reading> {
    const rolls = Array.from({ length: 16 }, (_, k) => dice(60 + k));
    const totals = rolls.map(() => ({ sessions: 40, failed: 9, restarts: 3, gaveWay: 0 }));
    const birth = (k: number, ts: number, firmware: string): Reading => {
      const body = { serial: `s${k}`, model: modelOf(k), firmware, site: `s${k}`, heartbeat_s: 600 };
      return {
        ...heartbeat(`till-${k}`, ts),
        channel: 'birth',
        payload: { ts, boot: 'b', seq: 0, ...body },
      } as Reading;
    };
    for (let k = 0; k < 16; k++) yield birth(k, T0, '1.0');
    for (const { ts, day } of moments(17.5)) {
      for (let k = 0; k < 16; k++) {
        const since = day - 14 - k * 0.08;
        const isNew = k < took && since >= 0;
        if (isNew && since < 0.0069) yield birth(k, ts, '2.0');
        const [roll, t] = [rolls[k]!, totals[k]!];
        const lost = roll.poisson(((isNew ? lostOf(k) : 0) + 0.02) / 6);
        t.sessions += lost;
        t.failed += lost;
        const gave = roll.poisson(gaveWay(k) * (day > 13 ? 1 / 144 : 0));
        t.gaveWay += gave;
        t.restarts += gave;
        const network = { reconnects_total: t.sessions, tx_fail_total: t.failed };
        const system = { reboots_total: t.restarts, crashes_total: 1 };
        const battery = { brownouts_total: t.gaveWay };
        yield heartbeat(`till-${k}`, ts + 10 * k, {
          network: { bearer: 'ethernet', rtt_ms: 40, loss_pct: 0 },
          battery: { soc_pct: 60, status: 'discharging' },
        });
        yield counters(`till-${k}`, ts + 10 * k + 1000, { network, system, battery });
      }
    }
  }

  it('are no tickets of terminals whose update makes all of them lose some', () => {
    const told = tickets(updated(() => 3.5));
    expect(told.map(({ mode }) => mode)).toEqual(['firmware_regression']);
  });

  it('are one of a terminal that loses some by itself', () => {
    const [told, ...more] = tickets(updated((till) => (till === 4 ? 4 : 0)));
    expect(told).toMatchObject({ mode: 'offline', terminal: 'till-4' });
    expect(told!.day).toBeLessThan(14.32 + 1);
    expect(more).toEqual([]);
  });

  it('are one at once where too few took it to be compared', () => {
    const [told] = tickets(updated(() => 2.5, undefined, 1));
    expect(told).toMatchObject({ mode: 'offline', terminal: 'till-0' });
    expect(told!.day).toBeLessThan(14.8);
    // Nor are those of another model any to compare it with.
    const [own] = tickets(
      updated(
        (k) => (k === 4 ? 3 : 0),
        undefined,
        8,
        (k) => (k === 4 ? 'P2' : 'P1'),
      ),
    );
    expect(own).toMatchObject({ mode: 'offline', terminal: 'till-4' });
    expect(own!.day).toBeLessThan(15);
  });

  it('and restarts of terminals whose packs give way are not the firmware’s', () => {
    const told = tickets(
      updated(
        () => 0,
        (till) => (till < 3 ? 10 : 0),
      ),
    );
    expect(told.map(({ mode }) => mode)).toEqual(['resistance_rise', 'resistance_rise', 'resistance_rise']);
  });
});
