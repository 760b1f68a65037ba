const BUCKETS = 400;
const FLOOR_MS = 0.02;
const GROWTH = Math.log(1.05);

/** Latencies in logarithmic buckets of 5 %, so that millions cost nothing to keep and histograms of several processes add up. */
export class Histogram {
  readonly counts: Float64Array;
  max = 0;
  total = 0;

  constructor(counts?: readonly number[], max = 0) {
    this.counts = counts ? Float64Array.from(counts) : new Float64Array(BUCKETS);
    this.max = max;
    for (const count of this.counts) this.total += count;
  }

  add(ms: number): void {
    const bucket = ms <= FLOOR_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FLOOR_MS) / GROWTH));
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.total++;
    if (ms > this.max) this.max = ms;
  }

  merge(other: Histogram): void {
    for (let i = 0; i < BUCKETS; i++) this.counts[i] = (this.counts[i] as number) + (other.counts[i] as number);
    this.total += other.total;
    this.max = Math.max(this.max, other.max);
  }

  /** Upper edge of the bucket that holds the p-th percentile, ms; null when nothing was measured. */
  percentile(p: number): number | null {
    if (this.total === 0) return null;
    const wanted = (p / 100) * this.total;
    let seen = 0;
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.counts[i] as number;
      if (seen >= wanted) return Math.min(this.max, FLOOR_MS * Math.exp(GROWTH * i));
    }
    return this.max;
  }
}
