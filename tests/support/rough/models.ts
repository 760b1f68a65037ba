import type { Component, Mode } from '../../../contract/modes.ts';
import type { Dice } from '../wild-random.ts';

/** What a vendor built, and what its firmware tells of it. Values are the maker's; a unit scatters around them. */
export interface Model {
  readonly vendor: string;
  readonly name: string;
  readonly beatS: number;
  readonly countS: number;
  readonly printer: {
    readonly ohm: number;
    readonly supplyMv: number;
    readonly cutter: boolean;
    readonly dots: number;
  } | null;
  readonly battery: {
    readonly mah: number;
    readonly mohm: number;
    readonly gauge: 'learning' | 'fixed' | 'none';
  } | null;
  readonly radio: 'lte' | 'nr' | 'wifi' | 'ethernet';
  /** A gateway speaks for the store: no wills, messages a minute late. */
  readonly gateway: boolean;
  /** Retries of sends that failed are kept on the device, or dropped. */
  readonly buffers: boolean;
  readonly flashMb: number;
  readonly memMb: number;
  /** `group.field`s it never tells. */
  readonly lacks: ReadonlySet<string>;
  /** Digits after the point of its gauges, and how ragged they are. */
  readonly digits: number;
  readonly raggedness: number;
  /** How far each symptom has gone when the part gives up: hardware differs. */
  readonly ends: Readonly<Record<string, number>>;
}

interface Vendor {
  readonly name: string;
  readonly drops: number;
  readonly raggedness: number;
  readonly digits: number;
  readonly lacks: readonly string[];
}

const VENDORS: readonly Vendor[] = [
  { name: 'Norden', drops: 0.04, raggedness: 0.7, digits: 2, lacks: [] },
  { name: 'Halyard', drops: 0.14, raggedness: 1, digits: 1, lacks: ['printer.head_ohm', 'battery.resistance_mohm'] },
  {
    name: 'Brightpay',
    drops: 0.2,
    raggedness: 1.5,
    digits: 0,
    lacks: ['printer.dead_dots', 'network.rsrq_db', 'battery.cycles'],
  },
];

const DROPPABLE = [
  'battery.current_ma',
  'battery.temp_c',
  'battery.cycles',
  'battery.resistance_mohm',
  'printer.head_temp_c',
  'printer.head_mv',
  'printer.head_ohm',
  'printer.dead_dots',
  'network.rsrp_dbm',
  'network.rsrq_db',
  'network.sinr_db',
  'network.rtt_ms',
  'network.loss_pct',
  'network.buffered',
  'system.mem_free_mb',
  'system.flash_free_mb',
  'system.temp_c',
  'printer.retries_total',
  'printer.jams_total',
  'printer.overheats_total',
  'printer.low_voltage_stops_total',
  'battery.charge_sessions_total',
  'battery.brownouts_total',
  'battery.over_temp_total',
  'network.reconnects_total',
  'network.reattaches_total',
  'network.tx_fail_total',
  'system.crashes_total',
  'system.reboots_total',
  'system.flash_writes_mb_total',
];

/** The makers' catalogue of one fleet: three vendors, two models each. */
export function catalogue(d: Dice, beats: readonly number[], countS?: number): Model[] {
  const models = VENDORS.flatMap((vendor) => [0, 1].map((n) => build(d, vendor, n, beats)));
  return countS === undefined ? models : models.map((model) => ({ ...model, countS }));
}

function build(d: Dice, vendor: Vendor, n: number, beats: readonly number[]): Model {
  const lacks = new Set([...vendor.lacks, ...DROPPABLE.filter(() => d.chance(vendor.drops))]);
  const beatS = d.pick(beats);
  const portable = n === 1 || d.chance(0.4);
  const radio = portable ? d.pick(['lte', 'lte', 'nr', 'wifi'] as const) : d.pick(['wifi', 'ethernet', 'lte'] as const);
  const gauge = d.pick(['learning', 'fixed', 'none'] as const);
  const end = (low: number, high: number): number => d.between(low, high);
  return {
    vendor: vendor.name,
    name: `${vendor.name}-${n === 0 ? 'Desk' : 'Go'}${Math.floor(d.between(1, 9))}`,
    beatS,
    countS: Math.max(300, beatS),
    printer: d.chance(0.92)
      ? {
          ohm: d.between(500, 1600),
          supplyMv: d.pick([8400, 12_000, 24_000]),
          cutter: d.chance(0.65),
          dots: d.pick([384, 576]),
        }
      : null,
    battery: portable ? { mah: d.pick([1800, 2600, 3350, 5200]), mohm: d.between(70, 190), gauge } : null,
    radio,
    gateway: !portable && d.chance(0.5),
    buffers: d.chance(0.7),
    flashMb: d.between(400, 8000),
    memMb: d.between(120, 1800),
    lacks,
    digits: vendor.digits,
    raggedness: vendor.raggedness,
    ends: {
      ohm: end(0.08, 0.3),
      dots: end(5, 40),
      retry: end(0.2, 0.8),
      jam: end(0.06, 0.3),
      cut: end(0.08, 0.5),
      overheat: end(0.04, 0.25),
      headHeat: end(12, 30),
      lowVolt: end(0.05, 0.3),
      sag: end(0.08, 0.2),
      resist: end(1.7, 3.5),
      packHeat: end(13, 24),
      refuse: end(0.5, 0.9),
      rsrp: end(16, 34),
      sinr: end(9, 20),
      reconnect: end(2, 9),
      attach: end(2, 8),
      latency: end(3, 14),
      loss: end(25, 70),
      crash: end(5, 18),
      writes: end(2.5, 6),
    },
  };
}

/** What a model's fields can show at all: a fault of which nothing is told is announced by nothing. */
export function shows(model: Model, component: Component, mode: Mode): boolean {
  const tells = (...fields: string[]): boolean => fields.some((field) => !model.lacks.has(field));
  const { printer, battery } = model;
  switch (mode) {
    case 'head_wear':
      return printer !== null && tells('printer.head_ohm', 'printer.dead_dots');
    case 'paper_feed':
      return printer !== null && tells('printer.jams_total');
    case 'cutter_wear':
      return printer?.cutter === true;
    case 'power':
      return printer !== null && tells('printer.head_mv', 'printer.low_voltage_stops_total');
    case 'overheat':
      return component === 'printer'
        ? printer !== null && tells('printer.overheats_total', 'printer.head_temp_c')
        : battery !== null && tells('battery.temp_c');
    case 'capacity_fade':
    case 'charging_fault':
      return battery !== null;
    case 'resistance_rise':
      return battery !== null && tells('battery.resistance_mohm', 'battery.current_ma', 'battery.brownouts_total');
    case 'signal_degradation':
      return model.radio !== 'ethernet' && tells(model.radio === 'wifi' ? 'network.loss_pct' : 'network.rsrp_dbm');
    case 'sim_wear':
      return (model.radio === 'lte' || model.radio === 'nr') && tells('network.reattaches_total');
    case 'congestion':
      return tells('network.rtt_ms');
    case 'storage_wear':
      return tells('system.flash_free_mb', 'system.flash_writes_mb_total');
    case 'crash_loop':
      return tells('system.crashes_total', 'system.reboots_total');
    default:
      return component === 'reader';
  }
}
