import type { Detector } from './detector.ts';
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
/** Errors and units since the score last left zero: the rate from the likeliest moment of change on (Page 1954). */
const R_ON_K = 4;
const R_ON_N = 5;
const R_SCORE = 6;
const R_HISTORY = 7;
/** Evidence taken lately, which only time makes room for again. */
const R_SPENT = 8;
const RATE_SLOTS = 9;

/** Score at which a channel's curve begins to be kept, and at which it ends. */
const SUSPECT = 4;
const SCORE_MAX = 30;
/** A baseline follows in this many times the time it was first learned in: slow enough that failing parts do not become the habit. */
const PATIENCE = 20;
/** Share of the way to failure below which a lasting change is taken for habit. */
const SMALL = 0.1;
/** Nats of evidence that one `holdDays` may add to a rate's score: a damp roll or a worn card has its bad day, a failing part another tomorrow. */
const ALLOWANCE = 7;
/** What a single error counts for at most, as a factor on the likelihood. */
const MOST = 20;
/** Errors that the belief in a cohort's rate is worth against a terminal's own (the shape of the gamma prior). */
const PRIOR_ERRORS = 1.5;
/** Score below which nothing is held against a part, and at which a rate's curve begins to be kept (a gauge's baseline to be learned slowly). */
const CALM = 0.5;
const DOUBT = 2.5;
/** Score from which a rate is worth judging. */
const JUDGED = 4;
/** Day parts begin at these hours (UTC): only their repeating every day matters. */
const PART_MS = 6 * HOUR;

export interface GroupShift {
  /** Shared deviation of a gauge channel, on the failure scale, and told what this terminal adds to it. */
  gauge(channel: number, deviation: number, day: number): number;
  /** Factor by which a rate channel is up everywhere; `first` says that these are this terminal's first errors in a while. */
  rate(channel: number, observed: number, expected: number, first: boolean, day: number): number;
  /** Usual rate of parts of this kind: of the model, shrunk to the tenant's fleet, shrunk to what is believed of any. */
  usual(channel: number): number;
  /** Adds what a sound part showed to that. */
  learnUsual(channel: number, errors: number, units: number): void;
}

/** What a channel says now: read by the judge and by explanations. */
export interface ChannelView {
  /** Learned value of a good part, and the present level, in the watched unit. */
  base: number;
  now: number;
  /** Spread between buckets on the failure scale, and how many of them are worth one that stands alone. */
  sigma: number;
  alike: number;
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
    const passed = Math.max(0, middle - f[this.o + LAST]!);
    f[this.o + LAST] = middle;
    let suspect = false;
    for (let i = 0; i < this.#gaugeAt.length; i++) {
      if (this.#closeGauge(i, middle, part, group)) suspect = true;
    }
    for (let i = 0; i < this.detector.rates.length; i++) {
      if (this.#closeRate(i, middle, passed, group)) suspect = true;
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
    const carry = carryOf(f[at + CARRY]!);
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
      // Under mild suspicion only what speaks for habit is learned, and slowly: failing parts must not become their own yardstick.
      if (f[at + SCORE]! >= DOUBT) {
        f[at + BASE]! += clipped / (4 * PATIENCE * learn);
        return false;
      }
      f[at + BASE]! += clipped / (PATIENCE * learn);
      if (spec.diurnal) this.#learnPart(at, part, clipped * 0.015);
      f[at + SCALE]! += (Math.min(Math.abs(raw), 3 * sigma) * 1.25 - f[at + SCALE]!) / (4 * learn);
      this.#learnCarry(at, clipped / sigma, 0.5 / learn);
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

  /**
   * A cumulative sum of log-likelihood ratios against the baseline (Page 1954), with the rate of the alternative estimated from what came
   * since the likeliest change, and before this bucket (Lorden & Pollak 2005): rare errors count singly, and a burst only once.
   */
  #closeRate(i: number, day: number, passed: number, group: GroupShift): boolean {
    const spec = this.detector.rates[i]!;
    const f = this.f;
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    // Rates that one disturbance raises together share one allowance, kept with the first of them.
    const pool = this.o + this.#rateAt + (spec.pool ?? i) * RATE_SLOTS + R_SPENT;
    if ((spec.pool ?? i) === i) {
      const pace = this.detector.pace?.(this, i) ?? 1;
      f[pool] = Math.max(0, f[pool]! - (passed * pace * ALLOWANCE) / (spec.holdDays ?? this.detector.holdDays));
    }
    const n = f[at + R_N]!;
    const history = f[at + R_HISTORY]!;
    if (n < spec.units) return f[at + R_SCORE]! >= JUDGED;
    const k = f[at + R_K]!;
    f[at + R_K] = 0;
    f[at + R_N] = 0;
    const usual = group.usual(i);
    const base = this.#baseRate(at, usual);
    // What a baseline of few errors may be mistaken by is allowed for: the spread of its posterior.
    const unsure = 1 + 1.5 / Math.sqrt(f[at + R_BASE_K]! + PRIOR_ERRORS);
    const expected = base * group.rate(i, k, n * base, f[at + R_SCORE] === 0, day) * unsure;
    if (f[this.o + CLOSED]! <= this.detector.learnBuckets) {
      this.#learnRate(at, i, k, n, expected, group);
      return false;
    }
    const since = (f[at + R_ON_K]! + 0.5) / (f[at + R_ON_N]! + 0.5 / expected);
    const raised = Math.max(expected * (spec.times ?? 3), expected + spec.rise, Math.min(expected * MOST, since));
    const evidence = k * Math.log(Math.min(MOST, raised / expected)) - n * (raised - expected);
    const gain = Math.max(-3, Math.min(evidence, (spec.allowance ?? ALLOWANCE) - f[pool]!));
    if (gain > 0) f[pool]! += gain;
    const score = Math.min(SCORE_MAX, Math.max(0, f[at + R_SCORE]! + gain));
    f[at + R_SCORE] = score;
    f[at + R_ON_K]! += k;
    f[at + R_ON_N]! += n;
    if (score < CALM) {
      // What came of nothing belongs to the usual rate: left out, errors would teach that there are none.
      this.#learnRate(at, i, f[at + R_ON_K]!, f[at + R_ON_N]!, expected, group);
      f[at + R_ON_K] = 0;
      f[at + R_ON_N] = 0;
      if (history > 0) this.histories.release(history);
      f[at + R_HISTORY] = 0;
      return false;
    }
    if (history === 0 && score >= DOUBT) f[at + R_HISTORY] = this.histories.allocate();
    if (f[at + R_HISTORY]! > 0) {
      const reach = this.reachOfRate(i, base);
      // Poisson spread at the present rate, doubled for what bursts add: weighing by each bucket's own count would favour the quiet ones.
      const rate = (2 * Math.max(f[at + R_ON_K]!, 1)) / f[at + R_ON_N]!;
      this.#push(f[at + R_HISTORY]!, day, (k / n - expected) / reach, (reach * reach * n) / rate);
    }
    return score >= JUDGED;
  }

  #learnRate(at: number, i: number, k: number, n: number, expected: number, group: GroupShift): void {
    const f = this.f;
    // Learns at the pace of use, and forgets slowly, so that an ageing but sound part stays its own yardstick.
    const held = Math.min(k, n * expected * 4 + 2);
    group.learnUsual(i, held, n);
    f[at + R_BASE_K]! += held;
    f[at + R_BASE_N]! += n;
    const memory = this.detector.rates[i]!.units * 400;
    if (f[at + R_BASE_N]! > memory) {
      const keep = memory / f[at + R_BASE_N]!;
      f[at + R_BASE_K]! *= keep;
      f[at + R_BASE_N]! *= keep;
    }
  }

  #push(history: number, day: number, y: number, w: number): void {
    pushHistory(this.histories, history, day, y, w);
  }

  #baseRate(at: number, usual: number): number {
    return (this.f[at + R_BASE_K]! + PRIOR_ERRORS) / (this.f[at + R_BASE_N]! + PRIOR_ERRORS / usual);
  }

  /**
   * Rate at which a part with this baseline is taken to fail: between what parts usually fail at and thirty times its own, for the first
   * differs tenfold between models.
   */
  reachOfRate(i: number, base: number): number {
    const { reach, absolute } = this.detector.rates[i]!;
    return absolute ? reach : Math.sqrt(reach * Math.min(reach, 30 * base));
  }

  viewGauge(i: number): ChannelView {
    const f = this.f;
    const at = this.o + this.#gaugeAt[i]!;
    const spec = this.detector.gauges[i]!;
    const reach = this.reachOf(i, f[at + BASE]!);
    return {
      base: f[at + BASE]!,
      now: f[at + BASE]! + f[at + LEVEL]!,
      sigma: Math.max(f[at + SCALE]!, spec.floor) / reach,
      alike: (1 + carryOf(f[at + CARRY]!)) / (1 - carryOf(f[at + CARRY]!)),
      score: f[at + SCORE]!,
      history: f[at + HISTORY]!,
      level: (f[at + LEVEL]! * spec.dir) / reach,
      ready: f[at + LEARNED]! >= this.detector.learnBuckets,
    };
  }

  viewRate(i: number, group: GroupShift): ChannelView {
    const f = this.f;
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    const base = this.#baseRate(at, group.usual(i));
    const n = f[at + R_ON_N]!;
    const now = n > 0 ? f[at + R_ON_K]! / n : base;
    const reach = this.reachOfRate(i, base);
    return {
      base,
      now,
      sigma: n > 0 ? Math.sqrt(Math.max(f[at + R_ON_K]!, 1)) / n / reach : 1,
      alike: 1,
      score: f[at + R_SCORE]!,
      history: f[at + R_HISTORY]!,
      level: (now - base) / reach,
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

  /** Something that may have raised a rate has been taken away (cleaning): what was held against the part counts half. */
  calmRate(i: number): void {
    const at = this.o + this.#rateAt + i * RATE_SLOTS;
    this.f[at + R_SCORE] = Math.min(this.f[at + R_SCORE]! / 2, JUDGED);
    this.f[at + R_SPENT] = 0;
  }

  score(i: number): number {
    return this.f[this.o + this.#rateAt + i * RATE_SLOTS + R_SCORE]!;
  }

  /** A new part: everything is learned anew, counters' totals excepted. */
  resetAll(): void {
    for (let i = 0; i < this.#gaugeAt.length; i++) this.resetGauge(i);
    for (let i = 0; i < this.detector.rates.length; i++) this.resetRate(i);
    this.f[this.o + SINCE] = this.day;
    this.f[this.o + CLOSED] = 0;
  }
}

/** Carry-over between buckets, held to what estimates of it can bear. */
function carryOf(estimate: number): number {
  return Math.max(0, Math.min(0.8, estimate));
}
