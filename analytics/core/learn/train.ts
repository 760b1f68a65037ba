import { TillwatchError } from '../../../contract/errors.ts';
import { boost, marginOf, type TrainingRows } from './boosting.ts';
import { type Evaluation, evaluate, type Scored } from './evaluate.ts';
import { DeviceFeatures, type FeatureSpec, featureNames, type ReadingRow } from './features.ts';
import { type FailureModel, riskOf } from './model.ts';

/** Moments a device is looked at within one horizon. */
export const LOOKS = 14;
/** Moments learned from at most; where there are more, healthy ones are thinned and weigh more. */
const MOST = 60_000;
/** Failures the training must have seen. */
const LEAST_FAILURES = 5;
/** Last share of the training's time that the trees do not see: it says when to stop, and sets the scale. */
const CHECKED = 0.2;

export interface TrainOptions {
  readonly trainUntil: number;
  /** Shares of moments that there are hands for; the first is the one the model's alarm goes by. */
  readonly budgets: readonly number[];
}

interface Moment {
  readonly device: string;
  readonly at: number;
  readonly row: Float64Array;
  readonly failed: boolean;
}

/**
 * Gathers moments of devices as their readings go by, device after device and in time; then fits and judges a model. Moments whose
 * horizon crosses the training's end belong to neither side, so that nothing tested was learned from.
 */
export class Trainer {
  readonly #spec: FeatureSpec;
  readonly #failures: ReadonlyMap<string, readonly number[]>;
  readonly #options: TrainOptions;
  readonly #moments: Moment[] = [];
  #device = '';
  #features: DeviceFeatures;
  #nextFailure = 0;
  #looked = Number.NEGATIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;

  constructor(spec: FeatureSpec, failures: ReadonlyMap<string, readonly number[]>, options: TrainOptions) {
    this.#spec = spec;
    this.#failures = failures;
    this.#options = options;
    this.#features = new DeviceFeatures(spec);
  }

  take(device: string, row: ReadingRow): void {
    if (device !== this.#device) {
      this.#device = device;
      this.#features = new DeviceFeatures(this.#spec);
      this.#nextFailure = 0;
      this.#looked = Number.NEGATIVE_INFINITY;
    }
    const { horizonMs } = this.#spec;
    const failures = this.#failures.get(device) ?? [];
    while (this.#nextFailure < failures.length && failures[this.#nextFailure]! <= row.at) {
      this.#features.failed(failures[this.#nextFailure++]!);
    }
    this.#features.take(row);
    if (row.at > this.#end) this.#end = row.at;
    if (row.at - this.#looked < horizonMs / LOOKS) return;
    this.#looked = row.at;
    const next = failures[this.#nextFailure];
    this.#moments.push({
      device,
      at: row.at,
      row: this.#features.now(),
      failed: next !== undefined && next - row.at <= horizonMs,
    });
  }

  /** Fits and judges. Errors: `learn.too_few_failures`, `learn.no_readings`. */
  finish(): Pick<FailureModel, 'boosted' | 'scale' | 'alarmRisk' | 'evaluation' | 'trainedUntil'> & {
    moments: number;
  } {
    const { horizonMs } = this.#spec;
    const { trainUntil, budgets } = this.#options;
    const past = this.#moments.filter((m) => m.at + horizonMs <= trainUntil).sort((a, b) => a.at - b.at);
    if (past.length === 0) {
      throw new TillwatchError(
        'learn.no_readings',
        'no reading lies a horizon or more before --train-until: choose a later date or a shorter --horizon',
        { status: 400 },
      );
    }
    const failed = new Set(past.filter((m) => m.failed).map((m) => m.device)).size;
    if (failed < LEAST_FAILURES) {
      throw new TillwatchError(
        'learn.too_few_failures',
        `only ${failed} devices fail within the horizon of a reading before --train-until: at least ${LEAST_FAILURES} are needed. Do the ids of both tables agree?`,
        { status: 400 },
      );
    }
    const first = past[0]!.at;
    const cut = trainUntil - horizonMs - (trainUntil - horizonMs - first) * CHECKED;
    // Between trees and check lies a horizon too.
    let learned = past.filter((m) => m.at + horizonMs <= cut);
    let checked = past.filter((m) => m.at > cut);
    const enough = (moments: readonly Moment[]) =>
      new Set(moments.filter((m) => m.failed).map((m) => m.device)).size >= 2;
    if (!enough(learned) || !enough(checked)) {
      // Failures are too few to be split by time: every fifth device checks instead.
      const names = [...new Set(past.map((m) => m.device))].sort();
      const aside = new Set(names.filter((_, i) => i % 5 === 0));
      learned = past.filter((m) => !aside.has(m.device));
      checked = past.filter((m) => aside.has(m.device));
    }
    const boosted = boost(rowsOf(thinned(learned)), rowsOf(thinned(checked)));
    const margins = checked.map((m) => ({ margin: marginOf(boosted, m.row), failed: m.failed }));
    const scale = scaleOf(margins);
    const model = { boosted, scale };
    const risks = past.map((m) => riskOf(model, m.row)).sort((a, b) => b - a);
    const share = budgets[0] ?? 0.01;
    return {
      ...model,
      trainedUntil: trainUntil,
      alarmRisk: risks[Math.max(0, Math.round(risks.length * share) - 1)] ?? 1,
      evaluation: this.#judge(model),
      moments: past.length,
    };
  }

  #judge(model: Pick<FailureModel, 'boosted' | 'scale'>): Evaluation | null {
    const { horizonMs } = this.#spec;
    const { trainUntil, budgets } = this.#options;
    // What happens to the last moments is not known yet, unless the device has failed meanwhile.
    const scored: Scored[] = this.#moments
      .filter((m) => m.at > trainUntil && (m.failed || m.at + horizonMs <= this.#end))
      .map((m) => ({ device: m.device, at: m.at, risk: riskOf(model, m.row), failed: m.failed }));
    if (scored.length === 0) return null;
    const later = new Map(
      [...this.#failures].map(([device, times]) => [device, times.filter((at) => at > trainUntil)] as const),
    );
    return evaluate(scored, later, horizonMs, budgets);
  }
}

/** Every failing moment, and as many healthy ones as there is room for, evenly over time. */
function thinned(moments: readonly Moment[]): { moment: Moment; weight: number }[] {
  const failed = moments.filter((m) => m.failed);
  const healthy = moments.filter((m) => !m.failed);
  const room = Math.max(MOST - failed.length, 1000);
  const every = Math.max(1, healthy.length / room);
  const kept: { moment: Moment; weight: number }[] = failed.map((moment) => ({ moment, weight: 1 }));
  for (let i = 0; i < healthy.length; i += every) kept.push({ moment: healthy[Math.floor(i)]!, weight: every });
  return kept;
}

function rowsOf(kept: readonly { moment: Moment; weight: number }[]): TrainingRows {
  const width = kept[0]?.moment.row.length ?? 0;
  return {
    features: Array.from({ length: width }, (_, f) => Float64Array.from(kept, ({ moment }) => moment.row[f]!)),
    labels: Uint8Array.from(kept, ({ moment }) => (moment.failed ? 1 : 0)),
    weights: Float64Array.from(kept, ({ weight }) => weight),
  };
}

/** Platt's scaling (1999) by Newton's method, leaning to a = 0, b = 1 as if twenty moments had said so. */
function scaleOf(margins: readonly { margin: number; failed: boolean }[]): { a: number; b: number } {
  let a = 0;
  let b = 1;
  for (let step = 0; step < 30; step++) {
    let ga = a;
    let gb = 20 * (b - 1);
    let haa = 1;
    let hab = 0;
    let hbb = 20;
    for (const { margin, failed } of margins) {
      const p = 1 / (1 + Math.exp(-(a + b * margin)));
      const d = p - (failed ? 1 : 0);
      const h = p * (1 - p);
      ga += d;
      gb += d * margin;
      haa += h;
      hab += h * margin;
      hbb += h * margin * margin;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 1e-12)) break;
    a -= (hbb * ga - hab * gb) / determinant;
    b -= (haa * gb - hab * ga) / determinant;
  }
  return b > 0.05 && Number.isFinite(a) ? { a, b } : { a: 0, b: 1 };
}

/** Number of features a spec makes, for messages. */
export function featureCount(spec: FeatureSpec): number {
  return featureNames(spec).length;
}
