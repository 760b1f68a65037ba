import type { ChannelView, GroupShift } from './channel.ts';
import type { Detector, GaugeSpec } from './detector.ts';
import { pushHistory } from './history.ts';
import type { Slab } from './slab.ts';

const SUM = 0;
const N = 1;
const BASE = 2;
const SCALE = 3;
const LEVEL = 4;
const SCORE = 5;
/** Word: block of its history, then eight bits of buckets learned from. */
const META = 6;
/** Word: residual of the last bucket in spreads, and how much of it carries over to the next (slow wander is no trend), 16 bits each. */
const WANDER = 7;
export const GAUGE_SLOTS = 8;
/** Words: two parts of the day each, 16 bits in thousandths of the gauge's floor. */
const PARTS = 8;
export const DIURNAL_SLOTS = 10;

/** Score at which a channel's curve begins to be kept, and at which it ends. */
const SUSPECT = 4;
const SCORE_MAX = 30;
/** Score from which a baseline is learned slowly only. */
const DOUBT = 2.5;
/** A baseline follows in this many times the time it was first learned in: slow enough that failing parts do not become the habit. */
const PATIENCE = 20;
/** Share of the way to failure below which a lasting change is taken for habit. */
const SMALL = 0.1;
const Z_UNIT = 1e4;
const PART_UNIT = 1e3;

/** A gauge's own habit (robust mean, spread, parts of the day, carry-over) and how far and how surely it has left it. Owns nothing: `id` is its block. */
export class GaugeChannel {
  readonly #spec: GaugeSpec;
  readonly #detector: Detector;
  readonly #index: number;
  readonly #slab: Slab;
  readonly #histories: Slab;

  constructor(detector: Detector, index: number, slab: Slab, histories: Slab) {
    this.#detector = detector;
    this.#index = index;
    this.#spec = detector.gauges[index]!;
    this.#slab = slab;
    this.#histories = histories;
  }

  open(): number {
    return this.#slab.allocate();
  }

  release(id: number): void {
    const history = this.#history(id);
    if (history > 0) this.#histories.release(history);
    this.#slab.release(id);
  }

  /** Adds a sample; a single wild one is held to six spreads of the level so that it cannot carry its bucket. */
  add(id: number, value: number): void {
    const f = this.#slab.floats(id);
    const at = this.#slab.offset(id);
    let v = value;
    if (this.#learned(id) >= 2) {
      const middle = f[at + BASE]! + f[at + LEVEL]!;
      const reach = 6 * Math.max(f[at + SCALE]!, this.#spec.floor);
      v = v > middle + reach ? middle + reach : Math.max(v, middle - reach);
    }
    f[at + SUM]! += v;
    f[at + N]! += 1;
  }

  /** Closes the bucket under way: scores it against what was known before, then learns from it. True while it is under suspicion. */
  close(id: number, day: number, part: number, group: GroupShift): boolean {
    const spec = this.#spec;
    const f = this.#slab.floats(id);
    const at = this.#slab.offset(id);
    const n = f[at + N]!;
    const history = this.#history(id);
    if (n === 0) return history > 0;
    const value = f[at + SUM]! / n;
    f[at + SUM] = 0;
    f[at + N] = 0;
    const learned = this.#learned(id);
    if (learned === 0) {
      f[at + BASE] = value;
      f[at + SCALE] = spec.floor;
      this.#setMeta(id, history, 1);
      return false;
    }
    const raw = value - f[at + BASE]! - (spec.diurnal ? this.#part(id, part) : 0);
    const reach = this.#reach(f[at + BASE]!);
    const shift = spec.common ? group.gauge(this.#index, (raw * spec.dir) / reach, day) : 0;
    const deviation = raw * spec.dir - shift * reach;
    const learn = this.#detector.learnBuckets;
    if (learned < learn) {
      const rate = 1 / (learned + 1);
      f[at + BASE]! += raw * rate;
      if (spec.diurnal) this.#learnPart(id, part, raw * 0.25);
      f[at + SCALE]! += (Math.abs(raw) * 1.25 - f[at + SCALE]!) * Math.max(rate, 0.1);
      this.#learnCarry(id, raw / Math.max(f[at + SCALE]!, spec.floor), 0.1);
      this.#setMeta(id, history, learned + 1);
      return false;
    }
    const sigma = Math.max(f[at + SCALE]!, spec.floor);
    const z = deviation / sigma;
    f[at + LEVEL]! += (raw - f[at + LEVEL]!) * 0.35;
    // Buckets that follow each other say less than buckets apart: with carry-over ρ, (1 − ρ) / (1 + ρ) as much (Bayley & Hammersley 1946).
    const worth = 1 / this.#alike(id);
    const gain = (Math.max(-3, Math.min(2 + 2 / worth, z)) - 1) * (z > 1 ? worth : 1);
    f[at + SCORE] = Math.min(SCORE_MAX, Math.max(0, f[at + SCORE]! + gain));
    const weight = (reach / sigma) ** 2;
    if (history === 0) {
      const far = deviation / reach >= (spec.least ?? 0.08) * 0.5;
      if (f[at + SCORE]! >= SUSPECT && far) {
        const begun = this.#histories.allocate();
        this.#setMeta(id, begun, learned);
        pushHistory(this.#histories, begun, day, deviation / reach, weight);
        return true;
      }
      const clipped = Math.max(-3 * sigma, Math.min(3 * sigma, raw));
      // Under mild suspicion only what speaks for habit is learned, and slowly: failing parts must not become their own yardstick.
      if (f[at + SCORE]! >= DOUBT) {
        f[at + BASE]! += clipped / (4 * PATIENCE * learn);
        return false;
      }
      f[at + BASE]! += clipped / (PATIENCE * learn);
      if (spec.diurnal) this.#learnPart(id, part, clipped * 0.015);
      f[at + SCALE]! += (Math.min(Math.abs(raw), 3 * sigma) * 1.25 - f[at + SCALE]!) / (4 * learn);
      this.#learnCarry(id, clipped / sigma, 0.5 / learn);
      return false;
    }
    pushHistory(this.#histories, history, day, deviation / reach, weight);
    // A small lasting change is the part's new habit: it is learned, slowly, while it stays small.
    if (f[at + LEVEL]! * spec.dir < SMALL * reach) f[at + BASE]! += raw / (PATIENCE * learn);
    if (f[at + SCORE] === 0) {
      this.#histories.release(history);
      this.#setMeta(id, 0, learned);
      return false;
    }
    return true;
  }

  view(id: number): ChannelView {
    const f = this.#slab.floats(id);
    const at = this.#slab.offset(id);
    const reach = this.#reach(f[at + BASE]!);
    return {
      base: f[at + BASE]!,
      now: f[at + BASE]! + f[at + LEVEL]!,
      reach,
      sigma: Math.max(f[at + SCALE]!, this.#spec.floor) / reach,
      alike: this.#alike(id),
      score: f[at + SCORE]!,
      history: this.#history(id),
      level: (f[at + LEVEL]! * this.#spec.dir) / reach,
      ready: this.#learned(id) >= this.#detector.learnBuckets,
    };
  }

  #reach(base: number): number {
    const { reach } = this.#spec;
    return typeof reach === 'number' ? reach : reach(base);
  }

  /** Buckets that are worth one that stands alone; carry-over is held to what estimates of it can bear. */
  #alike(id: number): number {
    const carry = Math.max(0, Math.min(0.8, ((this.#word(id, WANDER) << 16) >> 16) / Z_UNIT));
    return (1 + carry) / (1 - carry);
  }

  #learnCarry(id: number, z: number, rate: number): void {
    const word = this.#word(id, WANDER);
    const last = (word >> 16) / Z_UNIT;
    const carry = ((word << 16) >> 16) / Z_UNIT;
    const held = Math.max(-3, Math.min(3, z));
    const next = Math.max(-3, Math.min(3, carry + (held * last - carry) * rate));
    this.#setWord(id, WANDER, (Math.round(held * Z_UNIT) << 16) | (Math.round(next * Z_UNIT) & 0xffff));
  }

  #part(id: number, part: number): number {
    const word = this.#word(id, PARTS + (part >> 1));
    return ((part & 1 ? word >> 16 : (word << 16) >> 16) / PART_UNIT) * this.#spec.floor;
  }

  /** Parts of the day differ from each other, not from themselves over time: what is added to one is taken from all. */
  #learnPart(id: number, part: number, step: number): void {
    for (let p = 0; p < 4; p++) {
      const value = this.#part(id, p) + (p === part ? step : 0) - step / 4;
      const units = Math.max(-32_000, Math.min(32_000, Math.round((value / this.#spec.floor) * PART_UNIT)));
      const slot = PARTS + (p >> 1);
      const word = this.#word(id, slot);
      this.#setWord(id, slot, p & 1 ? (units << 16) | (word & 0xffff) : (word & ~0xffff) | (units & 0xffff));
    }
  }

  #history(id: number): number {
    return this.#slab.words(id)[this.#slab.offset(id) + META]! >>> 8;
  }

  #learned(id: number): number {
    return this.#slab.words(id)[this.#slab.offset(id) + META]! & 0xff;
  }

  #setMeta(id: number, history: number, learned: number): void {
    this.#slab.words(id)[this.#slab.offset(id) + META] = (history << 8) | Math.min(learned, 0xff);
  }

  #word(id: number, slot: number): number {
    return this.#slab.words(id)[this.#slab.offset(id) + slot]! | 0;
  }

  #setWord(id: number, slot: number, word: number): void {
    this.#slab.words(id)[this.#slab.offset(id) + slot] = word;
  }
}
