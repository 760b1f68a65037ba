interface Range {
  readonly after: number;
  readonly upTo: number;
  readonly at: number;
}

/**
 * When journal batches reached this process, where their messages' own times of arrival would tell of another day: imported recordings,
 * and what an earlier process left in the journal. Both would otherwise count as days of lag.
 */
export class Arrivals {
  readonly #since: number;
  readonly #start: readonly number[];
  readonly #recorded: Range[][];

  /** `since`: when this process began to read; `start`: last position of each shard at that time. */
  constructor(since: number, start: readonly number[]) {
    this.#since = since;
    this.#start = start;
    this.#recorded = start.map(() => []);
  }

  /** Batches of a shard in (`after`, `upTo`] hold recorded messages, which came at `at`. Called in order of positions. */
  recorded(shard: number, after: number, upTo: number, at: number): void {
    this.#recorded[shard]!.push({ after, upTo, at });
  }

  /** When a batch came, ms; asked once for each position, in order. `receivedAt`: of its oldest message. */
  of(shard: number, position: number, receivedAt: number): number {
    if (position <= this.#start[shard]!) return Math.max(receivedAt, this.#since);
    const ranges = this.#recorded[shard]!;
    while (ranges[0] && ranges[0].upTo < position) ranges.shift();
    return ranges[0] && ranges[0].after < position ? ranges[0].at : receivedAt;
  }
}
