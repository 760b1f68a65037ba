import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** What the modem does in ten minutes beyond its habit. */
interface Broken {
  readonly attaches: number;
  readonly failed: number;
  /** Share of probes lost, %. */
  readonly lost: number;
}

const WELL: Broken = { attaches: 0, failed: 0, lost: 0 };

/** A terminal on the mobile network for a fortnight; `wander` dB by which its signal changes between half hours. */
function* link(
  seed: number,
  wander: number,
  broken: (day: number, d: ReturnType<typeof dice>) => Broken,
): Generator<Reading> {
  const d = dice(seed);
  let [sessions, attaches, failed] = [11, 4, 30];
  let [place, half] = [0, 0];
  for (const { ts, day } of moments(14)) {
    if (Math.floor(day * 48) !== half) {
      half = Math.floor(day * 48);
      place = wander * d.normal();
    }
    const now = broken(day, d);
    const usual = d.poisson((wander > 3 ? 0.1 : 0.02) / 6);
    attaches += now.attaches + usual;
    sessions += now.attaches + usual;
    failed += now.failed + d.poisson(0.1 / 6);
    const air = { rsrp_dbm: Math.round(-82 + place + d.normal()), loss_pct: now.lost };
    const trip = now.lost === 100 ? {} : { rtt_ms: Math.round(100 * Math.exp(0.15 * d.normal())) };
    yield heartbeat('t1', ts, { network: { bearer: 'lte', ...air, ...trip } });
    const counted = { reconnects_total: sessions, reattaches_total: attaches, tx_fail_total: failed };
    yield counters('t1', ts + 500, { network: counted });
  }
}

/** Breaks of ten minutes at some hours of day 10, each of which loses what was to be sent, and is attached again twice. */
const breaksAt =
  (hours: readonly number[]) =>
  (day: number): Broken => {
    const minutes = hours.map((hour) => Math.round((day - 10) * 1440 - hour * 60));
    if (minutes.some((m) => m >= 0 && m < 10)) return { attaches: 1, failed: 3, lost: 100 };
    return minutes.some((m) => m >= 10 && m < 20) ? { attaches: 1, failed: 0, lost: 0 } : WELL;
  };

/** Attaches at some minutes of the day from `from` on, and on `days` days. */
const holesAt =
  (minutes: readonly number[], from: number, days: number) =>
  (day: number): Broken => {
    const minute = Math.round((day % 1) * 1440);
    const isOn = day >= from && day < from + days;
    return { ...WELL, attaches: isOn ? minutes.filter((m) => m >= minute && m < minute + 10).length : 0 };
  };

function named(readings: Iterable<Reading>): string[] {
  return tickets(readings).map(({ mode, day }) => `${mode} on day ${day.toFixed(1)}`);
}

describe('a link that was well before and after', () => {
  it('and broke once is one event, however many counters that moves', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) expect(named(link(seed, 1, breaksAt([12])))).toEqual([]);
  });
});

describe('a terminal that travels', () => {
  /** An afternoon through a valley. */
  const valley = [600, 655, 660, 760, 765, 850, 900, 930];

  it('through holes of the network for an afternoon has no worn SIM', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) expect(named(link(seed, 5, holesAt(valley, 10, 1)))).toEqual([]);
  });

  it('and attaches as often into the next day is told', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const [first] = named(link(seed, 5, holesAt([100, 230, 380, ...valley, 1080, 1200, 1380], 10, 4)));
      expect(first).toMatch(/^sim_wear on day 1[01]/);
    }
  });

  it('and attaches five times an hour is told within it', () => {
    const often = Array.from({ length: 40 }, (_, i) => 600 + 12 * i);
    for (const seed of [1, 2, 3]) expect(named(link(seed, 5, holesAt(often, 10, 1)))).toEqual(['sim_wear on day 10.5']);
  });
});
