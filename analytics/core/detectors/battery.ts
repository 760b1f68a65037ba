import type { Birth, Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';
import {
  BROWNOUTS,
  CHARGE_SPEED,
  CHARGE_TIME,
  COULOMB,
  DESIGN,
  DRAIN,
  FULL,
  OVER_TEMP,
  P_SOC,
  PACK_SCRATCH,
  PEAK,
  REFUSED,
  RESISTANCE,
  SAG,
  SESSIONS,
  SWING,
  TEMP,
  TEMP_BARE,
  USED,
  USED_DAY,
} from './pack-channels.ts';
import { besideWarmth, isHotterThanEver, takeTemperature } from './pack-heat.ts';
import { takeResistance } from './pack-resistance.ts';
import { followRun, timesUsual } from './pack-runs.ts';

/** Pack temperatures between which a charger charges at all: beyond them it waits, and nothing is wrong with either. */
const TAKES_CHARGE_C = [2, 43] as const;

/** Share of the way to failure to which not even the sun brings a pack beyond what it brings others to, from 26 °C to some 50: one in a hot car comes to 46. */
const HOT_BY_ITSELF = 0.75;

/** Days without a sale after which a shop is shut: longer than any night, shorter than a Sunday. */
const SHUT_DAYS = 0.85;

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

/** Charge held, inner resistance, charging and heat. Packs whose gauge tells nothing of capacity are judged by drain, sag and charging speed. */
export const battery: Detector = {
  component: 'battery',
  bucketMs: 1.5 * HOUR,
  learnBuckets: 28,
  holdDays: 0.7,
  carried: 0.9,
  fullLevel: 0.22,
  wellDays: 2,
  horizonDays: 12,
  gauges: [
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
      learn: 10,
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
  ],
  rates: [
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
  ],
  totals: ['brownouts_total', 'over_temp_total', 'charge_sessions_total'],
  scratch: PACK_SCRATCH,
  modes: [
    {
      mode: 'capacity_fade',
      patient: true,
      gauges: [FULL, COULOMB, DRAIN, CHARGE_TIME],
      addsUp: true,
      rates: [],
      usual: true,
      cost: 'The terminal will not last a shift off its cradle and will die in the middle of sales.',
    },
    {
      mode: 'resistance_rise',
      // Cells that age lose charge and resist more; a contact or a cold day only makes them resist.
      yieldsTo: ['capacity_fade'],
      corroborates: true,
      patient: true,
      gauges: [RESISTANCE, SAG, SWING],
      rates: [BROWNOUTS],
      cost: 'The pack gives way under a print or a radio burst and the terminal switches itself off.',
    },
    {
      mode: 'charging_fault',
      gauges: [CHARGE_SPEED],
      rates: [SESSIONS, REFUSED],
      cost: 'The terminal will stop charging and be flat at the next opening.',
    },
    {
      mode: 'overheat',
      corroborates: true,
      gauges: [TEMP, TEMP_BARE, PEAK],
      rates: [OVER_TEMP],
      cost: 'The pack will shut the terminal down for heat, and a swelling pack is a hazard.',
    },
  ],

  concerns: (payload) => payload.battery !== undefined,

  weigh: (block, gauges, rates) => ({ gauges, rates: besideWarmth(block, rates) }),

  birth(block: Block, birth: Birth): void {
    const design = birth.battery?.design_mah;
    if (design !== undefined && design > 0) block.setScratch(DESIGN, design);
  },

  heartbeat(block: Block, hb: Heartbeat): void {
    const b = hb.battery;
    if (!b || b.status === 'absent') return;
    if (b.full_mah !== undefined && b.full_mah > 0) {
      if (block.scratch(DESIGN) === 0) block.setScratch(DESIGN, b.full_mah);
      block.gauge(FULL, b.full_mah / block.scratch(DESIGN));
    }
    if (b.resistance_mohm !== undefined && b.resistance_mohm > 1) takeResistance(block, b.resistance_mohm, b.temp_c);
    if (b.temp_c !== undefined) takeTemperature(block, b.temp_c, hb.system?.temp_c, hb.printer?.head_temp_c);
    // A pack that is nearly full wants no charge, and says nothing of whether it would take one.
    const takes = b.temp_c === undefined || (b.temp_c > TAKES_CHARGE_C[0] && b.temp_c < TAKES_CHARGE_C[1]);
    if (b.status !== undefined && b.status !== 'discharging' && takes && (b.soc_pct ?? 0) < 90) {
      block.rate(REFUSED, b.status === 'not_charging' ? 1 : 0, 1);
    }
    followRun(block, b);
  },

  counters(block: Block, c: Counters, hours: number): void {
    const b = c.battery;
    if (!b) return;
    const used = c.printer?.jobs_total ?? c.printer?.cuts_total ?? c.txn?.ok_total;
    const uses = used === undefined || block.scratch(USED) === 0 ? 0 : used - block.scratch(USED);
    if (used !== undefined) block.setScratch(USED, used);
    if (used === undefined || uses > 0 || block.scratch(USED_DAY) === 0) block.setScratch(USED_DAY, block.day);
    // A pack is put on its charger between sales: a holiday's days, which have none, would make every day after it look busy.
    const isShut = block.day - block.scratch(USED_DAY) > SHUT_DAYS;
    const brownouts = block.delta(0, b.brownouts_total);
    const overTemp = block.delta(1, b.over_temp_total);
    const sessions = block.delta(2, b.charge_sessions_total);
    if (Math.min(brownouts, overTemp, sessions) < 0) return;
    const days = Math.min(hours, 24) / 24;
    // A pack that was run empty gives way, worn or not.
    const empty = block.scratch(P_SOC) > 0 && block.scratch(P_SOC) < 20;
    // It is a receipt or a sale that makes a pack give way: twice as many make twice as many chances of it.
    // What is left out now and then is told by the next message that has it; the days passed meanwhile.
    if (block.told(0) && !empty) block.rate(BROWNOUTS, brownouts, days * timesUsual(block, uses, hours));
    if (block.told(1) && !isHotterThanEver(block)) block.rate(OVER_TEMP, overTemp, days);
    if (block.told(2) && !isShut) block.rate(SESSIONS, sessions, days);
  },
};
