import type { Block } from '../block.ts';
import { UNATTACHED, UNOPENED } from './link-bearer.ts';

/** Hours after which a session that is opened is no earlier restart's any more (natural decay): totals of one restart may come with different messages. */
const LASTS = 3;
/** Restarts at the most that wait for their session. */
const MOST = 20;

/** The computer has started `restarts` times: each opens a session and attaches once, however sound the link. */
export function noteRestarts(block: Block, restarts: number, hours: number): void {
  for (const waiting of [UNOPENED, UNATTACHED]) {
    block.setScratch(waiting, Math.min(MOST, block.scratch(waiting) * Math.exp(-hours / LASTS) + restarts));
  }
}

/** Sessions opened, or attaches, that no restart explains: those of a computer that crashes ever more often were told as a cable that fails. */
export function withoutRestarts(block: Block, counted: number, waiting: typeof UNOPENED | typeof UNATTACHED): number {
  const own = Math.min(Math.max(0, counted), block.scratch(waiting));
  block.setScratch(waiting, block.scratch(waiting) - own);
  return counted - own;
}
