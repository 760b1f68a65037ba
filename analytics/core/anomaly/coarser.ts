import { Mean, type Witness } from './witness.ts';

/** Blocks over which the level is followed from which an extreme is told. */
const LEVEL = 4;

/**
 * A series seen from further off: of each block of samples another witness sees only the one farthest from where the series has been, and
 * what it says holds until the next block. Thinning by extremes, not by means, keeps what lasted for one sample only. Several with
 * blocks that begin at different samples say less by chance than one: their answer is the mean.
 */
export class Coarser implements Witness {
  readonly #rows: number;
  readonly #views: View[];
  #seen = 0;

  /** `rows` a block has; `witnesses`: their blocks begin evenly apart. */
  constructor(rows: number, witnesses: readonly Witness[]) {
    this.#rows = rows;
    this.#views = witnesses.map((witness, i) => ({
      witness,
      from: Math.round((i * rows) / witnesses.length),
      level: new Mean(LEVEL),
      before: Number.NaN,
      sum: 0,
      least: Number.POSITIVE_INFINITY,
      most: Number.NEGATIVE_INFINITY,
      held: 0,
    }));
  }

  next(value: number, at: number): number {
    const row = this.#seen++;
    let sum = 0;
    for (const view of this.#views) {
      if (row >= view.from) this.#see(view, value, at, (row - view.from + 1) % this.#rows === 0);
      sum += view.held;
    }
    return sum / this.#views.length;
  }

  #see(view: View, value: number, at: number, full: boolean): void {
    view.sum += value;
    view.least = Math.min(view.least, value);
    view.most = Math.max(view.most, value);
    if (!full) return;
    const mean = view.sum / this.#rows;
    const level = Number.isNaN(view.before) ? mean : view.before;
    view.held = view.witness.next(level - view.least > view.most - level ? view.least : view.most, at);
    view.before = view.level.next(mean);
    view.sum = 0;
    view.least = Number.POSITIVE_INFINITY;
    view.most = Number.NEGATIVE_INFINITY;
  }
}

interface View {
  readonly witness: Witness;
  /** The row at which its first block begins. */
  readonly from: number;
  readonly level: Mean;
  /** The level before this block; NaN at first. */
  before: number;
  sum: number;
  least: number;
  most: number;
  /** What the witness said of the last block. */
  held: number;
}
