import { Coarser } from './coarser.ts';
import { Panel } from './panel.ts';

/** A sample's score, and whether it is an alarm. */
export interface Judgement {
  /** 0 (usual) … 1. */
  readonly score: number;
  readonly alarm: boolean;
}

/** Score from which a sample is an alarm: one default for every series. */
export const DEFAULT_THRESHOLD = 0.5;

/** Rarity (mean over the witnesses, −log10) that has score 0.5. */
const EVEN = 1.3;
/** Samples in a block of the view from further off, and what its rarity counts beside that of the samples themselves. */
const BLOCK = 10;
const FAR = 1.5;
/** How the bar rises after an alarm, so that one event is told once: at first by far, then for as long as a share of what was seen. */
const AFTER = 16;
const AFTER_ROWS = 10;
const AFTER_SHARE = 0.01;
/** And a little for longer with each alarm: a series that cries often must cry louder. */
const WEARY = 0.15;
const WEARY_ROWS = 300;
const WEARY_SHARE = 0.3;

/**
 * A streaming anomaly detector for one series of any metric: a panel of witnesses that each say how rare a sample is in their way of
 * looking, two more such panels that see the series from further off, the louder of near and far, and a bar that rises after an alarm.
 * Score before learn, no look-ahead, bounded memory, no choice to make per series. Weights were found on half of the Numenta Anomaly
 * Benchmark (docs/accuracy-diary/nab.md).
 */
export class AnomalyDetector {
  readonly #threshold: number;
  readonly #near = new Panel();
  readonly #far = new Coarser(BLOCK, [new Panel(), new Panel()]);
  #seen = 0;
  #after = 0;
  #weary = 0;

  constructor(threshold: number = DEFAULT_THRESHOLD) {
    this.#threshold = threshold;
  }

  /** Judges the next sample, then learns it. `at`: ms since 1970. */
  next(value: number, at: number): Judgement {
    const rarity = Math.max(this.#near.next(value, at), FAR * this.#far.next(value, at));
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
