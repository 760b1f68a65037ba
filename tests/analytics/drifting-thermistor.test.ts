import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A pack that is carried by day and charged by night; from day 13 on it tells up to 20 K more each day, and is refused charge for as many ten minutes of a night as `refuses` says. */
function* pack(refuses: (day: number) => number, cools = 1): Generator<Reading> {
  const roll = dice(5);
  let [soc, sessions, charging] = [90, 0, false];
  for (const { ts, day, hour } of moments(18)) {
    const carried = hour >= 8 && hour < 18;
    const refused = !carried && soc < 97 && roll() < refuses(day);
    const charges = !carried && !refused && soc < 100;
    if (charges && !charging) sessions++;
    charging = charges;
    soc = Math.max(0, Math.min(100, soc + (carried ? -0.9 : charges ? 5 : -0.1)));
    const more = Math.max(0, Math.min(17, 4.5 * (day - 13))) * (carried ? 1 : cools);
    const temp = 21 + (carried ? 3 : charges ? 2 : 0) + more + roll();
    const status = carried ? 'discharging' : charges ? 'charging' : soc > 97 ? 'full' : 'not_charging';
    yield heartbeat('till-1', ts, {
      system: { temp_c: Math.round(10 * (24 + roll())) / 10 },
      battery: { soc_pct: Math.round(soc), temp_c: Math.round(temp * 10) / 10, status },
    });
    yield counters('till-1', ts + 1000, { battery: { charge_sessions_total: sessions } });
  }
}

describe('a pack that tells ever more degrees', () => {
  it('and is refused charge where any takes it, is one whose charger waits for a thermistor', () => {
    const told = tickets(pack((day) => (day > 14 ? Math.min(0.9, 0.35 * (day - 14)) : 0)));
    expect(told.at(-1)?.mode).toBe('charging_fault');
    expect(told.at(-1)!.day).toBeLessThan(16.5);
  });

  it('and is charged as ever, is hot', () => {
    expect(tickets(pack(() => 0)).map((t) => t.mode)).toEqual(['overheat']);
  });
});
