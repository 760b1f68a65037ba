import type { Component, Mode } from '../../../contract/modes.ts';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;

/** One line of the recording: payload as JSON text. */
export interface Line {
  readonly received_at: number;
  readonly topic: string;
  readonly payload: string;
}

/** What can wear on a till, each from 0 (sound) to 1 (failed). */
export interface Wear {
  headWear: number;
  paperFeed: number;
  cutter: number;
  headHeat: number;
  headPower: number;
  capacity: number;
  resistance: number;
  charging: number;
  packHeat: number;
  signal: number;
  sim: number;
  crowding: number;
  offline: number;
  contact: number;
  tap: number;
  storage: number;
  crash: number;
  regression: number;
}
export type WearKey = keyof Wear;

export interface Kind {
  readonly component: Component;
  readonly mode: Mode;
  readonly shapes: readonly Shape[];
  /** Whether it may come to its end within two days. */
  readonly fast: boolean;
  /** Least jobs an hour of a till at which a slow and a fast course shows in the counts it is known by; 0 where gauges tell. */
  readonly jobs: readonly [slow: number, fast: number];
}

export type Shape = 'linear' | 'accelerating' | 'knee' | 'steps' | 'spells';
const ALL: readonly Shape[] = ['linear', 'accelerating', 'knee', 'steps', 'spells'];
const STEADY: readonly Shape[] = ['linear', 'accelerating', 'knee'];

export const KINDS: Readonly<Record<WearKey, Kind>> = {
  headWear: {
    component: 'printer',
    mode: 'head_wear',
    shapes: ['linear', 'accelerating', 'knee', 'steps'],
    fast: true,
    jobs: [2, 8],
  },
  paperFeed: { component: 'printer', mode: 'paper_feed', shapes: ALL, fast: true, jobs: [3, 9] },
  cutter: { component: 'printer', mode: 'cutter_wear', shapes: ALL, fast: true, jobs: [3, 9] },
  headHeat: { component: 'printer', mode: 'overheat', shapes: ALL, fast: true, jobs: [3, 9] },
  headPower: { component: 'printer', mode: 'power', shapes: ALL, fast: true, jobs: [3, 9] },
  capacity: { component: 'battery', mode: 'capacity_fade', shapes: [...STEADY, 'steps'], fast: false, jobs: [0, 0] },
  resistance: { component: 'battery', mode: 'resistance_rise', shapes: STEADY, fast: true, jobs: [4, 8] },
  charging: { component: 'battery', mode: 'charging_fault', shapes: ALL, fast: true, jobs: [3, 6] },
  packHeat: { component: 'battery', mode: 'overheat', shapes: ALL, fast: true, jobs: [0, 0] },
  signal: { component: 'network', mode: 'signal_degradation', shapes: ALL, fast: true, jobs: [0, 0] },
  sim: { component: 'network', mode: 'sim_wear', shapes: ALL, fast: true, jobs: [0, 0] },
  crowding: { component: 'network', mode: 'congestion', shapes: STEADY, fast: true, jobs: [0, 0] },
  offline: { component: 'network', mode: 'offline', shapes: [...STEADY, 'spells'], fast: true, jobs: [0, 0] },
  contact: { component: 'reader', mode: 'contact_wear', shapes: ALL, fast: true, jobs: [3, 10] },
  tap: { component: 'reader', mode: 'tap_fault', shapes: ALL, fast: true, jobs: [3, 10] },
  storage: { component: 'system', mode: 'storage_wear', shapes: [...STEADY, 'steps'], fast: true, jobs: [0, 0] },
  crash: { component: 'system', mode: 'crash_loop', shapes: [...STEADY, 'spells'], fast: true, jobs: [0, 0] },
  regression: { component: 'system', mode: 'firmware_regression', shapes: ['steps'], fast: false, jobs: [0, 0] },
};
export const WEAR_KEYS = Object.keys(KINDS) as readonly WearKey[];

export function soundWear(): Wear {
  return Object.fromEntries(WEAR_KEYS.map((key) => [key, 0])) as unknown as Wear;
}

/** What befalls a sound till from outside, between two times; what `amount` means goes by the kind. */
export interface Nuisance {
  readonly kind: 'bad_roll' | 'dirty_reader' | 'off' | 'unplugged' | 'warm_spot';
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

export function during(spans: readonly { readonly from: number; readonly to: number }[], t: number): boolean {
  for (const { from, to } of spans) if (t >= from && t < to) return true;
  return false;
}

export function amountOf(nuisances: readonly Nuisance[], kind: Nuisance['kind'], t: number): number {
  for (const n of nuisances) if (n.kind === kind && t >= n.from && t < n.to) return n.amount;
  return 0;
}
