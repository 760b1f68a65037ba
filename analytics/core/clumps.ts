/** Counts from which on what they have in common is no chance: single errors are by far the most frequent. */
const ENOUGH = 12;

/**
 * By how much a model counts one event. A cutter that tries again, or a reader that reads a bad card three times, counts two or three at a time, and five events
 * that count as fifteen are three times the evidence that they are. What a model's counters of errors grow by, whichever terminal tells of it, has a greatest
 * common divisor: an event's count, once enough of them were seen.
 */
export class Clumps {
  readonly #steps: number[];
  readonly #seen: number[];

  constructor(rates: number, { steps, seen }: SavedClumps = { steps: [], seen: [] }) {
    this.#steps = Array.from({ length: rates }, (_, i) => steps[i] ?? 0);
    this.#seen = Array.from({ length: rates }, (_, i) => seen[i] ?? 0);
  }

  /** Takes in that a rate's errors grew by `errors`, and answers how many events that were. */
  events(rate: number, errors: number): number {
    const step = this.#steps[rate]!;
    if (errors <= 0 || step === 1) return errors;
    this.#steps[rate] = Number.isInteger(errors) ? commonOf(step, errors) : 1;
    this.#seen[rate] = Math.min(ENOUGH, this.#seen[rate]! + 1);
    return this.#seen[rate]! < ENOUGH ? errors : errors / this.#steps[rate]!;
  }

  save(): SavedClumps {
    return { steps: this.#steps, seen: this.#seen };
  }
}

export interface SavedClumps {
  readonly steps: readonly number[];
  readonly seen: readonly number[];
}

function commonOf(a: number, b: number): number {
  return b === 0 ? a : commonOf(b, a % b);
}
