import { expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A head that, from day 14 on, is so many K warmer than its computer beside what it was, while it prints no more than ever. */
function* printing(more: (days: number) => number): Generator<Reading> {
  const d = dice(5);
  let jobs = 0;
  for (const { ts, day, hour } of moments(18, 10 * MIN)) {
    jobs += hour >= 4 && hour < 20 ? 2 : 0;
    const head = 28 + 2 * d() + (day < 14 ? 0 : more(day - 14));
    yield heartbeat('till-1', ts, { printer: { state: 'ok', head_temp_c: Math.round(head) }, system: { temp_c: 25 } });
    yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs } });
  }
}

it('a head that grows warmer from one day into the next is told on the second, without a stop or another witness', () => {
  const told = tickets(printing((days) => 4 * days));
  expect(told.map((t) => t.mode)).toEqual(['overheat']);
  expect(told[0]!.day).toBeLessThan(16.2);
});

it('one that is warmer from one hour on is not', () => {
  expect(tickets(printing(() => 5))).toEqual([]);
});
