import type { Heartbeat } from '../../../contract/payloads.ts';

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
export const BROWNOUTS = 0;
export const OVER_TEMP = 1;
export const SESSIONS = 2;
export const REFUSED = 3;

/** Scratch: design charge; the previous sample (day, soc, mV, mA, status); the discharge or charge run under way, whose charge is no number where a current was not told. */
export const DESIGN = 0;
export const P_DAY = 1;
export const P_SOC = 2;
export const P_MV = 3;
export const P_MA = 4;
export const RUN = 5;
export const RUN_SOC = 6;
export const RUN_DAY = 7;
export const RUN_MAH = 8;
/** Temperature around the pack in its hottest hours; negative while it is hotter than that by far. */
export const HOT = 9;
/** Voltage while discharging, bursts left out; the last two resistances told by single steps of current (logarithms). */
export const AT_REST = 10;
export const STEP = 11;
export const STEP_BEFORE = 12;
/** Receipts or sales ever; those at the beginning of the run; and how many an hour (logarithm) a run usually has. */
export const USED = 13;
export const RUN_USED = 14;
export const USUAL_USE = 15;
/** Highest voltage seen while it charged: a charger goes no higher. */
export const CEILING = 16;

/** What a run does to the pack. */
export const DISCHARGE = 1;
export const CHARGE = 2;
