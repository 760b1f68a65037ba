import { firstCase, type RecordView, setFirstCase } from './record.ts';
import { Slab } from './slab.ts';

/** A rate's: errors and units since the score last left zero (Page 1954), in floats; then halves of score and of evidence taken lately. */
export const ON_K = 0;
export const ON_N = 1;
const SCORES = 2;
/** Words: block of the curve that is kept, and which channel it is with the next case of the same component. */
const HISTORY = 3;
const LINK = 4;
const STRIDE = 5;
const CHANNEL_BITS = 6;
const CHANNEL_MASK = (1 << CHANNEL_BITS) - 1;
/** Steps a nat of scores. */
const UNIT = 2000;

/** What a channel is called among the cases of its component: gauges by their number, rates after them. */
export const RATES_FROM = 32;

/**
 * What is held against channels, as a list of each component: a channel pays for its suspicion only while it is under one. Ids are those
 * of a slab; 0 says that nothing is held.
 */
export class Cases {
  readonly slab = new Slab(STRIDE);

  find(record: RecordView, channel: number): number {
    let id = firstCase(record);
    while (id !== 0) {
      const link = this.#link(id);
      if ((link & CHANNEL_MASK) === channel) return id;
      id = link >>> CHANNEL_BITS;
    }
    return 0;
  }

  open(record: RecordView, channel: number): number {
    const id = this.slab.allocate();
    this.#setLink(id, firstCase(record), channel);
    setFirstCase(record, id);
    return id;
  }

  /** Ends a case; whoever ends it has released its history. */
  end(record: RecordView, ended: number): void {
    const next = this.#link(ended) >>> CHANNEL_BITS;
    if (firstCase(record) === ended) setFirstCase(record, next);
    for (let id = firstCase(record); id !== 0 && id !== next; id = this.#link(id) >>> CHANNEL_BITS) {
      const link = this.#link(id);
      if (link >>> CHANNEL_BITS === ended) this.#setLink(id, next, link & CHANNEL_MASK);
    }
    this.slab.release(ended);
  }

  /** Has the cases of a record and their curves moved, each by the function that answers its new number. */
  relocate(record: RecordView, moveCase: (id: number) => number, moveHistory: (id: number) => number): void {
    let before = 0;
    for (let id = firstCase(record); id !== 0; id = this.#link(before) >>> CHANNEL_BITS) {
      const moved = moveCase(id);
      if (before === 0) setFirstCase(record, moved);
      else this.#setLink(before, moved, this.#link(before) & CHANNEL_MASK);
      const history = this.history(moved);
      if (history !== 0) this.setHistory(moved, moveHistory(history));
      before = moved;
    }
  }

  history(id: number): number {
    return this.slab.words(id)[this.slab.offset(id) + HISTORY]!;
  }

  setHistory(id: number, history: number): void {
    this.slab.words(id)[this.slab.offset(id) + HISTORY] = history;
  }

  number(id: number, slot: number): number {
    return this.slab.floats(id)[this.slab.offset(id) + slot]!;
  }

  setNumber(id: number, slot: number, value: number): void {
    this.slab.floats(id)[this.slab.offset(id) + slot] = value;
  }

  /** Nats held against a rate. */
  score(id: number): number {
    return this.slab.halves(id)[2 * (this.slab.offset(id) + SCORES)]! / UNIT;
  }

  setScore(id: number, nats: number): void {
    this.slab.halves(id)[2 * (this.slab.offset(id) + SCORES)] = Math.round(nats * UNIT);
  }

  /** Nats of evidence taken lately, which only time makes room for again. */
  spent(id: number): number {
    return this.slab.halves(id)[2 * (this.slab.offset(id) + SCORES) + 1]! / UNIT;
  }

  setSpent(id: number, nats: number): void {
    this.slab.halves(id)[2 * (this.slab.offset(id) + SCORES) + 1] = Math.min(0xffff, Math.round(nats * UNIT));
  }

  #link(id: number): number {
    return this.slab.words(id)[this.slab.offset(id) + LINK]!;
  }

  #setLink(id: number, next: number, channel: number): void {
    this.slab.words(id)[this.slab.offset(id) + LINK] = ((next << CHANNEL_BITS) | channel) >>> 0;
  }
}
