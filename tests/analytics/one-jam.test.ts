import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A till of a cut or two every ten minutes by day, told as often; `failing` answers the failed cuts of ten minutes, in which it cuts well as often as `cutting` says. */
function* cutting(
  days: number,
  failing: (day: number, hour: number, roll: () => number) => number,
  isStuck: (day: number, hour: number) => boolean = () => false,
): Generator<Reading> {
  const roll = dice(7);
  let [cuts, failed] = [0, 0];
  for (const { ts, day, hour } of moments(days)) {
    if (hour >= 8 && hour < 20 && !isStuck(day, hour)) cuts += roll() < 0.5 ? 2 : 1;
    failed += failing(day, hour, roll);
    const printer = { cuts_total: cuts, cutter_errors_total: failed, jobs_total: cuts };
    yield counters('till-1', ts, { printer });
  }
}

const at = (day: number, hour: number, jam: number, oclock: number): boolean =>
  Math.floor(day) === jam && Math.abs(hour - oclock) < 0.01;

describe('a cutter that jams', () => {
  it('once, or again after a week, and is tried four times until the paper is taken out, needs nobody', () => {
    for (const jams of [[15], [15, 22]]) {
      const isJam = (day: number, hour: number): boolean => jams.some((jam) => at(day, hour, jam, 15));
      expect(tickets(cutting(26, (day, hour) => (isJam(day, hour) ? 4 : 0), isJam))).toEqual([]);
    }
  });

  it('is told of where single cuts fail between good ones, ever oftener', () => {
    const [told] = tickets(
      cutting(18, (day, hour, roll) =>
        day > 15 && hour >= 8 && hour < 20 && roll() < Math.min(0.5, 0.15 * (day - 15)) ? 1 : 0,
      ),
    );
    expect(told?.mode).toBe('cutter_wear');
    expect(told!.day).toBeLessThan(16.6);
  });
});
