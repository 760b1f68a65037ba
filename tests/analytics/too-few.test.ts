import { describe, expect, it } from 'vitest';
import type { Counters } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

type Error = 'overheats_total' | 'retries_total' | 'jams_total';

/** A kiosk of 1,200 receipts a day, of which a share errs from day 14 on, under a new roll each half day. */
function* printing(error: Error, share: (day: number) => number, seed: number): Generator<Reading> {
  const d = dice(seed);
  const p = { jobs_total: 0, overheats_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 };
  for (const { ts, day, hour } of moments(20, 15 * MIN)) {
    yield heartbeat('kiosk', ts, { printer: { state: 'ok', head_ohm: 800, dead_dots: 0 } });
    if (hour < 8 || hour >= 20) continue;
    p.jobs_total += 25;
    p[error] += d.poisson(25 * (0.0004 + (day < 14 ? 0 : share(day))));
    p.paper_outs_total = Math.floor(day * 2);
    yield counters('kiosk', ts + 1000, { printer: { ...p } } as Counters);
  }
}

function modes(error: Error, share: (day: number) => number): string[][] {
  return [1, 2, 3].map((seed) => tickets(printing(error, share, seed)).map(({ mode }) => mode));
}

describe('errors many times as frequent as ever, of a printer that prints a thousand receipts a day', () => {
  const weekend = (often: number) => (day: number) => (day < 15.5 ? often : 0);

  it('need nobody where they are too few to matter: a busy weekend, a box of paper', () => {
    expect(modes('overheats_total', weekend(0.008))).toEqual([[], [], []]);
    expect(modes('retries_total', () => 0.015)).toEqual([[], [], []]);
    expect(modes('jams_total', () => 0.003)).toEqual([[], [], []]);
  });

  it('do where three times as many are', () => {
    expect(modes('overheats_total', weekend(0.025))).toEqual([['overheat'], ['overheat'], ['overheat']]);
    expect(modes('retries_total', () => 0.05)).toEqual([['paper_feed'], ['paper_feed'], ['paper_feed']]);
    expect(modes('jams_total', () => 0.015)).toEqual([['paper_feed'], ['paper_feed'], ['paper_feed']]);
  });
});

describe('stops of a head for heat, in the busiest hour and a half only', () => {
  it('are told once they have come for longer than a week, however few they are of a whole day', () => {
    /** 2 % of what is printed from noon to half past one, and ever more. */
    function* printing(seed: number): Generator<Reading> {
      const d = dice(seed);
      const p = { jobs_total: 0, overheats_total: 0 };
      for (const { ts, day, hour } of moments(40, 15 * MIN)) {
        yield heartbeat('kiosk', ts, { printer: { state: 'ok' } });
        if (hour < 8 || hour >= 20) continue;
        p.jobs_total += 12;
        const isBusiest = hour >= 12 && hour < 13.5;
        p.overheats_total += d.poisson(day > 14 && isBusiest ? 12 * (0.02 + 0.002 * (day - 14)) : 0);
        yield counters('kiosk', ts + 1000, { printer: { ...p } } as Counters);
      }
    }
    for (const seed of [1, 2, 3]) expect(tickets(printing(seed)).map(({ mode }) => mode)).toEqual(['overheat']);
  });
});

describe('flash that is written to four times as fast', () => {
  function* writing(crashes: number, seed: number): Generator<Reading> {
    const d = dice(seed);
    let [written, crashed] = [0, 0];
    for (const { ts, day } of moments(20)) {
      written += ((day < 14 || day > 16 ? 2 : 8) * (0.7 + 0.6 * d())) / 6;
      crashed += d.poisson((day > 14 ? crashes : 0) / 144);
      yield heartbeat('till', ts, { system: { uptime_s: 1000 + day * 86_400 } });
      const system = { flash_writes_mb_total: Math.round(written), crashes_total: crashed };
      yield counters('till', ts + 1000, { system });
    }
  }

  it('for two days needs nobody where nothing else shows, and does where software crashes meanwhile', () => {
    for (const seed of [1, 2, 3]) {
      expect(tickets(writing(0, seed))).toEqual([]);
      expect(tickets(writing(4, seed)).map(({ mode }) => mode)).toEqual(['storage_wear']);
    }
  });
});
