import type { Mode } from '../../../contract/modes.ts';
import type { Counters } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { type Failure, OUTRIGHT } from '../detector.ts';
import {
  BAD_SINCE,
  BAD_STATE,
  BLOCKED,
  CHIPS,
  COUNTED,
  CUTTER,
  CUTTER_FAILED,
  HEAD_TEMP_BARE,
  JAMMED,
  LOW_NOW,
  LOW_VOLTAGE,
  OVERHEATED,
  OVERHEATS,
  SOLD,
  STOPPED,
  TAPS,
  TELLS_CHARGE,
} from './printer-channels.ts';
import { strained } from './printer-strain.ts';
import { hasRunLow, isFed } from './printer-supply.ts';

/** What BAD_STATE holds: a state's code; in steps of `BEAT` the heartbeats seen in it, as many as matter; in steps of `SALE` the customers without a receipt since. */
const BEAT = 8;
const BEATS = 4;
const SALE = 64;
/**
 * Customers without a receipt, and days of that, after which nobody waits for the staff to clear a jam: each of them was a reason to. A head is
 * cool within half an hour, whoever stands by: two are enough, which no printer that has cooled since its last job would have left without. As
 * many as ever where the hour is hot or busy as none before, or where a pack that may feed it is told to be empty.
 */
const UNPRINTED = 5;
const UNPRINTED_HOT = 2;
const UNPRINTED_EXCUSED = 30;
const UNPRINTED_DAYS = 2 / 24;
/** Days after which a receipt is one of during the stop: one of before it is told by the next counters, which come within the hour. */
const PRINTED_BEFORE = 1 / 24;

const BAD: Readonly<Record<string, number>> = { overheat: 1, cutter_error: 2, low_voltage: 3, mech_error: 4 };
/** Bit of COUNTED that says that the printer counts such stops itself. */
const COUNTED_BY = [0, 8, 4, 16, 2];
const RATE_OF_BAD = [-1, OVERHEATS, CUTTER, LOW_VOLTAGE, BLOCKED];
const BAD_MODES: readonly (Mode | undefined)[] = [undefined, 'overheat', 'cutter_wear', 'power', 'paper_feed'];

/** Follows its state: each stop that it does not count itself counts as one of its kind. */
export function takeState(block: Block, state: string): void {
  const bad = BAD[state] ?? 0;
  const counted = block.scratch(COUNTED);
  const before = block.scratch(BAD_STATE);
  const fresh = bad !== 0 && bad !== before % BEAT;
  if (fresh) {
    block.setScratch(BAD_SINCE, block.day);
    // Where the stops are not counted by the printer itself, each time it is found stopped counts as one.
    const strain = bad === BAD.overheat && strained(block);
    if (bad < 4 && (counted & COUNTED_BY[bad]!) === 0 && !strain) block.rate(RATE_OF_BAD[bad]!, 1, 0);
  }
  const beats = fresh ? 1 : Math.min(BEATS, Math.floor((before % SALE) / BEAT) + 1);
  block.setScratch(BAD_STATE, bad === 0 ? 0 : bad + BEAT * beats + (fresh ? 0 : before - (before % SALE)));
  if (state !== 'absent' && (counted & COUNTED_BY[4]!) === 0) block.rate(BLOCKED, fresh && bad === 4 ? 1 : 0, 1);
}

/** Customers since the last counters; where sales are not told, the cards that were read. */
export function customersOf(block: Block, { txn, reader }: Counters): number {
  const sold = block.delta(SOLD, txn?.ok_total);
  if (block.told(SOLD)) return Math.max(0, sold);
  return Math.max(0, block.delta(CHIPS, reader?.chip_ok_total)) + Math.max(0, block.delta(TAPS, reader?.tap_ok_total));
}

/** Counts the customers to whom a stopped printer gave no receipt; one that prints again begins anew. */
export function countUnprinted(block: Block, customers: number, printed: number): void {
  const state = block.scratch(BAD_STATE);
  if (state === 0) return;
  if (printed > 0) {
    block.setScratch(BAD_STATE, state % SALE);
    // What has printed meanwhile does not stand still for hours.
    if (block.day - block.scratch(BAD_SINCE) > PRINTED_BEFORE) block.setScratch(BAD_SINCE, block.day);
  } else if (customers > 0 && state < UNPRINTED_EXCUSED * SALE) {
    block.setScratch(BAD_STATE, state + SALE * Math.min(customers, UNPRINTED_EXCUSED));
  }
}

/** Takes down which stops its counters tell; that its pack ran empty before them is done with. */
export function noteCounted(block: Block): void {
  block.setScratch(
    COUNTED,
    (block.scratch(COUNTED) & (LOW_NOW | TELLS_CHARGE)) +
      (block.told(JAMMED) ? 2 : 0) +
      (block.told(CUTTER_FAILED) ? 4 : 0) +
      (block.told(OVERHEATED) ? 8 : 0) +
      (block.told(STOPPED) ? 16 : 0),
  );
}

/** A printer that has stopped: in a bad state for longer than it takes the staff to see to it. */
export function stopOf(block: Block): Failure | undefined {
  const state = block.scratch(BAD_STATE);
  const mode = BAD_MODES[state % BEAT];
  const days = block.day - block.scratch(BAD_SINCE);
  if (mode === undefined || state % SALE < BEATS * BEAT || days < 25 / 1440) return undefined;
  if (days < UNPRINTED_DAYS || state < leastUnprinted(block, mode) * SALE) return { mode, days };
  return { mode, days: Math.max(days, OUTRIGHT), why: 'It has not printed for hours, while sales went on.' };
}

function leastUnprinted(block: Block, mode: Mode): number {
  if (mode === 'overheat') {
    if (!strained(block)) return UNPRINTED_HOT;
    // A head that is its own thermometer is hot weather to itself: that is half an excuse.
    return block.baseOf(HEAD_TEMP_BARE) === 0 ? UNPRINTED_EXCUSED : UNPRINTED;
  }
  // A head whose own supply is not told of may be fed from the pack, or not: it is the pack's charge that says whether that stops it.
  return mode === 'power' && isFed(block) && hasRunLow(block) ? UNPRINTED_EXCUSED : UNPRINTED;
}
