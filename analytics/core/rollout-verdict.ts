import type { Evidence } from '../../contract/findings.ts';
import { MEASURES } from './rollout-measures.ts';
import type { Effect } from './two-sample.ts';

/**
 * Of 6 measures looked at four times a day for two weeks, 336 looks in all, chance reaches 4.3 standard errors in fewer than 3 rollouts of
 * 1,000 (the sum of 336 one-sided tails of 8.5e-6; looks at the same data depend on each other, so it is less).
 */
export const SURE = 4.3;
/** As many for one model of several that took it: the looks at four of them find by chance no more than those at the whole, 6 in 1,000 in all. */
export const SURE_ONE = 4.6;
export const WORSE = 1.25;
/** Standard errors that are left of it without the place that fares worst: an update is as bad everywhere, and a line that fills up, or fails, is one place's. */
const ELSEWHERE = 2;

/** A measure that is worse on those that took a firmware. */
export interface Worse {
  readonly effect: Effect;
  readonly m: number;
}

export function isWorse({ ratio, now, expected, z, elsewhere }: Effect, m: number, sure: number): boolean {
  return z >= sure && elsewhere >= ELSEWHERE && ratio >= WORSE && now - expected >= MEASURES[m]!.matters;
}

export function evidenceOf({ now, expected, z }: Effect, m: number, speaking: number, firmware: string): Evidence {
  const { metric, describe, per } = MEASURES[m]!;
  const round = (x: number): number => Number(x.toPrecision(3));
  return {
    metric,
    value: round(now),
    baseline: round(expected),
    why: `${describe}: ${round(now)} per ${per} on the ${speaking} terminals that took ${firmware}, where their own past and the terminals without it would have ${round(expected)} (${round(z)} standard errors; by chance in fewer than 6 rollouts of 1,000). Stop the rollout and take it back.`,
  };
}
