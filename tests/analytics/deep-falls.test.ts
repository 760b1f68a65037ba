import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { DAY, moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A terminal on the mobile network that loses hardly a packet, and whose signal falls by so many dB at so many hours since day 14. */
function* falling(fall: (hours: number) => number, seed: number): Generator<Reading> {
  const d = dice(seed);
  let failed = 0;
  for (const { ts, day } of moments(14.8)) {
    const fell = day < 14 ? 0 : fall((day - 14) * 24);
    const rsrp = Math.round(-82 - fell + 4 * (d() - 0.5));
    const sinr = Math.round(10 * (22 - 0.75 * fell + 3 * (d() - 0.5))) / 10;
    if (d() < 0.02) failed++;
    const network = {
      bearer: 'lte',
      rsrp_dbm: rsrp,
      sinr_db: sinr,
      rtt_ms: 60 + Math.round(10 * d()),
      loss_pct: 0.1,
    } as const;
    yield heartbeat('till-1', ts, { network });
    yield counters('till-1', ts + 1000, {
      network: { tx_fail_total: failed, reconnects_total: Math.floor((ts - T0) / DAY) },
    });
  }
}

describe('a signal that falls within a day, and has not cost a packet yet', () => {
  it('is told where it has fallen farther than the air and what passes by take it', () => {
    for (const seed of [1, 2, 3]) {
      const told = tickets(falling((hours) => Math.min(27, 2.2 * hours), seed));
      expect(told.map((t) => t.mode)).toEqual(['signal_degradation']);
      expect((told[0]!.day - 14) * 24).toBeLessThan(14);
    }
  });

  it('is told while it goes on, by steps, before it has come to its end', () => {
    const steps = (hours: number): number =>
      hours < 6 ? Math.min(12, 6 * hours) : hours < 11 ? Math.min(18, 3 * hours - 6) : Math.min(27, 3 * hours - 15);
    for (const seed of [1, 2, 3]) {
      const told = tickets(falling(steps, seed));
      expect(told.map((t) => t.mode)).toEqual(['signal_degradation']);
      expect((told[0]!.day - 14) * 24).toBeLessThan(12.9);
    }
  });

  it('is not where it fell at once and stays, however deep', () => {
    for (const fall of [14, 18, 22]) expect(tickets(falling(() => fall, 1))).toEqual([]);
  });

  it('is not where it fell by as much as a lorry before the door takes', () => {
    for (const seed of [1, 2, 3]) expect(tickets(falling((hours) => Math.min(11, 2.2 * hours), seed))).toEqual([]);
  });
});
