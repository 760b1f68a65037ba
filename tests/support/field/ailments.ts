/** The faults that one terminal has, and when each of them ends in an outage. */
import { type Fault, hurts } from './faults.ts';
import type { Dice } from './hardware.ts';
import { HOUR, STEP } from './shops.ts';

export class Ailments {
  readonly faults: Fault[] = [];
  readonly #d: Dice;
  readonly #streak: Record<string, number> = {};

  constructor(d: Dice) {
    this.#d = d;
  }

  /** Wears the faults that have begun: by trade (`pace` of it while open) or by time, slowly where the terminal is off. */
  wear(now: number, open: boolean, on: boolean, weekly: number): void {
    for (const f of this.faults) {
      if (now < f.onset) continue;
      const byUse = open ? (f.fast ? 1 : 1 / weekly) : 0;
      f.progress += (STEP / f.life) * (f.byUse ? byUse : on || f.component === 'battery' ? 1 : 0.2);
    }
  }

  /** A fault ends in an outage when it has kept its part from working for `steps` (20 minutes), or at once where that is its nature. */
  note(now: number, key: string, broken: boolean, steps = 2): void {
    const f = this.faults.find((one) => hurts(one) === key && one.failedAt === undefined && now >= one.onset);
    if (!f) return;
    this.#streak[key] = broken ? (this.#streak[key] ?? 0) + 1 : 0;
    if (this.#streak[key]! < steps) return;
    f.failedAt = now;
    f.repairAt = now + this.#d.between(5, 70) * HOUR;
  }

  /** Whether what `key` names was broken a step ago. */
  brokeLately(key: string): boolean {
    return (this.#streak[key] ?? 0) > 0;
  }
}
