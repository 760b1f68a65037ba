import type { Detector } from './detector.ts';
import { Slab } from './slab.ts';

/** A record as a cursor sees it: three views of one chunk of memory, and the index of the record's first word. */
export interface RecordView {
  f: Float32Array;
  u: Uint32Array;
  h: Uint16Array;
  o: number;
}

/** A record's head: number of the bucket under way, day of the last reset, halves (buckets closed; buckets from the last one to this), first case. */
export const BUCKET = 0;
export const SINCE = 1;
export const CLOSED = 4;
export const GAP = 5;
export const CASES = 3;
const HEAD = 4;

/** Words of a gauge, two more where parts of the day have levels of their own; of a rate. */
const GAUGE_WORDS = 5;
const DIURNAL_WORDS = 7;
const RATE_WORDS = 3;

/** Where a record keeps what. */
export interface Layout {
  /** Channels and totals that it has room for: gauges, then rates, then totals. */
  readonly has: readonly boolean[];
  readonly words: number;
  /** First word of the detector's private numbers; of each gauge, rate and total, 0 where it has none. */
  readonly scratch: number;
  readonly gauges: readonly number[];
  readonly rates: readonly number[];
  readonly totals: readonly number[];
}

/** Layout of the channels and totals of one detector that some terminals send, and the slab of records of that size. */
export interface Shape extends Layout {
  readonly id: number;
  readonly slab: Slab;
}

/** Shapes past this many (they are numbered in 16 bits) are not told apart: the full one serves. */
const MOST_SHAPES = 0xffff;

/** Slabs of records by size, shared by all detectors. */
export class RecordStore {
  readonly #slabs = new Map<number, Slab>();

  slabOf(words: number): Slab {
    let slab = this.#slabs.get(words);
    if (!slab) this.#slabs.set(words, (slab = new Slab(words)));
    return slab;
  }

  get slabs(): readonly Slab[] {
    return [...this.#slabs.values()];
  }

  get bytes(): number {
    return this.slabs.reduce((sum, slab) => sum + slab.bytes, 0);
  }

  /** Sizes in use, and the parts of a snapshot. */
  save(): { sizes: number[]; parts: Uint8Array[] } {
    return { sizes: [...this.#slabs.keys()], parts: this.slabs.flatMap((slab) => slab.save()) };
  }

  load(sizes: readonly number[], bytes: Uint8Array, at: number): number {
    this.#slabs.clear();
    return sizes.reduce((cursor, words) => this.slabOf(words).load(bytes, cursor), at);
  }
}

/** The shapes of one detector's records: a terminal pays for the fields it sends, without a word for those it does not. */
export class Shapes {
  /** Layout of everything, for a record while it grows. */
  readonly full: Layout;
  readonly #detector: Detector;
  readonly #store: RecordStore;
  readonly #shapes: Shape[] = [];
  readonly #byFields = new Map<string, Shape>();

  constructor(detector: Detector, store: RecordStore) {
    this.#detector = detector;
    this.#store = store;
    const { gauges, rates, totals } = detector;
    this.full = this.#layout(Array.from({ length: gauges.length + rates.length + totals.length }, () => true));
  }

  at(id: number): Shape {
    return this.#shapes[id]!;
  }

  of(has: readonly boolean[]): Shape {
    const key = keyOf(has);
    const known = this.#byFields.get(key);
    if (known) return known;
    if (this.#shapes.length >= MOST_SHAPES && has.includes(false)) return this.of(this.full.has);
    const layout = this.#layout([...has]);
    const shape = { id: this.#shapes.length, slab: this.#store.slabOf(layout.words), ...layout };
    this.#shapes.push(shape);
    this.#byFields.set(key, shape);
    return shape;
  }

  /** Words that a channel or a total takes, numbered as in `has`. */
  wordsOf(field: number): number {
    const { gauges, rates } = this.#detector;
    const gauge = gauges[field];
    return gauge
      ? gauge.diurnal
        ? DIURNAL_WORDS
        : GAUGE_WORDS
      : field < gauges.length + rates.length
        ? RATE_WORDS
        : 1;
  }

  /** Copies the head, the private numbers, and what both layouts have. */
  copy(from: Layout, source: Uint32Array, at: number, to: Layout, target: Uint32Array, offset: number): void {
    const words = (first: number, second: number, count: number): void => {
      for (let i = 0; i < count; i++) target[offset + second + i] = source[at + first + i]!;
    };
    words(0, 0, HEAD + this.#detector.scratch);
    from.has.forEach((has, field) => {
      if (has && to.has[field]) words(cellOf(from, field), cellOf(to, field), this.wordsOf(field));
    });
  }

  save(): string[] {
    return this.#shapes.map(({ has }) => has.map(Number).join(''));
  }

  load(saved: readonly string[]): void {
    this.#shapes.length = 0;
    this.#byFields.clear();
    for (const key of saved) this.of([...key].map((bit) => bit === '1'));
  }

  #layout(has: readonly boolean[]): Layout {
    const { gauges, rates, totals, scratch } = this.#detector;
    let words = HEAD + scratch;
    let field = 0;
    const place = (): number => {
      const size = this.wordsOf(field);
      if (!has[field++]) return 0;
      words += size;
      return words - size;
    };
    const cells = { gauges: gauges.map(place), rates: rates.map(place), totals: totals.map(place) };
    return { has, words, scratch: HEAD, ...cells };
  }
}

/** Fifteen fields a character: asked for each terminal that is new, so it must cost little. */
function keyOf(has: readonly boolean[]): string {
  let key = '';
  let bits = 1;
  for (let i = 0; i < has.length; i++) {
    bits = bits * 2 + (has[i] ? 1 : 0);
    if (bits < 0x8000) continue;
    key += String.fromCharCode(bits);
    bits = 1;
  }
  return key + String.fromCharCode(bits);
}

function cellOf({ gauges, rates, totals }: Layout, field: number): number {
  const rate = field - gauges.length;
  return gauges[field] ?? rates[rate] ?? totals[rate - rates.length]!;
}
