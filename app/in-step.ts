import type { Clock } from '../contract/ports/clock.ts';
import type { ImportMessages } from './http/import-routes.ts';

const WAIT_MS = 5;

/** The reader that an import keeps step with. */
export interface Follower {
  /** Journal batches that it has not evaluated. */
  readonly behind: number;
  /** Why it evaluates nothing more: nobody waits for it then. */
  readonly failure: Error | undefined;
}

/**
 * An import that waits while a reader is more than `ahead` batches behind. Whoever imports faster than it evaluates gains nothing: it then
 * reads all of it back from the journal and decodes it a second time, which was a seventh of the processor time of a first start.
 */
export function inStep(take: ImportMessages, follower: Follower, ahead: number, clock: Clock): ImportMessages {
  return async (messages) => {
    while (follower.behind > ahead && !follower.failure) await clock.sleep(WAIT_MS);
    return take(messages);
  };
}
