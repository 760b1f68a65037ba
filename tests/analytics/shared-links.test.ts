import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Heartbeat } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, HOUR, MIN, moments } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const EVERY = 10 * MIN;
const SHARE = EVERY / HOUR;

/** Tickets of links: terminal, mode and day. */
function told(readings: Iterable<Reading>): string[] {
  const engine = new Engine();
  const said: string[] = [];
  let first = 0;
  for (const reading of readings) {
    first ||= reading.ts;
    for (const f of [...engine.advance(reading.receivedAt), ...engine.process(reading)]) {
      if (f.state === 'open' && f.severity !== 'watch')
        said.push(`${f.terminal} ${f.mode} on day ${Math.floor((f.at - first) / DAY)}`);
    }
  }
  return said;
}

/** SIMs of one carrier, each in another shop, and what each attaches an hour. */
function* sims(seed: number, days: number, attaches: readonly ((day: number) => number)[]): Generator<Reading> {
  const d = dice(seed);
  const totals = attaches.map(() => 5);
  for (const { ts, day } of moments(days, EVERY)) {
    for (const [i, rate] of attaches.entries()) {
      totals[i]! += d.poisson(rate(day) * SHARE);
      const network = {
        bearer: 'lte' as const,
        carrier: 'Nord',
        cell: `c${i}`,
        rsrp_dbm: Math.round(-85 + d.normal()),
      };
      yield heartbeat(`t${i}`, ts + i * 1000, { network: { ...network, rtt_ms: 70 * Math.exp(0.15 * d.normal()) } });
      const counted = { reattaches_total: totals[i]!, reconnects_total: 7, tx_fail_total: Math.floor(day * 3) };
      yield counters(`t${i}`, ts + i * 1000 + 500, { network: counted });
    }
  }
}

const quiet = (): number => 0.02;
const worked = (day: number): number => (day >= 10 && day < 13 ? 0.5 : 0.02);
const worn = (day: number): number => 0.02 + Math.max(0, day - 10);

describe('SIMs of one carrier', () => {
  it('that all attach again and again for three days wear no more than before', () => {
    for (const seed of [1, 2, 3]) {
      for (const many of [3, 9]) expect(told(sims(seed, 15, Array(many).fill(worked)))).toEqual([]);
    }
  });

  it('say so of each other though most of the carrier attach as often at any time', () => {
    const busy = (): number => 0.9;
    for (const seed of [1, 2, 3]) {
      expect(told(sims(seed, 15, [...Array(4).fill(worked), ...Array(8).fill(busy)]))).toEqual([]);
    }
  });

  it('of which three wear at once, among many that attach as often at any time, are all told', () => {
    const wears = (by: number) => (day: number) => 0.02 + Math.max(0, (day - 10) * by);
    const busy = (): number => 0.9;
    for (const seed of [1, 2]) {
      const said = told(sims(seed, 18, [0.3, 0.3, 0.25].map(wears).concat(Array(2).fill(quiet), Array(10).fill(busy))));
      expect(said.map((line) => line.split(' ')[0]).sort()).toEqual(['t0', 't1', 't2']);
    }
  });

  it('of which one attaches ever more often have one that wears', () => {
    for (const seed of [1, 2, 3]) {
      for (const many of [2, 8]) {
        const said = told(sims(seed, 14, [worn, ...Array(many).fill(quiet)]));
        expect(said).toHaveLength(1);
        expect(said[0]).toMatch(/^t0 sim_wear on day 1[012]/);
      }
    }
  });

  it('of which one attaches many times as often as the others do that day have one that wears', () => {
    for (const seed of [1, 2, 3]) {
      const bad = (day: number): number => (day >= 10 ? 3 : 0.02);
      const said = told(sims(seed, 13, [bad, ...Array(4).fill(worked)]));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^t0 sim_wear on day 1[012]/);
    }
  });
});

interface Air {
  readonly network: NonNullable<Heartbeat['network']>;
  /** Transmissions that fail, and attaches, an hour. */
  readonly failed: number;
  readonly attaches: number;
}

function* link(seed: number, days: number, air: (day: number, hour: number) => Air): Generator<Reading> {
  const d = dice(seed);
  let [failed, attaches] = [3, 3];
  for (const { ts, day, hour } of moments(days, EVERY)) {
    const now = air(day, hour);
    failed += d.poisson(now.failed * SHARE);
    attaches += d.poisson(now.attaches * SHARE);
    yield heartbeat('t1', ts, { network: now.network });
    const counted = { tx_fail_total: failed, ...(now.network.bearer === 'lte' && { reattaches_total: attaches }) };
    yield counters('t1', ts + 500, { network: counted });
  }
}

/** A taxi: another cell a few times an hour while it drives, each with its own level; all of them `lost` dB weaker. */
function taxi(seed: number, days: number, lost: (day: number) => number): string[] {
  const d = dice(seed);
  const levels = [-84, -91, -99, -106];
  let [cell, fading] = [0, 0];
  const air = (day: number, hour: number): Air => {
    const drives = hour > 6 && hour < 23;
    if (drives && d.chance(0.1)) cell = d.pick([0, 1, 2, 3]);
    fading = 0.92 * fading + (drives ? 2.6 : 0.6) * d.normal();
    const signal = levels[cell]! + fading - lost(day);
    const weak = Math.max(0, Math.min(1, (-108 - signal) / 12));
    const network = { bearer: 'lte' as const, cell: `c${cell}`, rsrp_dbm: Math.round(Math.max(-139, signal)) };
    const noise = { sinr_db: Math.round(12 - 14 * weak + 1.5 * d.normal()), rtt_ms: 70 * Math.exp(0.15 * d.normal()) };
    const loss = { loss_pct: Math.min(100, 5 * d.poisson(0.05 + 3 * weak)) };
    return { network: { ...network, ...noise, ...loss }, failed: 0.1 + 2 * weak, attaches: drives ? 0.3 : 0.02 };
  };
  return told(link(seed, days, air));
}

describe('a link that travels', () => {
  it('is sound while it drives through weak country for some hours', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) expect(taxi(seed, 28, () => 0)).toEqual([]);
  });

  it('is told of once it has been weak wherever it was', () => {
    for (const seed of [1, 2, 3]) {
      const said = taxi(seed, 24, (day) => Math.min(30, 6 * Math.max(0, day - 14)));
      expect(said.length).toBeGreaterThan(0);
      expect(said[0]).toMatch(/^t1 (signal_degradation|offline) on day (1[5-9]|2\d)/);
    }
  });
});

describe('a till that was moved', () => {
  /** On wifi, 13 dB weaker from one hour on, and with it what fails there. */
  it('to where its signal is weak loses there what is lost there, and is sound', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const d = dice(seed + 100);
      let wander = 0;
      const air = (day: number): Air => {
        wander = 0.92 * wander + 0.6 * d.normal();
        const moved = day > 12.35;
        const signal = Math.round(-66 - (moved ? 13 : 0) + wander);
        const network = { bearer: 'wifi' as const, rssi_dbm: signal, rtt_ms: 40 * Math.exp(0.13 * d.normal()) };
        return { network, failed: moved ? 1.3 : 0.06, attaches: 0 };
      };
      expect(told(link(seed, 22, air))).toEqual([]);
    }
  });

  /** On wifi, too; its signal comes and goes by the hour about where it stands now, and what fails there does so by day. */
  it('to where its signal comes and goes has not gone on falling since', () => {
    for (const seed of [1, 2, 3, 4]) {
      const d = dice(seed + 200);
      const air = (day: number, hour: number): Air => {
        const comes = 1.8 * Math.cos(((day - 12.1) * 2 * Math.PI) / 0.75) + 0.5 * d.normal();
        const moved = day > 12.1;
        const network = { bearer: 'wifi' as const, rssi_dbm: Math.round(-67 - (moved ? 12 : 0) - comes) };
        const failed = moved && hour > 7 && hour < 21 ? 2 : 0.08;
        return { network: { ...network, rtt_ms: 40 * Math.exp(0.13 * d.normal()) }, failed, attaches: 0 };
      };
      expect(told(link(seed, 18, air))).toEqual([]);
    }
  });

  it('and falls on from there has a link that fails', () => {
    for (const seed of [1, 2, 3]) {
      const d = dice(seed + 300);
      const air = (day: number): Air => {
        const fallen = day > 12.1 ? 6 + 6 * (day - 12.1) : 0;
        const network = { bearer: 'wifi' as const, rssi_dbm: Math.round(-62 - fallen + d.normal()) };
        return { network: { ...network, rtt_ms: 40 * Math.exp(0.13 * d.normal()) }, failed: 0.08, attaches: 0 };
      };
      const said = told(link(seed, 16, air));
      expect(said.length).toBeGreaterThan(0);
      expect(said[0]).toMatch(/^t1 signal_degradation on day 1[345]/);
    }
  });
});

describe('round trips of one till', () => {
  /** Between eleven and eight they take `times` as long, and `lost` percent of packets with `failed` transmissions an hour. */
  function busy(seed: number, days: number, crowd: (day: number) => { times: number; lost: number; failed: number }) {
    const d = dice(seed);
    const air = (day: number, hour: number): Air => {
      const { times, lost, failed } = hour > 11 && hour < 20 ? crowd(day) : { times: 1, lost: 0, failed: 0.1 };
      const rtt = 45 * (1 + (times - 1) * d.between(0.6, 1.4)) * Math.exp(0.13 * d.normal());
      const network = { bearer: 'wifi' as const, rssi_dbm: Math.round(-60 + d.normal()), rtt_ms: Math.round(rtt) };
      return { network: { ...network, loss_pct: lost * d.between(0, 2) }, failed, attaches: 0 };
    };
    return told(link(seed, days, air));
  }

  it('that stand three times as high by day, from one hour on, are of a new neighbour', () => {
    for (const seed of [3, 4, 5, 6, 7, 8]) {
      expect(
        busy(seed, 18, (day) => (day > 12 ? { times: 2.8, lost: 1.5, failed: 2 } : { times: 1, lost: 0, failed: 0.1 })),
      ).toEqual([]);
    }
  });

  it('that grow by the day are told while there is a day left', () => {
    for (const seed of [1, 2, 3]) {
      const grown = (day: number) => Math.max(0, (day - 12) / 5);
      const said = busy(seed, 17, (day) => ({
        times: 1 + 11 * grown(day),
        lost: 18 * grown(day),
        failed: 0.1 + 8 * grown(day),
      }));
      expect(said.length).toBeGreaterThan(0);
      expect(said[0]).toMatch(/^t1 congestion on day 1[2345]/);
    }
  });
});
