import { ON_K, ON_N, RATES_FROM } from './cases.ts';
import type { ChannelView, GroupShift } from './channel.ts';
import type { Detector, RateSpec } from './detector.ts';
import { newCurve, newestPoints, pushHistory, readHistory } from './history.ts';
import { pack, unpack } from './packed.ts';
import type { RecordView } from './record.ts';
import type { ChannelState } from './state.ts';
import { heldAbove } from './trend.ts';

/** Halves: errors and units of the bucket under way; those that the baseline is made of; squared surprise of sound buckets, and what chance owes of it. */
const K = 0;
const UNITS = 1;
const BASE_K = 2;
const BASE_N = 3;
const SQUARES = 4;
const OWED = 5;
/** Units in which errors of a bucket and squared surprises are kept. */
const ERROR_UNIT = 0.02;
const SQUARE_UNIT = 0.1;
/** Expected errors that the belief in plain chance is worth, how many are remembered, and the most that a habit of bursts may explain. */
const PRIOR_OWED = 6;
const MOST_OWED = 150;
const MOST_BURSTY = 8;

const SCORE_MAX = 30;
/** Nats of evidence that one `holdDays` may add to a score: a damp roll or a worn card has its bad day, a failing part another tomorrow. */
const ALLOWANCE = 7;
/** What a quiet spell counts for at the least, right after errors that had used the allowance up. */
const QUIET = 0.2;
/** Share of a plain rate that earlier buckets must have had: it was less a few hours ago. */
const NEARLY = 0.6;
/** Errors since a rate rose, and how many times the plain rate they must come to, from which they need not have come bucket by bucket: six, which may be kept as a hair less. */
const MANY = 5.99;
const BEYOND = 1.5;
/** Errors of a bucket from which it need not end to be judged, and from which it need not have had its use. */
const SEVERAL = 3;
const MANY_SOON = 5;
/** Share of an allowance that stays used when its disturbance has visibly ended: rolls come in boxes. */
const RENEWED = 0.4;
/** Errors since a rate rose that are more than anything brings that passes within hours: a party does not try so many cards. */
export const VERY_MANY = 45;
/** Share of a known failing rate from which nothing works. */
const NEARLY_DEAD = 0.9;
/** What a single error counts for at most, as a factor on the likelihood. */
const MOST = 20;
/** Errors that the belief in a cohort's rate is worth against a terminal's own (the shape of the gamma prior). */
const PRIOR_ERRORS = 1.5;
/** Score below which nothing is held against a part, at which its curve begins to be kept, and from which it is worth judging. */
const CALM = 0.5;
const DOUBT = 2.5;
const JUDGED = 4;

/** Filled and read within one question. */
const CURVE = newCurve();

/** Errors per unit of use against a gamma-Poisson baseline, shrunk to parts of the same kind. Owns nothing: it reads the record it is pointed at, from word `at` on. */
export class RateChannel {
  readonly spec: RateSpec;
  readonly #detector: Detector;
  readonly #index: number;
  readonly #histories: ChannelState['histories'];
  readonly #cases: ChannelState['cases'];

  constructor(detector: Detector, index: number, state: ChannelState) {
    this.#detector = detector;
    this.#index = index;
    this.spec = detector.rates[index]!;
    this.#histories = state.histories;
    this.#cases = state.cases;
  }

  /** Ends what is held against it, as its memory is about to be cleared. */
  release(record: RecordView): void {
    const held = this.#held(record);
    if (held > 0) this.#end(record, held);
  }

  add({ h, o }: RecordView, at: number, errors: number, units: number): void {
    const q = 2 * (o + at);
    if (errors > 0) h[q + K] = pack(unpack(h[q + K]!, ERROR_UNIT) + errors, ERROR_UNIT);
    if (units > 0) h[q + UNITS] = pack(unpack(h[q + UNITS]!, this.#unit) + units, this.#unit);
  }

  /** Whether what the bucket has so far is as bad as a part that is about to fail, by several errors. */
  runsAway({ h, o }: RecordView, at: number): boolean {
    const { spec } = this;
    if (!spec.hurries) return false;
    const k = unpack(h[2 * (o + at) + K]!, ERROR_UNIT);
    if (k < SEVERAL) return false;
    const n = unpack(h[2 * (o + at) + UNITS]!, this.#unit);
    return n > 0 && (k >= MANY_SOON || n >= spec.units) && k >= n * (spec.plain ?? spec.reach / 3);
  }

  discard({ h, o }: RecordView, at: number): void {
    h.fill(0, 2 * (o + at) + K, 2 * (o + at) + UNITS + 1);
  }

  score(record: RecordView): number {
    const held = this.#held(record);
    return held > 0 ? this.#cases.score(held) : 0;
  }

  /** Something that may have raised it has been taken away (cleaning): what was held against the part counts half. */
  calm(record: RecordView): void {
    const held = this.#held(record);
    if (held === 0) return;
    this.#cases.setScore(held, Math.min(this.#cases.score(held) / 2, JUDGED));
    this.#cases.setSpent(held, 0);
  }

  /** The disturbance that the allowance stands for has ended: most of it is free again. */
  renew(record: RecordView): void {
    const held = this.#held(record);
    if (held > 0) this.#cases.setSpent(held, this.#cases.spent(held) * RENEWED);
  }

  /** Makes room for evidence as time passes. */
  refill(record: RecordView, days: number, pace: number): void {
    const held = this.#held(record);
    if (held === 0) return;
    const { renewDays, holdDays } = this.spec;
    const step = (days * pace * this.#allowance) / (renewDays ?? holdDays ?? this.#detector.holdDays);
    this.#cases.setSpent(held, Math.max(0, this.#cases.spent(held) - step));
  }

  /**
   * A cumulative sum of log-likelihood ratios against the baseline (Page 1954), with the rate of the alternative estimated from what came
   * since the likeliest change, and before this bucket (Lorden & Pollak 2005): rare errors count singly, and a burst only once.
   * `pool` keeps the allowance. `hurried` where it is judged before its end; `share` of a bucket is what is judged. True from when it is worth judging.
   */
  close(
    record: RecordView,
    at: number,
    pool: RateChannel,
    learning: boolean,
    day: number,
    group: GroupShift,
    share: number,
    hurried = false,
  ): boolean {
    const { h, o } = record;
    const { spec } = this;
    const n = unpack(h[2 * (o + at) + UNITS]!, this.#unit);
    // Packed to a step in six thousand: just enough is enough.
    if (!hurried && n < spec.units * 0.999) return this.score(record) >= JUDGED;
    const k = unpack(h[2 * (o + at) + K]!, ERROR_UNIT);
    this.discard(record, at);
    const base = this.#base(record, at, group.usual(this.#index));
    // What a baseline of few errors may be mistaken by is allowed for: the spread of its posterior.
    const unsure = 1 + 1.5 / Math.sqrt(this.#baseK(record, at) + PRIOR_ERRORS);
    let held = this.#held(record);
    const before = held > 0 ? this.#cases.score(held) : 0;
    const shared = spec.asked ? 1 : group.rate(this.#index, k, n * base, before === 0, day, share);
    const expected = base * shared * unsure;
    if (learning) {
      this.#learn(record, at, k, n, expected, group);
      return false;
    }
    const onK = held > 0 ? this.#cases.number(held, ON_K) : 0;
    const onN = held > 0 ? this.#cases.number(held, ON_N) : 0;
    const since = (onK + 0.5) / (onN + 0.5 / expected);
    const raised = Math.max(expected * (spec.times ?? 3), expected + spec.rise, Math.min(expected * MOST, since));
    const evidence =
      (k * Math.log(Math.min(MOST, raised / expected)) - n * (raised - expected)) / this.#bursty(record, at);
    const lasting = held > 0 && this.#lasts(held, day, k, n, expected, base);
    const room = (lasting ? 2 : 1) * this.#allowance - pool.#spent(record);
    // What an allowance kept out would outweigh the quiet hours between: they count as far as it has room again.
    // What has not worked once since it rose, in this bucket nor in those before, is no one event.
    const dead = spec.absolute === true ? NEARLY_DEAD * spec.reach : Number.POSITIVE_INFINITY;
    const isDead = onN > 0 && k >= dead * n && onK >= dead * onN;
    const gain =
      evidence > 0
        ? Math.min(evidence, Math.max(0, room), isDead ? SCORE_MAX : (spec.most ?? SCORE_MAX))
        : Math.max(-3, evidence * Math.max(QUIET, room / this.#allowance));
    if (gain > 0) pool.#spend(record, gain);
    held = this.#held(record);
    const score = Math.min(SCORE_MAX, Math.max(0, before + gain));
    if (score < CALM) {
      // What came of nothing belongs to the usual rate: left out, errors would teach that there are none.
      this.#learn(record, at, onK + k, onN + n, expected, group);
      if (held > 0) this.#rest(record, held);
      return false;
    }
    if (held === 0) held = this.#cases.open(record, this.#channel);
    this.#cases.setScore(held, score);
    this.#cases.setNumber(held, ON_K, onK + k);
    this.#cases.setNumber(held, ON_N, onN + n);
    this.#keepCurve(held, score, day, k, n, expected, base);
    return score >= JUDGED;
  }

  view(record: RecordView, at: number, group: GroupShift): ChannelView {
    const base = this.#base(record, at, group.usual(this.#index));
    const held = this.#held(record);
    const k = held > 0 ? this.#cases.number(held, ON_K) : 0;
    const n = held > 0 ? this.#cases.number(held, ON_N) : 0;
    const reach = this.#reach(base);
    const now = n > 0 ? k / n : base;
    return {
      base,
      now,
      reach,
      sigma: n > 0 ? Math.sqrt(Math.max(k, 1)) / n / reach : 1,
      alike: 1,
      score: held > 0 ? this.#cases.score(held) : 0,
      history: held > 0 ? this.#cases.history(held) : 0,
      level: (now - base) / reach,
      ready: this.#baseN(record, at) > 0,
      moves: false,
    };
  }

  /** Whether this bucket and the two points before it each had a rate that nothing innocent keeps up, or all since it rose came to one half above that. */
  #lasts(held: number, day: number, k: number, n: number, expected: number, base: number): boolean {
    const { plain, plainErrors = 0, passing = 0 } = this.spec;
    const history = this.#cases.history(held);
    if (plain === undefined || k < plain * n || k < plainErrors || history === 0) return false;
    const errors = this.#cases.number(held, ON_K) + k;
    if (passing > 0 && errors < VERY_MANY) {
      const curve = readHistory(this.#histories, history, CURVE);
      const high = (plain / 2 - expected) / this.#reach(base);
      if (heldAbove(curve, high, this.#detector.bucketMs, day) < passing) return false;
    }
    if (errors >= MANY && errors >= BEYOND * plain * (this.#cases.number(held, ON_N) + n)) return true;
    const least = (plain - expected) / this.#reach(base);
    const [last, before] = newestPoints(this.#histories, history);
    return last !== undefined && before !== undefined && Math.min(last, before) >= least * NEARLY;
  }

  get #allowance(): number {
    return this.spec.allowance ?? ALLOWANCE;
  }

  /** Unit in which a bucket's use is kept. */
  get #unit(): number {
    return this.spec.units / 50;
  }

  get #channel(): number {
    return RATES_FROM + this.#index;
  }

  #held(record: RecordView): number {
    return this.#cases.find(record, this.#channel);
  }

  #keepCurve(held: number, score: number, day: number, k: number, n: number, expected: number, base: number): void {
    if (this.#cases.history(held) === 0) {
      if (score < DOUBT) return;
      this.#cases.setHistory(held, this.#histories.allocate());
    }
    const reach = this.#reach(base);
    // Poisson spread at the present rate, doubled for what bursts add: weighing by each bucket's own count would favour the quiet ones.
    const rate = (2 * Math.max(this.#cases.number(held, ON_K), 1)) / this.#cases.number(held, ON_N);
    const history = this.#cases.history(held);
    const weight = (reach * reach * n) / rate;
    this.#cases.setHistory(held, pushHistory(this.#histories, history, day, (k / n - expected) / reach, weight));
  }

  /**
   * How many times the scatter of its counts is what chance would make it (quasi-likelihood: McCullagh & Nelder, Generalized Linear Models,
   * 1989, § 6.2): a weak link loses by the hour, a sound one packet by packet, and as much as it is used to says nothing.
   */
  #bursty({ h, o }: RecordView, at: number): number {
    const q = 2 * (o + at);
    const squares = unpack(h[q + SQUARES]!, SQUARE_UNIT) + PRIOR_OWED;
    return Math.min(MOST_BURSTY, Math.max(1, squares / (unpack(h[q + OWED]!, SQUARE_UNIT) + PRIOR_OWED)));
  }

  #learn(record: RecordView, at: number, k: number, n: number, expected: number, group: GroupShift): void {
    const r = 2 * (record.o + at);
    const owed = unpack(record.h[r + OWED]!, SQUARE_UNIT) + n * expected;
    const fade = Math.min(1, MOST_OWED / owed);
    const squares = unpack(record.h[r + SQUARES]!, SQUARE_UNIT) + (k - n * expected) ** 2;
    record.h[r + SQUARES] = pack(squares * fade, SQUARE_UNIT);
    record.h[r + OWED] = pack(owed * fade, SQUARE_UNIT);
    // Learns at the pace of use, and forgets slowly, so that an ageing but sound part stays its own yardstick.
    const held = Math.min(k, n * expected * 4 + 2);
    group.learnUsual(this.#index, held, n);
    const memory = this.spec.units * 400;
    const units = this.#baseN(record, at) + n;
    const keep = Math.min(1, memory / units);
    const q = 2 * (record.o + at);
    record.h[q + BASE_K] = pack((this.#baseK(record, at) + held) * keep, 1);
    record.h[q + BASE_N] = pack(units * keep, this.spec.units);
  }

  #base(record: RecordView, at: number, usual: number): number {
    return (this.#baseK(record, at) + PRIOR_ERRORS) / (this.#baseN(record, at) + PRIOR_ERRORS / usual);
  }

  #baseK({ h, o }: RecordView, at: number): number {
    return unpack(h[2 * (o + at) + BASE_K]!, 1);
  }

  #baseN({ h, o }: RecordView, at: number): number {
    return unpack(h[2 * (o + at) + BASE_N]!, this.spec.units);
  }

  /**
   * Rate at which a part with this baseline is taken to fail: between what parts usually fail at and thirty times its own, for the first
   * differs tenfold between models. A part that never errs does not fail at thirty times nothing.
   */
  #reach(base: number): number {
    const { reach, absolute, rise } = this.spec;
    return absolute ? reach : Math.sqrt(reach * Math.min(reach, 30 * Math.max(base, rise / 3)));
  }

  #spent(record: RecordView): number {
    const held = this.#held(record);
    return held > 0 ? this.#cases.spent(held) : 0;
  }

  #spend(record: RecordView, nats: number): void {
    const held = this.#held(record) || this.#cases.open(record, this.#channel);
    this.#cases.setSpent(held, this.#cases.spent(held) + nats);
  }

  /** Nothing is held against it any more; the case itself ends once its allowance is whole again. */
  #rest(record: RecordView, held: number): void {
    if (this.#cases.spent(held) <= 0) {
      this.#end(record, held);
      return;
    }
    if (this.#cases.history(held) > 0) this.#histories.release(this.#cases.history(held));
    this.#cases.setHistory(held, 0);
    this.#cases.setNumber(held, ON_K, 0);
    this.#cases.setNumber(held, ON_N, 0);
    this.#cases.setScore(held, 0);
  }

  #end(record: RecordView, held: number): void {
    if (this.#cases.history(held) > 0) this.#histories.release(this.#cases.history(held));
    this.#cases.end(record, held);
  }
}
