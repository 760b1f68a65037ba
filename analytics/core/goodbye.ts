import type { State } from '../../contract/payloads.ts';

/** Reasons with which a terminal leaves on purpose. */
const GOODBYE = /shut|power|switch|reboot|restart|sleep|updat|goodbye|\bclean|night/i;
/** Reasons that a will gives for a session that broke. */
const BROKEN =
  /lost|loss|will|lwt|connect|network|link|signal|time.?out|keep.?alive|broker|abnormal|abrupt|ungrace|unexpected|unreachable|offline|drop|error|fail|crash|gone|dead|died/i;

/**
 * Whether a terminal that went offline said so itself. A will is written before its session: what gives a reason and is newer than the last
 * heartbeat, measured at `beatAt` (ms), the terminal has said itself.
 */
export function isGoodbye({ reason, ts }: State, beatAt: number): boolean {
  if (reason === undefined) return false;
  const isOwn = ts !== undefined && ts >= beatAt;
  return GOODBYE.test(reason) || (isOwn && !BROKEN.test(reason));
}
