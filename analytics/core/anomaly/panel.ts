import { DayBand, DayProfile, Jumps, Records, Restlessness } from './levels.ts';
import { levelAndStep, levelByClock, Novelty, situation } from './novelty.ts';
import { Shapes } from './shapes.ts';
import type { Witness } from './witness.ts';

/** One witness never says more than this. */
const SURE = 8;

/** Thirteen witnesses, each saying in its own way how rare a sample is, and the weighted mean of what they say. */
export class Panel implements Witness {
  readonly #witnesses: readonly { readonly witness: Witness; readonly share: number }[];

  constructor() {
    const all: readonly (readonly [number, Witness])[] = [
      [4, new DayProfile(96, 0.3, 5)],
      [1, new DayProfile(24, 0.1, 5)],
      [1, new DayProfile(24, 0.1, 3)],
      [1, new DayBand(48, 4)],
      [3, new Records()],
      [1, new Jumps()],
      [0.5, new Restlessness(40)],
      [1, new Novelty(situation(), 0.5)],
      [1, new Novelty(levelByClock(), 0.2)],
      [0.5, new Novelty(levelAndStep(), 0.2)],
      [3, new Shapes({ points: 8, samples: 12, neighbour: 2 })],
      [1, new Shapes({ points: 4, samples: 3, neighbour: 3 })],
      [0.5, new Shapes({ points: 1, samples: 5, neighbour: 3, clock: 2 })],
    ];
    const total = all.reduce((sum, [weight]) => sum + weight, 0);
    this.#witnesses = all.map(([weight, witness]) => ({ witness, share: weight / total }));
  }

  next(value: number, at: number): number {
    let rarity = 0;
    for (const { witness, share } of this.#witnesses) rarity += share * Math.min(SURE, witness.next(value, at));
    return rarity;
  }
}
