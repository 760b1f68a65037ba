import type { Detector } from './detector.ts';
import { GroupRefs } from './group-sums.ts';
import { Slab } from './slab.ts';

/** Units after which half is forgotten: floats hold no more. */
const MUCH = 1 << 22;

/** By kind (a model, a fleet): errors and units ever, of each rate of all detectors, in one row of floats. */
export class UsualRates {
  readonly #rows: Slab;
  readonly #refs = new GroupRefs();
  readonly #firsts: readonly number[];

  constructor(detectors: readonly Detector[]) {
    let words = 0;
    this.#firsts = detectors.map(({ rates }) => {
      words += 2 * rates.length;
      return words - 2 * rates.length;
    });
    this.#rows = new Slab(Math.max(1, words));
  }

  /** Rate of a kind, where what is believed of it before anything is known is worth so many errors. */
  of(kind: number, detector: number, channel: number, believed: number, worth: number): number {
    const id = this.#rowOf(kind);
    const f = this.#rows.floats(id);
    const at = this.#rows.offset(id) + this.#firsts[detector]! + 2 * channel;
    return (f[at]! + worth) / (f[at + 1]! + worth / believed);
  }

  add(kind: number, detector: number, channel: number, errors: number, units: number): void {
    const id = this.#rowOf(kind);
    const f = this.#rows.floats(id);
    const at = this.#rows.offset(id) + this.#firsts[detector]! + 2 * channel;
    f[at]! += errors;
    f[at + 1]! += units;
    if (f[at + 1]! < MUCH) return;
    f[at]! /= 2;
    f[at + 1]! /= 2;
  }

  #rowOf(kind: number): number {
    const known = this.#refs.get(kind);
    if (known !== 0) return known;
    const id = this.#rows.allocate();
    this.#refs.set(kind, id);
    return id;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#refs.bytes;
  }

  save(): Uint8Array[] {
    return [...this.#refs.save(), ...this.#rows.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#rows.load(bytes, this.#refs.load(bytes, at));
  }
}
