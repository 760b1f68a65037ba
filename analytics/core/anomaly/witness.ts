import { DAY } from '../time.ts';

/** One way of looking at a series: answers how unusual a sample is (−log10 of a probability, 0: usual), then learns it. */
export interface Witness {
  next(value: number, at: number): number;
}

/** Share of the day gone by, 0 … 1, UTC. */
export function dayShare(at: number): number {
  const days = at / DAY;
  return days - Math.floor(days);
}

/** Exponentially weighted mean over about `rows` samples. */
export class Mean {
  readonly #rows: number;
  #value = Number.NaN;

  constructor(rows: number) {
    this.#rows = rows;
  }

  next(x: number): number {
    this.#value = Number.isNaN(this.#value) ? x : this.#value + (x - this.#value) / this.#rows;
    return this.#value;
  }
}

/** Exponentially weighted mean, and mean absolute deviation from it. */
export class Spread {
  readonly #rows: number;
  mean = Number.NaN;
  deviation = 0;

  constructor(rows: number) {
    this.#rows = rows;
  }

  next(x: number): void {
    if (Number.isNaN(this.mean)) this.mean = x;
    this.deviation += (Math.abs(x - this.mean) - this.deviation) / this.#rows;
    this.mean += (x - this.mean) / this.#rows;
  }
}
