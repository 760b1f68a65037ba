import { DayBand, DayProfile, Jumps, Records, Restlessness } from './levels.ts';
import { levelAndStep, levelByClock, Novelty, situation } from './novelty.ts';
import { Shapes } from './shapes.ts';
import type { Witness } from './witness.ts';

/** A sample's score, and whether it is an alarm. */
export interface Judgement {
  /** 0 (usual) … 1. */
  readonly score: number;
  readonly alarm: boolean;
}

/** Score from which a sample is an alarm: one default for every series. */
export const DEFAULT_THRESHOLD = 0.5;

/** Rarity (mean over the witnesses, −log10) that has score 0.5. */
const EVEN = 1.46;
/** One witness never says more than this. */
const SURE = 8;
/** How the bar rises after an alarm, so that one event is told once: at first by far, then for as long as a share of what was seen. */
const AFTER = 16;
const AFTER_ROWS = 10;
const AFTER_SHARE = 0.01;
/** And a little for longer with each alarm: a series that cries often must cry louder. */
const WEARY = 0.15;
const WEARY_ROWS = 300;
const WEARY_SHARE = 0.3;

/**
 * A streaming anomaly detector for one series of any metric: thirteen witnesses that each say how rare a sample is in their way of
 * looking, a weighted mean of what they say, and a bar that rises after an alarm. Score before learn, no look-ahead, bounded memory
 * (about 100 kB), no choice to make per series. Weights were found on half of the Numenta Anomaly Benchmark (docs/accuracy.md).
 */
export class AnomalyDetector {
  readonly #threshold: number;
  readonly #witnesses: readonly { readonly witness: Witness; readonly share: number }[];
  #seen = 0;
  #after = 0;
  #weary = 0;

  constructor(threshold: number = DEFAULT_THRESHOLD) {
    this.#threshold = threshold;
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

  /** Judges the next sample, then learns it. `at`: ms since 1970. */
  next(value: number, at: number): Judgement {
    let rarity = 0;
    for (const { witness, share } of this.#witnesses) rarity += share * Math.min(SURE, witness.next(value, at));
    const rows = this.#seen++;
    this.#after *= 1 - 1 / Math.max(AFTER_ROWS, AFTER_SHARE * rows);
    this.#weary *= 1 - 1 / Math.max(WEARY_ROWS, WEARY_SHARE * rows);
    const left = Math.max(0, rarity - this.#after - this.#weary);
    const score = left / (left + EVEN);
    const alarm = score >= this.#threshold;
    if (alarm) {
      this.#after = AFTER;
      this.#weary += WEARY;
    }
    return { score, alarm };
  }
}
