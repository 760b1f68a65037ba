import type { Block } from '../block.ts';
import type { GaugeSpec, RateSpec } from '../detector.ts';
import { DESIGN, FULL } from './pack-channels.ts';

/** Share of the way to failure to which not even the sun brings a pack beyond what it brings others to, from 26 °C to some 50: one in a hot car comes to 46. */
const HOT_BY_ITSELF = 0.75;

/** A battery has failed when it holds under 60 % of its design charge. */
const WORN = 0.6;
const toWorn = (base: number): number => Math.max(0.08, base - WORN);
/** Packs shut down near 60 °C (the usual limit of cells while discharging); the mean of an hour stays under its peak. */
const toHot = (base: number): number => Math.max(12, 55 - base);
/** The same of the day's hottest hour, which is its peak. */
const peakToHot = (base: number): number => Math.max(12, 60 - base);
const times = (x: number): number => Math.exp(x);
/** Charge in mAh, from its share of the design charge. */
const ofDesign = (share: number, block: Block): number => share * block.scratch(DESIGN);

/** What is measured of a pack, in the order of its channels. */
export const PACK_GAUGES: readonly GaugeSpec[] = [
  {
    metric: 'battery.full_mah',
    scaled: true,
    dir: -1,
    reach: toWorn,
    reachSd: 0.12,
    floor: 0.006,
    full: 0.18,
    steps: true,
    // Nothing innocent takes a tenth of a pack's charge within weeks.
    grave: 0.1,
    describe: 'full charge, mAh',
    show: ofDesign,
  },
  {
    metric: 'battery.capacity',
    infers: FULL,
    learn: 10,
    suspect: 2.5,
    holdDays: 2,
    dir: -1,
    reach: toWorn,
    reachSd: 0.3,
    floor: 0.03,
    common: true,
    describe: 'charge held as measured by discharging, mAh',
    show: ofDesign,
    unit: 'mAh',
  },
  {
    metric: 'battery.resistance_mohm',
    scaled: true,
    // The cold adds a third, and is taken out; nothing else makes a gauge tell half as much again.
    beyond: 0.6,
    dir: 1,
    reach: 0.75,
    reachSd: 0.45,
    floor: 0.03,
    full: 0.18,
    steps: true,
    describe: 'inner resistance',
    show: times,
  },
  {
    metric: 'battery.sag',
    alone: 0.6,
    learn: 5,
    suspect: 2.5,
    // A sample a day, and a receipt being printed makes one look bad: days of them are wanted.
    holdDays: 2,
    dir: 1,
    reach: 0.75,
    reachSd: 0.5,
    floor: 0.09,
    common: true,
    describe: 'voltage sag under load, mΩ',
    show: times,
    unit: 'mOhm',
  },
  {
    metric: 'battery.charge_speed',
    // A terminal that is charged once a day shows it once: learned for longer, a charger that fades within two weeks would be its own habit.
    learn: 6,
    suspect: 1.5,
    dir: -1,
    reach: 1.1,
    reachSd: 0.5,
    floor: 0.12,
    common: true,
    describe: 'charging speed, % an hour',
    show: times,
    unit: '%/h',
  },
  {
    metric: 'battery.temp_c',
    steps: true,
    // An update may tell another temperature of what is around it, or none any more.
    scaled: true,
    full: 0.18,
    holdDays: 0.4,
    dir: 1,
    reach: 20,
    reachSd: 0.4,
    floor: 1,
    diurnal: true,
    common: true,
    describe: 'pack temperature above its surroundings',
    unit: 'K',
  },
  {
    metric: 'battery.drain',
    infers: FULL,
    learn: 10,
    suspect: 1.5,
    dir: 1,
    reach: 0.5,
    reachSd: 0.45,
    floor: 0.14,
    common: true,
    least: 0.25,
    alone: 0.6,
    // A shop's busy days drain packs as a worn one is drained: charge fades over weeks, so it can wait for them to pass.
    holdDays: 3,
    describe: 'drain in use, % an hour',
    show: times,
    unit: '%/h',
  },
  {
    metric: 'battery.temp_c',
    steps: true,
    alone: 0.6,
    beyond: HOT_BY_ITSELF,
    dir: 1,
    reach: toHot,
    reachSd: 0.4,
    floor: 1,
    diurnal: true,
    common: true,
    weather: true,
    describe: 'pack temperature',
  },
  {
    metric: 'battery.sag',
    alone: 0.5,
    learn: 5,
    suspect: 1.5,
    // One or two charges a day: three days of them.
    holdDays: 3,
    dir: 1,
    reach: 0.75,
    reachSd: 0.5,
    floor: 0.08,
    common: true,
    describe: 'voltage step at its charger, mV',
    show: times,
    unit: 'mV',
  },
  {
    metric: 'battery.charge_speed',
    learn: 8,
    suspect: 1.5,
    infers: FULL,
    // What a charger gives is the same for any pack: one that holds less is full sooner. So is any at a stronger charger: its drain must agree.
    // Neither weather nor trade moves it, so that it is not measured by what it does elsewhere.
    steps: true,
    alone: 0.45,
    holdDays: 2,
    dir: 1,
    reach: 0.42,
    reachSd: 0.35,
    floor: 0.05,
    describe: 'charging speed of a pack that holds less, % an hour',
    show: times,
    unit: '%/h',
  },
  {
    metric: 'battery.temp_c',
    learn: 6,
    suspect: 1.5,
    steps: true,
    alone: 0.7,
    // A hot day, or two at a window in the sun: three that are hotter by the day are wanted.
    holdDays: 2,
    dir: 1,
    reach: peakToHot,
    reachSd: 0.4,
    floor: 1.5,
    common: true,
    least: 0.25,
    describe: "pack temperature in the day's hottest hour",
  },
];

/** What is counted of a pack, likewise. */
export const PACK_RATES: readonly RateSpec[] = [
  {
    metric: 'battery.brownouts_total',
    per: 'day',
    reach: 2.5,
    reachSd: 1,
    prior: 0.02,
    priorUnits: 8,
    rise: 3,
    units: 0.1,
    // One deep discharge brings several: only days of it speak for a worn pack.
    holdDays: 0.9,
    allowance: 4.5,
    // A cold evening or a surge of sales brings a few; one that gives way twice in each hour and a half of use, on and on, does so on the next day, too.
    plain: 10,
    plainErrors: 2,
    describe: 'brownouts',
  },
  {
    metric: 'battery.over_temp_total',
    per: 'day',
    reach: 2,
    reachSd: 1,
    prior: 0.02,
    priorUnits: 8,
    rise: 0.3,
    units: 0.1,
    hurries: true,
    describe: 'stops for pack temperature',
  },
  {
    metric: 'battery.charge_sessions_total',
    per: 'day',
    reach: 25,
    reachSd: 0.8,
    prior: 2,
    priorUnits: 1,
    rise: 4,
    times: 5,
    allowance: 12,
    units: 0.1,
    holdDays: 1,
    describe: 'charge sessions',
  },
  {
    metric: 'battery.status',
    absolute: true,
    per: 'heartbeat',
    reach: 0.5,
    reachSd: 0.6,
    prior: 0.02,
    priorUnits: 60,
    rise: 0.03,
    units: 4,
    allowance: 10,
    describe: 'time on power without charging',
  },
];
