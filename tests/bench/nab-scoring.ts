/**
 * The Numenta Anomaly Benchmark's scoring, rule for rule: Lavin & Ahmad, "Evaluating real-time anomaly detection
 * algorithms" (ICMLA 2015), and the sweeper of the public benchmark (numenta/NAB, nab/sweeper.py, runner.py), which
 * settles what the paper leaves open. Verified in tests/analytics/files/nab-scoring.test.ts.
 */

export interface CostMatrix {
  readonly tpWeight: number;
  readonly fnWeight: number;
  readonly fpWeight: number;
}

/** NAB's "standard" profile. */
export const STANDARD_PROFILE: CostMatrix = { tpWeight: 1, fnWeight: 1, fpWeight: 0.11 };

/** One series with its label windows, both ends inclusive, as NAB's own timestamp text. */
export interface LabelledSeries {
  readonly name: string;
  readonly timestamps: readonly string[];
  readonly windows: readonly (readonly [string, string])[];
}

/** What one row is worth if it is called an anomaly, and the window it falls in (-1: none; probationary rows are left out). */
interface ScoredRow {
  readonly score: number;
  readonly worth: number;
  readonly window: number;
}

/** `position` is -1 at a window's left edge, 0 at its right edge, above 0 behind it, in widths of the window. */
export function scaledSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** Rows at the start of a series that are never scored: 15 %, at most 750. */
export function probationaryRows(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 750);
}

function scoredRows(
  series: LabelledSeries,
  scores: ArrayLike<number>,
  cost: CostMatrix,
  firstWindow: number,
): ScoredRow[] {
  const { timestamps, windows } = series;
  const rows: ScoredRow[] = [];
  const probation = probationaryRows(timestamps.length);
  const best = scaledSigmoid(-1);
  let next = 0;
  let current: { index: number; end: string; right: number; width: number } | undefined;
  let previous: { right: number; width: number } | undefined;
  for (let i = 0; i < timestamps.length; i++) {
    const upcoming = windows[next];
    if (upcoming && timestamps[i] === upcoming[0]) {
      const right = timestamps.indexOf(upcoming[1]);
      const left = timestamps.indexOf(upcoming[0]);
      current = { index: firstWindow + next, end: upcoming[1], right, width: right - left + 1 };
      next++;
    }
    let worth: number;
    if (current) {
      worth = (scaledSigmoid(-(current.right - i + 1) / current.width) * cost.tpWeight) / best;
    } else if (previous) {
      worth = scaledSigmoid(Math.abs(previous.right - i) / (previous.width - 1)) * cost.fpWeight;
    } else {
      worth = -cost.fpWeight;
    }
    if (i >= probation) rows.push({ score: scores[i] ?? 0, worth, window: current ? current.index : -1 });
    if (current && timestamps[i] === current.end) {
      previous = { right: i, width: current.width };
      current = undefined;
    }
  }
  return rows;
}

export interface NabScore {
  readonly threshold: number;
  /** 0: the detector that never speaks; 100: every window found at its left edge, nothing else. */
  readonly score: number;
  readonly falseAlarms: number;
  readonly windowsFound: number;
  readonly windows: number;
}

/** Scores a corpus at every threshold at once (first: no alarms at all), as NAB's sweeper does, one threshold for all series. */
export function sweep(
  corpus: readonly LabelledSeries[],
  scoresOf: (series: LabelledSeries) => ArrayLike<number>,
  cost: CostMatrix = STANDARD_PROFILE,
): NabScore[] {
  const rows: ScoredRow[] = [];
  let windows = 0;
  for (const series of corpus) {
    for (const row of scoredRows(series, scoresOf(series), cost, windows)) rows.push(row);
    windows += series.windows.length;
  }
  // A window counts in the raw score only when a row of it is past probation; the normalisation counts them all (runner.py).
  const seen = new Set(rows.filter((r) => r.window >= 0).map((r) => r.window));
  const nothing = -cost.fnWeight * seen.size;
  const perfect = windows * cost.tpWeight;
  const best = new Map<number, number>([...seen].map((w) => [w, -cost.fnWeight]));
  const normalise = (raw: number): number => (perfect === nothing ? 0 : (100 * (raw - nothing)) / (perfect - nothing));
  const sorted = rows.sort((a, b) => b.score - a.score);
  const results: NabScore[] = [];
  let threshold = Number.POSITIVE_INFINITY;
  let raw = nothing;
  let falseAlarms = 0;
  let found = 0;
  const keep = (): void => {
    results.push({ threshold, score: normalise(raw), falseAlarms, windowsFound: found, windows });
  };
  for (const row of sorted) {
    if (row.score !== threshold) {
      keep();
      threshold = row.score;
    }
    if (row.window < 0) {
      raw += row.worth;
      falseAlarms++;
    } else {
      const had = best.get(row.window) ?? -cost.fnWeight;
      if (had === -cost.fnWeight) found++;
      if (row.worth > had) {
        raw += row.worth - had;
        best.set(row.window, row.worth);
      }
    }
  }
  keep();
  return results;
}

/** The best threshold of a sweep; of equals, the highest. */
export function best(results: readonly NabScore[]): NabScore {
  return results.reduce((a, b) => (b.score > a.score ? b : a));
}

/** The corpus' score when every row with score ≥ `threshold` is an alarm. */
export function at(results: readonly NabScore[], threshold: number): NabScore {
  let answer = results[0]!;
  for (const r of results) if (r.threshold >= threshold) answer = r;
  return answer;
}
