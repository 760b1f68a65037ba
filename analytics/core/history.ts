import { packSigned, unpackSigned } from './packed.ts';
import { Slab } from './slab.ts';

/** Points a history keeps; when it is full, neighbours are merged and the resolution halves, so it always reaches back to its beginning. */
const POINTS = 16;
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
const STRIDE = (FIRST + POINTS * 3) / 2;

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

/** Slab of history blocks. */
export function newHistories(): Slab {
  return new Slab(STRIDE);
}

/** Adds a point (t in days); several points share one stored point once the history had to halve its resolution. */
export function pushHistory(slab: Slab, id: number, t: number, y: number, w: number): void {
  const f = slab.floats(id);
  const h = slab.halves(id);
  const o = slab.offset(id);
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
  const counts = h[ho + COUNTS]!;
  let n = counts & 31;
  let width = (counts >> 5) & 31;
  let fine = counts >> 10;
  if (h[ho + PENDING]! < 1 << width) return;
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
export function newestPoints(slab: Slab, id: number): readonly (number | undefined)[] {
  const h = slab.halves(id);
  const at = 2 * slab.offset(id);
  const n = h[at + COUNTS]! & 31;
  return [n - 1, n - 2].map((i) => (i < 0 ? undefined : unpackSigned(h[at + FIRST + i * 3 + 1]!, Y_UNIT)));
}

/** Reads a history into `curve`, the point still being gathered included. */
export function readHistory(slab: Slab, id: number, curve: OpenCurve): Curve {
  const f = slab.floats(id);
  const h = slab.halves(id);
  const o = slab.offset(id);
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
