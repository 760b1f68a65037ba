import { type Detector, FLOAT } from './detector.ts';
import { type BlockView, Slab } from './slab.ts';

/** A record as a cursor sees it. */
export type RecordView = BlockView;

/**
 * A record's head, words: number of the bucket under way, with the buckets from the last one to it above; day of the last reset; first case,
 * with the buckets closed above.
 */
const CLOCK = 0;
export const SINCE = 1;
const HELD = 2;
const HEAD = 3;
/** Looks at a bucket while it fills: at each, what runs away is judged without waiting for the end. */
export const LOOKS = 3;
/** Bits of a look's number: ten minutes each for a century and a half; and the bit that says that something of the bucket under way was not waited for. */
const LOOK_BITS = 23;
const LOOK_MASK = (1 << LOOK_BITS) - 1;
const HURRIED = 1 << LOOK_BITS;
const GAP_SHIFT = LOOK_BITS + 1;
/** Buckets from one to the next that are told apart: in as many any allowance is whole again. */
export const MOST_GAP = 0xff;
/** Bits of a case's number: thirty million of them. */
const CASE_BITS = 25;
const CASE_MASK = (1 << CASE_BITS) - 1;
/** Buckets closed that are counted: more than any detector learns from. */
const MOST_CLOSED = 0x7f;

export function bucketOf(record: RecordView): number {
  return Math.floor(lookOf(record) / LOOKS);
}

/** Number of the last look at the bucket under way. */
export function lookOf({ u, o }: RecordView): number {
  return u[o + CLOCK]! & LOOK_MASK;
}

export function setLook({ u, o }: RecordView, look: number): void {
  u[o + CLOCK] = ((u[o + CLOCK]! & ~LOOK_MASK) | Math.min(look, LOOK_MASK)) >>> 0;
}

/** Whether a part of the bucket under way has been judged already. */
export function isHurried({ u, o }: RecordView): boolean {
  return (u[o + CLOCK]! & HURRIED) !== 0;
}

export function setHurried({ u, o }: RecordView): void {
  u[o + CLOCK] = (u[o + CLOCK]! | HURRIED) >>> 0;
}

/** Buckets from the last one to the one under way; 0 where it is the first. */
export function gapOf({ u, o }: RecordView): number {
  return u[o + CLOCK]! >>> GAP_SHIFT;
}

/** Begins a bucket with the look that falls into it. */
export function setBucket({ u, o }: RecordView, look: number, gap: number): void {
  u[o + CLOCK] = (Math.min(look, LOOK_MASK) | (Math.min(gap, MOST_GAP) << GAP_SHIFT)) >>> 0;
}

/** Buckets closed since its last reset, as many as are counted. */
export function closedOf({ u, o }: RecordView): number {
  return u[o + HELD]! >>> CASE_BITS;
}

export function setClosed({ u, o }: RecordView, buckets: number): void {
  u[o + HELD] = (u[o + HELD]! & CASE_MASK) | (Math.min(buckets, MOST_CLOSED) << CASE_BITS);
}

/** The first of what is held against its channels; 0 where nothing is. */
export function firstCase({ u, o }: RecordView): number {
  return u[o + HELD]! & CASE_MASK;
}

export function setFirstCase({ u, o }: RecordView, id: number): void {
  u[o + HELD] = (u[o + HELD]! & ~CASE_MASK) | id;
}

/** Words of a gauge, two more where parts of the day have levels of their own; of a rate. */
const GAUGE_WORDS = 5;
const DIURNAL_WORDS = 7;
const RATE_WORDS = 3;

/** Where a record keeps what: its head, the detector's private numbers, then what the terminal sends. */
export interface Layout {
  /** Fields that it has room for: gauges, then rates, totals, and upper halves of totals, which few grow large enough to need. */
  readonly has: readonly boolean[];
  readonly words: number;
  /** First word of each gauge and rate; 0 where it has none. */
  readonly gauges: readonly number[];
  readonly rates: readonly number[];
  /** Half of each total, and of its upper bits; 0 where it has none. */
  readonly totals: readonly number[];
  readonly uppers: readonly number[];
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
  /** Where each private number of the detector lies in every record: a word for a float, a half for what is kept in steps. */
  readonly scratch: readonly number[];
  /** Halves that every record has. */
  readonly #fixed: number;
  readonly #detector: Detector;
  readonly #store: RecordStore;
  readonly #shapes: Shape[] = [];
  readonly #byFields = new Map<string, Shape>();

  constructor(detector: Detector, store: RecordStore) {
    this.#detector = detector;
    this.#store = store;
    const { gauges, rates, totals, scratch } = detector;
    let word = HEAD;
    let half = 2 * (HEAD + scratch.filter((steps) => steps === FLOAT).length);
    this.scratch = scratch.map((steps) => (steps === FLOAT ? word++ : half++));
    this.#fixed = half + (half % 2);
    this.full = this.#layout(Array.from({ length: gauges.length + rates.length + 2 * totals.length }, () => true));
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

  /** Halves that a field takes, numbered as in `has`: whole words where it is a channel. */
  halvesOf(field: number): number {
    const { gauges, rates } = this.#detector;
    const gauge = gauges[field];
    if (gauge) return 2 * (gauge.diurnal ? DIURNAL_WORDS : GAUGE_WORDS);
    return field < gauges.length + rates.length ? 2 * RATE_WORDS : 1;
  }

  /** Copies the head, the private numbers, and what both layouts have, from halves at `at` to halves at `offset`. */
  copy(from: Layout, source: Uint16Array, at: number, to: Layout, target: Uint16Array, offset: number): void {
    const halves = (first: number, second: number, count: number): void => {
      for (let i = 0; i < count; i++) target[offset + second + i] = source[at + first + i]!;
    };
    halves(0, 0, this.#fixed);
    from.has.forEach((has, field) => {
      if (has && to.has[field]) halves(halfOf(from, field), halfOf(to, field), this.halvesOf(field));
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
    const { gauges, rates, totals } = this.#detector;
    let halves = this.#fixed;
    let field = 0;
    const place = (): number => {
      const size = this.halvesOf(field);
      if (!has[field++]) return 0;
      halves += size;
      return halves - size;
    };
    const word = (): number => place() / 2;
    const channels = { gauges: gauges.map(word), rates: rates.map(word) };
    const counters = { totals: totals.map(place), uppers: totals.map(place) };
    return { has, words: Math.ceil(halves / 2), ...channels, ...counters };
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

function halfOf({ gauges, rates, totals, uppers }: Layout, field: number): number {
  const rate = field - gauges.length;
  const total = rate - rates.length;
  const word = gauges[field] ?? rates[rate];
  return word === undefined ? (totals[total] ?? uppers[total - totals.length]!) : 2 * word;
}
