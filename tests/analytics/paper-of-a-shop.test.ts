import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

describe('printers of a shop whose staff load them badly', () => {
  /** Fifteen receipts an hour by day, two rolls a day; from day 14 on the `spoilt` ones jam now and then, for nine days, and no more by the day. */
  function* printing(
    tills: number,
    spoilt: (till: number, day: number) => boolean | number,
    seed: number,
  ): Generator<Reading> {
    const roll = dice(seed);
    const each = Array.from({ length: tills }, (_, till) => till);
    const totals = each.map(() => ({ jobs_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 }));
    for (const till of each) {
      const payload = { ts: T0, boot: 'b1', seq: 0, serial: `${till}`, model: 'P1', firmware: '1', site: 's1' };
      yield { ...heartbeat(`till-${till}`, T0), channel: 'birth', payload } as Reading;
    }
    for (const { ts, day, hour } of moments(23, 30 * MIN)) {
      for (const till of each) {
        const p = totals[till]!;
        yield heartbeat(`till-${till}`, ts, { printer: { state: 'ok', head_ohm: 800 } });
        if (hour < 8 || hour >= 20) continue;
        for (let i = 0; i < 7; i++) {
          p.jobs_total++;
          const bad = day > 14 ? 0.05 * Number(spoilt(till, day)) : 0;
          if (roll() < 0.003 + bad) p.retries_total++;
          if (roll() < 0.0003 + bad / 3) p.jams_total++;
        }
        p.paper_outs_total = Math.floor(2 * day);
        yield counters(`till-${till}`, ts + 1000, { printer: { ...p } });
      }
    }
  }
  const modes = (readings: Iterable<Reading>): string[] => tickets(readings).map((t) => t.mode);

  it('need nobody for as long as most of them jam, whenever each of them was first seen to', () => {
    for (let seed = 1; seed <= 4; seed++) expect(modes(printing(6, (till) => till !== 3, seed))).toEqual([]);
  });

  it('need nobody either where all of them jam ever more often, as receipts grow longer', () => {
    const grow = (till: number, day: number) => (till !== 3 ? 0.16 * (day - 14) : 0);
    for (let seed = 1; seed <= 4; seed++) expect(modes(printing(6, grow, seed))).toEqual([]);
  });

  it('do not hide the one of them that grows to many times as bad as the others', () => {
    const grow = (till: number, day: number) => (till === 1 ? 0.8 * (day - 14) : 0.25);
    for (let seed = 1; seed <= 3; seed++) {
      expect(tickets(printing(6, grow, seed)).map((t) => t.terminal)).toEqual(['till-1']);
    }
  });

  it('do not hide the one that jams alone, in a shop of two, of three or of six', () => {
    for (const tills of [2, 3, 6]) {
      for (let seed = 1; seed <= 3; seed++) {
        expect(modes(printing(tills, (till) => till === 1, seed))).toEqual(['paper_feed']);
      }
    }
  });

  it('do not hide the one that grows worse beside a neighbour that merely jams, nor the second feed that wears', () => {
    const grows = (since: number) => Math.max(0, 0.24 * since);
    const beside = (till: number, day: number) => (till === 1 ? grows(day - 14) : 0.4);
    const both = (till: number, day: number) => grows(day - (till === 1 ? 14 : 17));
    for (let seed = 1; seed <= 3; seed++) {
      const told = (spoilt: (till: number, day: number) => number) =>
        tickets(printing(2, spoilt, seed)).map((t) => t.terminal);
      expect(told(beside)).toContain('till-1');
      expect(told(both).sort()).toEqual(['till-0', 'till-1']);
    }
  });

  it('need nobody for two days either where three of a dozen begin on one day', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const three = printing(12, (till, day) => (till < 3 && day < 16.8 ? 2.5 : 0), seed);
      expect(tickets(three).filter((t) => t.day < 16.5)).toEqual([]);
    }
  });
});
