import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const SEEDS = [31, 32, 33, 34];

/** What becomes of tickets: state, mode, and day. */
function told(readings: Iterable<Reading>): { state: Finding['state']; mode: string; day: number }[] {
  const engine = new Engine();
  return [...readings]
    .flatMap((reading) => [...engine.process(reading)])
    .filter((f) => f.severity !== 'watch' && f.state !== 'update')
    .map((f) => ({ state: f.state, mode: f.mode, day: (f.at - T0) / DAY }));
}

function* moments(days: number): Generator<{ ts: number; day: number; hour: number }> {
  for (let ts = T0; ts < T0 + days * DAY; ts += 10 * MIN) {
    yield { ts, day: (ts - T0) / DAY, hour: (ts % DAY) / HOUR };
  }
}

describe('a SIM that was told to wear', () => {
  /** From day 9 on it is lost sixty times as often as ever, and no more often from then on; sessions go on being lost more often. */
  function* wearing(seed: number): Generator<Reading> {
    const d = dice(seed);
    let attaches = 0;
    let sessions = 0;
    for (const { ts, day } of moments(20)) {
      attaches += d.poisson((day < 9 ? 0.015 : 1) / 6);
      sessions += d.poisson((0.03 + Math.max(0, day - 9) * 0.25) / 6);
      const network = { bearer: 'lte' as const, rsrp_dbm: -86 + Math.round(d.normal()), loss_pct: 0 };
      yield heartbeat('till-1', ts, { network });
      yield counters('till-1', ts + 1000, { network: { reattaches_total: attaches, reconnects_total: sessions } });
    }
  }

  it('is the SIM for as long as it is lost so often, though it be expected to last another fortnight', () => {
    for (const seed of SEEDS) expect(told(wearing(seed)).map((f) => [f.state, f.mode])).toEqual([['open', 'sim_wear']]);
  });
});

describe('a computer that tells nothing of its storage', () => {
  it('and crashes ever more often, though no memory is lost, ends in a loop', () => {
    for (const seed of SEEDS) {
      const d = dice(seed);
      let crashes = 0;
      const readings = [...moments(16)].flatMap(({ ts, day }) => {
        crashes += d.poisson((0.02 + (day < 9 ? 0 : 1.5 * (day - 8))) / 144);
        return [
          heartbeat('till-1', ts, { system: { mem_free_mb: 220 + Math.round(4 * d.normal()) } }),
          counters('till-1', ts + 1000, { system: { crashes_total: crashes } }),
        ];
      });
      expect(told(readings).map((f) => f.mode)).toEqual(['crash_loop']);
    }
  });
});

describe('a pack that is put on its charger between sales', () => {
  /** A shop of eight hours, shut for ten days; charged twice an hour of sale. */
  function* trading(seed: number, perHour: (day: number) => number): Generator<Reading> {
    const d = dice(seed);
    let sales = 0;
    let sessions = 0;
    for (const { ts, day, hour } of moments(24)) {
      const open = hour >= 9 && hour < 17 && (day < 5 || day >= 15);
      if (open) sales += d.poisson(6);
      if (open) sessions += d.poisson(perHour(day) / 6);
      yield heartbeat('till-1', ts, { battery: { soc_pct: 97, status: open ? 'discharging' : 'full' } });
      yield counters('till-1', ts + 1000, {
        battery: { charge_sessions_total: sessions },
        txn: { ok_total: sales, tech_fail_total: 0 },
      });
    }
  }

  it('has no failing charger for being charged as often after a holiday as before', () => {
    for (const seed of [1, 2, 3]) expect(told(trading(seed, () => 2))).toEqual([]);
  });

  it('has one where it is put there ten times as often', () => {
    const failing = told(trading(1, (day) => (day < 20 ? 2 : 20)));
    expect(failing.map((f) => [f.state, f.mode])).toEqual([['open', 'charging_fault']]);
  });
});

describe('a pack that is warm within the day', () => {
  /** From noon of day 9 on it is 11 K warmer than ever, and stops to cool down every four hours; or one of both. */
  function* warming(warm: boolean, stops: boolean): Generator<Reading> {
    let stopped = 0;
    for (const { ts, day } of moments(10.2)) {
      const since = Math.max(0, day - 9.5) * 24;
      if (stops && since > 0 && ts % (4 * HOUR) === 0) stopped++;
      const temp = 24 + (ts % (30 * MIN) === 0 ? 1 : 0) + (warm && since > 0 ? 11 : 0) + (warm && since > 6 ? 1 : 0);
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: 80, temp_c: temp, status: 'discharging' },
        system: { temp_c: 30 },
      });
      yield counters('till-1', ts + 1000, { battery: { over_temp_total: stopped } });
    }
  }

  it('and stops to cool down is told within sixteen hours; of either alone more is waited for', () => {
    expect(told(warming(true, true)).map((f) => f.mode)).toEqual(['overheat']);
    expect(told(warming(false, true))).toEqual([]);
    expect(told(warming(true, false))).toEqual([]);
  });
});
