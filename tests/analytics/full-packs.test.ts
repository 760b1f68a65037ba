import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { HOUR, MIN, moments, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

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

describe('a pack that was left off its cradle by night', () => {
  /** From day 14 on it is given five minutes of charge whenever it comes down to `low` %, and by night on its cradle again from day 15 on. */
  function* rescued(low: number): Generator<Reading> {
    let [soc, sessions, jobs] = [100, 40, 0];
    for (const { ts, day, hour } of moments(16, BEAT)) {
      const forgotten = day >= 13.8 && day < 14.8;
      const open = hour >= 8 && hour < 18;
      const given = forgotten && soc <= low;
      const docked = (!forgotten && !open) || given;
      if (given || (docked && hour === 18)) sessions++;
      soc = docked ? Math.min(100, soc + 4) : Math.max(0, soc - (open ? 0.55 : 0.4));
      jobs += open ? 1 : 0;
      const status = docked ? (soc < 100 ? 'charging' : 'full') : 'discharging';
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: Math.round(soc), status, current_ma: docked ? 1400 : -180 },
      });
      const counted = { battery: { charge_sessions_total: sessions }, printer: { jobs_total: jobs } };
      yield counters('till-1', ts + 1000, counted);
    }
  }

  it('and is given minutes of charge all day long needs no other charger', () => {
    expect(tickets(rescued(14))).toEqual([]);
  });

  it('does, once its cradle gives it nothing, though it is as empty', () => {
    function* dead(): Generator<Reading> {
      let [soc, sessions, jobs] = [100, 40, 0];
      for (const { ts, day, hour } of moments(20, BEAT)) {
        const open = hour >= 8 && hour < 18;
        const gives = day < 14.75;
        // Its contact is found and lost again every hour.
        if (!open && (gives ? hour === 18 : ts % HOUR === 0)) sessions++;
        soc = !open && gives ? Math.min(100, soc + 4) : Math.max(12, soc - 0.5);
        jobs += open ? 1 : 0;
        const status = open || !gives ? 'discharging' : soc < 100 ? 'charging' : 'full';
        yield heartbeat('till-1', ts, { battery: { soc_pct: Math.round(soc), status } });
        const counted = { battery: { charge_sessions_total: sessions }, printer: { jobs_total: jobs } };
        yield counters('till-1', ts + 1000, counted);
      }
    }
    expect(tickets(dead()).map(({ mode }) => mode)).toEqual(['charging_fault']);
  });

  it('does, where a pack with half its charge is put on its charger as often', () => {
    expect(tickets(rescued(50)).map(({ mode }) => mode)).toEqual(['charging_fault']);
  });
});

describe('a pack that is full, and rests on its charger', () => {
  it('is not one that does not charge where a message leaves its charge out', () => {
    function* resting(): Generator<Reading> {
      const roll = dice(7);
      for (const { ts, day, hour } of moments(24, BEAT)) {
        const open = hour >= 8 && hour < 18;
        const soc = open ? Math.round(100 - 5 * (hour - 8)) : Math.min(98, Math.round(50 + 24 * ((hour + 6) % 24)));
        const status = open ? 'discharging' : soc < 98 ? 'charging' : 'not_charging';
        // From day 14 on a third of the messages lack it.
        const told = day < 14 || roll() > 0.33 ? { soc_pct: soc } : {};
        yield heartbeat('till-1', ts, { battery: { ...told, status, current_ma: open ? -200 : soc < 98 ? 1400 : 0 } });
      }
    }
    expect(tickets(resting())).toEqual([]);
  });
});

describe('a pack of which some messages leave out the charge, or the current', () => {
  /** Carried from eight to eighteen at 180 mA, charged by night; from day 14 on it holds `fades` less a day. */
  function* worked(leftOut: (roll: number) => object, fades: number): Generator<Reading> {
    const roll = dice(8);
    let soc = 100;
    for (const { ts, day, hour } of moments(24, BEAT)) {
      const holds = DESIGN_MAH * Math.max(0.3, 1 - fades * Math.max(0, day - 14));
      const open = hour >= 8 && hour < 18;
      const ma = open ? -180 : soc < 100 ? 900 : 0;
      soc = Math.max(0, Math.min(100, soc + (((ma * BEAT) / HOUR) * 100) / holds));
      const status = open ? 'discharging' : soc < 100 ? 'charging' : 'full';
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: Math.round(soc), current_ma: ma, status, ...leftOut(roll()) },
      });
    }
  }
  const both = (roll: number): object =>
    roll < 0.15 ? { soc_pct: undefined } : roll < 0.3 ? { current_ma: undefined } : {};

  it('is measured as if they were told', () => {
    expect(tickets(worked(both, 0))).toEqual([]);
    const [whole] = tickets(worked(() => ({}), 0.05));
    const [some] = tickets(worked(both, 0.05));
    expect(whole?.mode).toBe('capacity_fade');
    expect(some?.mode).toBe('capacity_fade');
    expect(Math.abs(some!.day - whole!.day)).toBeLessThan(0.75);
  });

  it('says nothing by a current of moments that every other message leaves out, however busy the shop is', () => {
    function* busy(): Generator<Reading> {
      let [soc, jobs, beat] = [100, 0, 0];
      for (const { ts, day, hour } of moments(20, BEAT)) {
        const times = day < 14 ? 1 : 2;
        const open = hour >= 8 && hour < 18;
        soc = Math.max(0, Math.min(100, soc + (((open ? -110 * times : 900) * BEAT) / HOUR / DESIGN_MAH) * 100));
        jobs += open ? times : 0;
        // Told between two receipts: as at rest.
        const ma = beat++ % 2 === 0 ? { current_ma: open ? -60 : soc < 100 ? 900 : 0 } : {};
        const status = open ? 'discharging' : soc < 100 ? 'charging' : 'full';
        yield heartbeat('till-1', ts, { battery: { soc_pct: Math.round(soc), status, ...ma } });
        yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs }, battery: { charge_sessions_total: 1 } });
      }
    }
    expect(tickets(busy())).toEqual([]);
  });

  it('is judged by how fast its charge goes where its current is told once an hour', () => {
    let beat = 0;
    const seldom = (): object => (beat++ % 12 === 0 ? {} : { current_ma: undefined });
    const [told] = tickets(worked(seldom, 0.05));
    expect(told?.mode).toBe('capacity_fade');
    expect(told!.day).toBeLessThan(21);
  });
});

describe('a charger', () => {
  /** Charges from eighteen on with 1,800 mA; from day 14 on with 700, at packs of so many °C. */
  function* slower(warmth: number, usual = 30): Generator<Reading> {
    let soc = 100;
    for (const { ts, day, hour } of moments(20, BEAT)) {
      const open = hour >= 8 && hour < 18;
      const most = day < 14 ? 1800 : 700;
      const ma = open ? -180 : soc < 100 ? Math.min(most, 80 * (101 - soc)) : 0;
      soc = Math.max(0, Math.min(100, soc + (((ma * BEAT) / HOUR) * 100) / DESIGN_MAH));
      const status = open ? 'discharging' : soc < 100 ? 'charging' : 'full';
      const temp = day < 14 ? usual : warmth;
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: Math.round(soc), current_ma: ma, status, temp_c: temp },
        system: { temp_c: temp + 1 },
      });
    }
  }

  it('that gives a pack in a heat wave less is sound, and one that gives a cool one less is not', () => {
    expect(tickets(slower(46))).toEqual([]);
    expect(tickets(slower(31)).map(({ mode }) => mode)).toEqual(['charging_fault']);
    // Nor is one that gives less to a pack which was always as hot.
    expect(tickets(slower(42, 42)).map(({ mode }) => mode)).toEqual(['charging_fault']);
  });
});
