import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';

/** A pack that is used from eight to twenty and has never given way; then it does so twice an hour, where `bad` says so. */
function* used(bad: (day: number, hour: number) => boolean): Generator<Reading> {
  let [soc, brownouts, jobs] = [97, 0, 0];
  for (const { ts, day, hour } of moments(18)) {
    const open = hour >= 8 && hour < 20;
    soc = Math.min(98, soc + (open ? -0.7 : 2));
    jobs += open ? 3 : 0;
    if (bad(day, hour) && Math.round(hour * 6) % 3 === 0) brownouts++;
    yield heartbeat('till-1', ts, {
      battery: { soc_pct: Math.round(soc), status: open ? 'discharging' : soc < 98 ? 'charging' : 'full' },
    });
    yield counters('till-1', ts + 1000, {
      battery: { brownouts_total: brownouts },
      printer: { jobs_total: jobs },
    } as Parameters<typeof counters>[2]);
  }
}

describe('a pack that gives way twice an hour', () => {
  const evening = (day: number, hour: number): boolean => day > 14.6 && day < 15 && hour >= 16 && hour < 20;

  it('of an evening and of the next morning is told on that morning', () => {
    const told = tickets(used((day, hour) => evening(day, hour) || (day > 15 && hour >= 8 && hour < 20)));
    expect(told.map((t) => t.mode)).toEqual(['resistance_rise']);
    expect(told[0]!.day).toBeLessThan(15.56);
  });

  it('of one evening only had come loose', () => {
    expect(tickets(used(evening))).toEqual([]);
  });
});
