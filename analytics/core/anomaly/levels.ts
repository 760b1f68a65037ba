import { Tail } from './tail.ts';
import { dayShare, Mean, Spread, type Witness } from './witness.ts';

/** Share of the range seen by which a record must be exceeded for one more step of rarity. */
const RECORD = 0.1;
const FEW = 20;

/** Values beyond everything seen: as rare as a record is after so many, and rarer the further beyond. */
export class Records implements Witness {
  #seen = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  next(value: number): number {
    let rarity = 0;
    if (this.#seen > FEW) {
      const range = Math.max(this.#most - this.#least, 1e-9, 1e-3 * Math.abs(this.#most));
      const beyond = Math.max(value - this.#most, this.#least - value) / range;
      if (beyond > 0) rarity = Math.log10(this.#seen / 2) + beyond / RECORD / Math.LN10;
    }
    this.#seen++;
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
    return rarity;
  }
}

/** Steps from one sample to the next. */
export class Jumps implements Witness {
  readonly #tail = new Tail();
  #last = Number.NaN;

  next(value: number): number {
    const step = Number.isNaN(this.#last) ? 0 : Math.abs(value - this.#last);
    this.#last = value;
    return this.#tail.next(step);
  }
}

/** Differences from what this time of day usually is, held over a few samples. */
export class DayProfile implements Witness {
  readonly #usual: Float64Array;
  readonly #rate: number;
  readonly #held: number;
  readonly #tail = new Tail();
  readonly #lately = new Mean(10);
  #before = Number.NaN;
  #residual = 0;

  /** `parts` of the day; `rate` at which a part's usual value is learned; `held`: samples a difference must last to count fully. */
  constructor(parts: number, rate: number, held: number) {
    this.#usual = new Float64Array(parts).fill(Number.NaN);
    this.#rate = rate;
    this.#held = held;
  }

  next(value: number, at: number): number {
    const part = Math.floor(dayShare(at) * this.#usual.length);
    if (Number.isNaN(this.#before)) this.#before = value;
    const known = this.#usual[part]!;
    // A time of day that has never been seen is expected to be as of late.
    const expected = Number.isNaN(known) ? this.#before : known;
    this.#residual += (value - expected - this.#residual) / this.#held;
    this.#usual[part] = Number.isNaN(known) ? value : known + this.#rate * (value - known);
    this.#before = this.#lately.next(value);
    return this.#tail.next(Math.abs(this.#residual));
  }
}

/** The band within which this time of day has been, widened by use and narrowing slowly: how far beyond it. */
export class DayBand implements Witness {
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #smooth: Mean;
  readonly #tail = new Tail();
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  constructor(parts: number, held: number) {
    this.#low = new Float64Array(parts).fill(Number.POSITIVE_INFINITY);
    this.#high = new Float64Array(parts).fill(Number.NEGATIVE_INFINITY);
    this.#smooth = new Mean(held);
  }

  next(value: number, at: number): number {
    const parts = this.#low.length;
    const level = this.#smooth.next(value);
    const part = Math.floor(dayShare(at) * parts);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const near of [part + parts - 1, part, part + 1]) {
      low = Math.min(low, this.#low[near % parts]!);
      high = Math.max(high, this.#high[near % parts]!);
    }
    const range = this.#most > this.#least ? this.#most - this.#least : 1e-9;
    const beyond = low <= high ? Math.max(0, level - high, low - level) / range : 0;
    const back = 0.002 * range;
    this.#low[part] = Math.min(this.#low[part]! + back, level);
    this.#high[part] = Math.max(this.#high[part]! - back, level);
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
    return this.#tail.next(beyond);
  }
}

/** Restlessness: the spread of the last samples, in logs, against its own habit. */
export class Restlessness implements Witness {
  readonly #rows: number;
  readonly #spread: Spread;
  readonly #tail = new Tail();
  #habit = 0;
  #seen = 0;

  constructor(rows: number) {
    this.#rows = rows;
    this.#spread = new Spread(rows);
  }

  next(value: number): number {
    this.#spread.next(value);
    this.#seen++;
    const level = Math.log(this.#spread.deviation + 1e-9);
    this.#habit += (level - this.#habit) * Math.max(1 / this.#seen, 1 / (this.#rows * 20));
    return this.#tail.next(Math.abs(level - this.#habit));
  }
}
