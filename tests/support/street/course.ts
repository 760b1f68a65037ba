import type { TruthLine } from '../../../analytics/core/score.ts';
import type { Dice } from '../wild-random.ts';
import { HOUR, KINDS, type Shape, type WearKey } from './frame.ts';

export interface FaultPlan {
  readonly of: WearKey;
  readonly shape: Shape;
  readonly onset: number;
  /** When it is to have come to its end; the outage itself comes with the till's next use. */
  readonly due: number;
  /** 1 for a failure; less for what settles at that and never fails. */
  readonly most: number;
  /** How long it stays failed, ms; infinite where nobody comes. */
  readonly mendAfter: number;
  readonly mend: 'part_replaced' | 'cleaned' | 'quietly';
}

/** One fault of one till: how far it is at any time, and when it really ended in an outage. */
export class Fault {
  readonly plan: FaultPlan;
  /** Which of the ways that lead to this mode. */
  readonly variant: number;
  readonly #steps: readonly number[];
  readonly #spells: readonly (readonly [from: number, to: number])[];
  failedAt: number | null = null;

  constructor(plan: FaultPlan, d: Dice) {
    this.plan = plan;
    this.variant = Math.floor(d() * 3);
    this.#steps = stepsOf(d);
    this.#spells = plan.shape === 'spells' ? spellsOf(plan, d) : [];
  }

  get mendedAt(): number {
    return this.failedAt === null ? Number.POSITIVE_INFINITY : this.failedAt + this.plan.mendAfter;
  }

  /** From 0 to 1. It shows from its onset on: wear below what shows is not told apart from none. */
  at(t: number): number {
    const { onset, due, most, shape } = this.plan;
    if (t < onset || t >= this.mendedAt) return 0;
    if (this.failedAt !== null) return 1;
    const u = (t - onset) / (due - onset);
    if (u >= 1 && most >= 1) return 1;
    // Nothing that wears jumps at its onset; steps and spells do.
    const sets = shape === 'steps' || shape === 'spells' ? 1 : Math.min(1, 0.15 + u / 0.08);
    return Math.min(1, most) * sets * Math.min(0.96, this.#course(shape, Math.min(1, u), t));
  }

  /** The outage is there; only the first one counts. */
  fail(t: number): void {
    if (this.plan.most >= 1) this.failedAt ??= t;
  }

  truth(tenant: string, terminal: string): TruthLine {
    const { component, mode } = KINDS[this.plan.of];
    return { tenant, terminal, component, mode, onset_at: this.plan.onset, failed_at: this.failedAt };
  }

  #course(shape: Shape, u: number, t: number): number {
    switch (shape) {
      case 'linear':
        return 0.14 + 0.82 * u;
      case 'accelerating':
        return 0.14 + 0.82 * u ** 2;
      case 'knee':
        return u < 0.5 ? 0.16 + 0.36 * u : 0.34 + 1.24 * (u - 0.5);
      case 'steps':
        return 0.18 + 0.78 * (this.#steps.filter((s) => s <= u).length / this.#steps.length);
      case 'spells':
        return this.#spells.some(([from, to]) => t >= from && t < to) ? 0.45 + 0.45 * u : 0.04 + 0.1 * u;
    }
  }
}

function stepsOf(d: Dice): number[] {
  const n = 3 + Math.floor(d() * 4);
  return Array.from({ length: n }, (_, i) => (i === 0 ? d.between(0.02, 0.1) : (i + d.between(-0.3, 0.3)) / n));
}

/** Bad spells that begin at the onset, and become longer and more frequent. */
function spellsOf({ onset, due }: FaultPlan, d: Dice): [number, number][] {
  const spells: [number, number][] = [];
  const whole = due - onset;
  for (let at = onset; at < due; ) {
    const u = (at - onset) / whole;
    const to = at + Math.max(0.4 * HOUR, whole * (0.025 + 0.06 * u) * d.between(0.6, 1.5));
    spells.push([at, to]);
    at = to + whole * (0.06 * (1 - u) + 0.012) * d.between(0.5, 1.5);
  }
  return spells;
}
