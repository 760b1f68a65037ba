import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Receipts of ten minutes of a busy till by day, and the day on which its trouble begins. */
const RECEIPTS = 8;
const BEGINS = 15.33;
/** Share of cuts by which more fail each day where it wears slowly. */
const SLOWLY = 0.005;

/** A busy till; once its trouble has begun, one receipt in `tried` is tried again (0: none), and a cut in `uncut` fails, or ever more do where that is `slowly`, until the day `ends`. As a rule, so many receipts are tried again. */
function* printing(tried: number, uncut: number | 'slowly', ends = 17, usual = 0.004): Generator<Reading> {
  const roll = dice(11);
  let [cuts, failed, retries, jams] = [0, 0, 0, 0];
  for (const { ts, day, hour } of moments(Math.max(19, Math.ceil(ends)))) {
    for (let i = 0; hour >= 8 && hour < 20 && i < RECEIPTS; i++) {
      const isBad = day >= BEGINS && day < ends;
      cuts += 1;
      if (roll() < usual) retries += 1;
      if (isBad && tried > 0 && roll() < 1 / tried) retries += 1;
      if (isBad && tried > 0 && roll() < 0.1 / tried) jams += 1;
      const fails = uncut === 'slowly' ? SLOWLY * (day - BEGINS) : 1 / uncut;
      if (isBad && roll() < fails) failed += 1;
    }
    const printer = {
      jobs_total: cuts,
      cuts_total: cuts,
      retries_total: retries,
      jams_total: jams,
      cutter_errors_total: failed,
    };
    yield counters('till-1', ts, { printer });
  }
}

const cutters = (line: Iterable<Reading>): number => tickets(line).filter((t) => t.mode === 'cutter_wear').length;

describe('a cutter that fails now and then', () => {
  it('on paper of which one receipt in ten is tried again needs nobody: lint and limp paper stop it, too', () => {
    expect(cutters(printing(10, 110))).toBe(0);
  });

  it('is not told either once that paper is used up', () => {
    expect(cutters(printing(10, 110, 16.4))).toBe(0);
  });

  it('by itself is told of', () => {
    expect(cutters(printing(0, 110))).toBe(1);
  });

  it('ever more often is told of within five days where one receipt in sixteen is tried again as a rule, too', () => {
    expect(cutters(printing(0, 'slowly', 20.33, 0.06))).toBe(1);
  });

  it('as often as receipts are tried again is told of: paper does not do that', () => {
    expect(cutters(printing(20, 20))).toBe(1);
  });
});
