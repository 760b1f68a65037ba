import { packSigned, unpackSigned } from './packed.ts';
import { Slab } from './slab.ts';

/** Points a history keeps; when it is full, neighbours are merged and the resolution halves, so it always reaches back to its beginning. */
const POINTS = 16;
/** Points that it has room for at first: half of all suspicions come to no more before they end. */
const FEW_POINTS = 8;
/** Floats: day of the first point; time, value and weight of the point being gathered. */
const START = 0;
const PENDING_T = 1;
const PENDING_Y = 2;
const PENDING_W = 3;
/** Halves: points kept, log2 of samples a point, log2 of the steps of time a day (three counts in one half); samples being gathered. */
const COUNTS = 8;
const PENDING = 9;
/** Halves from here on: steps since the first point, value, weight. */
const FIRST = 10;
const strideOf = (points: number): number => (FIRST + points * 3) / 2;

/** Steps of time a day at first, as a power of two: 84 s; they double each time that a curve outgrows them. */
const FINE = 10;
const Y_UNIT = 0.05;
/** Weights are never zero and differ by many orders of magnitude: their logs in steps of a thousandth. */
const W_STEPS = 1500;
const W_ZERO = 15;

/** A curve read out of a history block: days, values on the failure scale (1 = failed), and weights (1 / variance). */
export interface Curve {
  readonly n: number;
  readonly t: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
}

type OpenCurve = { n: number; t: Float64Array; y: Float64Array; w: Float64Array };

export function newCurve(): OpenCurve {
  const size = POINTS + 1;
  return { n: 0, t: new Float64Array(size), y: new Float64Array(size), w: new Float64Array(size) };
}

/** Blocks of histories, of two sizes. The number of a history is twice its block's, and one more where it is a large one; it changes as it outgrows the small. */
export class Histories {
  readonly small = new Slab(strideOf(FEW_POINTS));
  readonly large = new Slab(strideOf(POINTS));

  allocate(): number {
    return 2 * this.small.allocate();
  }

  release(id: number): void {
    this.slabOf(id).release(id >>> 1);
  }

  slabOf(id: number): Slab {
    return id & 1 ? this.large : this.small;
  }

  /** Moves what fills a small block into a large one; answers its new number. */
  enlarge(id: number): number {
    const block = this.large.allocate();
    const at = this.small.offset(id >>> 1);
    this.large
      .words(block)
      .set(this.small.words(id >>> 1).subarray(at, at + this.small.stride), this.large.offset(block));
    this.release(id);
    return 2 * block + 1;
  }

  get bytes(): number {
    return this.small.bytes + this.large.bytes;
  }

  save(): Uint8Array[] {
    return [...this.small.save(), ...this.large.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.large.load(bytes, this.small.load(bytes, at));
  }
}

/**
 * Adds a point (t in days); several points share one stored point once the history had to halve its resolution. Answers the history's number
 * from then on.
 */
export function pushHistory(histories: Histories, id: number, t: number, y: number, w: number): number {
  const slab = histories.slabOf(id);
  const f = slab.floats(id >>> 1);
  const h = slab.halves(id >>> 1);
  const o = slab.offset(id >>> 1);
  const ho = 2 * o;
  if (h[ho + COUNTS] === 0) {
    h[ho + COUNTS] = FINE << 10;
    f[o + START] = t;
  }
  h[ho + PENDING]! += 1;
  f[o + PENDING_W]! += w;
  const share = w / f[o + PENDING_W]!;
  f[o + PENDING_T]! += (t - f[o + PENDING_T]!) * share;
  f[o + PENDING_Y]! += (y - f[o + PENDING_Y]!) * share;
  if (h[ho + PENDING]! < 1 << ((h[ho + COUNTS]! >> 5) & 31)) return id;
  if (slab === histories.small && (h[ho + COUNTS]! & 31) === FEW_POINTS) {
    const enlarged = histories.enlarge(id);
    keepPoint(histories.large, enlarged >>> 1);
    return enlarged;
  }
  keepPoint(slab, id >>> 1);
  return id;
}

/** Makes what has been gathered a point of its own. */
function keepPoint(slab: Slab, block: number): void {
  const f = slab.floats(block);
  const h = slab.halves(block);
  const o = slab.offset(block);
  const ho = 2 * o;
  const counts = h[ho + COUNTS]!;
  let n = counts & 31;
  let width = (counts >> 5) & 31;
  let fine = counts >> 10;
  if (n === POINTS) {
    for (let i = 0; i < n / 2; i++) mergePair(h, ho + FIRST + i * 6, ho + FIRST + i * 3);
    n /= 2;
    width = Math.min(15, width + 1);
  }
  const days = Math.max(0, f[o + PENDING_T]! - f[o + START]!);
  while (fine > 0 && days * 2 ** fine > 0xffff) {
    fine--;
    for (let i = 0; i < n; i++) h[ho + FIRST + i * 3]! >>= 1;
  }
  const at = ho + FIRST + n * 3;
  h[at] = Math.round(days * 2 ** fine);
  h[at + 1] = packSigned(f[o + PENDING_Y]!, Y_UNIT);
  h[at + 2] = packWeight(f[o + PENDING_W]!);
  h[ho + COUNTS] = (n + 1) | (width << 5) | (fine << 10);
  f.fill(0, o + PENDING_T, o + PENDING_W + 1);
  h[ho + PENDING] = 0;
}

function mergePair(h: Uint16Array, from: number, to: number): void {
  const wa = unpackWeight(h[from + 2]!);
  const wb = unpackWeight(h[from + 5]!);
  const w = wa + wb;
  const y = (unpackSigned(h[from + 1]!, Y_UNIT) * wa + unpackSigned(h[from + 4]!, Y_UNIT) * wb) / w;
  h[to] = Math.round((h[from]! * wa + h[from + 3]! * wb) / w);
  h[to + 1] = packSigned(y, Y_UNIT);
  h[to + 2] = packWeight(w);
}

/** The values of the two newest points that are complete, newest first. */
export function newestPoints(histories: Histories, id: number): readonly (number | undefined)[] {
  const slab = histories.slabOf(id);
  const h = slab.halves(id >>> 1);
  const at = 2 * slab.offset(id >>> 1);
  const n = h[at + COUNTS]! & 31;
  return [n - 1, n - 2].map((i) => (i < 0 ? undefined : unpackSigned(h[at + FIRST + i * 3 + 1]!, Y_UNIT)));
}

/** Reads a history into `curve`, the point still being gathered included. */
export function readHistory(histories: Histories, id: number, curve: OpenCurve): Curve {
  const slab = histories.slabOf(id);
  const f = slab.floats(id >>> 1);
  const h = slab.halves(id >>> 1);
  const o = slab.offset(id >>> 1);
  const counts = h[2 * o + COUNTS]!;
  const n = counts & 31;
  const step = 2 ** -(counts >> 10);
  for (let i = 0; i < n; i++) {
    const at = 2 * o + FIRST + i * 3;
    curve.t[i] = f[o + START]! + h[at]! * step;
    curve.y[i] = unpackSigned(h[at + 1]!, Y_UNIT);
    curve.w[i] = unpackWeight(h[at + 2]!);
  }
  curve.n = n;
  if (f[o + PENDING_W]! > 0) {
    curve.t[n] = f[o + PENDING_T]!;
    curve.y[n] = f[o + PENDING_Y]!;
    curve.w[n] = f[o + PENDING_W]!;
    curve.n = n + 1;
  }
  return curve;
}

function packWeight(w: number): number {
  return Math.max(0, Math.min(0xffff, Math.round((Math.log(w) + W_ZERO) * W_STEPS)));
}

function unpackWeight(code: number): number {
  return Math.exp(code / W_STEPS - W_ZERO);
}
