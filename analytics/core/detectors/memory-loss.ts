import type { Block } from '../block.ts';

/** Gauge of free memory. */
export const MEMORY = 1;
/** Scratch: seconds that it had been up at the last beat, plus one. */
export const UP = 1;
/** Scratch: share of its memory that it loses a day by habit, as it was given back when it started again, in thousandths; 0 before that. */
export const LOSS = 7;
export const LOSS_STEPS = 1000;
/** Seconds after a start within which it is not known yet what that has given back, and from which on what it had lost by then is worth knowing. */
export const SETTLES_S = 6 * 3600;
const CYCLE_S = 24 * 3600;
const DAY_S = 24 * 3600;
/** Times as much as before that it may lose by habit. */
const GROWS = 1.25;

/** Share of its memory that it has lost a day since it started, on average. */
export function lossOf(block: Block): number {
  const up = block.scratch(UP);
  return up > 0 ? Math.max(0, block.viewGauge(MEMORY).level / (up / DAY_S)) : 0;
}

/** The same by habit. */
export function usualLoss(block: Block): number {
  return block.scratch(LOSS);
}

/** It has started again: what it had lost by then was given back. A leak that grows from start to start does not become the habit as fast. */
export function noteGivenBack(block: Block): void {
  if (block.scratch(UP) < CYCLE_S) return;
  const [usual, lost] = [usualLoss(block), lossOf(block)];
  block.setScratch(LOSS, usual === 0 ? lost : Math.min(lost, GROWS * usual));
}
