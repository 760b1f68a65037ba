import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { HOUR, MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';

const DESIGN_MAH = 2600;
const BEAT = 5 * MIN;

/** What a terminal on its cradle does between ten and six; by day it is carried. */
interface Night {
  /** Charge, %, at which the charger begins anew. */
  readonly topsUpAt?: (day: number) => number;
  /** Left off its cradle while the shop is shut, its radio asleep. */
  readonly forgotten?: (day: number) => boolean;
  /** Current that flows while printing, as the gauge tells it, for each mA that flows in the mean. */
  readonly tells?: number;
  /** mA that the charger gives. */
  readonly gives?: (day: number) => number;
  /** Its gauge tells the charge that it had when this began. */
  readonly sticks?: (day: number) => boolean;
  /** Tells its voltage, which its charger holds at 4.17 V. */
  readonly volts?: boolean;
  /** It is switched off by night, after half an hour on its cradle, and no cradle is at hand by day. */
  readonly shortly?: boolean;
  /** Sessions that come to nothing, each day. */
  readonly bounces?: (day: number, hour: number) => boolean;
}

/** A pack that is carried from eight to eighteen, charged at noon and by night. */
function* carried({
  topsUpAt,
  forgotten,
  tells = 1,
  gives,
  sticks,
  volts,
  shortly,
  bounces,
}: Night): Generator<Reading> {
  let [soc, told, sessions, jobs, charging] = [100, 100, 40, 0, false];
  for (const { ts, day, hour } of moments(18, BEAT)) {
    const left = forgotten?.(day) === true;
    const open = hour >= 8 && hour < 18 && !left;
    const docked = !left && (!open || (!shortly && hour >= 13 && hour < 13.7));
    const bounced = docked && soc < 95 && bounces?.(day, hour) === true;
    const begins = docked && !bounced && soc <= (topsUpAt?.(day) ?? 97.5);
    if (begins && !charging) sessions++;
    if (bounced) sessions++;
    charging = docked && !bounced && (begins || (charging && soc < 100));
    const rate = gives?.(day) ?? 1600;
    const flows = charging ? (soc < 85 ? rate : Math.min(rate, 80 * (101 - soc))) : open ? -160 : -45;
    soc = Math.max(0, Math.min(100, soc + ((flows * BEAT) / HOUR / DESIGN_MAH) * 100));
    jobs += open ? 1 : 0;
    if (!sticks?.(day)) told = Math.round(soc);
    const voltage = Math.round(Math.min(4170, 3450 + 6 * soc + flows / 8));
    const status = charging ? 'charging' : docked ? (soc > 97 ? 'full' : 'not_charging') : 'discharging';
    if (shortly && (hour < 8 || hour >= 18.5)) continue;
    yield heartbeat('till-1', ts, {
      battery: {
        soc_pct: told,
        ...(volts ? { voltage_mv: voltage } : {}),
        status,
        full_mah: DESIGN_MAH,
        current_ma: Math.round(open && !charging ? flows * tells : flows),
      },
    });
    yield counters('till-1', ts + 1000, {
      battery: { charge_sessions_total: sessions },
      printer: { jobs_total: jobs },
    } as Parameters<typeof counters>[2]);
  }
}

describe('a pack that is full', () => {
  it('is topped up a session each time it has lost a percent, and charges as it should', () => {
    expect(tickets(carried({ topsUpAt: (day) => (day > 14 ? 99.6 : 97.5) }))).toEqual([]);
  });

  it('is not what a cradle meets that begins again and again', () => {
    const told = tickets(carried({ bounces: (day, hour) => day > 14 && Math.round(hour * 12) % 4 === 0 }));
    expect(told.map((t) => t.mode)).toEqual(['charging_fault']);
  });
});

describe('a current that is told while the radio is on', () => {
  it('measures more than a pack can hold, and a Sunday off the cradle is no loss', () => {
    expect(tickets(carried({ tells: 1.7, forgotten: (day) => day > 13.75 && day < 15.3 }))).toEqual([]);
  });
});

describe('a gauge that sticks for a day or two', () => {
  it('does not say that its pack is nearly full when its charger slows down, and that is no fault of the charger', () => {
    for (const volts of [false, true]) {
      for (const from of [14.5, 14.6, 14.7]) {
        expect(tickets(carried({ sticks: (day) => day > from && day < from + 1.7, volts }))).toEqual([]);
      }
    }
  });
});

describe('a charger that gives ever less', () => {
  it('is told by its current, though no charge begins low', () => {
    const told = tickets(carried({ gives: (day) => 1600 * Math.max(0.2, 1 - Math.max(0, day - 9) / 8) }));
    expect(told.map((t) => t.mode)).toEqual(['charging_fault']);
    expect(told[0]!.day).toBeLessThan(15);
  });

  it('is told though it was seen at its best on a few nights only', () => {
    const told = tickets(
      carried({ shortly: true, volts: true, gives: (day) => 1600 * Math.max(0.15, 1 - Math.max(0, day - 6.5) / 9) }),
    );
    expect(told.map((t) => t.mode)).toEqual(['charging_fault']);
    expect(told[0]!.day).toBeLessThan(13);
  });

  it('is told where it gives nothing at all, though it says that it charges', () => {
    const told = tickets(carried({ gives: (day) => (day > 14 ? 0 : 1600) }));
    expect(told.map((t) => t.mode)).toContain('charging_fault');
  });
});

describe('a cradle whose contact bounces under a pack that is always full', () => {
  function* docked(): Generator<Reading> {
    let sessions = 40;
    for (const { ts, day, hour } of moments(18, BEAT)) {
      if (day > 14 && Math.round(hour * 12) % 2 === 0) sessions++;
      yield heartbeat('till-1', ts, { battery: { soc_pct: 99, status: 'full' } });
      yield counters('till-1', ts + 1000, { battery: { charge_sessions_total: sessions } });
    }
  }

  it('is told within two days', () => {
    const told = tickets(docked());
    expect(told.map((t) => t.mode)).toEqual(['charging_fault']);
    expect(told[0]!.day).toBeLessThan(16);
  });
});

describe('a charger that begins again and again', () => {
  /** A pack that is charged from ten in the evening on; on three evenings in four hours the charger begins every ten minutes and the pack is so warm, as all around it is. */
  function* beginning(warm: number): Generator<Reading> {
    let sessions = 40;
    for (const { ts, day, hour } of moments(19, BEAT)) {
      const begins = day > 14 && day < 17 && hour >= 14 && hour < 18;
      if (begins ? Math.round(hour * 12) % 2 === 0 : Math.abs(hour - 22) < 0.01) sessions++;
      const soc = hour < 22 && hour > 8 ? Math.round(100 - 4 * (hour - 8)) : 100;
      const status = hour < 22 && hour > 8 ? 'discharging' : 'full';
      const temp_c = begins ? warm + (day % 0.01) : 27;
      yield heartbeat('till-1', ts, { system: { temp_c: temp_c + 3 }, battery: { soc_pct: soc, status, temp_c } });
      yield counters('till-1', ts + 1000, { battery: { charge_sessions_total: sessions } });
    }
  }

  it('lets a hot pack be, and tries it now and then', () => {
    expect(tickets(beginning(45))).toEqual([]);
  });

  it('has a bad contact where the pack is not', () => {
    expect(tickets(beginning(31)).map((t) => t.mode)).toEqual(['charging_fault']);
  });
});

describe('a current that is a mean of the minutes before', () => {
  /** Charged from 40 to 60 % twice a day, in twenty minutes; from day 14 on it is put on its charger a minute before a beat, not with it. */
  function* charged(): Generator<Reading> {
    for (const { ts, day, hour } of moments(19)) {
      const into = Math.round((hour % 12) * 6) - 36;
      const charging = into >= 0 && into <= 2;
      const soc = charging ? 40 + 10 * into : Math.round(60 - ((into + 72) % 72) * 0.28);
      const first = day > 14 ? 50 : 1600;
      const current_ma = charging ? (into === 0 ? first : 1600) : -150;
      const status = charging ? 'charging' : 'discharging';
      yield heartbeat('till-1', ts, { battery: { soc_pct: soc, status, current_ma, full_mah: DESIGN_MAH } });
    }
  }

  it('says nothing of the charger with its first sample', () => {
    expect(tickets(charged())).toEqual([]);
  });
});

describe('a night on the charger that is told of by noon', () => {
  /** Topped up fifteen times a night, and told of at once; for four days its link is down until noon, when the pack has given some. */
  function* late(): Generator<Reading> {
    let sessions = 40;
    for (const { ts, day, hour } of moments(19, BEAT)) {
      const open = hour >= 8 && hour < 20;
      if (!open && Math.round(hour * 12) % 10 === 0) sessions++;
      const soc = open ? Math.round(100 - 2 * (hour - 8)) : 100;
      if (day > 14 && day < 18 && (hour < 12 || hour > 23)) continue;
      yield heartbeat('till-1', ts, { battery: { soc_pct: soc, status: open ? 'discharging' : 'full' } });
      yield counters('till-1', ts + 1000, { battery: { charge_sessions_total: sessions } });
    }
  }

  it('was one of topping up', () => {
    expect(tickets(late())).toEqual([]);
  });
});
