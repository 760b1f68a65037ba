import type { Block } from '../block.ts';
import { BREAK, GONE } from './link-bearer.ts';

/** Share of the mean that one session makes, and how many of one message count. */
const WEIGHT = 0.15;
const MOST = 3;
/** Hours for which a break waits for the session that ends it (natural decay). */
const WAITS = 1;
/** Minutes without a link beyond which it was no break of a connection that comes back by itself: a closed shop, a power cut, a plug that was pulled. */
const LONGEST = 60;

/** The terminal is heard of again after so many minutes; the next counters tell whether a session was opened for it. */
export function noteBreak(block: Block, minutes: number): void {
  if (minutes <= LONGEST) block.setScratch(GONE, block.scratch(GONE) + minutes);
}

/** So many sessions have been opened in the `hours` since the last counters: those after which it had not been missed took no time. */
export function noteSessions(block: Block, opened: number, hours: number): void {
  const gone = block.scratch(GONE);
  // What was counted while it was gone comes first.
  if (gone > 0) block.setScratch(GONE, opened > 0 ? 0 : gone * Math.exp(-hours / WAITS));
  if (opened <= 0) return;
  const share = 1 - (1 - WEIGHT) ** Math.min(MOST, opened);
  block.setScratch(BREAK, block.scratch(BREAK) + share * (gone / Math.max(1, opened) - block.scratch(BREAK)));
}

/** Minutes that it is gone for each session that it opens again, on average. */
export function breakMinutes(block: Block): number {
  return block.scratch(BREAK);
}
