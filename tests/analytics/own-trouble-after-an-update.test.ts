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
