import { type ChannelView, type GroupShift, UNSEEN } from './channel.ts';
import type { Detector } from './detector.ts';
import { GaugeChannel } from './gauge-channel.ts';
import { newCurve } from './history.ts';
import { RateChannel } from './rate-channel.ts';
import { Slab } from './slab.ts';
import type { ChannelState } from './state.ts';
import { HOUR, toDays } from './time.ts';

/** Block header: number of the bucket under way, day of the last reset, buckets closed, middle of the last one (days). */
const BUCKET = 0;
const SINCE = 1;
const CLOSED = 2;
const LAST = 3;
const HEAD = 4;

/** Day parts begin at these hours (UTC): only their repeating every day matters. */
const PART_MS = 6 * HOUR;

/**
 * A cursor over one component's state of one terminal. It owns nothing: `at()` points it to a block of the layout's slab, which holds
 * the numbers of the blocks of its channels (0: a field that this terminal has never sent), totals of counters, and a scratch pad.
 */
export class Block {
  readonly detector: Detector;
  readonly slab: Slab;
  readonly histories: Slab;
  readonly curve = newCurve();
  readonly #gauges: readonly GaugeChannel[];
  readonly #rates: readonly RateChannel[];
  readonly #rateAt: number;
  readonly #totalAt: number;
  readonly #scratchAt: number;
  #f: Float32Array = new Float32Array(0);
  #u: Uint32Array = new Uint32Array(0);
  #o = 0;
  /** Event time of the message being taken in, ms, and in days. */
  now = 0;
  day = 0;

  constructor(detector: Detector, state: ChannelState) {
    this.detector = detector;
    this.histories = state.histories;
    this.#gauges = detector.gauges.map(
      (_, i) => new GaugeChannel(detector, i, state.gaugesOf(detector, i), state.histories),
    );
    this.#rates = detector.rates.map((_, i) => new RateChannel(detector, i, state));
    this.#rateAt = HEAD + detector.gauges.length;
    this.#totalAt = this.#rateAt + detector.rates.length;
    this.#scratchAt = this.#totalAt + detector.totals.length;
    this.slab = new Slab(this.#scratchAt + detector.scratch);
  }

  /** Points the cursor at a block and a time. */
  at(id: number, now: number): this {
    this.#f = this.slab.floats(id);
    this.#u = this.slab.words(id);
    this.#o = this.slab.offset(id);
    this.now = now;
    this.day = toDays(now);
    return this;
  }

  open(now: number): number {
    const id = this.slab.allocate();
    this.at(id, now);
    this.#u[this.#o + BUCKET] = Math.floor(now / this.detector.bucketMs);
    this.#f[this.#o + SINCE] = this.day;
    return id;
  }

  /** Days since the part was new to us (first message, or its replacement). */
  get age(): number {
    return this.day - this.#f[this.#o + SINCE]!;
  }

  scratch(i: number): number {
    return this.#f[this.#o + this.#scratchAt + i]!;
  }

  setScratch(i: number, value: number): void {
    this.#f[this.#o + this.#scratchAt + i] = value;
  }

  /** Adds a sample of a gauge. */
  gauge(i: number, value: number): void {
    const slot = this.#o + HEAD + i;
    let id = this.#u[slot]!;
    if (id === 0) this.#u[slot] = id = this.#gauges[i]!.open();
    this.#gauges[i]!.add(id, value);
  }

  /** Adds errors and units of use. */
  rate(i: number, errors: number, units: number): void {
    const slot = this.#o + this.#rateAt + i;
    let id = this.#u[slot]!;
    if (id === 0) this.#u[slot] = id = this.#rates[i]!.open();
    this.#rates[i]!.add(id, errors, units);
  }

  /** Remembers a counter's total and answers what it grew by; −1 where it stepped back or is new. */
  delta(i: number, total: number | undefined): number {
    if (total === undefined) return 0;
    const at = this.#o + this.#totalAt + i;
    // Kept as total + 1, so that 0 says that none was seen.
    const last = this.#u[at]!;
    const value = Math.min(Math.floor(total), 0xffff_fffe) + 1;
    this.#u[at] = value;
    return last > 0 && value >= last ? value - last : -1;
  }

  /** True when the message belongs to a later bucket than the one being gathered. */
  get due(): boolean {
    return Math.floor(this.now / this.detector.bucketMs) > this.#u[this.#o + BUCKET]!;
  }

  /** Closes the bucket under way: scores it against what was known before, then learns from it. True where something is under suspicion. */
  close(group: GroupShift): boolean {
    const f = this.#f;
    const o = this.#o;
    const bucket = this.#u[o + BUCKET]!;
    const middle = toDays((bucket + 0.5) * this.detector.bucketMs);
    const part = Math.floor((bucket * this.detector.bucketMs) / PART_MS) % 4;
    this.#u[o + BUCKET] = Math.floor(this.now / this.detector.bucketMs);
    f[o + CLOSED]! += 1;
    const passed = Math.max(0, middle - f[o + LAST]!);
    f[o + LAST] = middle;
    const learning = f[o + CLOSED]! <= this.detector.learnBuckets;
    let suspect = false;
    for (let i = 0; i < this.#gauges.length; i++) {
      const id = this.#gaugeId(i);
      if (id > 0 && this.#gauges[i]!.close(id, middle, part, group)) suspect = true;
    }
    for (let i = 0; i < this.#rates.length; i++) {
      const id = this.#rateId(i);
      if (id === 0) continue;
      const rate = this.#rates[i]!;
      const pool = rate.spec.pool ?? i;
      rate.refill(id, passed, this.detector.pace?.(this, i) ?? 1);
      // Rates that one disturbance raises together share one allowance, kept with the first of them that is told.
      const keeper = this.#rateId(pool) > 0 ? pool : i;
      if (rate.close(id, this.#rates[keeper]!, this.#rateId(keeper), learning, middle, group)) suspect = true;
    }
    return suspect;
  }

  /** Drops what the bucket under way has gathered of rates. */
  discard(): void {
    for (let i = 0; i < this.#rates.length; i++) {
      if (this.#rateId(i) > 0) this.#rates[i]!.discard(this.#rateId(i));
    }
  }

  viewGauge(i: number): ChannelView {
    const id = this.#gaugeId(i);
    return id > 0 ? this.#gauges[i]!.view(id) : UNSEEN;
  }

  viewRate(i: number, group: GroupShift): ChannelView {
    const id = this.#rateId(i);
    return id > 0 ? this.#rates[i]!.view(id, group) : UNSEEN;
  }

  /** Evidence held against a rate, in nats. */
  score(i: number): number {
    const id = this.#rateId(i);
    return id > 0 ? this.#rates[i]!.score(id) : 0;
  }

  /** Something that may have raised a rate has been taken away (cleaning). */
  calmRate(i: number): void {
    const id = this.#rateId(i);
    if (id > 0) this.#rates[i]!.calm(id);
  }

  /** Forgets a gauge's baseline, so that it is learned anew (another part, another place). */
  resetGauge(i: number): void {
    const id = this.#gaugeId(i);
    if (id > 0) this.#gauges[i]!.release(id);
    this.#u[this.#o + HEAD + i] = 0;
  }

  /** A new part: everything is learned anew, counters' totals excepted. */
  resetAll(): void {
    for (let i = 0; i < this.#gauges.length; i++) this.resetGauge(i);
    for (let i = 0; i < this.#rates.length; i++) {
      const id = this.#rateId(i);
      if (id > 0) this.#rates[i]!.release(id);
      this.#u[this.#o + this.#rateAt + i] = 0;
    }
    this.#f[this.#o + SINCE] = this.day;
    this.#f[this.#o + CLOSED] = 0;
  }

  #gaugeId(i: number): number {
    return this.#u[this.#o + HEAD + i]!;
  }

  #rateId(i: number): number {
    return this.#u[this.#o + this.#rateAt + i]!;
  }
}
