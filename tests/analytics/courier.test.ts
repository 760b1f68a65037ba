import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A courier's terminal, on the mobile network from six to six and on the depot's wifi by night, whose antenna loses `fading` dB a day from day 9 on. */
function* courier(seed: number, fading: number): Generator<Reading> {
  const d = dice(seed);
  let [sessions, attaches, failed] = [11, 4, 30];
  let place = 0;
  for (const { ts, day, hour } of moments(18)) {
    if (Math.round(hour * 6) % 3 === 0) place = 5 * d.normal();
    const isOut = hour >= 6 && hour < 18;
    const fallen = isOut ? fading * Math.max(0, day - 9) : 0;
    const lost = 0.004 * fallen;
    const attached = d.poisson((isOut ? 0.12 + 0.03 * fallen : 0) / 6);
    attaches += attached;
    sessions += attached;
    failed += d.poisson(0.02 + 4 * lost);
    const signal = isOut ? { rsrp_dbm: Math.round(-92 - fallen + place) } : { rssi_dbm: Math.round(-63 + d.normal()) };
    const trip = Math.round((isOut ? 90 + 3 * fallen : 40) * Math.exp(0.12 * d.normal()));
    const probes = { rtt_ms: trip, loss_pct: Math.min(100, 5 * d.poisson(20 * lost)) };
    yield heartbeat('t1', ts, { network: { bearer: isOut ? 'lte' : 'wifi', ...signal, ...probes } });
    const counted = { reconnects_total: sessions, reattaches_total: attaches, tx_fail_total: failed };
    yield counters('t1', ts + 500, { network: counted });
  }
}

const SEEDS = [1, 2, 3, 4, 5];

function named(readings: Iterable<Reading>): string[] {
  return tickets(readings).map(({ mode, day }) => `${mode} on day ${day.toFixed(1)}`);
}

describe('a terminal that is on the road by day and on wifi by night', () => {
  it('and whose antenna fades on the road is told as that', () => {
    for (const seed of SEEDS) {
      const said = named(courier(seed, 4));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^signal_degradation on day 1[0-5]/);
    }
  });

  it('and whose antenna is sound needs nobody', () => {
    for (const seed of SEEDS) expect(named(courier(seed, 0))).toEqual([]);
  });
});

describe('a terminal that began on the mobile network and works on wifi, with ten minutes of the other each night', () => {
  function* settled(): Generator<Reading> {
    const d = dice(3);
    for (const { ts, day, hour } of moments(20)) {
      const isMobile = day < 0.25 || (hour >= 3 && hour < 3.15);
      const signal = isMobile ? { rsrp_dbm: Math.round(-85 + d.normal()) } : { rssi_dbm: Math.round(-60 + d.normal()) };
      const slower = isMobile ? 0 : 0.5 * Math.max(0, day - 12);
      const trip = Math.round(Math.min(4000, 60 * Math.exp(slower + 0.12 * d.normal())));
      yield heartbeat('t1', ts, {
        network: { bearer: isMobile ? 'lte' : 'wifi', ...signal, rtt_ms: trip, loss_pct: 0 },
      });
    }
  }

  it('and whose wifi is ever slower is told as that', () => {
    expect(named(settled())[0]).toMatch(/^congestion on day 1[2-6]/);
  });
});

describe('a terminal that mostly lies in its depot', () => {
  /** On day 12 it is away from six to noon, 9 dB down: through a cell each forty minutes, or in one. */
  function* away(cells: number): Generator<Reading> {
    const d = dice(5);
    let fallen = 0;
    for (const { ts, day, hour } of moments(14, 5 * MIN)) {
      const isOut = Math.floor(day) === 12 && hour >= 6 && hour < 12;
      if (Math.round(hour * 12) % 8 === 0) fallen = isOut ? 8 + 2 * (hour - 6) : 0;
      const cell = isOut ? `out-${Math.floor((hour - 6) * 1.5) % cells}` : 'depot';
      const air = { rsrp_dbm: Math.round(-100 - fallen + d.normal()), sinr_db: 8 - 0.6 * fallen + d.normal() };
      const loss = { loss_pct: isOut ? 4 * d() : 0, rtt_ms: Math.round(80 * Math.exp(0.1 * d.normal())) };
      yield heartbeat('t1', ts, { network: { bearer: 'lte', cell, ...air, ...loss } });
    }
  }

  it('is on the road while it comes from cell to cell, and what it hears there is no antenna’s', () => {
    expect(named(away(9))).toEqual([]);
  });

  it('is not where it goes to and fro between two or three', () => {
    expect(named(away(2))).toHaveLength(1);
    expect(named(away(3))).toHaveLength(1);
  });
});
