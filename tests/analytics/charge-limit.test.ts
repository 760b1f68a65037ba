import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/**
 * A pack that is used from nine to five and charged at 45 % an hour, more slowly in the last seventh of the way to its limit; from day 15 on that
 * limit is another, or its charger gives but a part of its current.
 */
function* charging(limit: number, current: number): Generator<Reading> {
  const d = dice(5);
  let soc = 100;
  for (const { ts, day, hour } of moments(22)) {
    const [most, power] = day > 15 ? [limit, current] : [100, 1];
    const used = hour >= 9 && hour < 17;
    const full = !used && soc >= most - 0.4;
    if (used) soc = Math.max(10, soc - 0.85 - 0.15 * d.normal());
    else if (!full) soc = Math.min(most, soc + 7.5 * power * Math.min(1, (most + 1 - soc) / 14));
    else soc = Math.min(soc, most);
    const status = used ? 'discharging' : full ? 'full' : 'charging';
    yield heartbeat('till-1', ts + MIN, { battery: { soc_pct: Math.round(soc), status, temp_c: 25 } });
  }
}

const modes = (readings: Iterable<Reading>): string[] => tickets(readings).map((t) => t.mode);

describe('a pack that is charged to four fifths from one day on', () => {
  it('has a charger that slows down for that, and no fault', () => {
    expect(modes(charging(80, 1))).toEqual([]);
  });

  it('has a failing charger where that takes ever longer', () => {
    expect(modes(charging(100, 0.3))).toContain('charging_fault');
  });
});
