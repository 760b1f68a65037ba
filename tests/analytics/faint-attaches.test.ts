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

/** Its signal is 10 dB weaker for sixteen hours of day 14, and it attaches so often in an hour of these. */
function* weaker(seed: number, attachesAnHour: number): Generator<Reading> {
  const d = dice(seed);
  let [attaches, air] = [4, 0];
  for (const { ts, day } of moments(18)) {
    air = 0.6 * air + 3 * d.normal();
    const isWeak = day > 14.2 && day < 14.2 + 16 / 24;
    attaches += d.poisson((isWeak ? attachesAnHour : 0.02) / 6);
    const signal = Math.round(-72 + air - (isWeak ? 10 : 0));
    yield heartbeat('t1', ts, { network: { bearer: 'lte', rssi_dbm: signal } });
    yield counters('t1', ts + 500, { network: { reattaches_total: attaches } });
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

describe('a day of weak signal, as leaves in the rain or works on a mast bring it', () => {
  it('rarely needs somebody for the few times that the modem attached in it', () => {
    const told = Array.from({ length: 16 }, (_, seed) => named(weaker(seed, 0.5)).length);
    expect(told.filter((n) => n > 0).length).toBeLessThanOrEqual(4);
  });

  it('is told where the modem attaches in it again and again', () => {
    for (const seed of SEEDS) expect(named(weaker(seed, 2)).length).toBeGreaterThan(0);
  });
});
