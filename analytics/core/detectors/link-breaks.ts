import type { Block } from '../block.ts';
import { BREAK } from './link-bearer.ts';

/** Share of the mean that one break makes. */
const WEIGHT = 0.15;
/** Minutes without a link beyond which it was no break of a connection that comes back by itself: a closed shop, a power cut, a plug that was pulled. */
const LONGEST = 60;

/** The link has come back after so many minutes. */
export function noteBreak(block: Block, minutes: number): void {
  if (minutes > LONGEST) return;
  const mean = block.scratch(BREAK);
  block.setScratch(BREAK, mean === 0 ? minutes : mean + WEIGHT * (minutes - mean));
}

/** Minutes that its breaks last, on average. */
export function breakMinutes(block: Block): number {
  return block.scratch(BREAK);
}
