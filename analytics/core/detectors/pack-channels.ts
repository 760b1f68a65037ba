import type { Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { FLOAT } from '../detector.ts';

export type Pack = NonNullable<Heartbeat['battery']>;

/** Channels of the battery's detector: gauges, then rates. */
export const FULL = 0;
export const COULOMB = 1;
export const RESISTANCE = 2;
export const SAG = 3;
export const CHARGE_SPEED = 4;
export const TEMP = 5;
export const DRAIN = 6;
export const TEMP_BARE = 7;
export const SWING = 8;
export const CHARGE_TIME = 9;
export const PEAK = 10;
export const BROWNOUTS = 0;
export const OVER_TEMP = 1;
export const SESSIONS = 2;
export const REFUSED = 3;

/** Scratch: design charge; the previous sample (day, soc, mV, mA); the run under way: charge at its start plus one, negative while it charges and 0 where neither; since when; its charge, which is no number where a current was not told. */
export const DESIGN = 0;
export const P_DAY = 1;
export const P_SOC = 2;
export const P_MV = 3;
export const P_MA = 4;
export const RUN = 5;
export const RUN_DAY = 6;
export const RUN_MAH = 7;
/** Temperature around the pack in its hottest hours, its own where nothing tells that; negative while it is hotter than that by far. */
export const HOT = 8;
/** Voltage while discharging, bursts left out; the last two resistances told by single steps of current (logarithms). */
export const AT_REST = 9;
export const STEP = 10;
export const STEP_BEFORE = 11;
/** Receipts or sales ever; those at the beginning of the run; and how many an hour (logarithm) a run usually has. */
export const USED = 12;
export const RUN_USED = 13;
export const USUAL_USE = 14;
/** Highest voltage seen while it charged: a charger goes no higher. */
export const CEILING = 15;
/** Day on which a receipt or a sale was last counted. */
export const USED_DAY = 16;
/** The head's temperature at its coolest of late, where the computer tells none. */
export const COOLEST = 17;
/** Temperature at the last beat, and the highest that two beats in a row have reached on the day under way; both in K above `COLDEST`. */
export const WARM_LAST = 18;
export const WARMEST = 19;
/** That day, UTC. */
export const WARMEST_DAY = 20;
/** Charge at the counters before. */
export const COUNTED_SOC = 21;
/** What surrounded it when its thermometer last told another temperature, °C and 100 more, 2 at the least; 1 where that is not known. Negative in a heat wave. */
export const STILL = 22;
/** When it was last full, and how often its current is left out (`pack-told.ts`). */
export const TOLD = 23;
/** How often the computer has crashed and started again since sessions were last counted. */
export const STARTS = 24;
/** Steps of a percent of charge, of either sign as well, and of a mV and a mA: what gauges tell to the tenth and to the whole is kept as it is told. */
const PERCENT = 500;
const SIGNED_PERCENT = -300;
/** Steps of a logarithm, of mΩ or of receipts an hour. */
const LOG = 5000;
const MV = 3;
const MA = -1;
/** Steps of a K, from `COLDEST` on. */
const KELVIN = 300;
export const COLDEST = -60;
/** Steps of a day: as days are counted from 2020, until the middle of 2042. */
const DAY_PARTS = 8;
export const PACK_SCRATCH = Array.from({ length: 25 }, () => FLOAT);
for (const told of [P_SOC, COUNTED_SOC]) PACK_SCRATCH[told] = PERCENT;
PACK_SCRATCH[RUN] = SIGNED_PERCENT;
for (const told of [P_MV, AT_REST, CEILING]) PACK_SCRATCH[told] = MV;
PACK_SCRATCH[P_MA] = MA;
for (const told of [STEP, STEP_BEFORE, USUAL_USE]) PACK_SCRATCH[told] = LOG;
for (const told of [WARM_LAST, WARMEST]) PACK_SCRATCH[told] = KELVIN;
for (const whole of [DESIGN, WARMEST_DAY, TOLD, STARTS]) PACK_SCRATCH[whole] = 1;
PACK_SCRATCH[STILL] = -1;
PACK_SCRATCH[USED_DAY] = DAY_PARTS;

/** What a run does to the pack. */
export const DISCHARGE = 1;
export const CHARGE = 2;

/** The run under way; 0 where there is none. */
export function underWay(block: Block): number {
  const run = block.scratch(RUN);
  return run === 0 ? 0 : run > 0 ? DISCHARGE : CHARGE;
}
