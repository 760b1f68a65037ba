import { type Detector, FLOAT } from './detector.ts';
import { signed } from './packed.ts';
import {
  type Layout,
  LOOKS,
  type RecordStore,
  type RecordView,
  type Shape,
  Shapes,
  SINCE,
  setBucket,
} from './record.ts';
import { toDays } from './time.ts';

/** Totals, kept as one more than they are, so that 0 says that none was seen. */
const MOST_TOTAL = 0xffff_ffff;
/** One more than what counters of 16 and 31 bits hold: one that stands there is full (of 32 bits it is the most that is kept). */
const FULL_TOTALS = [0x1_0000, 0x8000_0000] as const;

/** Where a component's record lies: its number in the slab of its shape. */
export interface Place {
  readonly id: number;
  readonly shape: number;
}

/**
 * A cursor over the records of one component: `at()` points it to one, which holds a head, a scratch pad, and cells for the channels and
 * totals that this terminal sends. A field that comes for the first time moves the record to a draft that has room for everything;
 * `settle()` gives it a place of its own size.
 */
export class RecordCursor {
  readonly detector: Detector;
  readonly shapes: Shapes;
  protected readonly record: RecordView = {
    f: new Float32Array(0),
    u: new Uint32Array(0),
    h: new Uint16Array(0),
    o: 0,
  };
  protected layout: Layout;
  readonly #scratch: readonly number[];
  readonly #steps: readonly number[];
  /** Number of the first total among a record's fields: gauges and rates come before. */
  readonly #firstTotal: number;
  /** The record's shape; undefined while it is new and has no place. */
  #shape: Shape | undefined;
  #id = 0;
  readonly #draft: Uint32Array;
  readonly #draftFloats: Float32Array;
  readonly #draftHalves: Uint16Array;
  /** Fields that the draft has. */
  readonly #drafted: boolean[];
  #drafting = false;
  /** Event time of the message being taken in, ms, and in days. */
  now = 0;
  day = 0;

  constructor(detector: Detector, records: RecordStore) {
    this.detector = detector;
    this.shapes = new Shapes(detector, records);
    this.#scratch = this.shapes.scratch;
    this.#steps = detector.scratch;
    this.#firstTotal = detector.gauges.length + detector.rates.length;
    this.layout = this.shapes.full;
    this.#draft = new Uint32Array(this.layout.words);
    this.#draftFloats = new Float32Array(this.#draft.buffer);
    this.#draftHalves = new Uint16Array(this.#draft.buffer);
    this.#drafted = this.layout.has.map(() => false);
  }

  /** Points the cursor at a record and a time. */
  at(id: number, shape: number, now: number): this {
    const found = this.shapes.at(shape);
    found.slab.show(id, this.record);
    this.layout = found;
    this.#shape = found;
    this.#id = id;
    this.#drafting = false;
    this.#set(now);
    return this;
  }

  /** Points the cursor at a record that is new; it has no place until it is settled. */
  open(now: number): this {
    this.#shape = undefined;
    this.#id = 0;
    this.#startDraft();
    this.#set(now);
    setBucket(this.record, this.look, 0);
    this.record.f[SINCE] = this.day;
    return this;
  }

  /** Where the record lies now, if that has changed since it was pointed at. To be asked once a message has been taken in. */
  settle(): Place | undefined {
    if (!this.#drafting) return undefined;
    this.#drafting = false;
    const old = this.#shape;
    const shape = this.shapes.of(this.#drafted);
    const id = shape.slab.allocate();
    this.shapes.copy(this.shapes.full, this.#draftHalves, 0, shape, shape.slab.halves(id), 2 * shape.slab.offset(id));
    old?.slab.release(this.#id);
    this.at(id, shape.id, this.now);
    return { id, shape: shape.id };
  }

  #set(now: number): void {
    this.now = now;
    this.day = toDays(now);
  }

  #startDraft(): void {
    this.#draft.fill(0);
    this.#drafted.fill(false);
    this.#drafting = true;
    this.layout = this.shapes.full;
    this.record.f = this.#draftFloats;
    this.record.u = this.#draft;
    this.record.h = this.#draftHalves;
    this.record.o = 0;
  }

  /** Makes room for a field that came for the first time. */
  protected grow(field: number): void {
    if (!this.#drafting) {
      const shape = this.#shape!;
      this.#startDraft();
      shape.has.forEach((has, i) => {
        this.#drafted[i] = has;
      });
      this.shapes.copy(
        shape,
        shape.slab.halves(this.#id),
        2 * shape.slab.offset(this.#id),
        this.shapes.full,
        this.#draftHalves,
        0,
      );
    }
    this.#drafted[field] = true;
  }

  /** Days since the part was new to us (first message, or its replacement). */
  get age(): number {
    return this.day - this.record.f[this.record.o + SINCE]!;
  }

  scratch(i: number): number {
    const record = this.record;
    const at = this.#scratch[i]!;
    const steps = this.#steps[i]!;
    if (steps === FLOAT) return record.f[record.o + at]!;
    const half = record.h[2 * record.o + at]!;
    return steps > 0 ? half / steps : signed(half) / -steps;
  }

  setScratch(i: number, value: number): void {
    const record = this.record;
    const at = this.#scratch[i]!;
    const steps = this.#steps[i]!;
    if (steps === FLOAT) record.f[record.o + at] = value;
    else if (steps > 0) record.h[2 * record.o + at] = Math.max(0, Math.min(0xffff, Math.round(value * steps)));
    else record.h[2 * record.o + at] = Math.max(-0x7fff, Math.min(0x7fff, Math.round(value * -steps)));
  }

  /** Remembers a counter's total and answers what it grew by; −1 where it stepped back or is new. */
  delta(i: number, total: number | undefined): number {
    if (total === undefined) return 0;
    const field = this.#firstTotal + i;
    const upper = field + this.detector.totals.length;
    if (this.lacks(this.layout.totals[i]!, field)) this.grow(field);
    const last = this.#total(i);
    const value = Math.min(Math.floor(total) + 1, MOST_TOTAL);
    if (value > 0xffff && this.lacks(this.layout.uppers[i]!, upper)) this.grow(upper);
    const { h, o } = this.record;
    h[2 * o + this.layout.totals[i]!] = value;
    if (this.layout.uppers[i]! > 0) h[2 * o + this.layout.uppers[i]!] = value / 0x1_0000;
    return last > 0 && value >= last ? value - last : -1;
  }

  /** Whether it has ever told that total, and still does. */
  told(i: number): boolean {
    return this.#kept(i) > 0 && !this.isFull(i);
  }

  /** Whether a total is as large as its counter's bits allow: it stands still for good, and what would need it is not known any more. */
  isFull(i: number): boolean {
    const last = this.#kept(i);
    return last === FULL_TOTALS[0] || last === FULL_TOTALS[1] || last === MOST_TOTAL;
  }

  /** A total, plus one; 0 where it was never told. */
  #kept(i: number): number {
    return this.lacks(this.layout.totals[i]!, this.#firstTotal + i) ? 0 : this.#total(i);
  }

  /** A total that it has room for, plus one. A draft's upper half is 0 until it is needed. */
  #total(i: number): number {
    const { h, o } = this.record;
    const upper = this.layout.uppers[i]!;
    return h[2 * o + this.layout.totals[i]!]! + (upper > 0 ? h[2 * o + upper]! * 0x1_0000 : 0);
  }

  protected lacks(cell: number, field: number): boolean {
    return this.#drafting ? !this.#drafted[field] : cell === 0;
  }

  /** Number of the look at its bucket that is due by now. */
  protected get look(): number {
    return Math.floor((this.now * LOOKS) / this.detector.bucketMs);
  }
}
