import { median } from 'simple-statistics';
import { DAY } from '../time.ts';

/** One moment of one device: what the model said, and whether it failed within the horizon. */
export interface Scored {
  readonly device: string;
  readonly at: number;
  readonly risk: number;
  readonly failed: boolean;
}

export interface Evaluation {
  readonly moments: number;
  readonly devices: number;
  readonly failures: number;
  /** Share of moments followed by a failure: the average precision of guessing. */
  readonly baseRate: number;
  readonly auc: number | null;
  readonly averagePrecision: number | null;
  readonly brier: number;
  /** Alarms on the riskiest share of moments: share right, share of failures with one in time, and days from the first to the failure. */
  readonly budgets: readonly {
    readonly share: number;
    readonly threshold: number;
    readonly precision: number;
    readonly recall: number;
    readonly leadDays: number | null;
  }[];
  readonly calibration: readonly { readonly n: number; readonly stated: number; readonly observed: number }[];
}

/** Holds risks against what happened. `failures`: times by device, of the period tested. */
export function evaluate(
  scored: readonly Scored[],
  failures: ReadonlyMap<string, readonly number[]>,
  horizonMs: number,
  budgets: readonly number[],
): Evaluation {
  const sorted = [...scored].sort((a, b) => b.risk - a.risk);
  const positives = sorted.filter((s) => s.failed).length;
  const n = sorted.length;
  const devices = new Set(sorted.map((s) => s.device));
  const byDevice = Map.groupBy(sorted, (s) => s.device);
  // A failure can be found only where the device was looked at within the horizon before it.
  const findable = [...failures].flatMap(([device, times]) =>
    times
      .filter((at) => byDevice.get(device)?.some((s) => s.at < at && at - s.at <= horizonMs))
      .map((at) => ({ device, at })),
  );
  return {
    moments: n,
    devices: devices.size,
    failures: findable.length,
    baseRate: n === 0 ? 0 : positives / n,
    auc: aucOf(sorted, positives),
    averagePrecision: averagePrecisionOf(sorted, positives),
    brier: n === 0 ? 0 : sorted.reduce((sum, s) => sum + (s.risk - (s.failed ? 1 : 0)) ** 2, 0) / n,
    budgets: budgets.map((share) => {
      const alarms = sorted.slice(0, Math.max(1, Math.round(n * share)));
      const threshold = alarms[alarms.length - 1]?.risk ?? 1;
      const leads = findable.flatMap(({ device, at }) => {
        const first = (byDevice.get(device) ?? [])
          .filter((s) => s.risk >= threshold && s.at < at && at - s.at <= horizonMs)
          .reduce((earliest, s) => Math.min(earliest, s.at), Number.POSITIVE_INFINITY);
        return Number.isFinite(first) ? [(at - first) / DAY] : [];
      });
      return {
        share,
        threshold,
        precision: alarms.filter((s) => s.failed).length / alarms.length,
        recall: findable.length === 0 ? 0 : leads.length / findable.length,
        leadDays: leads.length === 0 ? null : median(leads),
      };
    }),
    calibration: fifths(sorted),
  };
}

/** Area under the ROC curve by ranks (Mann & Whitney 1947), ties shared; null where one class is missing. */
function aucOf(sorted: readonly Scored[], positives: number): number | null {
  const n = sorted.length;
  if (positives === 0 || positives === n) return null;
  let rankSum = 0;
  for (let i = 0; i < n; ) {
    let j = i;
    while (j < n && sorted[j]!.risk === sorted[i]!.risk) j++;
    // Sorted from the riskiest: the middle rank of a tie, counted from the least risky.
    const rank = n - (i + j - 1) / 2;
    for (let k = i; k < j; k++) if (sorted[k]!.failed) rankSum += rank;
    i = j;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (n - positives));
}

function averagePrecisionOf(sorted: readonly Scored[], positives: number): number | null {
  if (positives === 0) return null;
  let hits = 0;
  let sum = 0;
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    let here = 0;
    while (j < sorted.length && sorted[j]!.risk === sorted[i]!.risk) if (sorted[j++]!.failed) here++;
    hits += here;
    sum += (here * hits) / j;
    i = j;
  }
  return sum / positives;
}

/** The riskiest tenth, the next, and the rest in thirds: what was said against what was. */
function fifths(sorted: readonly Scored[]): Evaluation['calibration'] {
  const cuts = [0, 0.02, 0.1, 0.3, 0.6, 1].map((share) => Math.round(share * sorted.length));
  return cuts.slice(1).flatMap((to, i) => {
    const part = sorted.slice(cuts[i], to);
    if (part.length === 0) return [];
    const n = part.length;
    return [
      {
        n,
        stated: part.reduce((sum, s) => sum + s.risk, 0) / n,
        observed: part.filter((s) => s.failed).length / n,
      },
    ];
  });
}
