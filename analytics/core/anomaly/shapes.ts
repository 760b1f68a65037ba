import { Tail } from './tail.ts';
import { dayShare, type Witness } from './witness.ts';

const KEPT = 400;
const ENOUGH = 20;

export interface ShapeOptions {
  /** Points a window has, and samples that each is the mean of. */
  readonly points: number;
  readonly samples: number;
  /** Which of the nearest windows counts: one strange neighbour is no company. */
  readonly neighbour: number;
  /** What half a day's difference weighs, in spreads of the series; 0: the time of day does not matter. */
  readonly clock?: number;
}

/**
 * Shapes never met: the last window of the series against windows kept of its past, by the distance to the k-th nearest (as KNN-CAD,
 * Burnaev & Ishimtsev 2016, without its covariance). The past is thinned without chance: a hash of the count says which one gives way.
 */
export class Shapes implements Witness {
  readonly #options: ShapeOptions;
  readonly #recent: Float64Array;
  readonly #kept: Float64Array[] = [];
  readonly #tail = new Tail();
  #seen = 0;
  #taken = 0;
  #mean = 0;
  #scale = 1e-9;

  constructor(options: ShapeOptions) {
    this.#options = options;
    this.#recent = new Float64Array(options.points * options.samples);
  }

  next(value: number, at: number): number {
    const { samples, neighbour, clock = 0 } = this.#options;
    const row = this.#seen++;
    this.#recent.copyWithin(1, 0);
    this.#recent[0] = value;
    const rate = Math.max(1 / (row + 1), 0.0005);
    this.#mean += rate * (value - this.#mean);
    this.#scale += rate * (Math.abs(value - this.#mean) - this.#scale);
    if (this.#seen < this.#recent.length) return 0;
    const window = this.#window(at);
    const rarity =
      this.#kept.length < ENOUGH ? 0 : this.#tail.next(this.#distance(window, neighbour, (clock * this.#scale) ** 2));
    if (row % Math.max(2, samples) === 0) this.#keep(window);
    return rarity;
  }

  /** Means of the last samples, newest first, then the time of day on its circle. */
  #window(at: number): Float64Array {
    const { points, samples } = this.#options;
    const window = new Float64Array(points + 2);
    for (let p = 0; p < points; p++) {
      let sum = 0;
      for (let i = p * samples; i < (p + 1) * samples; i++) sum += this.#recent[i]!;
      window[p] = sum / samples;
    }
    const angle = dayShare(at) * 2 * Math.PI;
    window[points] = Math.cos(angle);
    window[points + 1] = Math.sin(angle);
    return window;
  }

  #distance(window: Float64Array, neighbour: number, clock: number): number {
    const { points } = this.#options;
    const nearest = new Float64Array(neighbour).fill(Number.POSITIVE_INFINITY);
    for (const other of this.#kept) {
      let sum = 0;
      for (let p = 0; p < points; p++) sum += (other[p]! - window[p]!) ** 2;
      if (clock > 0) {
        const turn = (other[points]! - window[points]!) ** 2 + (other[points + 1]! - window[points + 1]!) ** 2;
        sum += clock * points * turn;
      }
      if (sum >= nearest[neighbour - 1]!) continue;
      let at = neighbour - 1;
      for (; at > 0 && nearest[at - 1]! > sum; at--) nearest[at] = nearest[at - 1]!;
      nearest[at] = sum;
    }
    return Math.sqrt(nearest[neighbour - 1]! / points);
  }

  #keep(window: Float64Array): void {
    this.#taken++;
    if (this.#kept.length < KEPT) this.#kept.push(window);
    else this.#kept[Math.floor(((Math.imul(this.#taken, 2654435761) >>> 0) / 2 ** 32) * KEPT)] = window;
  }
}
