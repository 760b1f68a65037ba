/** What the parts of one terminal share, and what a step of ten minutes brings to all of them. */
import type { Ailments } from './ailments.ts';
import type { Effects } from './faults.ts';
import type { Dice, Hardware } from './hardware.ts';
import type { Rates } from './rates.ts';
import type { Site } from './shops.ts';
import type { Line, Voice } from './voice.ts';

export interface World {
  readonly start: number;
  readonly end: number;
  readonly heat: readonly [number, number];
  /** The payment host is away for all, while telemetry goes on. */
  readonly hostAway: readonly [number, number];
  readonly badFirmware: string;
  readonly lines: Line[];
}

/** The parts of one terminal reach each other through this only. */
export interface Frame {
  readonly d: Dice;
  readonly hw: Hardware;
  readonly quirks: ReadonlySet<string>;
  readonly rates: Rates;
  readonly voice: Voice;
  readonly ailments: Ailments;
}

export interface Step {
  readonly world: World;
  readonly now: number;
  readonly site: Site;
  readonly open: boolean;
  /** Somebody would notice that it does not work. */
  readonly used: boolean;
  /** Local time of day, h. */
  readonly hour: number;
  /** Days since the record began. */
  readonly day: number;
  readonly mains: boolean;
  /** How much warmer than usual it is outside, K. */
  readonly heat: number;
  /** Where the terminal stands, °C. */
  readonly ambient: number;
  /** Sales wanted in this step. */
  readonly sales: number;
  readonly e: Effects;
  /** Whether a peculiarity has its day. */
  readonly odd: (quirk: string) => boolean;
}

export type Gauges = Record<string, number | string | undefined>;

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export function round(x: number, digits: number): number {
  return Number(x.toFixed(digits));
}
