import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Readers of a shop of four, of which a tap in sixty fails; `fails` says how many of a reader's fail on a day. */
function* tapping(seed: number, fails: (reader: number, day: number) => number): Generator<Reading> {
  const roll = dice(seed);
  const each = [0, 1, 2, 3];
  const [ok, failed] = [each.map(() => 0), each.map(() => 0)];
  for (const i of each) {
    const payload = { ts: T0, boot: 'b1', seq: 0, serial: `${i}`, model: 'P1', firmware: '1', site: 's1' };
    yield { ...heartbeat(`till-${i}`, T0), channel: 'birth', payload } as Reading;
  }
  for (const { ts, day, hour } of moments(18)) {
    for (const i of each) {
      const share = fails(i, day);
      for (let taps = hour >= 8 && hour < 20 ? (roll() < 0.4 ? 2 : 1) : 0; taps > 0; taps--) {
        if (roll() >= Math.max(1 / 60, share)) ok[i]!++;
        // Whom it fails tries again.
        else failed[i]! += share > 0.9 ? 3 : 1;
      }
      const reader = { tap_ok_total: ok[i]!, tap_fail_total: failed[i]! };
      yield counters(`till-${i}`, ts + i * 1000, { reader });
    }
  }
}

describe('readers of a shop in which one is dead and has not been seen to', () => {
  it('are told of as they fail: it alone is not most of the shop, however often it is looked at', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const told = tickets(tapping(seed, (i, day) => (i === 0 && day > 12 ? 1 : i === 1 && day > 15.4 ? 0.5 : 0)));
      expect(told.map((t) => `${t.terminal} ${t.mode}`)).toEqual(['till-0 tap_fault', 'till-1 tap_fault']);
      expect(told[1]!.day).toBeLessThan(15.65);
    }
  });
});
