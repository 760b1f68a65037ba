import type { Component, Mode } from '../../../contract/modes.ts';
import type { Dice } from '../wild-random.ts';
import { type Model, shows } from './models.ts';
import { DAY, HOUR } from './world.ts';

/** A failing part. `damage` grows from 0 at onset to 1, where the part gives up; what it does to readings is the part's own affair. */
export interface Fault {
  readonly component: Component;
  readonly mode: Mode;
  readonly variant: string;
  readonly onset: number;
  /** Expected ms from onset to failure; 0: it fails at once. */
  readonly span: number;
  /** Growth law: damage = (effective time)^power, ragged by `scatter`. */
  readonly power: number;
  readonly scatter: number;
  /** Hours from failure until somebody has mended it; whether the terminal tells. */
  readonly mendH: number;
  readonly tells: boolean;
  /** Each symptom = damage^bend: some show early, some late. */
  readonly bends: Readonly<Record<string, number>>;
  clock: number;
  damage: number;
  failedAt: number | null;
  over: boolean;
}

interface Law {
  readonly component: Component;
  readonly mode: Mode;
  /** Days from onset to failure, least and most (drawn evenly in the log). */
  readonly days: readonly [number, number];
  readonly variants: readonly string[];
}

const LAWS: readonly Law[] = [
  { component: 'printer', mode: 'head_wear', days: [4, 24], variants: ['abrasion', 'dots'] },
  { component: 'printer', mode: 'paper_feed', days: [2.5, 14], variants: ['roller', 'gear'] },
  { component: 'printer', mode: 'cutter_wear', days: [2.5, 14], variants: ['blade'] },
  { component: 'printer', mode: 'overheat', days: [2.5, 12], variants: ['thermistor'] },
  { component: 'printer', mode: 'power', days: [2.5, 12], variants: ['supply'] },
  { component: 'battery', mode: 'capacity_fade', days: [6, 28], variants: ['knee', 'steady'] },
  { component: 'battery', mode: 'resistance_rise', days: [4, 22], variants: ['ageing'] },
  { component: 'battery', mode: 'charging_fault', days: [2.5, 10], variants: ['contact', 'charger'] },
  { component: 'battery', mode: 'overheat', days: [2.5, 10], variants: ['swelling'] },
  { component: 'network', mode: 'signal_degradation', days: [0.13, 5], variants: ['antenna', 'interference'] },
  { component: 'network', mode: 'sim_wear', days: [0.3, 6], variants: ['contact'] },
  { component: 'network', mode: 'congestion', days: [0.3, 4], variants: ['uplink'] },
  { component: 'reader', mode: 'contact_wear', days: [2.5, 16], variants: ['dirt'] },
  { component: 'reader', mode: 'tap_fault', days: [2.5, 12], variants: ['coil'] },
  { component: 'system', mode: 'storage_wear', days: [3, 16], variants: ['flash'] },
  { component: 'system', mode: 'crash_loop', days: [2.5, 12], variants: ['leak', 'crash'] },
];

const SYMPTOMS = [
  'ohm',
  'dots',
  'retry',
  'jam',
  'lowVolt',
  'sag',
  'resist',
  'drain',
  'rsrp',
  'sinr',
  'loss',
  'reconnect',
  'crash',
  'writes',
  'leak',
];

export interface Span {
  readonly start: number;
  readonly days: number;
}

/** Draws a fault that the model's fields can show; undefined where it has none of them. */
export function drawFault(d: Dice, model: Model, { start, days }: Span, only?: readonly Mode[]): Fault | undefined {
  const possible = LAWS.filter(
    (law) => (!only || only.includes(law.mode)) && shows(model, law.component, law.mode) && law.days[0] < days - 7,
  );
  if (possible.length === 0) return undefined;
  const law = d.pick(possible);
  const sudden = d.chance(0.06);
  const span = sudden ? 0 : Math.exp(d.between(Math.log(law.days[0]), Math.log(Math.min(law.days[1], days - 6)))) * DAY;
  const latest = start + days * DAY - span * 1.15 - 12 * HOUR;
  return {
    component: law.component,
    mode: law.mode,
    variant: d.pick(law.variants),
    onset: d.between(start + 4.5 * DAY, Math.max(start + 4.6 * DAY, latest)),
    span,
    power: d.pick([0.8, 1, 1, 1.4, 2]),
    scatter: d.between(0.1, 0.6),
    mendH: d.between(3, 70),
    tells: d.chance(0.65),
    bends: Object.fromEntries(SYMPTOMS.map((key) => [key, d.pick([0.7, 1, 1, 1.35])])),
    clock: 0,
    damage: 0,
    failedAt: null,
    over: false,
  };
}

/** Moves damage on by `ms`, faster under more use (1: usual), by increments that are gamma-like: ragged in the short, even in the long. */
export function wear(fault: Fault, d: Dice, ms: number, use: number): void {
  if (fault.span <= 0) {
    fault.clock = 1;
    fault.damage = 1;
    return;
  }
  const even = (ms / fault.span) * use;
  const ragged = even * Math.exp(fault.scatter * d.normal() - fault.scatter ** 2 / 2);
  fault.clock = Math.min(1.2, fault.clock + ragged);
  fault.damage = Math.min(1, fault.clock ** fault.power);
}

/** How far a symptom of it has gone, 0 … 1. */
export function symptom(fault: Fault | undefined, key: string): number {
  return fault ? fault.damage ** (fault.bends[key] ?? 1) : 0;
}

/** A line of the truth file, with what reports need beside it. */
export interface RoughTruth {
  readonly tenant: string;
  readonly terminal: string;
  readonly component: Component;
  readonly mode: Mode;
  readonly onset_at: number;
  readonly failed_at: number | null;
  readonly variant: string;
}
