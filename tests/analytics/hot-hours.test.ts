import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { DAY, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** A phone-like terminal that lies on its dock by night, at 22 °C, and warms to 27 °C in use; `more` K of it on the afternoons of a day. */
function* pack(more: (day: number) => number, kind: { around?: true; drops?: true } = {}): Generator<Reading> {
  const d = dice(3);
  for (const { ts, day, hour } of moments(24, 15 * 60_000)) {
    const inUse = hour >= 8 && hour < 17;
    const hot = hour >= 12 && hour < 16 ? more(Math.floor(day)) : 0;
    const temp = 22 + (inUse ? 4 : 0) + hot + d() * 2;
    const isLeftOut = kind.drops && (hour < 0.2 || Math.floor(hour * 4) % 3 === 0);
    const told = isLeftOut ? {} : { temp_c: Math.round(temp * 10) / 10 };
    const battery = { soc_pct: inUse ? 100 - (hour - 8) * 7 : 100, voltage_mv: 3900, ...told };
    const around = kind.around ? { system: { temp_c: Math.round(10 * (22 + hot + d())) / 10 } } : {};
    yield heartbeat('till-1', ts, { ...around, battery: { ...battery, status: inUse ? 'discharging' : 'full' } });
    yield counters('till-1', ts + 1000, { battery: { charge_sessions_total: Math.floor((ts + 8e6) / DAY) - 20_000 } });
  }
}

describe('a pack that is hot while it is used, and as cool as ever by night', () => {
  it('is told of days before it shuts its terminal down, as its afternoons grow hotter by the day', () => {
    for (const kind of [{}, { drops: true } as const]) {
      const told = tickets(pack((day) => (day < 14 ? 0 : 6 + 3.2 * (day - 14)), kind));
      expect(told.map((t) => t.mode)).toEqual(['overheat']);
      expect(told[0]!.day).toBeLessThan(20);
    }
  });

  it('needs nobody where it lies in the sun from a day on, was hot on two days, or what is around it grows as hot', () => {
    expect(tickets(pack((day) => (day < 14 ? 0 : 7)))).toEqual([]);
    expect(tickets(pack((day) => (day < 14 ? 0 : 3 * (day - 13)), { around: true }))).toEqual([]);
    expect(tickets(pack((day) => (day === 14 ? 9 : day === 15 ? 12 : 0)))).toEqual([]);
  });
});

describe('a thermometer that stands still', () => {
  /** By day it is 33 °C in the shop, by night 22; from the afternoon of day 14 on the pack tells so many K more than that, or for a day and a half what it told then. */
  function* pack(more: number | 'still'): Generator<Reading> {
    const d = dice(5);
    for (const { ts, day, hour } of moments(19, 10 * 60_000)) {
      const around = 27.5 + 5.5 * Math.sin(((hour - 9) / 12) * Math.PI) + 0.5 * d();
      const still = more === 'still' && day > 14.6 && day < 16.1;
      const own = day > 14.6 && more !== 'still' ? more : 0;
      const temp = still ? 32.5 : Math.round(10 * (around + own + 0.5 * d())) / 10;
      const system = { temp_c: Math.round(10 * (around + 3)) / 10 };
      yield heartbeat('till-1', ts, { system, battery: { soc_pct: 90, temp_c: temp, status: 'full' } });
    }
  }

  it('tells of no heat, however cool it grows around it', () => {
    expect(tickets(pack('still'))).toEqual([]);
    expect(tickets(pack(25)).map((t) => t.mode)).toEqual(['overheat']);
  });
});

describe('a pack that is told in whole degrees in a room that is always as warm', () => {
  /** From the afternoon of day 14 on it is 25 K warmer, and told to be the same for hours, as before. */
  function* pack(): Generator<Reading> {
    const d = dice(5);
    for (const { ts, day } of moments(19, 5 * 60_000)) {
      const around = 24 + 0.4 * d();
      const battery = { soc_pct: 90, temp_c: Math.round(around + (day > 14.6 ? 25 : 0)), status: 'full' as const };
      yield heartbeat('till-1', ts, { system: { temp_c: Math.round(10 * (around + 3)) / 10 }, battery });
    }
  }

  it('is told where it is hot', () => {
    expect(tickets(pack()).map((t) => t.mode)).toEqual(['overheat']);
  });
});

describe('a pack of whose surroundings nothing is told', () => {
  /** It is in use by day and on its charger by night; from day 14 on it is so many K warmer at all hours. */
  function* pack(more: (days: number) => number): Generator<Reading> {
    const d = dice(7);
    for (const { ts, day, hour } of moments(19, 15 * 60_000)) {
      const inUse = hour >= 8 && hour < 17;
      const temp = 25 + (inUse ? 3 : 0) + (day < 14 ? 0 : more(day - 14)) + 2 * d();
      const status = inUse ? 'discharging' : 'full';
      yield heartbeat('till-1', ts, { battery: { soc_pct: 90, temp_c: Math.round(10 * temp) / 10, status } });
    }
  }

  it('is told within hours where it is hotter than any weather makes it', () => {
    const told = tickets(pack((days) => (days < 0.4 ? 0 : 27)));
    expect(told.map((t) => t.mode)).toEqual(['overheat']);
    expect(told[0]!.day).toBeLessThan(14.7);
  });

  it('needs nobody where it is warm for a day, or stands in the sun from then on', () => {
    expect(tickets(pack((days) => 7 * Math.sin(Math.PI * Math.min(1, days))))).toEqual([]);
    expect(tickets(pack(() => 10))).toEqual([]);
  });
});
