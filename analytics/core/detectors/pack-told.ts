import type { Block } from '../block.ts';
import { P_MA, P_SOC, type Pack, TOLD } from './pack-channels.ts';

/** Charge from which a pack is full, %: its charger rests until it has lost a percent or two, and tops it up, a session each time. */
const TOPPED_UP = 97;
/** Charge, %, of a pack that was not put on its charger by night: between sales people give it minutes of charge all day long, a session each time. */
const RUN_DOWN = 20;

/**
 * Scratch `TOLD` holds the half day in which it was last seen full, of `HALF_DAYS`, and how often its current is left out: each message without one adds three, each
 * with one takes one away, so that what is left out of more than a quarter of them comes to the most, and what is of fewer to none. Together a whole number
 * that sixteen bits keep exactly (`packed.ts`).
 */
const HALF_DAYS = 128;
const MOST_GAPS = 31;
const GAP = 3;
const SELDOM = 16;
/** Half days after which what was full may be anything, and since which one that was left off its charger for a night was last full at the most. */
const OUTDATED = 2;
const A_NIGHT = 3;

/** Takes in what a message of a pack at work tells, and leaves out. */
export function noteTold(block: Block, { soc_pct: soc, current_ma: ma }: Pack, works: boolean): void {
  const held = Math.round(block.scratch(TOLD));
  const gaps = held % (MOST_GAPS + 1);
  const next = !works ? gaps : ma === undefined ? Math.min(MOST_GAPS, gaps + GAP) : Math.max(0, gaps - 1);
  const full = soc !== undefined && soc >= TOPPED_UP ? halfDay(block) : Math.floor(held / (MOST_GAPS + 1));
  const now = full * (MOST_GAPS + 1) + next;
  if (now !== held) block.setScratch(TOLD, now);
}

/** Its current, mA, where a message leaves that out now and then: as the one before told it. Undefined where more than a quarter leave it out, and where that was not told either. */
export function carriedOn(block: Block): number | undefined {
  const before = block.scratch(P_MA);
  return before !== 0 && Math.round(block.scratch(TOLD)) % (MOST_GAPS + 1) < SELDOM ? before : undefined;
}

/** Charge, %, as it was last told; 0 where it never was, or as that of a full pack, days ago. */
export function lastCharge(block: Block): number {
  const charge = block.scratch(P_SOC);
  return charge >= TOPPED_UP && sinceFull(block) > OUTDATED ? 0 : charge;
}

/** Whether many short charges of a pack at that charge, %, have an innocent cause; 0 where it is not told. One that has not been full for longer than a night and a day is run down for want of a charger. */
export function isToppedUp(block: Block, charge: number): boolean {
  return charge >= TOPPED_UP || (charge > 0 && charge < RUN_DOWN && sinceFull(block) <= A_NIGHT);
}

function halfDay(block: Block): number {
  return Math.floor(2 * block.day) % HALF_DAYS;
}

/** Half days since it was last seen full; counted anew after 64 days, so that one which is never charged full seems so for a night and a day by then. */
function sinceFull(block: Block): number {
  return (halfDay(block) - Math.floor(Math.round(block.scratch(TOLD)) / (MOST_GAPS + 1)) + HALF_DAYS) % HALF_DAYS;
}
