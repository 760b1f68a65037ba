import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { DAY, HOUR, MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';

/** How a terminal that restarts tells of it. */
type Telling = 'total' | 'boots' | 'nothing';

/** A terminal on the mobile network that opens its session, and attaches, ever more often from day 12 on: gaps shrink by a tenth from nine hours on. */
function* opening(telling: Telling): Generator<Reading> {
  const at: number[] = [];
  for (let gap = 9 * HOUR, ts = T0 + 12 * DAY; gap > HOUR; gap *= 0.9) at.push((ts += gap));
  let opened = 0;
  for (const { ts } of moments(18)) {
    for (; at[opened]! <= ts; opened++) {
      if (telling === 'boots') yield event('till-1', at[opened]!, { type: 'boot', component: 'system' });
    }
    const network = { bearer: 'lte', rsrp_dbm: -85 + ((ts / MIN) % 3), rtt_ms: 60, loss_pct: 0.1 } as const;
    yield heartbeat('till-1', ts, { network });
    yield counters('till-1', ts + 1000, {
      network: { reconnects_total: opened, reattaches_total: opened, tx_fail_total: 0 },
      ...(telling === 'total' ? { system: { reboots_total: opened } } : {}),
    });
  }
}

describe('sessions that are opened again', () => {
  it.each(['total', 'boots'] as const)('as the computer restarts are no link that fails (told by %s)', (telling) => {
    const modes = tickets(opening(telling)).map((t) => t.mode);
    expect(modes).not.toContain('offline');
    expect(modes).not.toContain('sim_wear');
  });

  it('without a restart are', () => {
    const modes = tickets(opening('nothing')).map((t) => t.mode);
    expect(modes.some((mode) => mode === 'offline' || mode === 'sim_wear')).toBe(true);
  });
});
