import { TillwatchError } from '../../../contract/errors.ts';
import { type Boosted, contributions, logistic, marginOf } from './boosting.ts';
import type { Evaluation } from './evaluate.ts';
import { type FeatureSpec, featureNames } from './features.ts';

const FORMAT = 'tillwatch-failure-model';
const VERSION = 1;

/** A learned failure-risk model, as its JSON file holds it. */
export interface FailureModel extends FeatureSpec {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly idColumn: string;
  readonly timeColumn: string;
  /** Nothing after it was learned from, ms. */
  readonly trainedUntil: number;
  readonly boosted: Boosted;
  /** Log-odds are a + b·margin: fitted on moments that the trees were not. */
  readonly scale: { readonly a: number; readonly b: number };
  /** Risk from which a moment is among the share that the budget has hands for. */
  readonly alarmRisk: number;
  /** On what came after `trainedUntil`; null where nothing did. */
  readonly evaluation: Evaluation | null;
}

/** Why a risk is what it is. */
export interface Reason {
  readonly feature: string;
  readonly value: number | string | null;
  /** What it added to the log-odds. */
  readonly added: number;
}

export function riskOf(model: Pick<FailureModel, 'boosted' | 'scale'>, row: Float64Array): number {
  return logistic(model.scale.a + model.scale.b * marginOf(model.boosted, row));
}

/** The features that raise a risk most, largest first. */
export function reasonsFor(model: FailureModel, row: Float64Array, most = 3): Reason[] {
  const names = featureNames(model);
  const firstWord = names.length - model.words.length - 3;
  return [...contributions(model.boosted, row)]
    .filter(([, added]) => added > 0.02)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([f, added]) => {
      const word = f >= firstWord && f < names.length - 3 ? model.words[f - firstWord]!.known[row[f]!] : undefined;
      const value = word ?? (Number.isNaN(row[f]!) ? null : Number(row[f]!.toPrecision(4)));
      return { feature: names[f]!, value, added: Number((added * model.scale.b).toFixed(3)) };
    });
}

export function writeModel(model: Omit<FailureModel, 'format' | 'version'>): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, ...model });
}

/** Reads a model file's text. Error: `learn.bad_model`, which says what was expected. */
export function readModel(text: string, path: string): FailureModel {
  let model: Partial<FailureModel>;
  try {
    model = JSON.parse(text) as Partial<FailureModel>;
  } catch {
    throw new TillwatchError(
      'learn.bad_model',
      `${path} is not JSON: a model written by "tillwatch learn" is expected`,
      {
        status: 400,
      },
    );
  }
  if (model?.format !== FORMAT) {
    throw new TillwatchError('learn.bad_model', `${path} is not a model written by "tillwatch learn"`, { status: 400 });
  }
  if (model.version !== VERSION) {
    throw new TillwatchError(
      'learn.bad_model',
      `${path} is of version ${String(model.version)}, this program reads version ${VERSION}: learn it anew`,
      { status: 400 },
    );
  }
  return model as FailureModel;
}
