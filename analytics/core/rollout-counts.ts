import type { Counters } from '../../contract/payloads.ts';
import { MEASURES } from './rollout-measures.ts';
import { readSum, type Sums, writeSum } from './rollout-sums.ts';
import { Slab } from './slab.ts';
import { HOUR } from './time.ts';
import type { BeforeAfter } from './two-sample.ts';

/** Memory of the past and, shorter, of what came since: days. */
const PAST_DAYS = 10;
const SINCE_DAYS = 5;
/** Days since the change, and before it, that a terminal needs to be counted. */
const LEAST_SINCE = 0.6;
const LEAST_PAST = 2;

/** ms between two looks at a terminal's counters: totals lose nothing by it. */
const SAMPLE = HOUR / 2;
const M = MEASURES.length;
/** A terminal's record, words: when it changed and when it last counted (s), then totals plus one: events, and units where they are counted. */
const CHANGED = 0;
const COUNTED = 1;
const TOTALS = 2;
const UNIT_TOTALS = MEASURES.flatMap((measure, m) => (measure.units ? [m] : []));
const HALVES = 2 * (TOTALS + M + UNIT_TOTALS.length);
/** Halves: epoch it counts in, and the past. What came since has rows of its own, once there has been a rollout. */
const EPOCH = HALVES;
/** Which of the parts of its sums a terminal tells, eight bits a sum. */
const PARTS = HALVES + 1;
const PAST = HALVES + 2;
const SUMS = MEASURES.flatMap((measure, m) => (measure.parts ? [m] : []));
const STRIDE = Math.ceil((PAST + 2 * M) / 2);

/** Every terminal's events and units by measure, fading: its past, and what came since its own update, or since the tenant's latest rollout began. */
export class RolloutCounts {
  readonly #slab = new Slab(STRIDE);
  readonly #since = new Slab(M);

  get bytes(): number {
    return this.#slab.bytes + this.#since.bytes;
  }

  /** Whether its counters are to be looked at again: twice an hour at the most. */
  isDue(index: number, ts: number): boolean {
    const { w, o } = this.#record(index);
    const last = w[o + COUNTED]!;
    return last === 0 || ts / 1000 - last >= SAMPLE / 1000;
  }

  /** Has it counted in the tenant's rollout of that number, 0 before the first; true where it counted in another until now. */
  enter(index: number, rollout: number): boolean {
    const { h, o } = this.#record(index);
    const epoch = rollout & 0xffff;
    if (h[2 * o + EPOCH] === epoch) return false;
    h[2 * o + EPOCH] = epoch;
    return epoch > 0;
  }

  /** Takes totals in; answers whether something was sold, printed or read since the last time. */
  take(index: number, ts: number, counters: Counters): boolean {
    const { w, h, o } = this.#record(index);
    const last = w[o + COUNTED]!;
    w[o + COUNTED] = ts / 1000;
    const days = last === 0 ? 0 : Math.min(0.25, Math.max(0, ts / 1000 - last) / 86_400);
    const epoch = h[2 * o + EPOCH]!;
    const sums = epoch === 0 ? { h, at: 2 * o + PAST } : this.since(index);
    const keep = Math.exp(-days / (epoch === 0 ? PAST_DAYS : SINCE_DAYS));
    let counted = M;
    let sold = false;
    for (let m = 0; m < M; m++) {
      const measure = MEASURES[m]!;
      const unitsAt = o + TOTALS + (measure.units ? counted++ : 0);
      const events = measure.events(counters);
      if (events === undefined) continue;
      const at = o + TOTALS + m;
      if (measure.parts) {
        const shift = 8 * SUMS.indexOf(m);
        const known = (h[2 * o + PARTS]! >> shift) & 0xff;
        const told = bitsOf(measure.parts(counters));
        h[2 * o + PARTS]! |= told << shift;
        if ((told & ~known) !== 0) w[at] = 0;
        // A part that was left out this once: the next whole message counts for both.
        if ((known & ~told) !== 0) continue;
      }
      const units = measure.units ? measure.units(counters) : 0;
      // Without its units the total says nothing: the next whole message counts for both.
      if (units === undefined) continue;
      const newEvents = events + 1 - w[at]!;
      const newUnits = measure.units ? units + 1 - w[unitsAt]! : days * measure.perDay;
      const known = w[at]! > 0;
      w[at] = events + 1;
      if (measure.units) w[unitsAt] = units + 1;
      sold ||= known && measure.units !== undefined && newUnits > 0;
      if (!known || newEvents < 0 || newUnits <= 0 || days === 0) continue;
      const sum = readSum(sums, m);
      const most = measure.most * Math.max(newUnits, 1);
      writeSum(sums, m, sum.events * keep + Math.min(newEvents, most), sum.units * keep + newUnits);
    }
    return sold;
  }

  /** Another firmware runs on it from `at` on. */
  change(index: number, at: number): void {
    this.fold(index);
    const { w, h, o } = this.#record(index);
    w[o + CHANGED] = at / 1000;
    // The update's own restart, and the reset of its counters, belong to neither side.
    w.fill(0, o + COUNTED, o + HALVES / 2);
    // Another firmware may tell other parts.
    h[2 * o + PARTS] = 0;
  }

  /** When its firmware last changed, ms; 0 where it has not. */
  changedAt(index: number): number {
    const { w, o } = this.#record(index);
    return w[o + CHANGED]! * 1000;
  }

  /** What came since becomes part of the past. */
  fold(index: number): void {
    const past = this.#pastOf(index);
    const since = this.since(index);
    for (let m = 0; m < M; m++) {
      const before = readSum(past, m);
      const after = readSum(since, m);
      writeSum(past, m, before.events + after.events, before.units + after.units);
    }
    this.forgetSince(index);
  }

  forgetSince(index: number): void {
    const { h, at } = this.since(index);
    h.fill(0, at, at + 2 * M);
  }

  /** Rates of a measure before and since; undefined where too little was counted of either. */
  sampleOf(index: number, m: number): BeforeAfter | undefined {
    const { perDay, typical } = MEASURES[m]!;
    const day = perDay > 0 ? perDay : typical;
    const before = readSum(this.#pastOf(index), m);
    const after = readSum(this.since(index), m);
    if (before.units < LEAST_PAST * day || after.units < LEAST_SINCE * day) return undefined;
    return { before: before.events, beforeUnits: before.units, after: after.events, afterUnits: after.units };
  }

  /** Sums of what came since. */
  since(index: number): Sums {
    while (this.#since.used <= index) this.#since.allocate();
    return { h: this.#since.halves(index + 1), at: 2 * this.#since.offset(index + 1) };
  }

  #record(index: number): Record {
    while (this.#slab.used <= index) this.#slab.allocate();
    return { w: this.#slab.words(index + 1), h: this.#slab.halves(index + 1), o: this.#slab.offset(index + 1) };
  }

  #pastOf(index: number): Sums {
    const { h, o } = this.#record(index);
    return { h, at: 2 * o + PAST };
  }

  save(): Uint8Array[] {
    return [...this.#slab.save(), ...this.#since.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#since.load(bytes, this.#slab.load(bytes, at));
  }
}

/** A bit for each part that is told. */
function bitsOf(parts: readonly (number | undefined)[]): number {
  return parts.reduce<number>((bits, part, i) => (part === undefined ? bits : bits | (1 << i)), 0);
}

interface Record {
  readonly w: Uint32Array;
  readonly h: Uint16Array;
  readonly o: number;
}
