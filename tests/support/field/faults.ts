/** The ways a part dies, and what a dying part does to its terminal. */
import type { Component, Mode } from '../../../contract/modes.ts';
import type { Dice, Hardware } from './hardware.ts';
import { DAY, HOUR, STEP } from './shops.ts';

/** What the faults of a terminal do to it in one step; all at rest unless a fault says otherwise. */
export interface Effects {
  dots: number;
  ohm: number;
  retry: number;
  jam: number;
  cut: number;
  warm: number;
  sag: number;
  fade: number;
  resist: number;
  loose: number;
  packHeat: number;
  antenna: number;
  attach: number;
  flap: number;
  loss: number;
  chip: number;
  swipe: number;
  tap: number;
  crash: number;
  leak: number;
  flashGone: number;
  writes: number;
  cpu: number;
  dead: ReadonlySet<string>;
}

/** One fault of one terminal, from its onset to its repair. */
export interface Fault {
  component: Component;
  mode: Mode;
  fast: boolean;
  onset: number;
  /** Wanted life in ms; what is reached depends on use. */
  life: number;
  byUse: boolean;
  shape: number;
  progress: number;
  /** How this one differs from others of its kind, each 0–1. */
  k: readonly [number, number, number];
  failedAt?: number;
  repairAt?: number;
  done?: true;
}

interface Kind {
  /** `component.mode` */
  mode: string;
  weight: number;
  fast: boolean | 'both';
  byUse: boolean;
  /** One of these must be among the fields the model sends, or nobody could see the fault come. */
  shows: readonly string[];
  also?: (hw: Hardware, bearer: string) => boolean;
}

const mobile = (_: Hardware, bearer: string) => bearer === 'lte';
const KINDS: readonly Kind[] = [
  {
    mode: 'printer.head_wear',
    weight: 1.5,
    fast: false,
    byUse: true,
    shows: ['printer.dead_dots', 'printer.head_ohm'],
  },
  {
    mode: 'printer.paper_feed',
    weight: 2,
    fast: 'both',
    byUse: true,
    shows: ['printer.retries_total', 'printer.jams_total'],
  },
  { mode: 'printer.cutter_wear', weight: 2, fast: false, byUse: true, shows: ['printer.cutter_errors_total'] },
  { mode: 'printer.overheat', weight: 1.2, fast: 'both', byUse: true, shows: ['printer.head_temp_c'] },
  {
    mode: 'printer.power',
    weight: 1.2,
    fast: 'both',
    byUse: true,
    shows: ['printer.head_mv', 'printer.low_voltage_stops_total'],
    also: (hw) => !hw.battery,
  },
  { mode: 'battery.capacity_fade', weight: 2, fast: false, byUse: false, shows: ['battery.soc_pct'] },
  {
    mode: 'battery.resistance_rise',
    weight: 1.5,
    fast: false,
    byUse: false,
    shows: ['battery.resistance_mohm', 'battery.brownouts_total'],
  },
  { mode: 'battery.charging_fault', weight: 1.5, fast: 'both', byUse: false, shows: ['battery.charge_sessions_total'] },
  { mode: 'battery.overheat', weight: 1, fast: 'both', byUse: false, shows: ['battery.temp_c'] },
  {
    mode: 'network.signal_degradation',
    weight: 1.5,
    fast: 'both',
    byUse: false,
    shows: ['network.rsrp_dbm', 'network.rssi_dbm'],
    also: (_, b) => b !== 'ethernet',
  },
  {
    mode: 'network.sim_wear',
    weight: 1.2,
    fast: 'both',
    byUse: false,
    shows: ['network.reattaches_total'],
    also: mobile,
  },
  { mode: 'network.offline', weight: 1.2, fast: 'both', byUse: false, shows: ['network.reconnects_total'] },
  { mode: 'reader.contact_wear', weight: 1.8, fast: false, byUse: true, shows: ['reader.chip_fail_total'] },
  { mode: 'reader.tap_fault', weight: 1.2, fast: 'both', byUse: true, shows: ['reader.tap_fail_total'] },
  {
    mode: 'system.storage_wear',
    weight: 1.2,
    fast: false,
    byUse: false,
    shows: ['system.flash_free_mb', 'system.flash_writes_mb_total'],
  },
  { mode: 'system.crash_loop', weight: 1.2, fast: 'both', byUse: false, shows: ['system.crashes_total'] },
];

export function makeFault(d: Dice, hw: Hardware, bearer: string, start: number, days: number, not?: string): Fault {
  const fit = KINDS.filter(
    (kind) =>
      !(not && kind.mode.startsWith(not)) &&
      kind.shows.some((field) => hw.gauges.has(field) || hw.counters.has(field)) &&
      (kind.also?.(hw, bearer) ?? true),
  );
  let roll = d.u() * fit.reduce((sum, kind) => sum + kind.weight, 0);
  const kind = fit.find((k) => (roll -= k.weight) <= 0) ?? fit[0]!;
  const [component, mode] = kind.mode.split('.') as [Component, Mode];
  const fast = kind.fast === 'both' ? d.chance(0.4) : kind.fast;
  // What wears in use only lives so many hours of trade; the rest, so many hours.
  const life = fast ? (kind.byUse ? d.between(3, 16) : d.between(5, 40)) * HOUR : d.between(4.5, 20) * DAY;
  // A fast fault begins in trade, or nobody would be there to see it.
  const latest = Math.max(4 * DAY, days * DAY - life - DAY);
  return {
    component,
    mode,
    fast,
    life,
    byUse: kind.byUse,
    progress: 0,
    shape: d.spread(1.4, 0.35),
    onset: start + Math.floor(d.between(3 * DAY, latest) / STEP) * STEP,
    k: [d.u(), d.u(), d.u()],
  };
}

/** `component.mode` of a fault. */
export function hurts({ component, mode }: Pick<Fault, 'component' | 'mode'>): string {
  return `${component}.${mode}`;
}

/** How far a fault has gone (0 new, 1 dead) is turned into what it does to the part. */
export function effectsOf(faults: readonly Fault[], now: number, d: Dice): Effects {
  const dead = new Set<string>();
  const e: Effects = {
    dots: 0,
    ohm: 0,
    retry: 0,
    jam: 0,
    cut: 0,
    warm: 0,
    sag: 0,
    fade: 0,
    resist: 0,
    loose: 0,
    packHeat: 0,
    antenna: 0,
    attach: 0,
    flap: 0,
    loss: 0,
    chip: 0,
    swipe: 0,
    tap: 0,
    crash: 0,
    leak: 0,
    flashGone: 0,
    writes: 0,
    cpu: 0,
    dead,
  };
  for (const f of faults) {
    if (now < f.onset || f.done) continue;
    const s = Math.min(1.3, f.progress ** f.shape);
    const [a, b, c] = f.k;
    // Loose and cracked things come and go.
    const moody = Math.min(1.3, s * Math.exp(d.normal(0.5)));
    const over = f.progress >= 1;
    const key = hurts(f);
    if (key === 'printer.head_wear') {
      e.dots += Math.floor((8 + 30 * a) * s);
      e.ohm += (0.08 + 0.17 * b) * s;
      e.retry += 0.08 * c * s;
    } else if (key === 'printer.paper_feed') {
      e.retry += (0.15 + 0.35 * a) * moody;
      e.jam += (0.04 + 0.14 * b) * moody;
    } else if (key === 'printer.cutter_wear') e.cut += (0.08 + 0.3 * a) * s ** (1.2 + b);
    else if (key === 'printer.overheat') e.warm += (34 + 18 * a) * s;
    else if (key === 'printer.power') e.sag += (0.14 + 0.12 * a) * s * (0.8 + 0.4 * d.u());
    else if (key === 'battery.capacity_fade') e.fade += s;
    else if (key === 'battery.resistance_rise') e.resist += (1.5 + 2 * a) * s;
    else if (key === 'battery.charging_fault')
      e.loose = Math.max(e.loose, over ? 1 : Math.min(0.9, (0.25 + 0.6 * a) * moody));
    else if (key === 'battery.overheat') e.packHeat += (22 + 14 * a) * s;
    else if (key === 'network.signal_degradation') e.antenna += (c < 0.3 ? 5 * b + 4 : 0) + (22 + 14 * a) * s;
    else if (key === 'network.sim_wear') e.attach += (2 + 8 * a) * moody * s;
    else if (key === 'network.offline') {
      e.flap += (2 + 8 * a) * moody;
      e.loss += 25 * b * moody;
    } else if (key === 'reader.contact_wear') {
      if (c < 0.8) e.chip += (0.6 + 0.35 * a) * s ** (1 + b);
      else e.swipe += (0.6 + 0.35 * a) * s;
    } else if (key === 'reader.tap_fault') e.tap += (0.6 + 0.35 * a) * moody;
    else if (key === 'system.storage_wear') {
      e.flashGone += (a < 0.5 ? 1 : 0.3) * Math.min(1, s);
      e.writes += (a < 0.5 ? 0.3 : 1 + 4 * b) * s;
      e.cpu += (a < 0.5 ? 3 : 30) * s;
      e.crash += 0.5 * c * s ** 2 + (s > 0.92 ? 0.5 : 0);
    } else if (key === 'system.crash_loop') {
      e.crash += (0.4 + 2 * a) * s * (f.fast ? 2 : 1);
      if (b < 0.5) e.leak += 0.02 + 0.08 * s;
    }
    if (over) dead.add(key === 'reader.contact_wear' && c >= 0.8 ? 'reader.swipe' : key);
  }
  return e;
}
