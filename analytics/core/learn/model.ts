import { TillwatchError } from '../../../contract/errors.ts';
import { type Boosted, contributions, logistic, marginOf } from './boosting.ts';
import type { Evaluation } from './evaluate.ts';
import { ASPECTS, type FeatureSpec, featuresOf, narrowed } from './features.ts';

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
  /** Its place in the model's features, and its name. */
  readonly at: number;
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
  const features = featuresOf(model);
  return [...contributions(model.boosted, row)]
    .filter(([, added]) => added > 0.02)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([f, added]) => {
      const { name, word, said } = features[f]!;
      const spoken = word === undefined || said !== undefined ? undefined : model.words[word]!.known[row[f]!];
      const value = spoken ?? (Number.isNaN(row[f]!) ? null : Number(row[f]!.toPrecision(4)));
      return { at: f, feature: name, value, added: Number((added * model.scale.b).toFixed(3)) };
    });
}

/** The same model with only the columns that its trees ask for: what a live terminal must remember. */
export function slim(model: FailureModel): FailureModel {
  const numbers = new Set<number>();
  const words = new Set<number>();
  const features = featuresOf(model);
  for (const tree of model.boosted.trees) {
    for (const feature of tree.feature) {
      const column = features[feature];
      if (column?.number !== undefined) numbers.add(column.number);
      if (column?.word !== undefined) words.add(column.word);
    }
  }
  const { spec, was } = narrowed(model, numbers, words);
  const trees = model.boosted.trees.map((tree) => ({
    ...tree,
    feature: tree.feature.map((f) => (f < 0 ? f : was.indexOf(f))),
  }));
  return { ...model, ...spec, boosted: { ...model.boosted, trees } };
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
  const fault = faultOf(model);
  if (fault !== undefined) {
    throw new TillwatchError('learn.bad_model', `${path} is damaged: ${fault}. Learn it anew`, { status: 400 });
  }
  return model as FailureModel;
}

/** What is wrong with a model's parts: a tree whose branches lead back would never end. */
function faultOf({ numbers, counters, words, aspects, horizonMs, boosted, scale, alarmRisk }: Partial<FailureModel>) {
  const names = (list: unknown): list is string[] => Array.isArray(list) && list.every((x) => typeof x === 'string');
  if (!names(numbers) || !names(counters)) return '"numbers" and "counters" must be lists of columns';
  if (!Array.isArray(words) || !words.every((w) => typeof w?.column === 'string' && names(w.known)))
    return '"words" must be a list of columns with their known words';
  if (aspects !== undefined && !(names(aspects) && aspects.every((a) => ASPECTS.includes(a))))
    return `"aspects" must be some of ${ASPECTS.join(', ')}`;
  if (!(Number(horizonMs) > 0)) return '"horizonMs" must be above 0';
  if (!(Number(alarmRisk) > 0 && Number(alarmRisk) <= 1)) return '"alarmRisk" must be above 0 and at most 1';
  if (!Number.isFinite(scale?.a) || !Number.isFinite(scale?.b)) return '"scale" must hold two numbers';
  if (!Number.isFinite(boosted?.bias) || !Array.isArray(boosted?.trees)) return '"boosted" must hold a bias and trees';
  const spec = { numbers, counters, words, horizonMs: Number(horizonMs), ...(aspects ? { aspects } : {}) };
  const features = featuresOf(spec).length;
  const sound = boosted.trees.every(({ feature, threshold, unknownLeft, left, right, value }) => {
    const lists = [feature, threshold, unknownLeft, left, right, value];
    if (!lists.every((list) => Array.isArray(list) && list.length === feature.length) || feature.length === 0)
      return false;
    return feature.every((f: number, node: number) => {
      if (!Number.isFinite(value[node]) || !Number.isInteger(f) || f >= features) return false;
      const ahead = (to: number | undefined) => Number.isInteger(to) && to! > node && to! < feature.length;
      return f < 0 || (Number.isFinite(threshold[node]) && ahead(left[node]) && ahead(right[node]));
    });
  });
  return sound ? undefined : 'a tree of it does not hold together';
}
