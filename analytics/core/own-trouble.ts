import { readSum, type Sums } from './rollout-sums.ts';
import { HOUR } from './time.ts';

/** Least others that must have tried the same firmware, for so many days each, for a terminal's trouble to be seen to be its own; and share of them that may have as much. */
const TRIED_BY = 4;
const TRIED_DAYS = 0.5;
const ALIKE = 0.2;
/** ms by which the others may have taken it later: what comes after days would not show at them yet. */
const LATER_MS = 6 * HOUR;
/** Times another's rate from which one has more than that other. */
const TIMES = 4;
/** Measures of a loop of crashes: crashes, and where either does not count them, restarts. */
const CRASHES = 0;
const RESTARTS = 1;
/** The most that are kept of a model: more of them prove no more. */
const MOST = 64;

/** What a terminal of a model came to since it took a firmware at `at`, ms: days that were counted, and crashes and restarts a day; null where it does not count them. */
export interface Tried {
  readonly index: number;
  readonly model: number;
  readonly at: number;
  readonly days: number;
  readonly crashes: number | null;
  readonly restarts: number | null;
}

/** Those that tried a firmware for long enough, `MOST` of each model. */
export function triedBy(took: readonly Tried[]): Tried[] {
  const kept = new Map<number, number>();
  return took.filter((one) => {
    const { model } = one;
    const count = kept.get(model) ?? 0;
    if (one.days < TRIED_DAYS || count >= MOST) return false;
    kept.set(model, count + 1);
    return true;
  });
}

/** What one came to since. */
export function triedOf(index: number, model: number, at: number, since: Sums): Tried {
  const [crashes, restarts] = [CRASHES, RESTARTS].map((m) => readSum(since, m)) as [Sum, Sum];
  const rateOf = ({ events, units }: Sum): number | null => (units > 0 ? events / units : null);
  return {
    index,
    model,
    at,
    days: Math.max(crashes.units, restarts.units),
    crashes: rateOf(crashes),
    restarts: rateOf(restarts),
  };
}

/**
 * Whether a terminal that took a firmware lately crashes by itself: what is everybody's would show at more of those of its model that took it no later, too. A restart a night that all
 * have is no trouble.
 */
export function isOnlyIts(own: Tried, tried: readonly Tried[]): boolean {
  const others = tried.filter(
    ({ index, model, at }) => index !== own.index && model === own.model && at <= own.at + LATER_MS,
  );
  const alike = others.filter((other) => hasAsMuch(other, own)).length;
  return others.length >= TRIED_BY && alike <= others.length * ALIKE;
}

function hasAsMuch(other: Tried, own: Tried): boolean {
  if (own.crashes !== null && other.crashes !== null) return other.crashes * TIMES >= own.crashes;
  return own.restarts === null || other.restarts === null || other.restarts * TIMES >= own.restarts;
}

interface Sum {
  readonly events: number;
  readonly units: number;
}
