import type { Mode } from '../../../contract/modes.ts';
import type { Dice } from '../wild-random.ts';
import { type Fault, symptom } from './faults.ts';
import type { Model } from './models.ts';
import { DAY, HOUR, type Site, type Spell } from './world.ts';

type Groups = Record<string, Record<string, number | string>>;

/** One terminal: what it is, what it has been through, and what it would say now. */
export interface Till {
  readonly id: string;
  readonly model: Model;
  readonly d: Dice;
  readonly base: Base;
  readonly faults: Fault[];
  readonly nuisances: Nuisances;
  site: Site;
  on: boolean;
  /** Shut down by a fault until then. */
  deadUntil: number;
  bootedAt: number;
  boots: number;
  firmware: string;
  /** Force of a bad firmware, 0 where it is none. */
  regression: number;
  /** Share by which an update moved free memory for good, without harm. */
  resized: number;
  soc: number;
  docked: boolean;
  charging: boolean;
  learned: number;
  leaked: number;
  packC: number;
  headC: number;
  /** Slow wanderings of its gauges, by name. */
  readonly drift: Record<string, number>;
  readonly totals: Record<string, number>;
  /** What it waits for: paper, or a lid to be shut. */
  waiting: { until: number; state: string } | null;
  /** Cell it is on, of its site's. */
  cell: number;
  lineUp: boolean;
  downUntil: number;
}

/** What this piece of hardware is like while sound. */
export interface Base {
  readonly scale: number;
  readonly ohm: number;
  readonly dots: number;
  readonly supply: number;
  readonly soh: number;
  readonly mohm: number;
  readonly cycles: number;
  rsrp: number;
  sinr: number;
  rssi: number;
  rtt: number;
  readonly loss: number;
  readonly retry: number;
  readonly jam: number;
  readonly cut: number;
  readonly chip: number;
  readonly tap: number;
  readonly swipe: number;
  readonly mem: number;
  readonly flash: number;
  readonly writes: number;
  readonly crash: number;
  readonly leak: number;
  readonly nightly: boolean;
  readonly idleMa: number;
  readonly reconnect: number;
  readonly attach: number;
}

export interface Nuisances {
  readonly roll: Spell;
  readonly cards: Spell;
  readonly roadworks: Spell;
  readonly stuck: Spell & { readonly field: string };
  readonly clockMs: number;
  readonly moveAt: number;
  readonly resetAt: number;
  readonly swapAt: number;
  readonly cleanings: readonly number[];
}

/** What the world is to one terminal for one step. */
export interface Step {
  readonly at: number;
  readonly ms: number;
  readonly hours: number;
  readonly open: boolean;
  readonly jobs: number;
  /** Receipts an hour now. */
  readonly pace: number;
  readonly air: number;
  readonly airtime: number;
  readonly cut: boolean;
}

export function makeTill(
  d: Dice,
  id: string,
  model: Model,
  site: Site,
  start: number,
  days: number,
  rough: boolean,
): Till {
  const spell = (p: number, low: number, high: number): Spell => {
    if (!rough || !d.chance(p)) return { from: 0, to: 0, force: 0 };
    const from = start + d.between(2, days) * DAY;
    return { from, to: from + d.between(low, high) * HOUR, force: d.between(0.4, 1.2) };
  };
  const once = (p: number): number => (rough && d.chance(p) ? start + d.between(4, days) * DAY : 0);
  const weak = d.chance(0.15);
  return {
    id,
    model,
    d,
    site,
    base: {
      scale: Math.exp(0.5 * d.normal()),
      ohm: (model.printer?.ohm ?? 0) * (1 + 0.025 * d.normal()),
      dots: d.chance(0.25) ? d.poisson(1.5) : 0,
      supply: (model.printer?.supplyMv ?? 0) * (1 + 0.006 * d.normal()),
      soh: d.between(0.74, 1),
      mohm: (model.battery?.mohm ?? 0) * Math.exp(0.15 * d.normal()),
      cycles: Math.floor(d.between(10, 450)),
      rsrp: weak ? d.between(-114, -107) : d.between(-104, -72),
      sinr: weak ? d.between(1, 6) : d.between(5, 22),
      rssi: weak ? d.between(-81, -75) : d.between(-72, -42),
      rtt: Math.exp(d.between(Math.log(45), Math.log(420))),
      loss: weak ? d.between(0.5, 3) : d.between(0, 0.7),
      retry: d.between(0.002, 0.025),
      jam: d.between(0.0002, 0.003),
      cut: d.between(0.0002, 0.004),
      chip: d.between(0.005, 0.06),
      tap: d.between(0.005, 0.05),
      swipe: d.between(0.02, 0.12),
      mem: model.memMb * d.between(0.3, 0.6),
      flash: model.flashMb * d.between(0.3, 0.8),
      writes: d.between(3, 70),
      crash: d.between(0, 0.12),
      leak: d.between(0, 0.01),
      nightly: d.chance(0.25),
      idleMa: d.between(45, 120),
      reconnect: d.between(0.01, 0.25),
      attach: d.between(0.004, 0.12),
    },
    faults: [],
    nuisances: {
      roll: spell(0.25, 4, 30),
      cards: spell(0.15, 2, 16),
      roadworks: spell(0.25, 0.5, 9),
      stuck: { ...spell(0.08, 6, 60), field: d.pick(['rtt_ms', 'temp_c', 'head_ohm', 'rsrp_dbm']) },
      clockMs:
        rough && d.chance(0.12)
          ? Math.round(d.pick([-1, 1]) * Math.exp(d.between(Math.log(60), Math.log(20_000))) * 1000)
          : 0,
      moveAt: once(0.08),
      resetAt: once(0.15),
      swapAt: once(0.06),
      cleanings: rough && d.chance(0.3) ? [start + d.between(3, days) * DAY] : [],
    },
    on: true,
    deadUntil: 0,
    bootedAt: start - d.between(0, 4) * DAY,
    boots: 1,
    firmware: '3.1.0',
    regression: 0,
    resized: 1,
    soc: d.between(40, 95),
    docked: true,
    charging: false,
    learned: 0,
    leaked: 0,
    packC: 25,
    headC: 25,
    drift: {},
    totals: {},
    waiting: null,
    cell: 0,
    lineUp: true,
    downUntil: 0,
  };
}

/** The fault of that mode which is under way; of a component where two share the mode's name. */
export function faultOf(till: Till, mode: Mode, component?: string): Fault | undefined {
  return till.faults.find(
    (f) => f.mode === mode && !f.over && f.clock > 0 && (!component || f.component === component),
  );
}

export function ill(till: Till, mode: Mode, key: string, component?: string): number {
  return symptom(faultOf(till, mode, component), key);
}

/** True once the part has given up. */
export function broken(till: Till, mode: Mode, component?: string): boolean {
  return (faultOf(till, mode, component)?.damage ?? 0) >= 1;
}

/** Adds to a total; totals of a terminal that has been at work for long begin high. */
export function count(till: Till, key: string, n: number): void {
  till.totals[key] = (till.totals[key] ?? Math.floor(till.d() * 4000)) + n;
}

/** Noise of a gauge: a slow wander and a quick tremble, with outliers where the vendor lets them through. */
export function noise(till: Till, key: string, scale: number): number {
  const { d, model } = till;
  const slow = (till.drift[key] ?? 0) * 0.97 + d.normal() * 0.12;
  till.drift[key] = slow;
  const quick = d.normal() * (d.chance(0.004 * model.raggedness) ? 6 : 0.8);
  return (slow + quick) * scale * model.raggedness;
}

/** Leaves out what the model does not tell and rounds the rest as its firmware does. */
export function told(model: Model, groups: Groups, digits: number): Groups {
  const out: Groups = {};
  for (const [group, fields] of Object.entries(groups)) {
    for (const [field, value] of Object.entries(fields)) {
      if (model.lacks.has(`${group}.${field}`)) continue;
      (out[group] ??= {})[field] = typeof value === 'number' ? Number(value.toFixed(digits)) : value;
    }
  }
  return out;
}

/** The counters payload: totals are whole numbers. */
export function countersOf(till: Till): Groups {
  const groups: Groups = {};
  for (const [key, total] of Object.entries(till.totals)) {
    const [group = '', field = ''] = key.split('.');
    (groups[group] ??= {})[field] = Math.floor(total);
  }
  return told(till.model, groups, 0);
}
