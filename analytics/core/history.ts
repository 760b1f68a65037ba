import type { Slab } from './slab.ts';

/** Points a history keeps; when it is full, neighbours are merged and the resolution halves, so it always reaches back to its beginning. */
export const HISTORY_POINTS = 16;
const HEAD = 6;
/** Floats of one history block: head, then (time, value, weight) a point. */
export const HISTORY_STRIDE = HEAD + HISTORY_POINTS * 3;

const COUNT = 0;
const WIDTH = 1;
const PENDING = 2;
const PENDING_T = 3;
const PENDING_Y = 4;
const PENDING_W = 5;

/** A curve read out of a history block: days, values on the failure scale (1 = failed), and weights (1 / variance). */
export interface Curve {
  readonly n: number;
  readonly t: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
}

export function newCurve(): { n: number; t: Float64Array; y: Float64Array; w: Float64Array } {
  const size = HISTORY_POINTS + 1;
  return { n: 0, t: new Float64Array(size), y: new Float64Array(size), w: new Float64Array(size) };
}

/** Adds a point (t in days); several points share one stored point once the history had to halve its resolution. */
export function pushHistory(slab: Slab, id: number, t: number, y: number, w: number): void {
  const f = slab.floats(id);
  const o = slab.offset(id);
  if (f[o + WIDTH] === 0) f[o + WIDTH] = 1;
  f[o + PENDING]! += 1;
  f[o + PENDING_W]! += w;
  const share = w / f[o + PENDING_W]!;
  f[o + PENDING_T]! += (t - f[o + PENDING_T]!) * share;
  f[o + PENDING_Y]! += (y - f[o + PENDING_Y]!) * share;
  if (f[o + PENDING]! < f[o + WIDTH]!) return;
  let n = f[o + COUNT]!;
  if (n === HISTORY_POINTS) {
    for (let i = 0; i < n / 2; i++) mergePair(f, o + HEAD + i * 6, o + HEAD + i * 3);
    n /= 2;
    f[o + WIDTH]! *= 2;
  }
  const at = o + HEAD + n * 3;
  f[at] = f[o + PENDING_T]!;
  f[at + 1] = f[o + PENDING_Y]!;
  f[at + 2] = f[o + PENDING_W]!;
  f[o + COUNT] = n + 1;
  f.fill(0, o + PENDING, o + HEAD);
}

function mergePair(f: Float32Array, from: number, to: number): void {
  const wa = f[from + 2]!;
  const wb = f[from + 5]!;
  const w = wa + wb;
  const t = (f[from]! * wa + f[from + 3]! * wb) / w;
  const y = (f[from + 1]! * wa + f[from + 4]! * wb) / w;
  f[to] = t;
  f[to + 1] = y;
  f[to + 2] = w;
}

/** Reads a history into `curve`, the point still being gathered included. */
export function readHistory(slab: Slab, id: number, curve: ReturnType<typeof newCurve>): Curve {
  const f = slab.floats(id);
  const o = slab.offset(id);
  const n = f[o + COUNT]!;
  for (let i = 0; i < n; i++) {
    const at = o + HEAD + i * 3;
    curve.t[i] = f[at]!;
    curve.y[i] = f[at + 1]!;
    curve.w[i] = f[at + 2]!;
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
