import type { Birth, Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';
import {
  BROWNOUTS,
  CHARGE_SPEED,
  CHARGE_TIME,
  COULOMB,
  COUNTED_SOC,
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
  STARTS,
  SWING,
  TEMP,
  TEMP_BARE,
  USED,
  USED_DAY,
} from './pack-channels.ts';
import {
  besideWarmth,
  heatOf,
  isHotterThanEver,
  isTooHotToCharge,
  takeTemperature,
  takeWeather,
  unlessRefused,
} from './pack-heat.ts';
import { PACK_GAUGES, PACK_RATES } from './pack-measures.ts';
import { takeResistance } from './pack-resistance.ts';
import { followRun, timesUsual } from './pack-runs.ts';
import { isToppedUp, lastCharge } from './pack-told.ts';

/** Pack temperatures between which a charger charges at all: beyond them it waits, and nothing is wrong with either. */
const TAKES_CHARGE_C = [2, 43] as const;

/** A charger that let a hot pack be waits until it is cooler by so much, K. */
const COOLER = 5;

function takesCharge(block: Block, pack: number): boolean {
  const [coldest, hottest] = TAKES_CHARGE_C;
  return pack > coldest && pack < hottest - (isHotterThanEver(block) ? COOLER : 0);
}

/** How many charges of a pack that is topped up count as one, for a contact that bounces may do so under a full pack. */
const TOP_UPS = 8;

/** Days without a sale after which a shop is shut: longer than any night, shorter than a Sunday. */
const SHUT_DAYS = 0.85;

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
  gauges: PACK_GAUGES,
  rates: PACK_RATES,
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

  weigh: (block, gauges, rates) => ({ gauges: unlessRefused(block, gauges, rates), rates: besideWarmth(block, rates) }),

  heat: heatOf,
  warmed: takeWeather,

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
    const takes = b.temp_c === undefined ? !isHotterThanEver(block) : takesCharge(block, b.temp_c);
    // A message may leave the charge out: it is what it was.
    const charge = b.soc_pct ?? lastCharge(block);
    if (b.status !== undefined && b.status !== 'discharging' && takes && charge < 90) {
      block.rate(REFUSED, b.status === 'not_charging' ? 1 : 0, 1);
    }
    followRun(block, b);
  },

  booted(block: Block, reason?: string): void {
    // A charger that lets go of a worn pack restarts the computer, too: such a start says nothing for it.
    if (reason === 'crash' || reason === 'watchdog')
      block.setScratch(STARTS, Math.min(1000, block.scratch(STARTS) + 1));
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
    // Counters that come after hours without any tell of a night on the charger, however much the pack has given since.
    const charge = Math.max(block.scratch(P_SOC), block.scratch(COUNTED_SOC));
    block.setScratch(COUNTED_SOC, block.scratch(P_SOC));
    const brownouts = block.delta(0, b.brownouts_total);
    const overTemp = block.delta(1, b.over_temp_total);
    const begun = block.delta(2, b.charge_sessions_total);
    const started = block.scratch(STARTS);
    if (b.charge_sessions_total !== undefined) block.setScratch(STARTS, 0);
    if (Math.min(brownouts, overTemp, begun) < 0) return;
    // A computer that crashes on its charger begins a charge as it starts again.
    const sessions = Math.max(0, begun - started);
    const days = Math.min(hours, 24) / 24;
    // A pack that was run empty gives way, worn or not.
    const empty = block.scratch(P_SOC) > 0 && block.scratch(P_SOC) < 20;
    // It is a receipt or a sale that makes a pack give way: twice as many make twice as many chances of it.
    // What is left out now and then is told by the next message that has it; the days passed meanwhile.
    if (block.told(0) && !empty) block.rate(BROWNOUTS, brownouts, days * timesUsual(block, uses, hours));
    if (block.told(1) && !isHotterThanEver(block)) block.rate(OVER_TEMP, overTemp, days);
    // A charger lets a hot pack be, tries it again, and lets it be.
    if (block.told(2) && !isShut && !isTooHotToCharge(block))
      block.rate(SESSIONS, isToppedUp(block, charge) ? sessions / TOP_UPS : sessions, days);
  },
};
