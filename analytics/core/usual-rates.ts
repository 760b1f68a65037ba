import type { Detector } from './detector.ts';
import { GroupRows } from './group-sums.ts';

/** Units after which half is forgotten: floats hold no more. */
const MUCH = 1 << 22;

/** By kind (a model, a fleet): errors and units ever, of each rate of all detectors, in one row of floats. */
export class UsualRates {
  readonly #rows: GroupRows;
  readonly #firsts: readonly number[];

  constructor(detectors: readonly Detector[]) {
    let words = 0;
    this.#firsts = detectors.map(({ rates }) => {
      words += 2 * rates.length;
      return words - 2 * rates.length;
    });
    this.#rows = new GroupRows(Math.max(1, words));
  }

  /** Rate of a kind, where what is believed of it before anything is known is worth so many errors. */
  of(kind: number, detector: number, channel: number, believed: number, worth: number): number {
    const id = this.#rows.rowOf(kind);
    const f = this.#rows.slab.floats(id);
    const at = this.#rows.slab.offset(id) + this.#firsts[detector]! + 2 * channel;
    return (f[at]! + worth) / (f[at + 1]! + worth / believed);
  }

  add(kind: number, detector: number, channel: number, errors: number, units: number): void {
    const id = this.#rows.rowOf(kind);
    const f = this.#rows.slab.floats(id);
    const at = this.#rows.slab.offset(id) + this.#firsts[detector]! + 2 * channel;
    f[at]! += errors;
    f[at + 1]! += units;
    if (f[at + 1]! < MUCH) return;
    f[at]! /= 2;
    f[at + 1]! /= 2;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  save(): Uint8Array[] {
    return this.#rows.save();
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#rows.load(bytes, at);
  }
}
