import type { Component } from '../../contract/modes.ts';
import type { Counters } from '../../contract/payloads.ts';

/** A rate by which a firmware is judged: events (a total) per unit, where units are another total, or time. */
export interface Measure {
  readonly component: Component;
  readonly metric: string;
  readonly describe: string;
  readonly per: string;
  readonly events: (c: Counters) => number | undefined;
  /** Total of units; left out where units are time. */
  readonly units?: (c: Counters) => number | undefined;
  /** Units a day, where they are time; 0 where they are counted. */
  readonly perDay: number;
  /** Units that stand for a day, where they are counted: fewer tell too little. */
  readonly typical: number;
  /** Least rise, in events a unit, that anybody would mind. */
  readonly matters: number;
  /** Most events a unit that are believed: one terminal gone mad must not speak for all. */
  readonly most: number;
}

export const MEASURES: readonly Measure[] = [
  {
    component: 'system',
    metric: 'system.crashes_total',
    describe: 'Crashes',
    per: 'day',
    events: (c) => c.system?.crashes_total,
    perDay: 1,
    typical: 0,
    matters: 0.15,
    most: 12,
  },
  {
    component: 'system',
    metric: 'system.reboots_total',
    describe: 'Restarts',
    per: 'day',
    events: (c) => c.system?.reboots_total,
    perDay: 1,
    typical: 0,
    matters: 0.3,
    most: 12,
  },
  {
    component: 'system',
    metric: 'txn.tech_fail_total',
    describe: 'Payments that failed technically',
    per: 'payment',
    events: (c) => c.txn?.tech_fail_total,
    units: (c) => (c.txn?.ok_total ?? 0) + (c.txn?.declined_total ?? 0) + (c.txn?.tech_fail_total ?? 0),
    perDay: 0,
    typical: 10,
    matters: 0.004,
    most: 0.8,
  },
  {
    component: 'printer',
    metric: 'printer.retries_total',
    describe: 'Print jobs tried again',
    per: 'job',
    events: (c) => c.printer?.retries_total,
    units: (c) => c.printer?.jobs_total,
    perDay: 0,
    typical: 10,
    matters: 0.02,
    most: 1,
  },
  {
    component: 'reader',
    metric: 'reader.fails',
    describe: 'Failed card reads',
    per: 'read',
    events: (c) => sum(c.reader?.chip_fail_total, c.reader?.tap_fail_total, c.reader?.swipe_fail_total),
    units: (c) =>
      sum(
        c.reader?.chip_fail_total,
        c.reader?.tap_fail_total,
        c.reader?.swipe_fail_total,
        c.reader?.chip_ok_total,
        c.reader?.tap_ok_total,
        c.reader?.swipe_ok_total,
      ),
    perDay: 0,
    typical: 10,
    matters: 0.02,
    most: 0.9,
  },
  {
    component: 'network',
    metric: 'network.reconnects_total',
    describe: 'Sessions opened again',
    per: 'hour',
    events: (c) => c.network?.reconnects_total,
    perDay: 24,
    typical: 0,
    matters: 0.15,
    most: 4,
  },
];

/** Sum of what is told; undefined where nothing is. */
function sum(...totals: readonly (number | undefined)[]): number | undefined {
  return totals.some((total) => total !== undefined)
    ? totals.reduce<number>((all, total) => all + (total ?? 0), 0)
    : undefined;
}
