import type { Block } from './block.ts';
import type { GroupShift } from './channel.ts';
import { type Answers, judgeGauge, judgeRate } from './channel-verdict.ts';
import { told } from './sentences.ts';

/** A channel under suspicion, for people who ask why something was or was not found. */
export interface Suspicion {
  readonly metric: string;
  readonly strength: number;
  /** Rates: evidence in nats. */
  readonly nats: number;
  readonly level: number;
  readonly answers: Answers;
  readonly failsInDays: readonly [p10: number, p50: number, p90: number];
  readonly why: string;
}

/** Every channel of a component that is under suspicion now, whether or not it amounts to a finding. */
export function suspicions(block: Block, group: GroupShift): Suspicion[] {
  const { gauges, rates } = block.detector;
  return [...gauges.map((_, i) => judgeGauge(block, i)), ...rates.map((_, i) => judgeRate(block, i, group))]
    .filter((v) => v !== undefined)
    .map((v) => ({
      metric: v.metric,
      strength: v.strength,
      nats: v.nats,
      level: v.level,
      answers: v.answers,
      failsInDays: [v.forecast.p10, v.forecast.p50, v.forecast.p90],
      why: told(v, true, 1, v.forecast.p50).why,
    }));
}
