import { MEASURES } from './rollout-measures.ts';
import { readSum, type Sum, type Sums } from './rollout-sums.ts';
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
const CRASHES = MEASURES.findIndex(({ metric }) => metric === 'system.crashes_total');
const RESTARTS = MEASURES.findIndex(({ metric }) => metric === 'system.reboots_total');
/** Crashes, or restarts, from which it is trouble: those that begin at several at once show at more than one by then. */
const SHOWS = 3;

/** What a terminal of a model came to since it took a firmware at `at`, ms: days that were counted, and crashes and restarts a day; null where it does not count them. */
export interface Tried {
  readonly index: number;
  readonly model: number;
  readonly at: number;
  readonly days: number;
  readonly crashes: number | null;
  readonly restarts: number | null;
}

/** What one came to since. */
export function triedOf(index: number, model: number, at: number, since: Sums): Tried {
  const crashes = readSum(since, CRASHES);
  const restarts = readSum(since, RESTARTS);
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
 * Those that took a firmware and crash by themselves: what is everybody's would show at more of those of its model that took it no later, too. All are looked at in the same moment; a
 * restart a night that all have is no trouble.
 */
export function ownTroubleOf(took: readonly Tried[]): number[] {
  const models = Map.groupBy(
    took.filter(({ days }) => days >= TRIED_DAYS),
    ({ model }) => model,
  );
  return [...models.values()].flatMap((tried) =>
    tried.filter((own) => isOnlyIts(own, tried)).map(({ index }) => index),
  );
}

function isOnlyIts(own: Tried, tried: readonly Tried[]): boolean {
  if ((own.crashes ?? own.restarts ?? 0) * own.days < SHOWS) return false;
  let others = 0;
  let alike = 0;
  for (const other of tried) {
    if (other === own || other.at > own.at + LATER_MS) continue;
    others++;
    if (hasAsMuch(other, own)) alike++;
    if (alike > tried.length * ALIKE) return false;
  }
  return others >= TRIED_BY && alike <= others * ALIKE;
}

function hasAsMuch(other: Tried, own: Tried): boolean {
  if (own.crashes !== null && other.crashes !== null) return other.crashes * TIMES >= own.crashes;
  return own.restarts === null || other.restarts === null || other.restarts * TIMES >= own.restarts;
}

/** Events a unit; null where nothing was counted. */
function rateOf({ events, units }: Sum): number | null {
  return units > 0 ? events / units : null;
}
