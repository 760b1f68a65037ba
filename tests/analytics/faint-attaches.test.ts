import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/**
 * A terminal whose modem loses the network more and more often in spells of a quarter of an hour, from day 10 on. Its signal is `fallen` dB lower in
 * these: it has water in its antenna's connector, or a SIM with a worn contact (0). On the road it passes places of 7 dB more and less besides.
 */
function* losing(seed: number, fallen: number, isOnRoad: boolean, weaker = 0): Generator<Reading> {
  const d = dice(seed);
  let [sessions, attaches, failed] = [11, 4, 30];
  let place = 0;
  for (const { ts, day, hour } of moments(18)) {
    if (isOnRoad && Math.round(hour * 6) % 3 === 0) place = 7 * d.normal();
    const isLost = day > 10 && d() < 0.12 + 0.04 * (day - 10);
    const attached = d.poisson((isLost ? 3 : 0.04) / 6);
    attaches += attached;
    sessions += attached;
    failed += d.poisson(isLost ? 0.4 : 0.02);
    const signal = Math.round(-88 - (day > 4 ? weaker : 0) + place + 1.5 * d.normal() - (isLost ? fallen : 0));
    const probes = { rtt_ms: Math.round(80 * Math.exp(0.12 * d.normal())), loss_pct: isLost ? 5 * d.poisson(0.4) : 0 };
    yield heartbeat('t1', ts, { network: { bearer: 'lte', rsrp_dbm: signal, ...probes } });
    const counted = { reconnects_total: sessions, reattaches_total: attaches, tx_fail_total: failed };
    yield counters('t1', ts + 500, { network: counted });
  }
}

const SEEDS = [1, 2, 3, 4, 5];

function named(readings: Iterable<Reading>): string[] {
  return tickets(readings).map(({ mode }) => mode);
}

describe('a modem that loses the network in spells', () => {
  it('has an antenna that fails where its signal is down each time, in a shop and on the road', () => {
    const told = [false, true].flatMap((isOnRoad) => SEEDS.map((seed) => named(losing(seed, 16, isOnRoad))));
    for (const names of told) expect(names.at(-1)).toBe('signal_degradation');
    // Of the first few attaches most may have come where the signal happened to be up.
    expect(told.filter((names) => names.length > 1).length).toBeLessThanOrEqual(1);
  });

  it('has a worn SIM where it had been put into a weaker place days before, and its signal is as it is there', () => {
    const told = SEEDS.flatMap((seed) => named(losing(seed, 0, false, 8)));
    expect(new Set(told)).toEqual(new Set(['sim_wear']));
    expect(told.length).toBeGreaterThanOrEqual(3);
  });

  it('has a worn SIM where its signal is as it always is, in a shop and on the road', () => {
    for (const isOnRoad of [false, true])
      for (const seed of SEEDS) expect(named(losing(seed, 0, isOnRoad))).toEqual(['sim_wear']);
  });
});
