import type { Cases } from './cases.ts';
import type { ChannelView, GroupShift } from './channel.ts';
import type { Detector, GaugeSpec } from './detector.ts';
import { pushHistory } from './history.ts';
import { pack, packSigned, signed, unpack, unpackSigned } from './packed.ts';
import type { RecordView } from './record.ts';
import type { ChannelState } from './state.ts';

/** Floats: sum of the bucket under way, and the level of a good part. */
const SUM = 0;
const BASE = 1;
/** Halves: samples of the bucket, and whether the one before it was held back; buckets learned from, whether software has changed since, and the residual of the last one in spreads above them; spread and level, in floors. */
const N = 4;
const LEARNED = 5;
const SCALE = 6;
const LEVEL = 7;
/** Halves: score, and how much of a bucket's residual carries over to the next (slow wander is no trend). */
const SCORE = 8;
const CARRY = 9;
/** Four halves: parts of the day, in thousandths of the gauge's floor. */
const PARTS = 10;

/** Bits of what was learned: a count of buckets, and that the software has changed since the last of them. */
const MOST_LEARNED = 0x7f;
const RESCALED = 0x80;
/**
 * Bits of the samples' number: their count; how many in a row have been wild, up to `SEVERAL`; and that nearly all of the bucket before were held
 * back: its level has moved, no sample of it was wild.
 */
const MOST_SAMPLES = 0x1fff;
const IN_A_ROW = 0x2000;
const ROWS = 0x6000;
const HELD_BACK = 0x8000;
/** Samples of a bucket, or in a row, that cannot all be wild, and how near its mean is to where they were held. */
const SEVERAL = 3;
const NEAR_LIMIT = 0.9;
/** Spreads of its level beyond which a sample is held back. */
const WILD = 6;
/** Share of the way to failure from which a gauge runs away, and spreads by which it must be beyond its level. */
const RUNNING = 0.25;
const FASTER = 2;
/** Spreads by which the first bucket after an update differs from those before for the update to have moved the scale. */
const STEP = 5;

/** Score at which a channel's curve begins to be kept; that of a link, which has its bad hours, later. */
const SUSPECT = 2.5;
const LINK_SUSPECT = 4;
const SCORE_MAX = 30;
const SCORE_UNIT = 2000;
/** Spreads from habit at which the level alone begins its curve. */
const APART = 2.5;
/** Score from which a baseline is learned slowly only. */
const DOUBT = 2.5;
/** A baseline follows in this many times the time it was first learned in: slow enough that failing parts do not become the habit. */
const PATIENCE = 20;
/** Share of its floor under which the spread of a gauge is that of one that tells the same number whatever happens. */
const STILL = 0.2;
/** And of its level, in floors: one that has moved once is not such. */
const STIRRED = 0.02;
/** Share of the way to failure below which a lasting change is taken for habit. */
const SMALL = 0.1;
const CARRY_UNIT = 1e4;
/** Steps of a residual, which is held to three spreads: eight bits. */
const LAST_UNIT = 40;
const PART_UNIT = 1e3;

/** A gauge's own habit (robust mean, spread, parts of the day, carry-over) and how far and how surely it has left it. Owns nothing: it reads the record it is pointed at, from word `at` on. */
export class GaugeChannel {
  readonly #spec: GaugeSpec;
  readonly #detector: Detector;
  readonly #index: number;
  readonly #histories: ChannelState['histories'];
  readonly #cases: Cases;

  constructor(detector: Detector, index: number, state: ChannelState) {
    this.#detector = detector;
    this.#index = index;
    this.#spec = detector.gauges[index]!;
    this.#histories = state.histories;
    this.#cases = state.cases;
  }

  /** Ends what is held against it, as its memory is about to be cleared. */
  release(record: RecordView): void {
    this.#endCase(record);
  }

  /**
   * Adds a sample; one that is wild is held to six spreads beyond the level, or beyond what its bucket has shown so far: alone it cannot carry its
   * bucket, many that agree can, and what falls fast is seen to.
   */
  add({ f, h, o }: RecordView, at: number, value: number): void {
    const w = o + at;
    const n = h[2 * w + N]! & MOST_SAMPLES;
    let v = value;
    let row = 0;
    if (
      (h[2 * w + LEARNED]! & MOST_LEARNED) >= 2 &&
      (h[2 * w + LEARNED]! & RESCALED) === 0 &&
      h[2 * w + N]! < HELD_BACK
    ) {
      const { floor } = this.#spec;
      const middle = f[w + BASE]! + unpackSigned(h[2 * w + LEVEL]!, floor);
      if (Math.abs(v - middle) > WILD * floor) {
        const reach = WILD * Math.max(unpack(h[2 * w + SCALE]!, floor), floor);
        if (Math.abs(v - middle) > reach) row = Math.min(SEVERAL, (h[2 * w + N]! & ROWS) / IN_A_ROW + 1);
        // What has its hours (a link, the heat of the sun) is wild for several on end; any other part that says the same several times is there.
        if (row < SEVERAL || this.#spec.diurnal === true) {
          const mean = n > 0 ? f[w + SUM]! / n : middle;
          v = Math.max(Math.min(middle, mean) - reach, Math.min(Math.max(middle, mean) + reach, v));
        }
      }
    }
    if (n === MOST_SAMPLES) return;
    f[w + SUM]! += v;
    h[2 * w + N] = (h[2 * w + N]! & HELD_BACK) + row * IN_A_ROW + n + 1;
  }

  /** Its software has changed: the bucket under way begins afresh, and shows what that did to the scale. */
  rescaled({ f, h, o }: RecordView, at: number): void {
    if (!this.#spec.scaled) return;
    const w = o + at;
    f[w + SUM] = 0;
    h[2 * w + N] = 0;
    if ((h[2 * w + LEARNED]! & MOST_LEARNED) > 0) h[2 * w + LEARNED]! |= RESCALED;
  }

  /** Whether what the bucket has so far is far out, and farther than its level: what runs away is not waited for. */
  runsAway({ f, h, o }: RecordView, at: number, part: number): boolean {
    const { floor, dir, diurnal } = this.#spec;
    const w = o + at;
    const q = 2 * w;
    const n = h[q + N]! & MOST_SAMPLES;
    if (n < SEVERAL || (h[q + LEARNED]! & RESCALED) !== 0) return false;
    if ((h[q + LEARNED]! & MOST_LEARNED) < this.#learnBuckets) return false;
    const base = f[w + BASE]!;
    const off = (f[w + SUM]! / n - base - (diurnal ? this.#part(h, q, part) : 0)) * dir;
    const sigma = Math.max(unpack(h[q + SCALE]!, floor), floor);
    if (off < WILD * sigma || off < RUNNING * this.#reach(base)) return false;
    return off - unpackSigned(h[q + LEVEL]!, floor) * dir > FASTER * sigma;
  }

  /** Closes the bucket under way: scores it against what was known before, then learns from it. True while it is under suspicion. */
  close(record: RecordView, at: number, day: number, part: number, group: GroupShift, share: number): boolean {
    const spec = this.#spec;
    const { floor } = spec;
    const { f, h, o } = record;
    const w = o + at;
    const q = 2 * w;
    const n = h[q + N]! & MOST_SAMPLES;
    const free = h[q + N]! >= HELD_BACK;
    const held = this.#cases.find(record, this.#index);
    if (n === 0) return held > 0;
    const value = f[w + SUM]! / n;
    f[w + SUM] = 0;
    h[q + N]! &= ROWS;
    const learned = h[q + LEARNED]! & MOST_LEARNED;
    const rescaled = (h[q + LEARNED]! & RESCALED) !== 0;
    if (rescaled) h[q + LEARNED]! &= ~RESCALED;
    if (learned === 0) {
      f[w + BASE] = value;
      h[q + SCALE] = pack(floor, floor);
      setLearned(h, q, 1);
      return false;
    }
    const scale = unpack(h[q + SCALE]!, floor);
    const usual = spec.diurnal ? this.#part(h, q, part) : 0;
    if (rescaled) {
      // The level that the part had stays: only what came with the update is taken into the baseline.
      const step = value - f[w + BASE]! - usual - unpackSigned(h[q + LEVEL]!, floor);
      if (Math.abs(step) > STEP * Math.max(scale, floor)) f[w + BASE]! += step;
    }
    const base = f[w + BASE]!;
    const raw = value - base - usual;
    const reach = this.#reach(base);
    const shared = spec.common ? group.gauge(this.#index, (raw * spec.dir) / reach, day, share) : 0;
    const shift = spec.weather ? Math.max(shared, group.weather(day) / reach) : shared;
    const deviation = raw * spec.dir - shift * reach;
    const learn = this.#learnBuckets;
    if (learned < learn) {
      const rate = 1 / (learned + 1);
      f[w + BASE]! += raw * rate;
      if (spec.diurnal) this.#learnPart(h, q, part, raw * 0.25);
      const spread = scale + (Math.abs(raw) * 1.25 - scale) * Math.max(rate, 0.1);
      h[q + SCALE] = pack(spread, floor);
      learnCarry(h, q, raw / Math.max(spread, floor), 0.1);
      setLearned(h, q, learned + 1);
      return false;
    }
    // Where samples are rare, few of them are first learned from; followed it is no faster for that, or a slow fade becomes the habit.
    const pace = this.#detector.learnBuckets;
    const sigma = Math.max(scale, floor);
    const z = deviation / sigma;
    const before = unpackSigned(h[q + LEVEL]!, floor);
    // What all samples of a bucket say is no wild one: the next is not held back, or a step would be drawn out into a trend.
    const isFar = n >= SEVERAL && Math.abs(value - base - before) >= NEAR_LIMIT * WILD * sigma;
    if (isFar) h[q + N]! |= HELD_BACK;
    const tells = free || !isFar || spec.steps !== true;
    const level = before + (raw - before) * 0.35;
    h[q + LEVEL] = packSigned(level, floor);
    // Buckets that follow each other say less than buckets apart: with carry-over ρ, (1 − ρ) / (1 + ρ) as much (Bayley & Hammersley 1946).
    const worth = 1 / alike(h, q);
    const gain = (Math.max(-3, Math.min(2 + 2 / worth, z)) - 1) * (z > 1 ? worth : 1);
    const score = Math.min(SCORE_MAX, Math.max(0, h[q + SCORE]! / SCORE_UNIT + gain));
    h[q + SCORE] = Math.round(score * SCORE_UNIT);
    const weight = (reach / sigma) ** 2;
    if (held === 0) {
      const far = deviation / reach >= (spec.least ?? 0.08) * 0.5;
      // Where buckets are alike the score is slow to grow, and a level that is far from every one of them needs none.
      const suspected = score >= (spec.suspect ?? (this.#detector.liveOnly ? LINK_SUSPECT : SUSPECT));
      if (far && tells && (suspected || level * spec.dir - shift * reach >= APART * sigma)) {
        const begun = pushHistory(this.#histories, this.#histories.allocate(), day, deviation / reach, weight);
        this.#cases.setHistory(this.#cases.open(record, this.#index), begun);
        return true;
      }
      const clipped = Math.max(-3 * sigma, Math.min(3 * sigma, raw));
      // Under mild suspicion only what speaks for habit is learned, and slowly: failing parts must not become their own yardstick.
      if (score >= DOUBT) {
        f[w + BASE]! += clipped / (4 * PATIENCE * pace);
        return false;
      }
      f[w + BASE]! += clipped / (PATIENCE * pace);
      if (spec.diurnal) this.#learnPart(h, q, part, clipped * 0.015);
      h[q + SCALE] = pack(scale + (Math.min(Math.abs(raw), 3 * sigma) * 1.25 - scale) / (4 * pace), floor);
      learnCarry(h, q, clipped / sigma, 0.5 / pace);
      return false;
    }
    if (tells) {
      const history = this.#cases.history(held);
      this.#cases.setHistory(held, pushHistory(this.#histories, history, day, deviation / reach, weight));
    }
    // A small lasting change is the part's new habit: it is learned, slowly, while it stays small.
    if (level * spec.dir < SMALL * reach) f[w + BASE]! += raw / (PATIENCE * pace);
    if (score === 0) {
      this.#endCase(record);
      return false;
    }
    return true;
  }

  base({ f, o }: RecordView, at: number): number {
    return f[o + at + BASE]!;
  }

  view(record: RecordView, at: number): ChannelView {
    const { f, h, o } = record;
    const { floor, dir } = this.#spec;
    const q = 2 * (o + at);
    const base = f[o + at + BASE]!;
    const reach = this.#reach(base);
    const level = unpackSigned(h[q + LEVEL]!, floor);
    const held = this.#cases.find(record, this.#index);
    return {
      base,
      now: base + level,
      reach,
      sigma: Math.max(unpack(h[q + SCALE]!, floor), floor) / reach,
      alike: alike(h, q),
      score: h[q + SCORE]! / SCORE_UNIT,
      history: held > 0 ? this.#cases.history(held) : 0,
      level: (level * dir) / reach,
      ready: (h[q + LEARNED]! & MOST_LEARNED) >= this.#learnBuckets,
      moves: unpack(h[q + SCALE]!, floor) > STILL * floor || Math.abs(level) > STIRRED * floor,
    };
  }

  #endCase(record: RecordView): void {
    const held = this.#cases.find(record, this.#index);
    if (held === 0) return;
    this.#histories.release(this.#cases.history(held));
    this.#cases.end(record, held);
  }

  get #learnBuckets(): number {
    return this.#spec.learn ?? this.#detector.learnBuckets;
  }

  #reach(base: number): number {
    const { reach } = this.#spec;
    return typeof reach === 'number' ? reach : reach(base);
  }

  #part(h: Uint16Array, q: number, part: number): number {
    return (signed(h[q + PARTS + part]!) / PART_UNIT) * this.#spec.floor;
  }

  /** Parts of the day differ from each other, not from themselves over time: what is added to one is taken from all. */
  #learnPart(h: Uint16Array, q: number, part: number, step: number): void {
    for (let p = 0; p < 4; p++) {
      const value = this.#part(h, q, p) + (p === part ? step : 0) - step / 4;
      h[q + PARTS + p] = Math.max(-32_000, Math.min(32_000, Math.round((value / this.#spec.floor) * PART_UNIT)));
    }
  }
}

/** Buckets that are worth one that stands alone; carry-over is held to what estimates of it can bear. */
function alike(h: Uint16Array, q: number): number {
  const carry = Math.max(0, Math.min(0.8, signed(h[q + CARRY]!) / CARRY_UNIT));
  return (1 + carry) / (1 - carry);
}

function learnCarry(h: Uint16Array, q: number, z: number, rate: number): void {
  const last = (signed(h[q + LEARNED]!) >> 8) / LAST_UNIT;
  const carry = signed(h[q + CARRY]!) / CARRY_UNIT;
  const held = Math.max(-3, Math.min(3, z));
  const next = Math.max(-3, Math.min(3, carry + (held * last - carry) * rate));
  h[q + LEARNED] = (h[q + LEARNED]! & 0xff) | (Math.round(held * LAST_UNIT) << 8);
  h[q + CARRY] = Math.round(next * CARRY_UNIT);
}

function setLearned(h: Uint16Array, q: number, buckets: number): void {
  h[q + LEARNED] = (h[q + LEARNED]! & ~MOST_LEARNED) | Math.min(buckets, MOST_LEARNED);
}
