/** How many times as often a worse kind fails: nobody knows beforehand, so several are tried side by side. */
const RATIOS = [2.5, 5, 10] as const;

/**
 * Faults of alike parts between which one in `mean` false alarms comes, were all kinds as good: see `Odds`.
 * A fleet that counts 300 faults of a mode in a year is told of a sound model once in more than 300 years.
 */
export const BETWEEN_FALSE_ALARMS = 100_000;

/**
 * A sequential test of whether one kind fails more often than the others, fault by fault (an e-detector of Shiryaev and Roberts' form: Shin,
 * Ramdas & Rinaldo, "E-detectors", 2022). Were all alike, a fault would hit the kind with chance `share`, its share of those that it could
 * have hit; were the kind r times as bad, with r·share / (1 − share + r·share). Sums of products of these likelihood ratios exceed a bound B
 * after B faults on average or more, however often one looks.
 */
export class Odds {
  readonly sums: number[];
  /** Faults since the sums last were next to nothing, those of the kind among them, and what its shares would have had. */
  seen: number;
  hits: number;
  due: number;

  constructor(saved?: SavedOdds) {
    this.sums = saved ? [...saved.sums] : RATIOS.map(() => 0);
    this.seen = saved?.seen ?? 0;
    this.hits = saved?.hits ?? 0;
    this.due = saved?.due ?? 0;
  }

  /** Takes a fault in: whether it hit the kind, whose share of those at risk was `share` (above 0, below 1). */
  take(hit: boolean, share: number): void {
    this.seen++;
    this.due += share;
    if (hit) this.hits++;
    RATIOS.forEach((ratio, i) => {
      const chance = (ratio * share) / (1 - share + ratio * share);
      this.sums[i] = (this.sums[i]! + 1) * (hit ? chance / share : (1 - chance) / (1 - share));
    });
    if (this.value < 1) this.seen = this.hits = this.due = 0;
  }

  /** The test's statistic: compared with `BETWEEN_FALSE_ALARMS` times the number of kinds looked at. */
  get value(): number {
    return this.sums.reduce((a, b) => a + b, 0) / RATIOS.length;
  }

  save(): SavedOdds {
    return { sums: this.sums, seen: this.seen, hits: this.hits, due: this.due };
  }
}

export interface SavedOdds {
  readonly sums: readonly number[];
  readonly seen: number;
  readonly hits: number;
  readonly due: number;
}
