import type { Component } from '../../contract/modes.ts';
import type { RolloutCounts } from './rollout-counts.ts';
import { MEASURES } from './rollout-measures.ts';
import { isWorse, SURE, SURE_ONE, WORSE, type Worse } from './rollout-verdict.ts';
import { MODEL, SITE, type Terminals } from './terminals.ts';
import { type BeforeAfter, type Effect, effectOf } from './two-sample.ts';

/** Terminals of a model that can be judged by themselves. */
const LEAST_KIND = 4;
/** Terminals of other models that stand in where too few of the same are left as they were. */
const LEAST_STRANGERS = 8;

/** Samples of those that were compared as unchanged until they changed too, by measure. */
type Frozen = readonly (readonly BeforeAfter[])[];

/** Whether a terminal's counts of a measure may speak for an update that it took. */
export type Speaks = (index: number, m: number) => boolean;

/** Which terminals of an update fare worse than those that did not take it, and in what. */
export class RolloutComparison {
  readonly #terminals: Terminals;
  readonly #counts: RolloutCounts;

  constructor(terminals: Terminals, counts: RolloutCounts) {
    this.#terminals = terminals;
    this.#counts = counts;
  }

  /**
   * What is worse, and on which of those that took it. One name may stand for the software of several models, and only one of them be
   * bad: models that are seen to do no worse are left out, and each that is large enough is judged by itself where the whole is not worse.
   */
  worst(
    frozen: Frozen,
    took: readonly number[],
    others: readonly number[],
    speaks: Speaks,
  ): { members: readonly number[]; worse: readonly Worse[] } {
    const kinds = Map.groupBy(took, (i) => this.#terminals.int(i, MODEL));
    const whole = this.#effects(frozen, took, others, speaks).filter(({ effect, m }) => isWorse(effect, m, SURE));
    if (kinds.size < 2) return { members: took, worse: whole };
    const judged = [...kinds.values()].filter((kind) => kind.length >= LEAST_KIND);
    if (whole.length === 0) {
      for (const members of judged) {
        const worse = this.#effects(frozen, members, others, speaks).filter(({ effect, m }) =>
          isWorse(effect, m, SURE_ONE),
        );
        if (worse.length > 0) return { members, worse };
      }
      return { members: took, worse: whole };
    }
    const well = judged.filter((kind) => {
      const own = this.#effects(frozen, kind, others, speaks);
      return whole.every(({ effect, m }) =>
        own.some((e) => e.m === m && e.effect.ratio < Math.max(WORSE, Math.sqrt(effect.ratio))),
      );
    });
    const members = took.filter((i) => !well.some((kind) => kind.includes(i)));
    if (well.length === 0 || members.length < LEAST_KIND) return { members: took, worse: whole };
    const worse = this.#effects(frozen, members, others, speaks).filter(({ effect, m }) => isWorse(effect, m, SURE));
    return worse.length > 0 ? { members, worse } : { members: took, worse: whole };
  }

  #effects(frozen: Frozen, members: readonly number[], others: readonly number[], speaks: Speaks): Worse[] {
    const models = new Set(members.map((i) => this.#terminals.int(i, MODEL)));
    const alike = others.filter((i) => models.has(this.#terminals.int(i, MODEL)));
    return MEASURES.flatMap((_, m) => {
      const speaking = members.filter((i) => speaks(i, m));
      const effect = this.#effect(frozen, m, speaking, alike, others);
      return effect ? [{ effect, m }] : [];
    });
  }

  #effect(
    frozen: Frozen,
    m: number,
    members: readonly number[],
    alike: readonly number[],
    others: readonly number[],
  ): Effect | undefined {
    const changed = this.#samples(members, m);
    const same = [...this.#samples(alike, m), ...frozen[m]!];
    const effect = effectOf(changed, same);
    if (effect) return effect;
    const strangers = this.#samples(others, m);
    return strangers.length >= LEAST_STRANGERS ? effectOf(changed, strangers) : undefined;
  }

  #samples(indexes: readonly number[], m: number): BeforeAfter[] {
    return indexes.flatMap((i) => {
      const sample = this.#counts.sampleOf(i, m);
      const place = this.#terminals.int(i, SITE) || undefined;
      return sample ? [{ ...sample, ...(place !== undefined && { place }) }] : [];
    });
  }

  /** Times the members' rates stand above their own past, in what speaks of these components. */
  pooledRatio(members: readonly number[], components: readonly Component[], speaks: Speaks): number {
    let most = 0;
    for (let m = 0; m < MEASURES.length; m++) {
      if (!components.includes(MEASURES[m]!.component)) continue;
      let after = 0;
      let expected = 0;
      const speaking = members.filter((i) => speaks(i, m));
      for (const s of this.#samples(speaking, m)) {
        after += s.after;
        expected += ((s.before + 0.1) / s.beforeUnits) * s.afterUnits;
      }
      if (after - expected > 3) most = Math.max(most, after / expected);
    }
    return most;
  }
}
