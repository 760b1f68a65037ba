import type { Component, Mode } from '../../contract/modes.ts';
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
  /** Totals that are added up, where a message may leave out some of them: a sum of fewer is another sum. At most eight. */
  readonly parts?: (c: Counters) => readonly (number | undefined)[];
  /** Units a day, where they are time; 0 where they are counted. */
  readonly perDay: number;
  /** Units that stand for a day, where they are counted: fewer tell too little. */
  readonly typical: number;
  /** Least rise, in events a unit, that anybody would mind. */
  readonly matters: number;
  /** A part, and its modes, whose failing brings such events: those of a terminal with such a ticket are its own. */
  readonly broughtBy?: { readonly component: Component; readonly modes: readonly Mode[] };
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
    // What an update makes it draw fades a pack, too.
    broughtBy: { component: 'battery', modes: ['resistance_rise', 'charging_fault', 'overheat'] },
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
    units: (c) => sum(payments(c)),
    parts: payments,
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
    matters: 0.01,
    most: 1,
  },
  {
    component: 'reader',
    metric: 'reader.fails',
    describe: 'Failed card reads',
    per: 'read',
    events: (c) => sum(reads(c).slice(0, 3)),
    units: (c) => sum(reads(c)),
    parts: reads,
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

/** Components whose rates are measured. */
export const MEASURED: readonly Component[] = [...new Set(MEASURES.map(({ component }) => component))];

function payments({ txn }: Counters): (number | undefined)[] {
  return [txn?.tech_fail_total, txn?.ok_total, txn?.declined_total];
}

/** Failed ones first. */
function reads({ reader: r }: Counters): (number | undefined)[] {
  return [
    r?.chip_fail_total,
    r?.tap_fail_total,
    r?.swipe_fail_total,
    r?.chip_ok_total,
    r?.tap_ok_total,
    r?.swipe_ok_total,
  ];
}

/** Sum of what is told; undefined where nothing is. */
function sum(totals: readonly (number | undefined)[]): number | undefined {
  return totals.some((total) => total !== undefined)
    ? totals.reduce<number>((all, total) => all + (total ?? 0), 0)
    : undefined;
}
