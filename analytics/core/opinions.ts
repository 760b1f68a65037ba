import { type Component, LEARNED_RISK, MODES, type Mode } from '../../contract/modes.ts';
import type { Opinion } from '../../contract/ports/findings.ts';
import { Calibration, type Learned } from './calibration.ts';

/** How much surer a terminal must be found of what a person has called wrong on it. */
const PERSONAL = 1.35;

/** What people and closed tickets have said, as the strength a finding needs: kept beside the engine's state, never in it. */
export class Opinions {
  readonly #muted = new Map<string, number>();
  readonly #disputed = new Set<string>();
  readonly #calibration = new Calibration();

  take(opinion: Opinion): void {
    const { tenant, terminal, component, mode, kind, model } = opinion;
    const key = `${tenant}/${terminal}/${component}/${mode ?? ''}`;
    if (kind === 'mute') {
      this.#muted.set(key, opinion.until ?? Number.POSITIVE_INFINITY);
      return;
    }
    if (kind === 'wrong') this.#disputed.add(key);
    // Said of a whole component, it holds for every mode of it.
    for (const one of mode === null ? [...MODES[component], LEARNED_RISK] : [mode]) {
      this.#calibration.take({ tenant, model: model ?? '', component, mode: one }, kind === 'confirmed');
    }
  }

  muted(tenant: string, terminal: string, component: Component, mode: Mode, now: number): boolean {
    const key = `${tenant}/${terminal}/${component}/`;
    return (this.#muted.get(key + mode) ?? 0) > now || (this.#muted.get(key) ?? 0) > now;
  }

  /**
   * Factor on the strength that opens a finding: over 1 where this kind of finding on this model was often wrong, more for a terminal
   * on which a person has called it wrong.
   */
  demand(tenant: string, terminal: string, model: string, component: Component, mode: Mode): number {
    const key = `${tenant}/${terminal}/${component}/`;
    const personal = this.#disputed.has(key + mode) || this.#disputed.has(key) ? PERSONAL : 1;
    return personal * this.#calibration.demand({ tenant, model, component, mode });
  }

  /** A finding's probability of being right, moved by what outcomes have taught of its kind. */
  calibrated(tenant: string, model: string, component: Component, mode: Mode, probability: number): number {
    return this.#calibration.calibrated({ tenant, model, component, mode }, probability);
  }

  learned(tenant: string): Learned[] {
    return this.#calibration.learned(tenant);
  }
}
