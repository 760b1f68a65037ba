import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Computers of a shop that crash once in a month or so, and as often a day as is said; or, from day 12 on, every so many days. */
function* crashing(
  computers: number,
  aDay: (computer: number, day: number) => number,
  seed: number,
  every = 0,
): Generator<Reading> {
  const d = dice(seed);
  const each = Array.from({ length: computers }, (_, i) => i);
  const total = each.map(() => 3);
  for (const i of each) {
    const payload = { ts: T0, boot: 'b1', seq: 0, serial: `${i}`, model: 'P1', firmware: '1', site: 's1' };
    yield { ...heartbeat(`till-${i}`, T0), channel: 'birth', payload } as Reading;
  }
  for (const { ts, day } of moments(20, 20 * MIN)) {
    for (const i of each) {
      const due = Math.floor((day - 12) / every) - Math.floor((day - 12 - 1 / 72) / every);
      total[i]! += every > 0 && day > 12 ? due : d.poisson(Math.max(0.02, aDay(i, day)) / 72);
      const at = ts + i * 1000;
      yield heartbeat(`till-${i}`, at, { system: { mem_free_mb: 200, flash_free_mb: 900 } });
      yield counters(`till-${i}`, at + 500, { system: { crashes_total: total[i]!, reboots_total: total[i]! } });
    }
  }
}

const told = (readings: Iterable<Reading>): string[] => tickets(readings).map((t) => `${t.terminal} ${t.mode}`);

describe('computers of a shop', () => {
  it('that all crash for a day after a bad setting are in no loop', () => {
    const setting = (_: number, day: number) => (day > 14 && day < 15 ? 5 : 0);
    for (const seed of [1, 2, 4]) {
      for (const computers of [3, 6]) expect(told(crashing(computers, setting, seed))).toEqual([]);
    }
  });

  it('that all go on crashing are told after two days', () => {
    const loop = (_: number, day: number) => (day > 13 ? Math.min(9, 5 * (day - 13)) : 0);
    for (const seed of [1, 2]) expect(told(crashing(4, loop, seed)).length).toBeGreaterThanOrEqual(4);
  });

  it('of which one alone crashes ever more often have one that will end in a loop', () => {
    const loop = (i: number, day: number) => (i === 1 && day > 13 ? 2 * (day - 13) : 0);
    for (let seed = 1; seed <= 3; seed++) expect(told(crashing(4, loop, seed))).toEqual(['till-1 crash_loop']);
  });

  it('of which one crashes as often from one day on as nothing innocent does have one, too', () => {
    const often = (i: number, day: number) => (i === 1 && day > 13 ? 6 : 0);
    for (let seed = 1; seed <= 3; seed++) expect(told(crashing(4, often, seed))).toEqual(['till-1 crash_loop']);
  });

  it('of which one crashes far more often than the others do that day have one, too', () => {
    const both = (i: number, day: number) => (day > 14 ? (i === 1 ? 9 : day < 15 ? 2 : 0) : 0);
    for (let seed = 1; seed <= 3; seed++) expect(told(crashing(4, both, seed))).toContain('till-1 crash_loop');
  });
});

describe('a computer that crashes once a day, as it did not before', () => {
  it('is in no loop while it does so no oftener', () => {
    for (const every of [0.8, 1]) expect(told(crashing(1, () => 0, 1, every))).toEqual([]);
  });
});
