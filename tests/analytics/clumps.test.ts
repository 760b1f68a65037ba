import { describe, expect, it } from 'vitest';
import { Clumps } from '../../analytics/core/clumps.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, HOUR, MIN, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

describe('events of a counter that counts each of them several times', () => {
  it('are taken as one once enough of them were seen, whatever is counted later, and as they are where any was counted once', () => {
    const clumps = new Clumps(2);
    for (const n of [3, 6, 3, 3, 9, 3, 3, 3, 6, 3, 3, 3]) expect(clumps.events(0, n)).toBe(n);
    expect(clumps.events(0, 3)).toBe(1);
    expect(clumps.events(1, 3)).toBe(3);
    const kept = new Clumps(2, clumps.save());
    for (const counted of [clumps, kept]) {
      expect(counted.events(0, 4)).toBeCloseTo(4 / 3);
      expect(counted.events(0, 9)).toBe(3);
    }
    expect(kept.events(1, 1)).toBe(1);
    for (let i = 0; i < 20; i++) expect(kept.events(1, 3)).toBe(3);
  });

  describe('weigh as one on a fleet', () => {
    /** Twelve tills of one model, whose cutters fail once in 300 cuts; one of them fails five times within a day. */
    function* shop(counted: number, odd = false): Generator<Reading> {
      const d = dice(5);
      const tills = Array.from({ length: 12 }, (_, k) => ({ id: `till-${k}`, cuts: 0, errors: 0 }));
      for (const { id } of tills) {
        const payload = { ts: T0, boot: 'b1', seq: 0, serial: id, model: 'K10', firmware: '1', heartbeat_s: 600 };
        yield { ...heartbeat(id, T0), channel: 'birth', payload } as unknown as Reading;
      }
      for (let ts = T0 + MIN; ts < T0 + 20 * DAY; ts += 20 * MIN) {
        const hour = (ts % DAY) / HOUR;
        if (hour < 8 || hour > 20) continue;
        for (const [k, till] of tills.entries()) {
          till.cuts += 5;
          const isBad = k === 3 && ts > T0 + 16 * DAY && ts < T0 + 17 * DAY;
          if (d() < 5 / (isBad ? 40 : 300)) till.errors += counted;
          if (odd && k === 5 && ts === T0 + MIN + 14 * DAY + 10 * HOUR) till.errors++;
          yield counters(till.id, ts + k * 1000, {
            printer: { cuts_total: till.cuts, cutter_errors_total: till.errors, jobs_total: till.cuts },
          });
        }
      }
    }
    it('five tries of a cutter again, each counted three times, open no ticket, nor does one odd count for the others', () => {
      const whole = tickets(shop(1)).map((t) => t.mode);
      expect(tickets(shop(3)).map((t) => t.mode)).toEqual(whole);
      expect(tickets(shop(3, true)).map((t) => t.mode)).toEqual(whole);
    });
  });
});
