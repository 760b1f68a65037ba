const FIRST_MS = 5_000;
const MOST_MS = 3_600_000;
/** After this many attempts (about a day) an effect is given up and left for a person to see and replay. */
export const MAX_ATTEMPTS = 30;

/** Wait before the next attempt, ms: doubling to an hour. `share` (0–1) spreads it over its second half, so that failures don't retry in step. */
export function backoffMs(attempts: number, share: number): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.round(full / 2 + (full / 2) * share);
}
