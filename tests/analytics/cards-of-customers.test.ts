import { describe, expect, it } from 'vitest';
import { heldAbove } from '../../analytics/core/trend.ts';
import type { Reading } from '../../contract/reading.ts';
import { moments, tickets } from '../support/month.ts';
import { counters } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const TILL = 'till-1';
/** How often a customer tries a card before paying otherwise. */
const TRIES = 3;

/** A till at which a card is read every ten minutes or so (of a `quiet` till in one ten minutes of five), and one in sixty fails; `spoilt` adds failed reads. Counters come every `every` minutes. */
function* reading(
  seed: number,
  days: number,
  spoilt: (day: number, roll: () => number) => number,
  every = 10,
  quiet = false,
  fails: (day: number) => number = () => 1 / 60,
  times = 1,
): Generator<Reading> {
  const roll = dice(seed);
  let ok = 0;
  let failed = 0;
  for (const { ts, day, hour } of moments(days)) {
    const few = hour >= 8 && hour < 20 ? (quiet ? (roll() < 0.2 ? 1 : 0) : roll() < 0.3 ? 2 : 1) : 0;
    const cards = times * few;
    for (let i = 0; i < cards; i++) {
      let tries = 0;
      while (tries < TRIES && roll() < fails(day)) tries++;
      failed += tries;
      if (tries < TRIES) ok++;
    }
    failed += spoilt(day, roll);
    if ((ts / 60_000) % every === 0)
      yield counters(TILL, ts, { reader: { chip_ok_total: ok, chip_fail_total: failed } });
  }
}

/** Worn cards of customers, each tried four to eight times within ten minutes: at these hours of these days. */
function worn(hours: readonly number[], days: readonly number[]): (day: number, roll: () => number) => number {
  return (day, roll) => {
    const hour = (day % 1) * 24;
    const isOne = days.includes(Math.floor(day)) && hours.some((h) => Math.abs(hour - h) < 0.01);
    return isOne ? 4 + Math.floor(roll() * 5) : 0;
  };
}

describe('a reader of chips', () => {
  it('is none that wears where two customers a day try their worn cards again and again', () => {
    for (let seed = 1; seed <= 5; seed++) {
      expect(tickets(reading(seed, 24, worn([11, 17], [14, 15, 16])))).toEqual([]);
    }
  });

  it('is none that wears where two customers within half an hour do', () => {
    for (let seed = 1; seed <= 5; seed++) {
      expect(tickets(reading(seed, 18, worn([17.5, 18], [14]), 10, true))).toEqual([]);
    }
  });

  /** Up to so many failed reads more in ten minutes from then on, three times in four, for so many hours. */
  const thick =
    (day: number, hours: number, most = 3): ((now: number, roll: () => number) => number) =>
    (now, roll) =>
      now >= day && now < day + hours / 24 && roll() < 0.75 ? 1 + Math.floor(roll() * most) : 0;

  it('is none that wears where a party tries its foreign cards for two hours or more, beside others, alone or after hours', () => {
    for (let seed = 1; seed <= 5; seed++) {
      expect(tickets(reading(seed, 17, thick(14 + 12 / 24, 2.5)))).toEqual([]);
      expect(tickets(reading(seed, 17, thick(14 + 12 / 24, 2), 10, true))).toEqual([]);
      expect(tickets(reading(seed, 17, thick(14 + 21 / 24, 2.5)))).toEqual([]);
    }
  });

  /** A till whose reader fails on such a share of reads from a moment on; with so many times as many customers. */
  const dying = (seed: number, from: number, share: number, times = 1): Iterable<Reading> =>
    reading(
      seed,
      17,
      () => 0,
      10,
      false,
      (day) => (day > from ? share : 1 / 60),
      times,
    );

  it('is one that wears where nine of ten reads fail from ten in the morning on, told by half past three', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const [told] = tickets(dying(seed, 14 + 10 / 24, 0.9));
      expect(told?.mode).toBe('contact_wear');
      expect(told!.day).toBeLessThan(14 + 15.5 / 24);
    }
  });

  it('is one that wears where it dies in a rush two hours before closing, told on the same evening', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const [told] = tickets(dying(seed, 14.75, 0.95, 4));
      expect(told?.mode).toBe('contact_wear');
      expect(told!.day).toBeLessThan(14 + 20.2 / 24);
    }
  });

  it('is one that wears where every third card fails', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const [told] = tickets(
        reading(seed, 20, (day, roll) =>
          day > 14 && (day % 1) * 24 >= 8 && (day % 1) * 24 < 20 && roll() < 0.45 ? 1 : 0,
        ),
      );
      expect(told?.mode).toBe('contact_wear');
      expect(told!.day).toBeLessThan(16.6);
    }
  });

  it('is one that wears where that is told by the hour', () => {
    const [told] = tickets(
      reading(
        4,
        20,
        (day, roll) => (day > 14 && (day % 1) * 24 >= 8 && (day % 1) * 24 < 20 && roll() < 0.6 ? 1 : 0),
        60,
      ),
    );
    expect(told?.mode).toBe('contact_wear');
    expect(told!.day).toBeLessThan(16.6);
  });
});

describe('the days for which a curve was high', () => {
  const HOURS = 1 / 24;
  const curve = (hours: readonly number[]) => ({
    n: hours.length,
    t: Float64Array.from(hours, (hour) => hour * HOURS),
    y: Float64Array.from(hours, () => 0.8),
    w: Float64Array.from(hours, () => 1),
  });

  it('leave out pauses, and are as many where points of a long curve have been merged', () => {
    const bucket = 1.5 * 3_600_000;
    // Half an hour apart in the evening, what was left over told next morning.
    expect(heldAbove(curve([0, 0.5, 1, 1.5, 2, 11]), 0.2, bucket)).toBeCloseTo(2 * HOURS, 9);
    expect(heldAbove(curve([0, 0.5, 1, 1.5, 2, 11]), 0.9, bucket)).toBe(0);
    const merged = Array.from({ length: 12 }, (_, i) => 3 * i);
    expect(heldAbove(curve(merged), 0.2, bucket)).toBeCloseTo(33 * HOURS, 9);
  });
});
