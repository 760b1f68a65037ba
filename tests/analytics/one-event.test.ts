import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Whether `at` (hours of the month) is within `minutes` of one of these. */
const within = (at: number, hours: readonly number[], minutes: number): boolean =>
  hours.some((hour) => at >= hour - 0.001 && at < hour + minutes / 60 - 0.001);

/** A courier's terminal whose modem tries each minute to find its network again, a quarter of an hour long from these hours of the month on: in a cellar, or for a SIM that is worn. */
function* cellar(seed: number, hours: readonly number[]): Generator<Reading> {
  const d = dice(seed);
  let [attaches, sessions, failed] = [4, 11, 30];
  for (const { ts, day } of moments(18, 5 * 60_000)) {
    const isLost = within(day * 24, hours, 15);
    const tries = isLost ? 4 : d.poisson(0.003);
    attaches += tries;
    sessions += tries;
    failed += isLost ? 2 : d.poisson(0.01);
    const probes = { rtt_ms: Math.round(80 * Math.exp(0.12 * d.normal())), loss_pct: isLost ? 100 : 0.5 * d() };
    const rsrp_dbm = Math.round(-92 + 1.5 * d.normal());
    yield heartbeat('t1', ts, { network: { bearer: 'lte', rsrp_dbm, cell: 'c1', ...probes } });
    const counted = { reconnects_total: sessions, reattaches_total: attaches, tx_fail_total: failed };
    yield counters('t1', ts + 500, { network: counted });
  }
}

describe('a link that is lost for a quarter of an hour', () => {
  it('was in a cellar, however often the modem tried meanwhile: once, or once a day', () => {
    for (const seed of [1, 2, 3]) {
      expect(tickets(cellar(seed, [12 * 24 + 12]))).toEqual([]);
      // Across the border of two half hours.
      expect(tickets(cellar(seed, [12 * 24 + 12.4]))).toEqual([]);
      expect(tickets(cellar(seed, [12 * 24 + 12, 14 * 24 + 9]))).toEqual([]);
    }
  });

  it('has a SIM that is worn where that happens every other hour', () => {
    for (const seed of [1, 2, 3]) {
      const told = tickets(
        cellar(
          seed,
          [9, 11, 13, 15, 17].map((hour) => 12 * 24 + hour),
        ),
      );
      expect(told.map((t) => t.mode)).toEqual(['sim_wear']);
      expect(told[0]!.day).toBeLessThan(12 + 16.1 / 24);
    }
  });
});

/** A shop of six taps an hour from eight to twenty, told every half hour; from these hours on one card is tried so many times in ten minutes, or (`dead`) every tap fails from an hour of the month on. */
function* taps(seed: number, tried: readonly number[], dead = Number.POSITIVE_INFINITY): Generator<Reading> {
  const d = dice(seed);
  let [ok, failed, chips] = [0, 0, 0];
  for (const { ts, day, hour } of moments(18, 5 * 60_000)) {
    const customers = hour >= 8 && hour < 20 ? d.poisson(0.5) : 0;
    const isDead = day * 24 >= dead;
    ok += isDead ? 0 : customers;
    failed += isDead ? 2 * customers : d() < 0.01 ? 1 : 0;
    chips += isDead ? customers : 0;
    if (within(day * 24, tried, 10)) failed += 10;
    // What one customer did is told in two messages.
    if (Math.round(hour * 12) % 6 === 0)
      yield counters('t1', ts, { reader: { tap_ok_total: ok, tap_fail_total: failed, chip_ok_total: chips } });
  }
}

describe('taps that fail within an hour', () => {
  it('are one card that is tried twenty times', () => {
    for (let seed = 1; seed <= 12; seed++) expect(tickets(taps(seed, [12 * 24 + 11.5]))).toEqual([]);
  });

  it('are an antenna where nobody can pay so for four hours', () => {
    for (const seed of [1, 3, 4]) {
      const told = tickets(taps(seed, [], 12 * 24 + 12));
      expect(told.map((t) => t.mode)).toEqual(['tap_fault']);
      expect(told[0]!.day).toBeLessThan(12 + 17.6 / 24);
    }
  });
});

/** A shop of a chip an hour, of whose customers one on each of these days tries a dirty card six times; from an hour of the month on its reader reads none (`dead`). */
function* chips(seed: number, days: readonly number[], dead = Number.POSITIVE_INFINITY): Generator<Reading> {
  const d = dice(seed);
  let [ok, failed] = [0, 0];
  for (const { ts, day, hour } of moments(24, 5 * 60_000)) {
    const cards = hour >= 8 && hour < 18 ? d.poisson(0.1) : 0;
    if (day * 24 < dead) ok += cards;
    else failed += 2 * cards;
    if (days.includes(Math.floor(day)) && Math.abs(hour - 11) < 0.01) failed += 6;
    if (Math.round(hour * 12) % 2 === 0)
      yield counters('t1', ts, { reader: { chip_ok_total: ok, chip_fail_total: failed } });
  }
}

describe('one dirty card a day', () => {
  it('is no reader that wears, on three days of four', () => {
    for (let seed = 1; seed <= 5; seed++) expect(tickets(chips(seed, [12, 13, 15]))).toEqual([]);
  });
});

describe('a reader of a quiet shop that reads no chip any more', () => {
  it('is told by the afternoon of the next day', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const told = tickets(chips(seed, [], 12 * 24 + 8));
      expect(told.map((t) => t.mode)).toEqual(['contact_wear']);
      expect(told[0]!.day).toBeLessThan(13.6);
    }
  });
});

/** A supermarket's printer that prints forty receipts an hour, of which such a share stops for low head voltage from the noon of day 14 on; nothing tells the voltage. */
function* supply(share: number): Generator<Reading> {
  const d = dice(2);
  let [jobs, stops] = [0, 0];
  for (const { ts, day, hour } of moments(16)) {
    const printed = hour >= 8 && hour < 20 ? d.poisson(40 / 6) : 0;
    jobs += printed;
    for (let i = 0; i < printed; i++) stops += day > 14.5 && d() < share ? 1 : 0;
    yield counters('t1', ts, { printer: { jobs_total: jobs, low_voltage_stops_total: stops, retries_total: stops } });
  }
}

describe('a printer that stops for low voltage as it never did', () => {
  it('is told within two hours where every fourth receipt does', () => {
    const told = tickets(supply(0.25));
    expect(told.map((t) => t.mode)).toEqual(['power']);
    expect(told[0]!.day).toBeLessThan(14 + 14.1 / 24);
  });
});
