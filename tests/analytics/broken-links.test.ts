import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, T0, tickets } from '../support/month.ts';
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

interface Line {
  /** ms; transmissions that fail and sessions that are opened again, an hour; share of packets lost. */
  readonly trip: number;
  readonly failed: number;
  readonly sessions: number;
  readonly lost: number;
}

const SOUND: Line = { trip: 26, failed: 0.04, sessions: 0.03, lost: 0.002 };

/** Four tills on one shop's line, of which the first has a connection of its own. */
function* shop(
  seed: number,
  bearer: 'ethernet' | 'wifi',
  first: (day: number, hour: number) => Line,
): Generator<Reading> {
  const d = dice(seed);
  const failed = [3, 3, 3, 3];
  const sessions = [7, 7, 7, 7];
  for (let i = 0; i < 4; i++) {
    const payload = { ts: T0, boot: 'b', seq: 0, serial: `t${i}`, model: 'V', firmware: '1', site: 'shop' };
    yield { ...heartbeat(`t${i}`, T0), channel: 'birth', payload } as Reading;
  }
  for (const { ts, day, hour } of moments(14)) {
    for (let i = 0; i < 4; i++) {
      const line = i === 0 ? first(day, hour) : SOUND;
      failed[i]! += d.poisson(line.failed / 6);
      sessions[i]! += d.poisson(line.sessions / 6);
      const signal = bearer === 'wifi' ? { rssi_dbm: Math.round(-60 + d.normal()) } : {};
      const trips = {
        rtt_ms: Math.round(line.trip * Math.exp(0.12 * d.normal())),
        loss_pct: d.poisson(100 * line.lost),
      };
      yield heartbeat(`t${i}`, ts + 1000 * i, { network: { bearer, ...trips, ...signal } });
      const counted = { reconnects_total: sessions[i]!, tx_fail_total: failed[i]! };
      yield counters(`t${i}`, ts + 1000 * i + 500, { network: counted });
    }
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

describe('one till of a shop, the others of which are as fast as ever', () => {
  /** Three times as slow from the noon of day 12 on, and a transmission lost now and then by day. */
  const slow = (day: number, hour: number): Line =>
    day < 12.5 ? SOUND : { ...SOUND, trip: 175, failed: hour >= 6 && hour < 21 ? 2.5 : 0.04 };
  /** Sessions and packets lost on day 12, ever more from ten to five. */
  const breaks = (day: number, hour: number): Line => {
    const share = Math.floor(day) === 12 && hour >= 10 && hour < 17 ? (hour - 10) / 7 : 0;
    return share === 0 ? SOUND : { trip: 30, failed: 14 * share, sessions: 10 * share, lost: 0.08 * share };
  };

  it('by cable, that stays slow is told of once transmissions fail for hours', () => {
    for (const seed of [1, 2, 3]) {
      const said = tickets(shop(seed, 'ethernet', slow));
      expect(said.map(({ mode, terminal }) => `${terminal} ${mode}`)).toEqual(['t0 congestion']);
      expect(said[0]!.day).toBeLessThan(13.5);
    }
  });

  it('by cable, that loses ever more sessions for hours is told of within them', () => {
    for (const seed of [1, 2, 3]) {
      const said = tickets(shop(seed, 'ethernet', breaks));
      expect(said.map(({ mode, terminal }) => `${terminal} ${mode}`)).toEqual(['t0 offline']);
      expect(said[0]!.day).toBeLessThan(12.74);
    }
  });

  it('on wifi, that stays slow is not told of: a neighbour has opened a network there', () => {
    for (const seed of [1, 2, 3]) {
      expect(named(shop(seed, 'wifi', slow))).toEqual([]);
    }
  });
});
