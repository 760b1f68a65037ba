import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
/** When the part begins to fail: mid-morning of the tenth day. */
const ONSET = T0 + 9 * DAY + 9 * HOUR;

/** Tickets that the readings open: mode, and hours since the part began to fail. */
function tickets(readings: Iterable<Reading>): { mode: string; hours: number }[] {
  const engine = new Engine();
  return [...readings]
    .flatMap((reading) => [...engine.process(reading)])
    .filter((f) => f.state === 'open' && f.severity !== 'watch')
    .map((f) => ({ mode: f.mode, hours: (f.at - ONSET) / HOUR }));
}

/** Every ten minutes until `hours` after the onset: the moment, and hours since the onset (below 0 before). */
function* moments(hours: number): Generator<{ ts: number; since: number }> {
  for (let ts = T0; ts < ONSET + hours * HOUR; ts += 10 * MIN) yield { ts, since: (ts - ONSET) / HOUR };
}

describe('a print head', () => {
  function* printing(ohm: (since: number) => number): Generator<Reading> {
    const roll = dice(3);
    for (const { ts, since } of moments(12)) {
      yield heartbeat('till-1', ts, { printer: { state: 'ok', head_ohm: ohm(since) + roll() } });
    }
  }

  it('whose resistance rises by a quarter within half a day is told hours before', () => {
    const told = tickets(printing((since) => 700 * (1 + 0.25 * Math.max(0, since / 12))));
    expect(told.map((t) => t.mode)).toEqual(['head_wear']);
    expect(told[0]!.hours).toBeLessThan(9.5);
  });

  it('that tells a wild value once an hour and a half needs nobody', () => {
    const wild = (since: number): boolean => since > 0 && Math.round(since * 6) % 9 === 0;
    expect(tickets(printing((since) => (wild(since) ? 1400 : 700)))).toEqual([]);
  });
});

describe('flash storage', () => {
  function* filling(free: (since: number) => number): Generator<Reading> {
    const roll = dice(4);
    for (const { ts, since } of moments(24)) {
      yield heartbeat('till-1', ts, { system: { flash_free_mb: Math.round(free(since) + 4 * roll()) } });
    }
  }

  it('that runs full within a day is told while a third of it is left', () => {
    const told = tickets(filling((since) => 1300 * (1 - Math.max(0, since / 24) ** 1.5)));
    expect(told.map((t) => t.mode)).toEqual(['storage_wear']);
    expect(told[0]!.hours).toBeLessThan(18);
  });

  it('that runs full within seven hours is told with nearly three of them left, wherever in a bucket it began to', () => {
    const told = tickets(filling((since) => 2850 * Math.max(0, 1 - Math.max(0, (since - 0.63) / 6.7))));
    expect(told.map((t) => t.mode)).toEqual(['storage_wear']);
    expect(told[0]!.hours).toBeLessThan(4.7);
  });

  it('that tells a wild value twice on end needs nobody', () => {
    expect(tickets(filling((since) => (since > 2 && since < 2.3 ? 100 : 1300)))).toEqual([]);
  });

  it('that a cache takes a sixth of at once needs nobody', () => {
    expect(tickets(filling((since) => (since > 0 ? 750 : 900)))).toEqual([]);
  });

  it('that an update takes a tenth of needs nobody', () => {
    expect(tickets(filling((since) => (since > 0 ? 1170 : 1300)))).toEqual([]);
  });
});

describe('a pack that tells its own resistance', () => {
  function* resisting(mohm: (since: number) => number): Generator<Reading> {
    const roll = dice(8);
    for (const { ts, since } of moments(8)) {
      const battery = {
        soc_pct: 80,
        temp_c: 25,
        status: 'discharging',
        resistance_mohm: Math.round(mohm(since) + 4 * roll()),
      };
      yield heartbeat('till-1', ts, { battery } as never);
    }
  }

  it('three times as high at once, which nothing innocent brings, is told within three hours', () => {
    const told = tickets(resisting((since) => (since > 0 ? 340 : 116)));
    expect(told.map((t) => t.mode)).toEqual(['resistance_rise']);
    expect(told[0]!.hours).toBeLessThan(3.1);
  });

  it('for half an hour needs nobody', () => {
    expect(tickets(resisting((since) => (since > 0 && since < 0.5 ? 340 : 116)))).toEqual([]);
  });
});

describe('head supply', () => {
  function* supplied(millivolts: (since: number) => number): Generator<Reading> {
    const roll = dice(7);
    for (const { ts, since } of moments(9)) {
      yield heartbeat('till-1', ts, { printer: { state: 'ok', head_mv: Math.round(millivolts(since) + 40 * roll()) } });
    }
  }

  it('that falls away within six hours is told before it is gone, at which the ends of buckets would not have told it for an hour and a half', () => {
    const told = tickets(supplied((since) => 24_000 * (1 - 0.15 * Math.max(0, since / 6) ** 2)));
    expect(told.map((t) => t.mode)).toEqual(['power']);
    expect(told[0]!.hours).toBeLessThan(6);
  });

  it('that dips for an hour needs nobody', () => {
    expect(tickets(supplied((since) => (since > 0 && since < 1 ? 21_500 : 24_000)))).toEqual([]);
  });
});

describe('software', () => {
  /** Crashes an hour from the onset on; free memory is told and stays as it was, free flash is not told. */
  function* crashing(anHour: number): Generator<Reading> {
    const roll = dice(5);
    let crashes = 0;
    for (const { ts, since } of moments(20)) {
      const system = { uptime_s: (ts - T0) / 1000, mem_free_mb: Math.round(500 + 20 * roll()) };
      yield heartbeat('till-1', ts, { system });
      if (since > 0 && Math.floor(since * anHour) > Math.floor((since - 1 / 6) * anHour)) crashes++;
      yield counters('till-1', ts + 1000, { system: { reboots_total: crashes, crashes_total: crashes } });
    }
  }

  it('that crashes every hour is a crash loop, told on the same day, though its flash is not told', () => {
    const told = tickets(crashing(1));
    expect(told.map((t) => t.mode)).toEqual(['crash_loop']);
    expect(told[0]!.hours).toBeLessThan(10);
  });

  it('that crashes three times and then runs needs nobody', () => {
    expect(tickets([...crashing(1)].filter((r) => r.ts < ONSET + 3.5 * HOUR))).toEqual([]);
  });
});

describe('a contactless reader', () => {
  /** Ten taps an hour by day, two in a hundred of which fail; from the onset on `share` of them do, and a customer tries a dead card `tries` times; `busy` times as many at a busy lane. */
  function* tapping(share: (since: number) => number, tries = 0, busy = 1): Generator<Reading> {
    const roll = dice(6);
    let ok = 0;
    let failed = 0;
    for (const { ts, since } of moments(14)) {
      const hour = (ts % DAY) / HOUR;
      const taps = hour >= 8 && hour < 20 ? Math.round(busy * (1 + 1.4 * roll())) : 0;
      for (let i = 0; i < taps; i++) {
        if (roll() < Math.max(0.02, share(since))) failed++;
        else ok++;
      }
      // Fifteen minutes at the counter, on both sides of where one bucket ends and the next begins.
      if (Math.abs(since - 1.5) < 0.2) failed += tries / 3;
      yield counters('till-1', ts, { reader: { tap_ok_total: ok, tap_fail_total: failed } });
    }
  }

  it('in which ever more taps fail is told on the same day', () => {
    const told = tickets(tapping((since) => Math.min(0.7, 0.2 + since / 16)));
    expect(told.map((t) => t.mode)).toEqual(['tap_fault']);
    expect(told[0]!.hours).toBeLessThan(7);
  });

  it('of which every second tap fails from one minute to the next is told before a second bucket ends', () => {
    const told = tickets(tapping((since) => (since > 0 ? 0.6 : 0), 0, 4));
    expect(told.map((t) => t.mode)).toEqual(['tap_fault']);
    expect(told[0]!.hours).toBeLessThan(2.6);
  });

  it('at which a customer tries a dead card thirty times is sound', () => {
    expect(tickets(tapping(() => 0, 30))).toEqual([]);
  });
});
