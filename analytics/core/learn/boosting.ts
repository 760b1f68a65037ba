/** Leaves and splits of one tree, flat: `feature` −1 is a leaf. Unknown values go where `unknownLeft` says. */
export interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly unknownLeft: readonly boolean[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Mean step of the rows that reach a node: leaves' is what is added, inner nodes' serves explanations. */
  readonly value: readonly number[];
}

export interface Boosted {
  readonly bias: number;
  readonly trees: readonly Tree[];
}

export interface TrainingRows {
  readonly features: readonly Float64Array[];
  readonly labels: Uint8Array;
  /** What a row stands for, where others like it were left out. */
  readonly weights: Float64Array;
}

const BINS = 48;
const DEPTH = 4;
const ROUNDS = 300;
const PATIENCE = 25;
const RATE = 0.06;
const LAMBDA = 3;
/** Least weight of evidence (sum of p·(1 − p)) in a leaf. */
const LEAST = 3;

/**
 * Gradient-boosted trees of depth four on the logistic loss with second-order steps over binned features (Friedman 2001; Chen &
 * Guestrin 2016, "XGBoost", eq. 5–7; histograms as LightGBM's). Deterministic. Ends after so many rounds; or, given rows to check by, where
 * those came out best and had not got better for 25 rounds.
 */
export function boost(train: TrainingRows, until: TrainingRows | number): Boosted {
  const check = typeof until === 'number' ? undefined : until;
  const rounds = typeof until === 'number' ? until : ROUNDS;
  const n = train.labels.length;
  const edges = edgesOf(train.features);
  const binned = train.features.map((column, f) => Uint8Array.from(column, (v) => binOf(edges[f]!, v)));
  const totalWeight = train.weights.reduce((a, b) => a + b, 0);
  const positives = train.weights.reduce((sum, w, i) => sum + w * train.labels[i]!, 0);
  const rate = Math.min(0.99, Math.max(1e-6, positives / totalWeight));
  const bias = Math.log(rate / (1 - rate));
  const margin = new Float64Array(n).fill(bias);
  const checked = new Float64Array(check?.labels.length ?? 0).fill(bias);
  const trees: Tree[] = [];
  let best = check ? lossOf(check, checked) : 0;
  let kept = 0;
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n);
  for (let round = 0; round < rounds && (!check || round - kept < PATIENCE); round++) {
    for (let i = 0; i < n; i++) {
      const p = logistic(margin[i]!);
      gradient[i] = train.weights[i]! * (p - train.labels[i]!);
      hessian[i] = train.weights[i]! * p * (1 - p);
    }
    const tree = grow(binned, edges, gradient, hessian);
    trees.push(tree);
    for (let i = 0; i < n; i++) margin[i]! += leafOf(tree, train.features, i);
    if (!check) continue;
    for (let i = 0; i < checked.length; i++) checked[i]! += leafOf(tree, check.features, i);
    const loss = lossOf(check, checked);
    if (loss < best - 1e-7) {
      best = loss;
      kept = trees.length;
    }
  }
  return { bias, trees: check ? trees.slice(0, kept) : trees };
}

/** Log-odds of a row of features. */
export function marginOf(model: Boosted, row: Float64Array): number {
  let margin = model.bias;
  for (const tree of model.trees) {
    let node = 0;
    while (tree.feature[node]! >= 0) node = next(tree, node, row[tree.feature[node]!]!);
    margin += tree.value[node]!;
  }
  return margin;
}

/** What each feature added to a row's log-odds: the change of the mean at each split on its way (Saabas 2014). */
export function contributions(model: Boosted, row: Float64Array): Map<number, number> {
  const added = new Map<number, number>();
  for (const tree of model.trees) {
    let node = 0;
    while (tree.feature[node]! >= 0) {
      const feature = tree.feature[node]!;
      const to = next(tree, node, row[feature]!);
      added.set(feature, (added.get(feature) ?? 0) + tree.value[to]! - tree.value[node]!);
      node = to;
    }
  }
  return added;
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function next(tree: Tree, node: number, value: number): number {
  const left = Number.isNaN(value) ? tree.unknownLeft[node]! : value <= tree.threshold[node]!;
  return left ? tree.left[node]! : tree.right[node]!;
}

function leafOf(tree: Tree, features: readonly Float64Array[], i: number): number {
  let node = 0;
  while (tree.feature[node]! >= 0) node = next(tree, node, features[tree.feature[node]!]![i]!);
  return tree.value[node]!;
}

function lossOf(rows: TrainingRows, margin: Float64Array): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < margin.length; i++) {
    const p = Math.min(1 - 1e-12, Math.max(1e-12, logistic(margin[i]!)));
    sum -= rows.weights[i]! * Math.log(rows.labels[i] ? p : 1 - p);
    weight += rows.weights[i]!;
  }
  return weight > 0 ? sum / weight : 0;
}

/** Quantiles of each feature's known values. Bin 0 is for the unknown. */
function edgesOf(features: readonly Float64Array[]): Float64Array[] {
  return features.map((column) => {
    const known = column.filter((v) => !Number.isNaN(v)).sort();
    const edges: number[] = [];
    for (let b = 1; b < BINS; b++) {
      const edge = known[Math.floor((known.length * b) / BINS)];
      if (edge !== undefined && edge !== edges[edges.length - 1] && edge !== known[known.length - 1]) edges.push(edge);
    }
    return Float64Array.from(edges);
  });
}

function binOf(edges: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly unknownLeft: boolean;
}

function grow(
  binned: readonly Uint8Array[],
  edges: readonly Float64Array[],
  gradient: Float64Array,
  hessian: Float64Array,
): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const unknownLeft: boolean[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const value: number[] = [];
  const build = (rows: Uint32Array, depth: number, sums: Sums | undefined): number => {
    let g = 0;
    let h = 0;
    for (const i of rows) {
      g += gradient[i]!;
      h += hessian[i]!;
    }
    const node = feature.length;
    feature.push(-1);
    threshold.push(0);
    unknownLeft.push(true);
    left.push(-1);
    right.push(-1);
    value.push((-g / (h + LAMBDA)) * RATE);
    const split = sums ? bestSplit(sums, edges, g, h) : undefined;
    if (!sums || !split) return node;
    const column = binned[split.feature]!;
    const goesLeft = (i: number) => (column[i] === 0 ? split.unknownLeft : column[i]! <= split.bin);
    feature[node] = split.feature;
    threshold[node] = edges[split.feature]![split.bin - 1]!;
    unknownLeft[node] = split.unknownLeft;
    const lefts = rows.filter(goesLeft);
    const rights = rows.filter((i) => !goesLeft(i));
    // Only the smaller side is summed: the other is what is left of the whole.
    const last = depth + 1 === DEPTH;
    const fewer = last ? undefined : sumsOf(lefts.length <= rights.length ? lefts : rights, binned, gradient, hessian);
    const more = fewer && without(sums, fewer);
    left[node] = build(lefts, depth + 1, lefts.length <= rights.length ? fewer : more);
    right[node] = build(rights, depth + 1, lefts.length <= rights.length ? more : fewer);
    return node;
  };
  const all = Uint32Array.from(gradient, (_, i) => i);
  build(all, 0, sumsOf(all, binned, gradient, hessian));
  return { feature, threshold, unknownLeft, left, right, value };
}

/** Sums of gradients and hessians by feature and bin. */
interface Sums {
  readonly g: Float64Array;
  readonly h: Float64Array;
}

function sumsOf(rows: Uint32Array, binned: readonly Uint8Array[], gradient: Float64Array, hessian: Float64Array): Sums {
  const g = new Float64Array(binned.length * (BINS + 1));
  const h = new Float64Array(binned.length * (BINS + 1));
  for (let f = 0; f < binned.length; f++) {
    const column = binned[f]!;
    const from = f * (BINS + 1);
    for (let r = 0; r < rows.length; r++) {
      const i = rows[r]!;
      const b = from + column[i]!;
      g[b]! += gradient[i]!;
      h[b]! += hessian[i]!;
    }
  }
  return { g, h };
}

function without(whole: Sums, part: Sums): Sums {
  return { g: whole.g.map((x, i) => x - part.g[i]!), h: whole.h.map((x, i) => x - part.h[i]!) };
}

function bestSplit(sums: Sums, edges: readonly Float64Array[], g: number, h: number): Split | undefined {
  let best: Split | undefined;
  const whole = (g * g) / (h + LAMBDA);
  for (let f = 0; f < edges.length; f++) {
    const cuts = edges[f]!.length;
    if (cuts === 0) continue;
    const from = f * (BINS + 1);
    for (const unknownLeft of sums.h[from]! > 1e-9 ? [true, false] : [true]) {
      let gl = unknownLeft ? sums.g[from]! : 0;
      let hl = unknownLeft ? sums.h[from]! : 0;
      for (let bin = 1; bin <= cuts; bin++) {
        gl += sums.g[from + bin]!;
        hl += sums.h[from + bin]!;
        if (hl < LEAST || h - hl < LEAST) continue;
        const gain = (gl * gl) / (hl + LAMBDA) + ((g - gl) * (g - gl)) / (h - hl + LAMBDA) - whole;
        if (gain > 1e-6 && gain > (best?.gain ?? 0)) best = { gain, feature: f, bin, unknownLeft };
      }
    }
  }
  return best;
}
