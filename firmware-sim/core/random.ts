/**
 * Seeded randomness: sfc32 (Chris Doty-Humphrey's PractRand, 128 bits of state) seeded by splitmix32 over an FNV-1a hash
 * of its labels, so that every part of every terminal draws from its own stream and a fault in one leaves the others as they were.
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;

  /** A stream named by its labels: the same labels give the same numbers for ever. */
  static of(...labels: readonly (string | number)[]): Random {
    let h = 0x811c9dc5;
    for (const label of labels) {
      const text = String(label);
      for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
      h = Math.imul(h ^ 0x1f, 0x01000193);
    }
    const random = new Random();
    const next = (): number => {
      // splitmix32: spreads one word over the four of the state.
      h = (h + 0x9e3779b9) | 0;
      let z = h ^ (h >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    random.a = next();
    random.b = next();
    random.c = next();
    random.d = 1;
    for (let i = 0; i < 12; i++) random.next();
    return random;
  }

  /** Resumes a stream where `save` left it. */
  static load(state: readonly number[]): Random {
    const random = new Random();
    random.a = state[0] ?? 0;
    random.b = state[1] ?? 0;
    random.c = state[2] ?? 0;
    random.d = state[3] ?? 1;
    return random;
  }

  save(): number[] {
    return [this.a, this.b, this.c, this.d];
  }

  /** Uniform in [0, 1). */
  next(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return (t >>> 0) / 4294967296;
  }

  /** Standard normal, by linear interpolation in a table of quantiles; never beyond ±3.5 (outliers are modelled by name). */
  normal(): number {
    const u = this.next() * QUANTILE_STEPS;
    const i = u | 0;
    const low = QUANTILES[i] as number;
    return low + ((QUANTILES[i + 1] as number) - low) * (u - i);
  }

  range(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** Poisson count: Knuth's product below a mean of 20, a rounded normal above. */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 20) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let k = 0;
    let product = this.next();
    while (product > limit) {
      k++;
      product *= this.next();
    }
    return k;
  }

  /** Binomial count of `n` trials; exact for few trials, Poisson or normal where that is close enough to count with. */
  binomial(n: number, p: number): number {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (n <= 12) {
      let k = 0;
      for (let i = 0; i < n; i++) if (this.next() < p) k++;
      return k;
    }
    if (p < 0.1) return Math.min(n, this.poisson(n * p));
    return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(n * p * (1 - p)) * this.normal())));
  }

  /** A gamma-process increment of mean `mean` and standard deviation `spread`, matched by a lognormal: never negative. */
  wear(mean: number, spread: number): number {
    if (mean <= 0) return 0;
    const variance = Math.log(1 + (spread / mean) ** 2);
    return mean * Math.exp(Math.sqrt(variance) * this.normal() - variance / 2);
  }
}

const QUANTILE_STEPS = 2048;
const QUANTILES: Float64Array = Float64Array.from({ length: QUANTILE_STEPS + 1 }, (_, i) =>
  quantile((i + 0.5) / (QUANTILE_STEPS + 1)),
);

/** Inverse of the normal distribution (P. J. Acklam's rational approximation, relative error below 1.2e-9). */
function quantile(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ] as const;
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572] as const;
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ] as const;
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416] as const;
  const tail = (q: number): number =>
    (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
    ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q) /
    (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1)
  );
}

/** A number in [0, 1) that depends only on its arguments: noise that two terminals share, or that needs no memory. */
export function hashUnit(seed: number, a: number, b: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(a | 0, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(b | 0, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  h ^= h >>> 16;
  return (h >>> 0) / 4294967296;
}

/** A 32-bit seed from a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
