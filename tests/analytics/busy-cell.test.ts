import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Known for two days and a bit; from then on its cell is busier every morning, half as busy in the afternoon, and its signal `falls` by so many dB a day. */
function* busy(seed: number, falls: number): Generator<Reading> {
  const d = dice(seed);
  let failed = 3;
  for (const { ts, day, hour } of moments(8, 15 * MIN)) {
    if (hour < 6 || hour >= 20) continue;
    const since = Math.max(0, day - 2.3);
    const load = falls > 0 ? since / 2 : since * (hour < 12 ? 1 : hour < 18 ? 0.5 : 0);
    failed += d.poisson((0.15 + 0.9 * load) / 4);
    const radio = { rsrp_dbm: Math.round(-85 - falls * since + 2 * d.normal()), sinr_db: Math.round(18 + d.normal()) };
    const rtt = 85 * Math.exp(0.12 * d.normal()) * (1 + (falls > 0 ? 0.1 : 1.1) * load);
    const lost = { rtt_ms: rtt, loss_pct: Math.min(100, 5 * d.poisson(0.8 * load)) };
    yield heartbeat('t1', ts, { network: { bearer: 'lte', cell: 'c1', ...radio, ...lost } });
    yield counters('t1', ts + 500, { network: { tx_fail_total: failed, reattaches_total: 4, reconnects_total: 7 } });
  }
}

/** Names under which anything is said of its link. */
function names(readings: Iterable<Reading>): string[] {
  const engine = new Engine();
  const said = [...readings].flatMap((r) => [...engine.advance(r.receivedAt), ...engine.process(r)]);
  return [...new Set(said.filter((f) => f.state === 'open').map((f) => f.mode))];
}

describe('a link that loses more every morning', () => {
  it('while it is slow and its signal stands is in a busy cell', () => {
    for (const seed of [1, 2, 3]) expect(names(busy(seed, 0))).toEqual(['congestion']);
  });

  it('while its signal falls by the day has a signal that fails', () => {
    for (const seed of [1, 2, 3]) expect(names(busy(seed, 5))).toEqual(['signal_degradation']);
  });
});
