import type { Component, Mode } from '../../contract/modes.ts';
import type { Opinion } from '../../contract/ports/findings.ts';

/** How much surer a terminal must be found of what a person has called wrong on it. */
const PERSONAL = 1.35;
/** Beliefs that what people said of a model's findings is weighed against: so many right and so many wrong ones before the first. */
const PRIOR_RIGHT = 8;
const PRIOR_WRONG = 2;

interface Tally {
  right: number;
  wrong: number;
}

/** What people and closed tickets have said, as the strength a finding needs: kept beside the engine's state, never in it. */
export class Opinions {
  readonly #muted = new Map<string, number>();
  readonly #disputed = new Set<string>();
  readonly #models = new Map<string, Tally>();

  take(opinion: Opinion): void {
    const { tenant, terminal, component, mode, kind, model } = opinion;
    if (kind === 'mute') {
      this.#muted.set(`${tenant}/${terminal}/${component}/${mode ?? ''}`, opinion.until ?? Number.POSITIVE_INFINITY);
      return;
    }
    if (kind === 'wrong') this.#disputed.add(`${tenant}/${terminal}/${component}/${mode ?? ''}`);
    const key = `${tenant}/${model ?? ''}/${component}/${mode ?? ''}`;
    const tally = this.#models.get(key) ?? { right: 0, wrong: 0 };
    tally[kind === 'wrong' ? 'wrong' : 'right']++;
    this.#models.set(key, tally);
  }

  muted(tenant: string, terminal: string, component: Component, mode: Mode, now: number): boolean {
    const key = `${tenant}/${terminal}/${component}/`;
    return (this.#muted.get(key + mode) ?? 0) > now || (this.#muted.get(key) ?? 0) > now;
  }

  /**
   * Factor on the strength that opens a finding: over 1 where this kind of finding on this model was often wrong (beta posterior of
   * being right, against the eight in ten we expect), more for a terminal on which a person has called it wrong.
   */
  demand(tenant: string, terminal: string, model: string, component: Component, mode: Mode): number {
    const key = `${tenant}/${terminal}/${component}/`;
    const personal = this.#disputed.has(key + mode) || this.#disputed.has(key) ? PERSONAL : 1;
    const tally = this.#models.get(`${tenant}/${model}/${component}/${mode}`);
    if (!tally) return personal;
    const right = (tally.right + PRIOR_RIGHT) / (tally.right + tally.wrong + PRIOR_RIGHT + PRIOR_WRONG);
    return personal * Math.max(0.9, Math.min(1.5, 0.8 / right));
  }
}
