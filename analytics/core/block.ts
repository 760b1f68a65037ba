import type { Cases } from './cases.ts';
import { type ChannelView, type GroupShift, UNSEEN } from './channel.ts';
import type { Clumps } from './clumps.ts';
import { type Detector, FLOAT } from './detector.ts';
import { GaugeChannel } from './gauge-channel.ts';
import { type Histories, newCurve } from './history.ts';
import { signed } from './packed.ts';
import { RateChannel } from './rate-channel.ts';
import {
  bucketOf,
  closedOf,
  gapOf,
  isHurried,
  type Layout,
  LOOKS,
  lookOf,
  MOST_GAP,
  type RecordView,
  type Shape,
  Shapes,
  SINCE,
  setBucket,
  setClosed,
  setHurried,
  setLook,
} from './record.ts';
import type { ChannelState } from './state.ts';
import { HOUR, toDays } from './time.ts';

/** Day parts begin at these hours (UTC): only their repeating every day matters. */
const PART_MS = 6 * HOUR;
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
 * A cursor over one component's state of one terminal. `at()` points it to a record, which holds a head, a scratch pad, and cells for the
 * channels and totals that this terminal sends. A field that comes for the first time moves the record to a draft that has room for
 * everything; `settle()` gives it a place of its own size.
 */
export class Block {
  readonly detector: Detector;
  readonly shapes: Shapes;
  readonly histories: Histories;
  readonly curve = newCurve();
  readonly #cases: Cases;
  readonly #gauges: readonly GaugeChannel[];
  readonly #rates: readonly RateChannel[];
  readonly #scratch: readonly number[];
  readonly #steps: readonly number[];
  /** Of its detector, asked for with each message. */
  readonly #bucketMs: number;
  readonly #hurries: boolean;
  readonly #record: RecordView = { f: new Float32Array(0), u: new Uint32Array(0), h: new Uint16Array(0), o: 0 };
  #layout: Layout;
  /** The record's shape; undefined while it is new and has no place. */
  #shape: Shape | undefined;
  #id = 0;
  readonly #draft: Uint32Array;
  readonly #draftFloats: Float32Array;
  readonly #draftHalves: Uint16Array;
  /** Fields that the draft has. */
  readonly #drafted: boolean[];
  #drafting = false;
  readonly #clumpsOf: ((model: number) => Clumps) | undefined;
  /** The terminal's model; 0 where it is not known. */
  model = 0;
  /** Event time of the message being taken in, ms, and in days. */
  now = 0;
  day = 0;

  /** `clumpsOf` tells by how much terminals of a model count one event; one each where left out. */
  constructor(detector: Detector, state: ChannelState, clumpsOf?: (model: number) => Clumps) {
    this.detector = detector;
    this.histories = state.histories;
    this.#clumpsOf = clumpsOf;
    this.#cases = state.cases;
    this.shapes = new Shapes(detector, state.records);
    this.#gauges = detector.gauges.map((_, i) => new GaugeChannel(detector, i, state));
    this.#rates = detector.rates.map((_, i) => new RateChannel(detector, i, state));
    this.#scratch = this.shapes.scratch;
    this.#steps = detector.scratch;
    this.#bucketMs = detector.bucketMs;
    this.#hurries = !detector.liveOnly;
    this.#layout = this.shapes.full;
    this.#draft = new Uint32Array(this.#layout.words);
    this.#draftFloats = new Float32Array(this.#draft.buffer);
    this.#draftHalves = new Uint16Array(this.#draft.buffer);
    this.#drafted = this.#layout.has.map(() => false);
  }

  /** Points the cursor at a record and a time. */
  at(id: number, shape: number, now: number): this {
    const found = this.shapes.at(shape);
    found.slab.show(id, this.#record);
    this.#layout = found;
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
    setBucket(this.#record, this.#look, 0);
    this.#record.f[SINCE] = this.day;
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

  /** Has what is held against its channels moved. */
  relocate(moveCase: (id: number) => number, moveHistory: (id: number) => number): void {
    this.#cases.relocate(this.#record, moveCase, moveHistory);
  }

  #set(now: number): void {
    this.now = now;
    this.day = toDays(now);
  }

  #startDraft(): void {
    this.#draft.fill(0);
    this.#drafted.fill(false);
    this.#drafting = true;
    this.#layout = this.shapes.full;
    this.#record.f = this.#draftFloats;
    this.#record.u = this.#draft;
    this.#record.h = this.#draftHalves;
    this.#record.o = 0;
  }

  /** Makes room for a field that came for the first time. */
  #grow(field: number): void {
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
    return this.day - this.#record.f[this.#record.o + SINCE]!;
  }

  scratch(i: number): number {
    const record = this.#record;
    const at = this.#scratch[i]!;
    const steps = this.#steps[i]!;
    if (steps === FLOAT) return record.f[record.o + at]!;
    const half = record.h[2 * record.o + at]!;
    return steps > 0 ? half / steps : signed(half) / -steps;
  }

  setScratch(i: number, value: number): void {
    const record = this.#record;
    const at = this.#scratch[i]!;
    const steps = this.#steps[i]!;
    if (steps === FLOAT) record.f[record.o + at] = value;
    else if (steps > 0) record.h[2 * record.o + at] = Math.max(0, Math.min(0xffff, Math.round(value * steps)));
    else record.h[2 * record.o + at] = Math.max(-0x7fff, Math.min(0x7fff, Math.round(value * -steps)));
  }

  /** Adds a sample of a gauge. */
  gauge(i: number, value: number): void {
    if (this.#lacks(this.#layout.gauges[i]!, i)) this.#grow(i);
    this.#gauges[i]!.add(this.#record, this.#layout.gauges[i]!, value);
  }

  /** Adds errors and units of use. */
  rate(i: number, errors: number, units: number): void {
    const field = this.#gauges.length + i;
    if (this.#lacks(this.#layout.rates[i]!, field)) this.#grow(field);
    this.#rates[i]!.add(this.#record, this.#layout.rates[i]!, errors, units);
  }

  /** Events that a rate's counter grew by, where its model counts each of them several times. */
  events(i: number, errors: number): number {
    if (errors <= 0 || this.model === 0) return errors;
    return this.#clumpsOf?.(this.model).events(i, errors) ?? errors;
  }

  /** Remembers a counter's total and answers what it grew by; −1 where it stepped back or is new. */
  delta(i: number, total: number | undefined): number {
    if (total === undefined) return 0;
    const field = this.#gauges.length + this.#rates.length + i;
    const upper = field + this.detector.totals.length;
    if (this.#lacks(this.#layout.totals[i]!, field)) this.#grow(field);
    const last = this.#total(i);
    const value = Math.min(Math.floor(total) + 1, MOST_TOTAL);
    if (value > 0xffff && this.#lacks(this.#layout.uppers[i]!, upper)) this.#grow(upper);
    const { h, o } = this.#record;
    h[2 * o + this.#layout.totals[i]!] = value;
    if (this.#layout.uppers[i]! > 0) h[2 * o + this.#layout.uppers[i]!] = value / 0x1_0000;
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
    return this.#lacks(this.#layout.totals[i]!, this.#gauges.length + this.#rates.length + i) ? 0 : this.#total(i);
  }

  /** A total that it has room for, plus one. A draft's upper half is 0 until it is needed. */
  #total(i: number): number {
    const { h, o } = this.#record;
    const upper = this.#layout.uppers[i]!;
    return h[2 * o + this.#layout.totals[i]!]! + (upper > 0 ? h[2 * o + upper]! * 0x1_0000 : 0);
  }

  #lacks(cell: number, field: number): boolean {
    return this.#drafting ? !this.#drafted[field] : cell === 0;
  }

  /** True when the message belongs to a later bucket than the one being gathered. */
  get due(): boolean {
    return this.now >= (bucketOf(this.#record) + 1) * this.#bucketMs;
  }

  /** Number of the look at its bucket that is due by now. */
  get #look(): number {
    return Math.floor((this.now * LOOKS) / this.#bucketMs);
  }

  /** True when the bucket under way has not been looked at for a third of it. */
  get stirs(): boolean {
    return this.#hurries && this.#look > lookOf(this.#record);
  }

  /**
   * Looks at the bucket under way: what is so far out that no more of it is needed is judged now, and gathered anew. True where that leaves
   * something under suspicion.
   */
  hurry(group: GroupShift): boolean {
    const record = this.#record;
    const look = this.#look;
    const before = lookOf(record);
    setLook(record, look);
    if (closedOf(record) < this.detector.learnBuckets) return false;
    const third = this.detector.bucketMs / LOOKS;
    const middle = toDays(((before + look) / 2) * third);
    const part = Math.floor((bucketOf(record) * this.detector.bucketMs) / PART_MS) % 4;
    let suspect = false;
    for (let i = 0; i < this.#gauges.length; i++) {
      const cell = this.#layout.gauges[i]!;
      if (cell === 0 || !this.#gauges[i]!.runsAway(record, cell, part)) continue;
      setHurried(record);
      if (this.#gauges[i]!.close(record, cell, middle, part, group)) suspect = true;
    }
    for (let i = this.#rates.length - 1; i >= 0; i--) {
      const cell = this.#layout.rates[i]!;
      if (cell === 0 || !this.#rates[i]!.runsAway(record, cell)) continue;
      setHurried(record);
      if (this.#rates[i]!.close(record, cell, this.#keeper(i), false, middle, group, true)) suspect = true;
    }
    return suspect;
  }

  /** Closes the bucket under way: scores it against what was known before, then learns from it. True where something is under suspicion. */
  close(group: GroupShift): boolean {
    const record = this.#record;
    const { bucketMs } = this.detector;
    const bucket = bucketOf(record);
    const next = Math.floor(this.now / bucketMs);
    // Where a part of it has been judged, what is left is of its end.
    const middle = toDays((bucket + (isHurried(record) ? 1 - 0.5 / LOOKS : 0.5)) * bucketMs);
    const part = Math.floor((bucket * bucketMs) / PART_MS) % 4;
    const gap = gapOf(record) || MOST_GAP;
    const passed = toDays((bucket + 0.5) * bucketMs) - toDays((bucket + 0.5 - gap) * bucketMs);
    setBucket(record, this.#look, next - bucket);
    setClosed(record, closedOf(record) + 1);
    const learning = closedOf(record) <= this.detector.learnBuckets;
    let suspect = false;
    for (let i = 0; i < this.#gauges.length; i++) {
      const cell = this.#layout.gauges[i]!;
      if (cell > 0 && this.#gauges[i]!.close(record, cell, middle, part, group)) suspect = true;
    }
    // The later of a pool are the more telling (jams before retries): they use the allowance first.
    for (let i = this.#rates.length - 1; i >= 0; i--) {
      const cell = this.#layout.rates[i]!;
      if (cell === 0) continue;
      const rate = this.#rates[i]!;
      rate.refill(record, passed, this.detector.pace?.(this, i) ?? 1);
      if (rate.close(record, cell, this.#keeper(i), learning, middle, group)) suspect = true;
    }
    return suspect;
  }

  /** Rates that one disturbance raises together share one allowance, kept with the first of them that is told. */
  #keeper(i: number): RateChannel {
    const pool = this.#rates[i]!.spec.pool ?? i;
    return this.#rates[this.#layout.rates[pool]! > 0 ? pool : i]!;
  }

  /** Drops what the bucket under way has gathered of rates. */
  discard(): void {
    for (let i = 0; i < this.#rates.length; i++) this.discardRate(i);
  }

  /** Drops what the bucket under way has gathered of one rate. */
  discardRate(i: number): void {
    const cell = this.#layout.rates[i]!;
    if (cell > 0) this.#rates[i]!.discard(this.#record, cell);
  }

  viewGauge(i: number): ChannelView {
    const cell = this.#layout.gauges[i]!;
    return cell > 0 ? this.#gauges[i]!.view(this.#record, cell) : UNSEEN;
  }

  /** Level of a good part, which costs less to ask for than the whole view; 0 where it was never told. */
  baseOf(i: number): number {
    const cell = this.#layout.gauges[i]!;
    return cell > 0 ? this.#gauges[i]!.base(this.#record, cell) : 0;
  }

  viewRate(i: number, group: GroupShift): ChannelView {
    const cell = this.#layout.rates[i]!;
    return cell > 0 ? this.#rates[i]!.view(this.#record, cell, group) : UNSEEN;
  }

  /** Evidence held against a rate, in nats. */
  score(i: number): number {
    return this.#rates[i]!.score(this.#record);
  }

  /** Something that may have raised a rate has been taken away (cleaning). */
  calmRate(i: number): void {
    this.#rates[i]!.calm(this.#record);
  }

  /** The disturbance that a rate's allowance stands for has ended (a new roll): what comes now is evidence of its own. */
  renewRate(i: number): void {
    this.#rates[i]!.renew(this.#record);
  }

  /** Forgets a gauge's baseline, so that it is learned anew (another part, another place). */
  resetGauge(i: number): void {
    this.#gauges[i]!.release(this.#record);
    this.#clear(this.#layout.gauges[i]!, this.shapes.halvesOf(i));
  }

  /** Forgets a rate and what is held against it. */
  resetRate(i: number): void {
    this.#rates[i]!.release(this.#record);
    this.#clear(this.#layout.rates[i]!, this.shapes.halvesOf(this.#gauges.length + i));
  }

  /** Its software may measure on another scale from now on: a step of a gauge between two samples is no change of the part. */
  rescaled(): void {
    for (let i = 0; i < this.#gauges.length; i++) {
      if (this.#layout.gauges[i]! > 0) this.#gauges[i]!.rescaled(this.#record, this.#layout.gauges[i]!);
    }
  }

  /** A new part: everything is learned anew, counters' totals excepted. */
  resetAll(): void {
    for (let i = 0; i < this.#gauges.length; i++) this.resetGauge(i);
    for (let i = 0; i < this.#rates.length; i++) this.resetRate(i);
    this.#record.f[this.#record.o + SINCE] = this.day;
    setClosed(this.#record, 0);
  }

  #clear(cell: number, halves: number): void {
    const at = 2 * (this.#record.o + cell);
    if (cell > 0) this.#record.h.fill(0, at, at + halves);
  }
}
