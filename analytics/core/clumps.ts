/** Counts from which on what they have in common is no chance: single errors are by far the most frequent. */
const ENOUGH = 12;

/**
 * By how much a model counts one event. A cutter that tries again, or a reader that reads a bad card three times, counts two or three at a time, and five events
 * that count as fifteen are three times the evidence that they are. What a model's first counts of errors grow by, whichever terminal tells of it, has a greatest
 * common divisor: an event's count. It is found once and stays: one odd count later (a message between two tries, a total that slipped) must not make every
 * terminal of the model look worse against what was learned of it.
 */
export class Clumps {
  readonly #steps: number[];
  readonly #seen: number[];

  constructor(rates: number, { steps, seen }: SavedClumps = { steps: [], seen: [] }) {
    this.#steps = Array.from({ length: rates }, (_, i) => steps[i] ?? 0);
    this.#seen = Array.from({ length: rates }, (_, i) => seen[i] ?? 0);
  }

  /** Takes in that a rate's counter grew by `errors`, a whole number, and answers how many events that were. */
  events(rate: number, errors: number): number {
    const step = this.#steps[rate]!;
    if (errors <= 0 || step === 1) return errors;
    if (this.#seen[rate]! >= ENOUGH) return errors / step;
    this.#steps[rate] = commonOf(step, errors);
    this.#seen[rate]!++;
    return errors;
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
