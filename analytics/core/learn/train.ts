import { TillwatchError } from '../../../contract/errors.ts';
import { boost, marginOf, type TrainingRows } from './boosting.ts';
import { type Evaluation, evaluate, type Scored } from './evaluate.ts';
import { type FeatureSpec, featuresOf, type ReadingRow } from './features.ts';
import { type Look, Looks } from './looks.ts';
import { type FailureModel, riskOf } from './model.ts';

/** Looks at a device within one horizon: when a model is tested and run, and when it is learned. */
export const LOOKS = 14;
const LOOKS_LEARNED = 56;
/** Looks learned from at most, healthy and failing, and numbers in them: where there are more, they are thinned and weigh more. */
const MOST = { healthy: 100_000, failing: 30_000 };
const MOST_NUMBERS = 12_000_000;
/** Devices that must have failed. */
const LEAST_FAILURES = 5;
/** Parts of the devices that are each kept from the trees once: they say how many trees, and set the scale. */
const FOLDS = 3;

export interface TrainOptions {
  readonly trainUntil: number;
  /** Shares of moments that there are hands for; the first is the one the model's alarm goes by. */
  readonly budgets: readonly number[];
}

export type Failures = ReadonlyMap<string, readonly number[]>;
type Seen = Look<Float64Array>;
type Fitted = Pick<FailureModel, 'boosted' | 'scale'>;

/** Every so many of what is given it, so that no more than `most` are held. */
class Thinned {
  readonly kept: Seen[] = [];
  readonly #most: number;
  given = 0;
  /** What one that is kept stands for. */
  weight = 1;

  constructor(most: number) {
    this.#most = most;
  }

  take(look: Seen): void {
    if (this.given++ % this.weight !== 0) return;
    this.kept.push(look);
    if (this.kept.length < this.#most) return;
    const half = this.kept.filter((_, i) => i % 2 === 0);
    this.kept.splice(0, this.kept.length, ...half);
    this.weight *= 2;
  }
}

/**
 * Gathers looks at devices as their readings go by, device after device and in time; then fits a model. Looks whose horizon goes beyond
 * the training's end belong to neither side, so that nothing tested was learned from.
 */
export class Trainer {
  readonly #options: TrainOptions;
  readonly #looks: Looks<Float64Array>;
  readonly #healthy: Thinned;
  readonly #failing: Thinned;

  constructor(spec: FeatureSpec, failures: Failures, options: TrainOptions) {
    this.#options = options;
    const room = Math.floor(MOST_NUMBERS / featuresOf(spec).length);
    this.#healthy = new Thinned(Math.min(MOST.healthy, room));
    this.#failing = new Thinned(Math.min(MOST.failing, Math.floor(room / 2)));
    this.#looks = new Looks({
      spec,
      failures,
      everyMs: spec.horizonMs / LOOKS_LEARNED,
      wanted: (at) => at + spec.horizonMs <= options.trainUntil,
      see: (features) => features.now(),
      take: (look) => (look.failed ? this.#failing : this.#healthy).take(look),
    });
  }

  take(device: string, row: ReadingRow): void {
    this.#looks.take(device, row);
  }

  /** Fits. Errors: `learn.too_few_failures`, `learn.no_readings`. */
  finish(): Fitted & Pick<FailureModel, 'alarmRisk' | 'trainedUntil'> & { moments: number } {
    this.#looks.end();
    const moments = this.#healthy.given + this.#failing.given;
    if (moments === 0) {
      throw new TillwatchError(
        'learn.no_readings',
        'no reading lies a horizon or more before --train-until: choose a later date or a shorter --horizon',
        { status: 400 },
      );
    }
    const failed = new Set(this.#failing.kept.map((m) => m.device));
    if (failed.size < LEAST_FAILURES) {
      throw new TillwatchError(
        'learn.too_few_failures',
        `only ${failed.size} devices fail within the horizon of a reading before --train-until: at least ${LEAST_FAILURES} are needed. Do the ids of both tables agree?`,
        { status: 400 },
      );
    }
    const all = [...this.#healthy.kept, ...this.#failing.kept];
    const fold = foldsOf(all, failed);
    let rounds = 0;
    const margins: Margin[] = [];
    for (let f = 0; f < FOLDS; f++) {
      const aside = all.filter((m) => fold.get(m.device) === f);
      const tried = boost(this.#rows(all.filter((m) => fold.get(m.device) !== f)), this.#rows(aside));
      rounds += tried.trees.length / FOLDS;
      for (const m of aside) {
        margins.push({ margin: marginOf(tried, m.seen), failed: m.failed, weight: this.#weight(m) });
      }
    }
    const boosted = boost(this.#rows(all), Math.round(rounds));
    const scale = scaleOf(margins);
    return {
      boosted,
      scale,
      trainedUntil: this.#options.trainUntil,
      alarmRisk: riskiest(margins, scale, this.#options.budgets[0] ?? 0.01),
      moments,
    };
  }

  #weight(look: Seen): number {
    return look.failed ? this.#failing.weight : this.#healthy.weight;
  }

  #rows(looks: readonly Seen[]): TrainingRows {
    const width = looks[0]?.seen.length ?? 0;
    return {
      features: Array.from({ length: width }, (_, f) => Float64Array.from(looks, ({ seen }) => seen[f]!)),
      labels: Uint8Array.from(looks, ({ failed }) => (failed ? 1 : 0)),
      weights: Float64Array.from(looks, (look) => this.#weight(look)),
    };
  }
}

/** Judges a model on what came after its training, as readings go by once more. */
export class Examiner {
  readonly #scored: Scored[] = [];
  readonly #looks: Looks<number>;
  readonly #finish: () => Evaluation | null;

  constructor(spec: FeatureSpec, failures: Failures, model: Fitted, { trainUntil, budgets }: TrainOptions) {
    this.#looks = new Looks({
      spec,
      failures,
      everyMs: spec.horizonMs / LOOKS,
      wanted: (at) => at > trainUntil,
      see: (features) => riskOf(model, features.now()),
      take: ({ device, at, seen, failed }) => this.#scored.push({ device, at, risk: seen, failed }),
    });
    this.#finish = () => {
      const later = new Map([...failures].map(([device, times]) => [device, times.filter((at) => at > trainUntil)]));
      return this.#scored.length === 0 ? null : evaluate(this.#scored, later, spec.horizonMs, budgets);
    };
  }

  take(device: string, row: ReadingRow): void {
    this.#looks.take(device, row);
  }

  /** null where nothing came after, of which it is known what became of it. */
  finish(): Evaluation | null {
    this.#looks.end();
    return this.#finish();
  }
}

/** Which part a device belongs to: those that failed are spread evenly, and so are the others. */
function foldsOf(looks: readonly Seen[], failed: ReadonlySet<string>): Map<string, number> {
  const names = [...new Set(looks.map((m) => m.device))].sort();
  const inTurn = [...names.filter((name) => failed.has(name)), ...names.filter((name) => !failed.has(name))];
  return new Map(inTurn.map((name, i) => [name, i % FOLDS]));
}

/** What trees that did not see a look said of it. */
interface Margin {
  readonly margin: number;
  readonly failed: boolean;
  readonly weight: number;
}

/** The risk that so large a share of looks reaches. */
function riskiest(margins: readonly Margin[], { a, b }: Fitted['scale'], share: number): number {
  const sorted = [...margins].sort((x, y) => y.margin - x.margin);
  const room = share * sorted.reduce((sum, m) => sum + m.weight, 0);
  let taken = 0;
  const last = sorted.find(({ weight }) => (taken += weight) >= room);
  return last ? 1 / (1 + Math.exp(-(a + b * last.margin))) : 1;
}

/** Platt's scaling (1999) by Newton's method, leaning to a = 0, b = 1 as if twenty moments had said so. */
function scaleOf(margins: readonly Margin[]): { a: number; b: number } {
  let a = 0;
  let b = 1;
  for (let step = 0; step < 30; step++) {
    let ga = a;
    let gb = 20 * (b - 1);
    let haa = 1;
    let hab = 0;
    let hbb = 20;
    for (const { margin, failed, weight } of margins) {
      const p = 1 / (1 + Math.exp(-(a + b * margin)));
      const d = weight * (p - (failed ? 1 : 0));
      const h = weight * p * (1 - p);
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
  return featuresOf(spec).length;
}
