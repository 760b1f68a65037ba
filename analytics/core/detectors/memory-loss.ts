import type { Block } from '../block.ts';

/** Gauge of free memory. */
export const MEMORY = 1;
/** Scratch: seconds that it had been up at the last beat, plus one. */
export const UP = 1;
/** Scratch: share of its memory that it lacked when it was last told, and that it loses a day by habit, as it was given back when it started again, in thousandths; 0 before that. */
const LACKS = 7;
const LOSS = 8;
/** Scratch: what it lacked on average over the last `LAGS_S` or so. */
const LAGS = 9;
export const MEMORY_SCRATCH = [1000, 1000, 30_000];
const LAGS_S = 18 * 3600;
/** Seconds of uptime from which on what it had lost by then is worth knowing; share of it that a start must leave at the most to have given it back. */
const CYCLE_S = 24 * 3600;
const LEAVES = 1 / 2;
/** Times as much as before that it may lose by habit. */
const GROWS = 1.25;
const DAY_S = 24 * 3600;

/** Takes in what it has free, `passed` s after the last time; `before` is the uptime before it started again, s, 0 where it has not. A leak that grows from start to start does not become the habit as fast. */
export function noteFree(block: Block, free: number, passed: number, before: number): void {
  const base = block.baseOf(MEMORY);
  const [had, lacks] = [block.scratch(LACKS), base > 0 ? Math.max(0, 1 - free / base) : 0];
  block.setScratch(LACKS, lacks);
  const lagged = block.scratch(LAGS);
  block.setScratch(
    LAGS,
    before > 0 ? lacks : lagged + (lacks - lagged) * (1 - Math.exp(-Math.max(0, passed) / LAGS_S)),
  );
  if (before < CYCLE_S || lacks > LEAVES * had) return;
  const [usual, lost] = [usualLoss(block), had / (before / DAY_S)];
  block.setScratch(LOSS, usual === 0 ? lost : Math.min(lost, GROWS * usual));
}

/** Whether it has started since and lacks hardly anything any more of what its curve still shows. */
export function isGivenBack(block: Block): boolean {
  return block.scratch(LACKS) < LEAVES * block.viewGauge(MEMORY).level;
}

/** Share of its memory that it loses a day: since it started, on average, or of late, where that is more. */
export function lossOf(block: Block): number {
  const up = block.scratch(UP);
  const late = (block.scratch(LACKS) - block.scratch(LAGS)) / (LAGS_S / DAY_S);
  return up > 0 ? Math.max(block.scratch(LACKS) / (up / DAY_S), late) : 0;
}

/** The same by habit. */
export function usualLoss(block: Block): number {
  return block.scratch(LOSS);
}
