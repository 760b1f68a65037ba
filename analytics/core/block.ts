import type { Detector, RateSpec } from './detector.ts';
import { newCurve, pushHistory } from './history.ts';
import { Slab } from './slab.ts';
import { HOUR, toDays } from './time.ts';

/** Block header: number of the bucket under way, day of the last reset, buckets closed, flags. */
const BUCKET = 0;
const SINCE = 1;
const CLOSED = 2;
const LAST = 3;
export const HEAD = 4;

/** Gauge slots. */
const SUM = 0;
const N = 1;
const BASE = 2;
const SCALE = 3;
const LEARNED = 4;
const LEVEL = 5;
const SCORE = 6;
const HISTORY = 7;
/** Residual of the last bucket in spreads, and how much of it carries over to the next: slow wander is no trend. */
const LAST_Z = 8;
const CARRY = 9;
const PARTS = 10;

/** Rate slots. */
const R_K = 0;
const R_N = 1;
const R_BASE_K = 2;
const R_BASE_N = 3;
const R_NOW_K = 4;
const R_NOW_N = 5;
const R_SCORE = 6;
const R_HISTORY = 7;
const RATE_SLOTS = 8;

/** Score at which a channel's curve begins to be kept, and at which it ends. */
const SUSPECT = 4;
const SCORE_MAX = 30;
/** A baseline follows in this many times the time it was first learned in: slow enough that failing parts do not become the habit. */
const PATIENCE = 20;
/** Share of the way to failure below which a lasting change is taken for habit. */
const SMALL = 0.1;
/** Day parts begin at these hours (UTC): only their repeating every day matters. */
const PART_MS = 6 * HOUR;

export interface GroupShift {
  /** Shared deviation of a gauge channel, on the failure scale, and told what this terminal adds to it. */
  gauge(channel: number, deviation: number, day: number): number;
  /** Factor by which a rate channel is up everywhere. */
  rate(channel: number, observed: number, expected: number, day: number): number;
}

/** What a channel says now: read by the judge and by explanations. */
export interface ChannelView {
  /** Learned value of a good part, and the present level, in the watched unit. */
  base: number;
  now: number;
  /** Rates: the lower bound (one-sided 95 %) of the present rate. */
  sure: number;
  /** Spread between buckets on the failure scale. */
  sigma: number;
  score: number;
  /** Block of its history, 0 where it is not under suspicion. */
  history: number;
  /** Share of the way from baseline to failure. */
  level: number;
  ready: boolean;
}

/**
 * A cursor over one component's state of one terminal. It owns nothing: `at()` points it to a block of the layout's slab.
 * Gauges keep a robust baseline (mean, absolute spread, day parts), a level and a change score; rates a gamma-Poisson baseline.
 */
export class Block {
  readonly detector: Detector;
  readonly slab: Slab;
  readonly histories: Slab;
  readonly curve = newCurve();
  readonly #gaugeAt: readonly number[];
  readonly #rateAt: number;
  readonly #totalAt: number;
  readonly #scratchAt: number;
  f: Float32Array = new Float32Array(0);
  #u: Uint32Array = new Uint32Array(0);
  o = 0;
  id = 0;
  /** Event time of the message being taken in, ms, and in days. */
  now = 0;
  day = 0;

  constructor(detector: Detector, histories: Slab) {
    this.detector = detector;
    this.histories = histories;
    let at = HEAD;
    this.#gaugeAt = detector.gauges.map((g) => {
      const here = at;
      at += g.diurnal ? PARTS + 4 : PARTS;
      return here;
    });
    this.#rateAt = at;
    at += detector.rates.length * RATE_SLOTS;
    this.#totalAt = at;
    at += detector.totals.length;
    this.#scratchAt = at;
    this.slab = new Slab(at + detector.scratch);
  }

  /** Points the cursor at a block and a time. */
  at(id: number, now: number): this {
    this.id = id;
    this.f = this.slab.floats(id);
    this.#u = this.slab.words(id);
    this.o = this.slab.offset(id);
    this.now = now;
    this.day = toDays(now);
    return this;
  }

  open(now: number): number {
    const id = this.slab.allocate();
    this.at(id, now);
    this.#u[this.o + BUCKET] = Math.floor(now / this.detector.bucketMs);
    this.f[this.o + SINCE] = this.day;
    return id;
  }

  /** Days since the part was new to us (first message, or its replacement). */
  get age(): number {
    return this.day - this.f[this.o + SINCE]!;
  }

  scratch(i: number): number {
    return this.f[this.o + this.#scratchAt + i]!;
  }

  setScratch(i: number, value: number): void {
    this.f[this.o + this.#scratchAt + i] = value;
  }

  /** Adds a sample; a single wild one is held to six spreads of the level so that it cannot carry its bucket. */
  gauge(i: number, value: number): void {
    const at = this.o + this.#gaugeAt[i]!;
    const f = this.f;
    let v = value;
    if (f[at + LEARNED]! >= 2) {
      const middle = f[at + BASE]! + f[at + LEVEL]!;
      const reach = 6 * Math.max(f[at + SCALE]!, this.detector.gauges[i]!.floor);
      v = v > middle + reach ? middle + reach : Math.max(v, middle - reach);
    }
    f[at + SUM]! += v;
    f[at + N]! += 1;
  }

  /** Adds errors and units of use. */
  rate(i: number, errors: number, units: number): void {
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    this.f[at + R_K]! += errors;
    this.f[at + R_N]! += units;
  }

  /** Remembers a counter's total and answers what it grew by; −1 where it stepped back or is new. */
  delta(i: number, total: number | undefined): number {
    if (total === undefined) return 0;
    const at = this.o + this.#totalAt + i;
    // Kept as total + 1, so that 0 says that none was seen.
    const last = this.#u[at]!;
    const value = Math.min(Math.floor(total), 0xffff_fffe) + 1;
    this.#u[at] = value;
    return last > 0 && value >= last ? value - last : -1;
  }

  /** True when the message belongs to a later bucket than the one being gathered. */
  get due(): boolean {
    return Math.floor(this.now / this.detector.bucketMs) > this.#u[this.o + BUCKET]!;
  }

  /** Closes the bucket under way: scores it against what was known before, then learns from it. Answers true where something is under suspicion. */
  close(group: GroupShift): boolean {
    const f = this.f;
    const bucket = this.#u[this.o + BUCKET]!;
    const middle = toDays((bucket + 0.5) * this.detector.bucketMs);
    const part = Math.floor((bucket * this.detector.bucketMs) / PART_MS) % 4;
    this.#u[this.o + BUCKET] = Math.floor(this.now / this.detector.bucketMs);
    f[this.o + CLOSED]! += 1;
    f[this.o + LAST] = middle;
    let suspect = false;
    for (let i = 0; i < this.#gaugeAt.length; i++) {
      if (this.#closeGauge(i, middle, part, group)) suspect = true;
    }
    for (let i = 0; i < this.detector.rates.length; i++) {
      if (this.#closeRate(i, middle, group)) suspect = true;
    }
    return suspect;
  }

  /** Drops what the bucket under way has gathered of rates. */
  discard(): void {
    for (let i = 0; i < this.detector.rates.length; i++) {
      const at = this.o + this.#rateAt + i * RATE_SLOTS;
      this.f[at + R_K] = 0;
      this.f[at + R_N] = 0;
    }
  }

  reachOf(i: number, base: number): number {
    const reach = this.detector.gauges[i]!.reach;
    return typeof reach === 'number' ? reach : reach(base);
  }

  #closeGauge(i: number, day: number, part: number, group: GroupShift): boolean {
    const spec = this.detector.gauges[i]!;
    const f = this.f;
    const at = this.o + this.#gaugeAt[i]!;
    const n = f[at + N]!;
    if (n === 0) return f[at + HISTORY]! > 0;
    const value = f[at + SUM]! / n;
    f[at + SUM] = 0;
    f[at + N] = 0;
    const learned = f[at + LEARNED]!;
    if (learned === 0) {
      f[at + BASE] = value;
      f[at + SCALE] = spec.floor;
      f[at + LEARNED] = 1;
      return false;
    }
    const offset = spec.diurnal ? f[at + PARTS + part]! : 0;
    const raw = value - f[at + BASE]! - offset;
    const reach = this.reachOf(i, f[at + BASE]!);
    const shift = spec.common ? group.gauge(i, (raw * spec.dir) / reach, day) : 0;
    const deviation = raw * spec.dir - shift * reach;
    const learn = this.detector.learnBuckets;
    if (learned < learn) {
      const rate = 1 / (learned + 1);
      f[at + BASE]! += raw * rate;
      if (spec.diurnal) this.#learnPart(at, part, raw * 0.25);
      f[at + SCALE]! += (Math.abs(raw) * 1.25 - f[at + SCALE]!) * Math.max(rate, 0.1);
      this.#learnCarry(at, raw / Math.max(f[at + SCALE]!, spec.floor), 0.1);
      f[at + LEARNED] = learned + 1;
      return false;
    }
    // A fixed failing level must not be reached by learning it as the baseline: the learning is slow, and stops under suspicion.
    const sigma = Math.max(f[at + SCALE]!, spec.floor);
    const z = deviation / sigma;
    f[at + LEVEL]! += (raw - f[at + LEVEL]!) * 0.35;
    // Buckets that follow each other say less than buckets apart: with carry-over ρ, (1 − ρ) / (1 + ρ) as much (Bayley & Hammersley 1946).
    const carry = Math.max(0, Math.min(0.8, f[at + CARRY]!));
    const worth = (1 - carry) / (1 + carry);
    const gain = (Math.max(-3, Math.min(2 + 2 / worth, z)) - 1) * (z > 1 ? worth : 1);
    f[at + SCORE] = Math.min(SCORE_MAX, Math.max(0, f[at + SCORE]! + gain));
    const far = deviation / reach >= (spec.least ?? 0.08) * 0.5;
    const history = f[at + HISTORY]!;
    if (history === 0) {
      if (f[at + SCORE]! >= SUSPECT && far) {
        f[at + HISTORY] = this.histories.allocate();
        this.#push(f[at + HISTORY]!, day, deviation / reach, (reach / sigma) ** 2);
        return true;
      }
      const clipped = Math.max(-3 * sigma, Math.min(3 * sigma, raw));
      f[at + BASE]! += clipped / (PATIENCE * learn);
      if (spec.diurnal) this.#learnPart(at, part, clipped * 0.015);
      f[at + SCALE]! += (Math.min(Math.abs(raw), 3 * sigma) * 1.25 - f[at + SCALE]!) / (4 * learn);
      this.#learnCarry(at, clipped / sigma, 0.03);
      return false;
    }
    this.#push(history, day, deviation / reach, (reach / sigma) ** 2);
    // A small lasting change is the part's new habit: it is learned, slowly, while it stays small.
    if (f[at + LEVEL]! * spec.dir < SMALL * reach) f[at + BASE]! += raw / (PATIENCE * learn);
    if (f[at + SCORE] === 0) {
      this.histories.release(history);
      f[at + HISTORY] = 0;
      return false;
    }
    return true;
  }

  /** Parts of the day differ from each other, not from themselves over time: what is added to one is taken from all. */
  #learnPart(at: number, part: number, step: number): void {
    const f = this.f;
    f[at + PARTS + part]! += step;
    for (let p = 0; p < 4; p++) f[at + PARTS + p]! -= step / 4;
  }

  #learnCarry(at: number, z: number, rate: number): void {
    const f = this.f;
    const held = Math.max(-3, Math.min(3, z));
    f[at + CARRY]! += (held * f[at + LAST_Z]! - f[at + CARRY]!) * rate;
    f[at + LAST_Z] = held;
  }

  #closeRate(i: number, day: number, group: GroupShift): boolean {
    const spec = this.detector.rates[i]!;
    const f = this.f;
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    const n = f[at + R_N]!;
    const history = f[at + R_HISTORY]!;
    if (n < spec.units) return history > 0;
    const k = f[at + R_K]!;
    f[at + R_K] = 0;
    f[at + R_N] = 0;
    const base = this.baseRate(i);
    const factor = group.rate(i, k, n * base, day);
    const expected = base * factor;
    const raised = Math.max(expected * 3, expected + spec.rise);
    const evidence = k * Math.log(raised / expected) - n * (raised - expected);
    f[at + R_NOW_K] = f[at + R_NOW_K]! * 0.7 + k;
    f[at + R_NOW_N] = f[at + R_NOW_N]! * 0.7 + n;
    const learning = f[this.o + CLOSED]! <= this.detector.learnBuckets;
    if (!learning) {
      // Held to two a bucket: one bad day (a damp roll, a worn card) never adds up to a failing part.
      f[at + R_SCORE] = Math.min(SCORE_MAX, Math.max(0, f[at + R_SCORE]! + Math.max(-3, Math.min(2, evidence))));
      if (history > 0 || f[at + R_SCORE]! >= SUSPECT * 0.6) {
        if (history === 0) f[at + R_HISTORY] = this.histories.allocate();
        // Poisson spread at the present rate, doubled for what bursts add: weighing by each bucket's own count would favour the quiet ones.
        const rate = (2 * Math.max(f[at + R_NOW_K]!, 1)) / f[at + R_NOW_N]!;
        this.#push(f[at + R_HISTORY]!, day, (k / n - expected) / spec.reach, (spec.reach * spec.reach * n) / rate);
        if ((f[at + R_NOW_K]! / f[at + R_NOW_N]! - base) / spec.reach < SMALL)
          this.#learnRate(at, spec, k, n, expected);
        if (f[at + R_SCORE] === 0) {
          this.histories.release(f[at + R_HISTORY]!);
          f[at + R_HISTORY] = 0;
          return false;
        }
        return true;
      }
    }
    this.#learnRate(at, spec, k, n, expected);
    return false;
  }

  #learnRate(at: number, spec: RateSpec, k: number, n: number, expected: number): void {
    const f = this.f;
    // Learns at the pace of use, and forgets slowly, so that an ageing but sound part stays its own yardstick.
    const held = Math.min(k, n * expected * 4 + 2);
    f[at + R_BASE_K]! += held;
    f[at + R_BASE_N]! += n;
    const memory = spec.units * 400;
    if (f[at + R_BASE_N]! > memory) {
      const keep = memory / f[at + R_BASE_N]!;
      f[at + R_BASE_K]! *= keep;
      f[at + R_BASE_N]! *= keep;
    }
  }

  #push(history: number, day: number, y: number, w: number): void {
    pushHistory(this.histories, history, day, y, w);
  }

  /** Posterior mean of a rate's baseline. */
  baseRate(i: number): number {
    const spec = this.detector.rates[i]!;
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    return (this.f[at + R_BASE_K]! + spec.prior * spec.priorUnits) / (this.f[at + R_BASE_N]! + spec.priorUnits);
  }

  viewGauge(i: number): ChannelView {
    const f = this.f;
    const at = this.o + this.#gaugeAt[i]!;
    const spec = this.detector.gauges[i]!;
    const reach = this.reachOf(i, f[at + BASE]!);
    return {
      base: f[at + BASE]!,
      now: f[at + BASE]! + f[at + LEVEL]!,
      sure: f[at + BASE]! + f[at + LEVEL]!,
      sigma: Math.max(f[at + SCALE]!, spec.floor) / reach,
      score: f[at + SCORE]!,
      history: f[at + HISTORY]!,
      level: (f[at + LEVEL]! * spec.dir) / reach,
      ready: f[at + LEARNED]! >= this.detector.learnBuckets,
    };
  }

  viewRate(i: number): ChannelView {
    const f = this.f;
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    const spec = this.detector.rates[i]!;
    const base = this.baseRate(i);
    const n = f[at + R_NOW_N]!;
    const now = n > 0 ? f[at + R_NOW_K]! / n : base;
    return {
      base,
      now,
      sure: n > 0 ? Math.max(0, f[at + R_NOW_K]! - 1.64 * Math.sqrt(f[at + R_NOW_K]!)) / n : 0,
      sigma: n > 0 ? Math.sqrt(Math.max(f[at + R_NOW_K]!, 1)) / n / spec.reach : 1,
      score: f[at + R_SCORE]!,
      history: f[at + R_HISTORY]!,
      level: (now - base) / spec.reach,
      ready: f[at + R_BASE_N]! > 0 && f[this.o + CLOSED]! > this.detector.learnBuckets,
    };
  }

  /** Forgets a gauge's baseline, so that it is learned anew (another part, another place). */
  resetGauge(i: number): void {
    const at = this.o + this.#gaugeAt[i]!;
    if (this.f[at + HISTORY]! > 0) this.histories.release(this.f[at + HISTORY]!);
    this.f.fill(0, at, at + (this.detector.gauges[i]!.diurnal ? PARTS + 4 : PARTS));
  }

  resetRate(i: number): void {
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    if (this.f[at + R_HISTORY]! > 0) this.histories.release(this.f[at + R_HISTORY]!);
    this.f.fill(0, at, at + RATE_SLOTS);
  }

  /** Ends suspicion of a rate but keeps what is known of the part: the disturbance has been removed (cleaning). */
  calmRate(i: number): void {
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    if (this.f[at + R_HISTORY]! > 0) this.histories.release(this.f[at + R_HISTORY]!);
    this.f[at + R_HISTORY] = 0;
    this.f[at + R_SCORE] = 0;
    this.f[at + R_K] = 0;
    this.f[at + R_N] = 0;
  }

  /** A new part: everything is learned anew, counters' totals excepted. */
  resetAll(): void {
    for (let i = 0; i < this.#gaugeAt.length; i++) this.resetGauge(i);
    for (let i = 0; i < this.detector.rates.length; i++) this.resetRate(i);
    this.f[this.o + SINCE] = this.day;
    this.f[this.o + CLOSED] = 0;
  }
}
