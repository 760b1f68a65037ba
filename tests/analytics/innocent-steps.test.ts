import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const modes = (readings: Iterable<Reading>): string[] => tickets(readings).map((t) => t.mode);

describe('an antenna beneath which somebody lays a sheet of metal', () => {
  /** Sixteen taps an hour by day, of which two in a hundred fail, and from day 15 on `share`. */
  function* tapping(share: (days: number) => number, seed: number): Generator<Reading> {
    const roll = dice(seed);
    let [ok, failed] = [0, 0];
    for (const { ts, day, hour } of moments(22, 15 * MIN)) {
      for (let i = 0; hour >= 8 && hour < 20 && i < 4; i++) {
        if (roll() < (day > 15 ? share(day - 15) : 0.02)) failed++;
        else ok++;
      }
      yield counters('till-1', ts, { reader: { tap_ok_total: ok, tap_fail_total: failed } });
    }
  }

  it('fails every tenth tap for as long as it lies there, and needs nobody', () => {
    for (let seed = 1; seed <= 4; seed++) expect(modes(tapping(() => 0.1, seed))).toEqual([]);
  });

  it('is told of where ever more taps fail, or every fourth does all day', () => {
    for (const share of [(days: number) => 0.04 + 0.05 * days, () => 0.28]) {
      expect(modes(tapping(share, 2))).toEqual(['tap_fault']);
    }
  });
});

describe('flash storage', () => {
  /** 2 GB free; from day 15 on it is written to as fast as is said, MB an hour, and has lost what is said. */
  function* storing(writes: (days: number) => number, lost: (days: number) => number): Generator<Reading> {
    const roll = dice(9);
    let written = 0;
    for (const { ts, day } of moments(21)) {
      const since = Math.max(0, day - 15);
      written += ((since > 0 ? writes(since) : 1) * (0.7 + 0.6 * roll())) / 6;
      const system = { uptime_s: (ts - T0) / 1000, flash_free_mb: Math.round(2000 - lost(since) + 6 * roll()) };
      yield heartbeat('till-1', ts, { system });
      yield counters('till-1', ts + 1000, { system: { flash_writes_mb_total: Math.round(written) } });
    }
  }

  it('does not wear out for a log that is switched on for two days', () => {
    expect(
      modes(
        storing(
          (days) => (days < 2 ? 10 : 1),
          (days) => 8 * Math.min(2, days),
        ),
      ),
    ).toEqual([]);
  });

  it('does where more is written by the day and room is lost meanwhile', () => {
    expect(
      modes(
        storing(
          (days) => 1 + days ** 2,
          (days) => 60 * days ** 2,
        ),
      ),
    ).toEqual(['storage_wear']);
  });
});

describe('a head that a converter feeds from a single cell', () => {
  /** Its voltage sags by a third as much as the cell's. From nine to five it is off its charger; from day 15 on for a day and a night, or its supply gives way. */
  function* supplying(leftOff: boolean, gives: (days: number) => number, least = 0): Generator<Reading> {
    const roll = dice(3);
    for (const { ts, day, hour } of moments(19)) {
      const off =
        leftOff && day > 15.4 && day < 16.2 ? (day - 15.4) * 24 : hour >= 9 && hour < 17 ? (hour - 9) * 0.4 : 0;
      // Where so many hours' charge is always missing it is never on its charger for long.
      const soc = Math.max(38, Math.round(100 - 3.4 * (off + least)));
      const cell = 4180 * (1 - 0.14 * (1 - soc / 100) * 1.5);
      const mv = 8200 * (1 - 0.065 * (1 - soc / 100)) * (1 - gives(Math.max(0, day - 15)) + (roll() - 0.5) * 0.02);
      const battery = {
        soc_pct: soc,
        voltage_mv: Math.round(cell),
        status: off + least > 0 ? ('discharging' as const) : ('full' as const),
      };
      yield heartbeat('till-1', ts, { battery, printer: { state: 'ok', head_mv: Math.round(mv) } });
    }
  }

  it('sags with the cell as that is left off its charger for a night, which is no fault of its supply', () => {
    expect(modes(supplying(true, () => 0))).toEqual([]);
  });

  it('says nothing in the messages that leave its charge out, of a cell that is nearly empty for a night', () => {
    function* forgotten(): Generator<Reading> {
      const roll = dice(6);
      for (const { ts, day, hour } of moments(18)) {
        const isOff = day > 15.4 && day < 16.4;
        const soc = isOff ? 32 : hour >= 9 && hour < 17 ? Math.round(100 - 3 * (hour - 9)) : 100;
        const status = isOff || soc < 100 ? ('discharging' as const) : ('full' as const);
        const battery = { voltage_mv: 3700 + 5 * soc, status, ...(roll() < 0.12 ? {} : { soc_pct: soc }) };
        const mv = 7340 * (1 - 0.035 * (1 - soc / 100)) * (1 + (roll() - 0.5) * 0.008);
        yield heartbeat('till-1', ts, { battery, printer: { state: 'ok', head_mv: Math.round(mv) } });
      }
    }
    expect(modes(forgotten())).toEqual([]);
  });

  it('is told of where its supply gives way at half charge', () => {
    expect(modes(supplying(false, (days) => 0.05 * days, 14))).toEqual(['power']);
  });

  it('is told of where its supply gives way at a full cell', () => {
    expect(modes(supplying(false, (days) => 0.03 * days))).toContain('power');
  });
});
