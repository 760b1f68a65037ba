import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Modes that a terminal's tickets name, and their days. */
function named(readings: Iterable<Reading>): string[] {
  return tickets(readings).map(({ mode, day }) => `${mode} on day ${day.toFixed(1)}`);
}

/** A terminal on the mobile network that loses ever more sessions from day 9 on, `share` of which come with an attach. */
function* modem(seed: number, share: number): Generator<Reading> {
  const d = dice(seed);
  let [sessions, attaches, failed] = [11, 4, 30];
  for (const { ts, day } of moments(12)) {
    const broken = (day < 9 ? 0 : 0.6 + 1.6 * (day - 9)) / 6;
    const attached = d.poisson(share * broken);
    sessions += attached + d.poisson((1 - share) * broken + 0.1 / 6);
    attaches += attached + d.poisson(0.04 / 6);
    failed += d.poisson((0.1 + (day < 9 ? 0 : 0.3)) / 6);
    const rtt = (day < 9 ? 80 : 100) * Math.exp(0.13 * d.normal());
    const air = { rsrp_dbm: Math.round(-90 + d.normal()), rtt_ms: Math.round(rtt) };
    yield heartbeat('t1', ts, { network: { bearer: 'lte', ...air } });
    const counted = { reconnects_total: sessions, reattaches_total: attaches, tx_fail_total: failed };
    yield counters('t1', ts + 500, { network: counted });
  }
}

describe('sessions that break over the mobile network', () => {
  it('ten times as often as the modem attaches are the connection, and no SIM', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const said = named(modem(seed, 0.15));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^offline on day (9|10)/);
    }
  });

  it('because the modem attaches anew are a SIM that wears', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const said = named(modem(seed, 0.85));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^sim_wear on day (9|10)/);
    }
  });
});
