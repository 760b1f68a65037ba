/** Bins a factor e^(1/8) wide, from e^-20 on. */
const BINS = 320;
const PER_LOG = 8;
const LOWEST = -20;
/** Share of values that counts as the body; beyond it the tail is a fitted curve. */
const BODY = 0.95;
/** What a value weighs after a thousand others: old habits fade. */
const KEEP = 0.9997;
/** Shape of the tail: a little heavier than exponential, as most measured things are. */
const SHAPE = 0.2;
const FEW = 30;

/**
 * How rare a value is against all before it, as −log10 of the share that was as large: counted in the body, and beyond it by a
 * generalised Pareto tail whose scale is the mean excess (peaks over threshold: Pickands 1975; for streams Siffer et al. 2017, SPOT).
 * One scale for every detector, whatever its unit, so that their answers add up. Values are at least 0.
 */
export class Tail {
  readonly #bins = new Float64Array(BINS);
  #total = 0;
  #weight = 1;
  #seen = 0;

  /** Rarity of `x`; 0 while too little has been seen. */
  rarity(x: number): number {
    if (this.#seen < FEW) return 0;
    const wanted = (1 - BODY) * this.#total;
    let cut = BINS - 1;
    let above = 0;
    for (; cut > 0; cut--) {
      above += this.#bins[cut]!;
      if (above >= wanted) break;
    }
    const threshold = edgeOf(cut);
    if (x <= threshold) {
      const own = binOf(x);
      let larger = 0;
      for (let i = BINS - 1; i > own; i--) larger += this.#bins[i]!;
      return -Math.log10((larger + 0.5 * this.#bins[own]! + this.#weight) / (this.#total + this.#weight));
    }
    let excess = 0;
    for (let i = cut; i < BINS; i++) excess += this.#bins[i]! * Math.max(0, edgeOf(i + 0.5) - threshold);
    // Half a value of belief that excesses are about a third of the threshold keeps a quiet series from a scale of nothing.
    const scale = (excess + this.#weight * 0.15 * threshold) / (above + this.#weight * 0.5) || 1e-9;
    const beyond = Math.log1p((SHAPE / (1 - SHAPE)) * ((x - threshold) / scale)) / SHAPE;
    return beyond / Math.LN10 - Math.log10((above + this.#weight) / (this.#total + this.#weight));
  }

  learn(x: number): void {
    this.#seen++;
    this.#bins[binOf(x)]! += this.#weight;
    this.#total += this.#weight;
    // New values weigh more instead of every old one less; the scale is drawn back in before it runs away.
    this.#weight /= KEEP;
    if (this.#weight < 1e6) return;
    for (let i = 0; i < BINS; i++) this.#bins[i]! /= this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }

  /** Rarity of `x` against what came before it, and then `x` is learned. */
  next(x: number): number {
    const rarity = this.rarity(x);
    this.learn(x);
    return rarity;
  }
}

function binOf(x: number): number {
  return x <= 1e-12 ? 0 : Math.max(0, Math.min(BINS - 1, Math.floor((Math.log(x) - LOWEST) * PER_LOG)));
}

function edgeOf(bin: number): number {
  return Math.exp(bin / PER_LOG + LOWEST);
}
