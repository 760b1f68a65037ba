import { readSum, type Sums } from './rollout-sums.ts';

/** Least others that must have tried the same firmware, for so many days each, for a terminal's trouble to be seen to be its own; and share of them that may have as much. */
const TRIED_BY = 4;
const TRIED_DAYS = 0.5;
const ALIKE = 0.2;
/** Times another's rate from which one has more than that other. */
const TIMES = 4;
/** Measures of trouble with software: crashes, and restarts. */
const TROUBLE = [0, 1] as const;

/**
 * Whether a terminal that took a firmware lately has trouble of its own: what is everybody's would show at more of those that took it, too. `own` is what it came to since, `others` what
 * others of its model did. A restart a day that all have is no trouble: what is its own is beyond theirs in one of the two.
 */
export function isOnlyIts(own: Sums, others: readonly Sums[]): boolean {
  const rates = ratesOf(own);
  const tried = others.filter((sums) => TROUBLE.some((m) => readSum(sums, m).units >= TRIED_DAYS));
  const alike = tried.filter((sums) => ratesOf(sums).every((rate, k) => rate * TIMES >= rates[k]!)).length;
  return tried.length >= TRIED_BY && alike <= tried.length * ALIKE;
}

/** Events a day; 0 where nothing was counted. */
function ratesOf(sums: Sums): number[] {
  return TROUBLE.map((m) => {
    const { events, units } = readSum(sums, m);
    return units > 0 ? events / units : 0;
  });
}
