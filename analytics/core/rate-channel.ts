import type { ChannelView, GroupShift } from './channel.ts';
import type { Detector, RateSpec } from './detector.ts';
import { pushHistory } from './history.ts';
import type { ChannelState } from './state.ts';

const K = 0;
const UNITS = 1;
const BASE_K = 2;
const BASE_N = 3;
/** Word: block of the episode under way, 0 while nothing is held against the part. */
const EPISODE = 4;
export const RATE_SLOTS = 5;

/** Errors and units since the score last left zero: the rate from the likeliest moment of change on (Page 1954). */
const ON_K = 0;
const ON_N = 1;
const SCORE = 2;
/** Evidence taken lately, which only time makes room for again. */
const SPENT = 3;
/** Word. */
const HISTORY = 4;
export const EPISODE_SLOTS = 5;

const SCORE_MAX = 30;
/** Nats of evidence that one `holdDays` may add to a score: a damp roll or a worn card has its bad day, a failing part another tomorrow. */
const ALLOWANCE = 7;
/** What a single error counts for at most, as a factor on the likelihood. */
const MOST = 20;
/** Errors that the belief in a cohort's rate is worth against a terminal's own (the shape of the gamma prior). */
const PRIOR_ERRORS = 1.5;
/** Score below which nothing is held against a part, at which its curve begins to be kept, and from which it is worth judging. */
const CALM = 0.5;
const DOUBT = 2.5;
const JUDGED = 4;

/** Errors per unit of use against a gamma-Poisson baseline, shrunk to parts of the same kind. Owns nothing: `id` is its block. */
export class RateChannel {
  readonly spec: RateSpec;
  readonly #detector: Detector;
  readonly #index: number;
  readonly #state: ChannelState;

  constructor(detector: Detector, index: number, state: ChannelState) {
    this.#detector = detector;
    this.#index = index;
    this.spec = detector.rates[index]!;
    this.#state = state;
  }

  open(): number {
    return this.#state.rates.allocate();
  }

  release(id: number): void {
    const episode = this.#episode(id);
    if (episode > 0) this.#end(id, episode);
    this.#state.rates.release(id);
  }

  add(id: number, errors: number, units: number): void {
    const { rates } = this.#state;
    const f = rates.floats(id);
    const at = rates.offset(id);
    f[at + K]! += errors;
    f[at + UNITS]! += units;
  }

  discard(id: number): void {
    const { rates } = this.#state;
    rates.floats(id).fill(0, rates.offset(id) + K, rates.offset(id) + UNITS + 1);
  }

  score(id: number): number {
    const episode = this.#episode(id);
    return episode > 0 ? this.#get(episode, SCORE) : 0;
  }

  /** Something that may have raised it has been taken away (cleaning): what was held against the part counts half. */
  calm(id: number): void {
    const episode = this.#episode(id);
    if (episode === 0) return;
    this.#set(episode, SCORE, Math.min(this.#get(episode, SCORE) / 2, JUDGED));
    this.#set(episode, SPENT, 0);
  }

  /** Makes room for evidence as time passes. */
  refill(id: number, days: number, pace: number): void {
    const episode = this.#episode(id);
    if (episode === 0) return;
    const step = (days * pace * this.#allowance) / (this.spec.holdDays ?? this.#detector.holdDays);
    this.#set(episode, SPENT, Math.max(0, this.#get(episode, SPENT) - step));
  }

  /**
   * A cumulative sum of log-likelihood ratios against the baseline (Page 1954), with the rate of the alternative estimated from what came
   * since the likeliest change, and before this bucket (Lorden & Pollak 2005): rare errors count singly, and a burst only once.
   * `pool` keeps the allowance. True from when it is worth judging.
   */
  close(id: number, pool: RateChannel, poolId: number, learning: boolean, day: number, group: GroupShift): boolean {
    const { rates } = this.#state;
    const f = rates.floats(id);
    const at = rates.offset(id);
    const { spec } = this;
    const n = f[at + UNITS]!;
    if (n < spec.units) return this.score(id) >= JUDGED;
    const k = f[at + K]!;
    f[at + K] = 0;
    f[at + UNITS] = 0;
    const base = this.#base(id, group.usual(this.#index));
    // What a baseline of few errors may be mistaken by is allowed for: the spread of its posterior.
    const unsure = 1 + 1.5 / Math.sqrt(f[at + BASE_K]! + PRIOR_ERRORS);
    let episode = this.#episode(id);
    const before = episode > 0 ? this.#get(episode, SCORE) : 0;
    const expected = base * group.rate(this.#index, k, n * base, before === 0, day) * unsure;
    if (learning) {
      this.#learn(id, k, n, expected, group);
      return false;
    }
    const onK = episode > 0 ? this.#get(episode, ON_K) : 0;
    const onN = episode > 0 ? this.#get(episode, ON_N) : 0;
    const since = (onK + 0.5) / (onN + 0.5 / expected);
    const raised = Math.max(expected * (spec.times ?? 3), expected + spec.rise, Math.min(expected * MOST, since));
    const evidence = k * Math.log(Math.min(MOST, raised / expected)) - n * (raised - expected);
    const gain = Math.max(-3, Math.min(evidence, this.#allowance - pool.#spent(poolId)));
    if (gain > 0) pool.#spend(poolId, gain);
    episode = this.#episode(id);
    const score = Math.min(SCORE_MAX, Math.max(0, before + gain));
    if (score < CALM) {
      // What came of nothing belongs to the usual rate: left out, errors would teach that there are none.
      this.#learn(id, onK + k, onN + n, expected, group);
      if (episode > 0) this.#rest(id, episode);
      return false;
    }
    if (episode === 0) episode = this.#begin(id);
    this.#set(episode, SCORE, score);
    this.#set(episode, ON_K, onK + k);
    this.#set(episode, ON_N, onN + n);
    this.#keepCurve(episode, day, k, n, expected, base);
    return score >= JUDGED;
  }

  view(id: number, group: GroupShift): ChannelView {
    const { rates } = this.#state;
    const base = this.#base(id, group.usual(this.#index));
    const episode = this.#episode(id);
    const k = episode > 0 ? this.#get(episode, ON_K) : 0;
    const n = episode > 0 ? this.#get(episode, ON_N) : 0;
    const reach = this.#reach(base);
    const now = n > 0 ? k / n : base;
    return {
      base,
      now,
      reach,
      sigma: n > 0 ? Math.sqrt(Math.max(k, 1)) / n / reach : 1,
      alike: 1,
      score: episode > 0 ? this.#get(episode, SCORE) : 0,
      history: episode > 0 ? this.#history(episode) : 0,
      level: (now - base) / reach,
      ready: rates.floats(id)[rates.offset(id) + BASE_N]! > 0,
    };
  }

  get #allowance(): number {
    return this.spec.allowance ?? ALLOWANCE;
  }

  #keepCurve(episode: number, day: number, k: number, n: number, expected: number, base: number): void {
    const { histories, episodes } = this.#state;
    if (this.#history(episode) === 0) {
      if (this.#get(episode, SCORE) < DOUBT) return;
      episodes.words(episode)[episodes.offset(episode) + HISTORY] = histories.allocate();
    }
    const reach = this.#reach(base);
    // Poisson spread at the present rate, doubled for what bursts add: weighing by each bucket's own count would favour the quiet ones.
    const rate = (2 * Math.max(this.#get(episode, ON_K), 1)) / this.#get(episode, ON_N);
    pushHistory(histories, this.#history(episode), day, (k / n - expected) / reach, (reach * reach * n) / rate);
  }

  #learn(id: number, k: number, n: number, expected: number, group: GroupShift): void {
    const { rates } = this.#state;
    const f = rates.floats(id);
    const at = rates.offset(id);
    // Learns at the pace of use, and forgets slowly, so that an ageing but sound part stays its own yardstick.
    const held = Math.min(k, n * expected * 4 + 2);
    group.learnUsual(this.#index, held, n);
    f[at + BASE_K]! += held;
    f[at + BASE_N]! += n;
    const memory = this.spec.units * 400;
    if (f[at + BASE_N]! > memory) {
      const keep = memory / f[at + BASE_N]!;
      f[at + BASE_K]! *= keep;
      f[at + BASE_N]! *= keep;
    }
  }

  #base(id: number, usual: number): number {
    const { rates } = this.#state;
    const f = rates.floats(id);
    const at = rates.offset(id);
    return (f[at + BASE_K]! + PRIOR_ERRORS) / (f[at + BASE_N]! + PRIOR_ERRORS / usual);
  }

  /**
   * Rate at which a part with this baseline is taken to fail: between what parts usually fail at and thirty times its own, for the first
   * differs tenfold between models.
   */
  #reach(base: number): number {
    const { reach, absolute } = this.spec;
    return absolute ? reach : Math.sqrt(reach * Math.min(reach, 30 * base));
  }

  #spent(id: number): number {
    const episode = this.#episode(id);
    return episode > 0 ? this.#get(episode, SPENT) : 0;
  }

  #spend(id: number, nats: number): void {
    const episode = this.#episode(id) || this.#begin(id);
    this.#set(episode, SPENT, this.#get(episode, SPENT) + nats);
  }

  /** Nothing is held against it any more; the episode itself ends once its allowance is whole again. */
  #rest(id: number, episode: number): void {
    if (this.#get(episode, SPENT) <= 0) {
      this.#end(id, episode);
      return;
    }
    const { episodes, histories } = this.#state;
    if (this.#history(episode) > 0) histories.release(this.#history(episode));
    episodes.words(episode)[episodes.offset(episode) + HISTORY] = 0;
    for (const slot of [ON_K, ON_N, SCORE]) this.#set(episode, slot, 0);
  }

  #begin(id: number): number {
    const { rates, episodes } = this.#state;
    const episode = episodes.allocate();
    rates.words(id)[rates.offset(id) + EPISODE] = episode;
    return episode;
  }

  #end(id: number, episode: number): void {
    const { rates, episodes, histories } = this.#state;
    if (this.#history(episode) > 0) histories.release(this.#history(episode));
    episodes.release(episode);
    rates.words(id)[rates.offset(id) + EPISODE] = 0;
  }

  #episode(id: number): number {
    const { rates } = this.#state;
    return rates.words(id)[rates.offset(id) + EPISODE]!;
  }

  #history(episode: number): number {
    const { episodes } = this.#state;
    return episodes.words(episode)[episodes.offset(episode) + HISTORY]!;
  }

  #get(episode: number, slot: number): number {
    const { episodes } = this.#state;
    return episodes.floats(episode)[episodes.offset(episode) + slot]!;
  }

  #set(episode: number, slot: number, value: number): void {
    const { episodes } = this.#state;
    episodes.floats(episode)[episodes.offset(episode) + slot] = value;
  }
}
