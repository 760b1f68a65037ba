import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Heartbeat } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

type State = NonNullable<Heartbeat['printer']>['state'];

interface Stop {
  /** What it tells from the morning of day 9 on, of which minutes of each hour; `ok` in the others. */
  readonly state: State;
  readonly during?: (hour: number) => boolean;
  /** Minutes from one customer to the next, and until which hour of that day they come. */
  readonly every: number;
  readonly until?: number;
  /** How the terminal tells of its customers. */
  readonly tells: 'sales' | 'cards';
  /** At which hours receipts come out all the same. */
  readonly prints?: (hour: number) => boolean;
  /** Its head's temperature as it stands, where it tells one. */
  readonly head?: number;
  /** That of its computer as the printer stands, where it tells one. */
  readonly computer?: number;
  /** Charge of its pack, %, as the printer stands, where it has one. */
  readonly charge?: number;
}

/** A till that is never shut; its printer stands still from 8 o'clock of day 9 on. Answers what is told of that, and after how many hours. */
function told({
  state,
  during = () => true,
  every,
  until = 48,
  tells,
  prints = () => false,
  head,
  computer,
  charge,
}: Stop): [string, number][] {
  const engine = new Engine();
  const said = [];
  let [customers, jobs] = [0, 0];
  const stops = T0 + 9 * DAY + 8 * HOUR;
  for (let ts = T0; ts < T0 + 10.5 * DAY; ts += 10 * MIN) {
    const since = (ts - stops) / HOUR;
    const stands = since >= 0 && during(since);
    const comes = ts % (every * MIN) === 0 && since < until;
    if (comes) customers++;
    if (comes && (!stands || prints(since))) jobs++;
    const counted = tells === 'sales' ? { txn: { ok_total: customers } } : { reader: { chip_ok_total: customers } };
    const heat = head === undefined ? {} : { head_temp_c: stands ? head : 26 + 2 * Math.sin((ts / DAY) * 2 * Math.PI) };
    const readings: Reading[] = [
      heartbeat('till-1', ts, {
        printer: { state: stands ? state : 'ok', ...heat },
        ...(computer === undefined ? {} : { system: { temp_c: stands ? computer : 26 } }),
        ...(charge === undefined ? {} : { battery: { soc_pct: stands ? charge : 80, status: 'discharging' } }),
      }),
      counters('till-1', ts + 1000, { printer: { jobs_total: jobs }, ...counted }),
    ];
    for (const reading of readings) said.push(...engine.process(reading));
  }
  return said.filter((f) => f.state === 'open' && f.severity !== 'watch').map((f) => [f.mode, (f.at - stops) / HOUR]);
}

describe('a printer that stands still at a quiet till', () => {
  it('is told once five customers have gone without a receipt, whether sales are told or cards alone', () => {
    for (const tells of ['sales', 'cards'] as const) {
      const [[mode, hours] = ['', 0]] = told({ state: 'mech_error', every: 30, tells });
      expect(mode).toBe('paper_feed');
      expect(hours).toBeGreaterThan(2);
      expect(hours).toBeLessThan(3);
    }
  });

  it('is told after two hours where many want something of it, and not before', () => {
    for (const state of ['mech_error', 'cutter_error', 'low_voltage', 'overheat'] as const) {
      const [[, hours] = ['', 0]] = told({ state, every: 10, tells: 'sales' });
      expect(hours).toBeGreaterThan(1.9);
      expect(hours).toBeLessThan(2.5);
      expect(told({ state, during: (hour) => hour < 1.8, every: 10, tells: 'sales' })).toEqual([]);
    }
  });

  it('is told within hours where its head is too hot all the while, as few as they are who wait for it', () => {
    const [[mode, hours] = ['', 0]] = told({ state: 'overheat', every: 120, tells: 'cards' });
    expect(mode).toBe('overheat');
    expect(hours).toBeLessThan(4.5);
  });

  it('is no more excused for the heat that its own head alone tells of', () => {
    const [[mode, hours] = ['', 0]] = told({ state: 'overheat', every: 30, tells: 'sales', head: 47 });
    expect(mode).toBe('overheat');
    expect(hours).toBeLessThan(5);
  });

  it('is no part that fails where nobody wants anything of it, nor where paper is out or the cover open', () => {
    expect(told({ state: 'mech_error', every: 30, until: 2, tells: 'sales' })).toEqual([]);
    expect(told({ state: 'overheat', every: 30, until: 0, tells: 'sales' })).toEqual([]);
    expect(told({ state: 'paper_out', every: 30, tells: 'sales' })).toEqual([]);
    expect(told({ state: 'cover_open', every: 30, tells: 'sales' })).toEqual([]);
  });

  it('does not stand still where receipts come out between its stops, or while it says so', () => {
    expect(told({ state: 'overheat', during: (hour) => hour % 1 < 0.6, every: 30, tells: 'sales' })).toEqual([]);
    expect(told({ state: 'overheat', every: 30, tells: 'sales', prints: () => true })).toEqual([]);
  });

  it('has stood still only since its last receipt, however many come after it', () => {
    const prints = (hour: number): boolean => hour < 2.9 && hour % 0.5 < 0.2;
    const [[mode, hours] = ['', 0]] = told({ state: 'mech_error', every: 10, tells: 'sales', prints });
    expect(mode).toBe('paper_feed');
    expect(hours).toBeGreaterThan(3.2);
    expect(hours).toBeLessThan(4.2);
  });

  it('is excused for an hour that is hotter than any before by a thermometer of its computer, until thirty have gone', () => {
    const hot = { state: 'overheat', every: 30, tells: 'sales', head: 47, computer: 42 } as const;
    expect(told({ ...hot, until: 14 })).toEqual([]);
    const [[mode, hours] = ['', 0]] = told(hot);
    expect(mode).toBe('overheat');
    expect(hours).toBeGreaterThan(14.4);
    expect(told({ ...hot, until: 14, computer: 26 })).not.toEqual([]);
  });

  it('is told for want of voltage once five have gone, from mains or from a full pack, but not from an empty one', () => {
    const weak = { state: 'low_voltage', every: 30, until: 12, tells: 'sales' } as const;
    for (const charge of [undefined, 90]) {
      const [[mode, hours] = ['', 0]] = told(charge === undefined ? weak : { ...weak, charge });
      expect(mode).toBe('power');
      expect(hours).toBeGreaterThan(2);
      expect(hours).toBeLessThan(3);
    }
    expect(told({ ...weak, charge: 5 })).toEqual([]);
  });
});
