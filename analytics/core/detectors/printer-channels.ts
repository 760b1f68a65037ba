import { FLOAT } from '../detector.ts';
import { PAPER_SCRATCH } from './paper.ts';

/** Channels of the printer's detector: gauges, then rates. */
export const OHM = 0;
export const DOTS = 1;
export const HEAD_TEMP = 2;
export const HEAD_MV = 3;
export const HEAD_TEMP_BARE = 4;
/** Supply of a head that is fed from the pack. */
export const HEAD_FED = 5;
export const RETRIES = 0;
export const JAMS = 1;
export const CUTTER = 2;
export const OVERHEATS = 3;
export const LOW_VOLTAGE = 4;
export const BLOCKED = 5;

export const TOTALS = [
  'printed_mm_total',
  'jobs_total',
  'retries_total',
  'jams_total',
  'overheats_total',
  'cuts_total',
  'cutter_errors_total',
  'low_voltage_stops_total',
  'paper_outs_total',
  // Of sales; of cards read, where sales are not told.
  'ok_total',
  'chip_ok_total',
  'tap_ok_total',
] as const;
/** Those that are asked for by their number. */
export const PRINTED = 0;
export const JOBS = 1;
export const RETRIED = 2;
export const JAMMED = 3;
export const OVERHEATED = 4;
export const CUTS = 5;
export const CUTTER_FAILED = 6;
export const STOPPED = 7;
export const SOLD = 9;
export const CHIPS = 10;
export const TAPS = 11;

/** Scratch: state that stops printing, with its heartbeats and sales, since when (days); what it counts itself. */
export const BAD_STATE = 0;
export const BAD_SINCE = 1;
export const COUNTED = 2;
/** Bits of COUNTED: its pack runs empty now, and it did since the last counters; its pack tells its charge. Lower ones say which stops it counts. */
export const LOW_NOW = 32;
export const WAS_LOW = 64;
export const TELLS_CHARGE = 128;
/** Temperature around the printer, and that of its hottest hours; jobs an hour lately, and those of its busiest hours. */
export const AMBIENT = 3;
export const HOT = 4;
export const BUSY = 5;
export const BUSIEST = 6;
/** When what surrounds it was last told or taken, days. */
export const AMBIENT_AT = 7;
/** First of what is remembered of paper. */
export const PAPER_FROM = 8;
/** Codes, bits and counts are kept as whole numbers. */
const WHOLE = 1;
export const PRINTER_SCRATCH = [WHOLE, FLOAT, WHOLE, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, ...PAPER_SCRATCH];
