import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** The most that a counter of 16 bits holds; one that stands there for good. */
const FULL = 0xffff;

const modes = (readings: Iterable<Reading>): string[] => tickets(readings).map((t) => t.mode);

describe('a counter of good taps that is full', () => {
  /** Twenty-four taps and as many chip reads an hour by day, one in fifty fails; good taps are full on day 15; from day 17 on `spoilt` of the chip reads fail. */
  function* reading(spoilt: number): Generator<Reading> {
    const roll = dice(4);
    let [tapOk, tapFailed, chipOk, chipFailed] = [FULL - 15 * 288, 0, 0, 0];
    for (const { ts, day, hour } of moments(24, 15 * MIN)) {
      const cards = hour >= 8 && hour < 20 ? 6 : 0;
      for (let i = 0; i < cards; i++) {
        if (roll() < 0.02) tapFailed++;
        else tapOk = Math.min(FULL, tapOk + 1);
        if (roll() < (day > 17 ? spoilt : 0.02)) chipFailed++;
        else chipOk++;
      }
      const reader = {
        tap_ok_total: tapOk,
        tap_fail_total: tapFailed,
        chip_ok_total: chipOk,
        chip_fail_total: chipFailed,
      };
      yield counters('till-1', ts, { reader });
    }
  }

  it('makes no reader of it in which every tap fails; what its other counters tell still counts', () => {
    expect(modes(reading(0.02))).toEqual([]);
    expect(modes(reading(0.75))).toEqual(['contact_wear']);
  });
});

describe('a counter of printed receipts that is full', () => {
  /** Ten receipts an hour by day, full on day 15; from day 17 on `jams` of them jam, and are tried again three times as often. Its length of paper is told, or not. */
  function* printing(jams: number, tellsLength: boolean): Generator<Reading> {
    const roll = dice(8);
    let [jobs, mm, retries, jammed, outs] = [FULL - 15 * 120, 0, 0, 0, 0];
    for (const { ts, day, hour } of moments(24, 30 * MIN)) {
      yield heartbeat('till-1', ts, { printer: { state: 'ok' } });
      if (hour < 8 || hour >= 20) continue;
      for (let i = 0; i < 5; i++) {
        jobs = Math.min(FULL, jobs + 1);
        mm += 90;
        const bad = day > 17 ? jams * (day - 17) : 0;
        if (roll() < 0.004 + 3 * bad) retries++;
        if (roll() < 0.0004 + bad) jammed++;
      }
      outs = Math.floor(2 * day);
      const length = tellsLength ? { printed_mm_total: mm } : {};
      const printer = { jobs_total: jobs, retries_total: retries, jams_total: jammed, paper_outs_total: outs };
      yield counters('till-1', ts + 1000, { printer: { ...printer, ...length } });
    }
  }

  it('makes no worn feed of its odd retry', () => {
    expect(modes(printing(0, false))).toEqual([]);
    expect(modes(printing(0, true))).toEqual([]);
  });

  it('hides none that the length of its paper shows', () => {
    expect(modes(printing(0.01, true))).toEqual(['paper_feed']);
  });
});
