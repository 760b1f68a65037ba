import { median } from 'simple-statistics';

/** A quantity along an axis of its own (cycles, hours, days): `x` rising, no gaps in `y`. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Where failure is, and from which side it is reached. */
export interface Limit {
  readonly threshold: number;
  readonly direction: 'below' | 'above';
}

/** A curve as progress towards its limit: 0 at its start, 1 at the limit; `x` counted from its start. */
export interface Progress {
  readonly start: number;
  readonly x: Float64Array;
  readonly q: Float64Array;
  /** Where progress first reaches 1 for good measure (most of five samples in a row), from its start; null: never. */
  readonly end: number | null;
  /** Robust level now, and spread of samples around the smoothed curve. */
  readonly now: number;
  readonly noise: number;
}

/** Samples that make the level a curve starts from. */
const FIRST = 5;
const RUN = 5;

/** The level a curve starts from: the median of its first samples, so that a single odd one does not tell. */
export function startOf({ y }: Curve): number {
  return median(y.slice(0, FIRST));
}

/** Puts a curve on the scale of progress; undefined where it begins beyond its limit or has fewer than `FIRST` samples. */
export function progressOf(curve: Curve, limit: Limit): Progress | undefined {
  const n = curve.x.length;
  if (n < FIRST) return undefined;
  const sign = limit.direction === 'below' ? -1 : 1;
  const first = startOf(curve);
  const way = (limit.threshold - first) * sign;
  if (!(way > 0)) return undefined;
  const start = curve.x[0]!;
  const raw = Float64Array.from(curve.y, (y) => ((y - first) * sign) / way);
  const x = Float64Array.from(curve.x, (v) => v - start);
  const q = smoothed(raw);
  const residuals = Array.from(raw, (v, i) => Math.abs(v - q[i]!));
  return {
    start,
    x,
    q,
    end: endOf(x, q),
    now: levelAt(x, q, x.length - 1),
    noise: Math.max(1.48 * median(residuals), 1e-4),
  };
}

/** Running median over about a fortieth of the curve: outliers go, recoveries that last stay. */
function smoothed(raw: Float64Array): Float64Array {
  const half = Math.max(2, Math.min(12, Math.round(raw.length / 80)));
  return Float64Array.from(raw, (_, i) => {
    const from = Math.max(0, i - half);
    return median(Array.from(raw.subarray(from, Math.min(raw.length, i + half + 1))));
  });
}

function endOf(x: Float64Array, q: Float64Array): number | null {
  for (let i = 0; i < q.length; i++) {
    if (q[i]! < 1) continue;
    let beyond = 0;
    const until = Math.min(q.length, i + RUN);
    for (let k = i; k < until; k++) if (q[k]! >= 1) beyond++;
    if (beyond * 2 > until - i) return x[i]!;
  }
  return null;
}

/** Level at sample `at`: a straight line through the last eighth of what lies before it, at its end. */
export function levelAt(x: Float64Array, q: Float64Array, at: number): number {
  const from = Math.max(0, Math.min(at - 4, Math.floor(at * 0.88)));
  const line = lineThrough(x, q, from, at + 1, () => 1);
  return line.a + line.b * x[at]!;
}

/** Weighted least squares y = a + b·x over samples `from` … `to` − 1. */
export function lineThrough(
  x: Float64Array,
  q: Float64Array,
  from: number,
  to: number,
  weight: (i: number) => number,
): { a: number; b: number } {
  let w = 0;
  let sx = 0;
  let sy = 0;
  for (let i = from; i < to; i++) {
    const v = weight(i);
    w += v;
    sx += v * x[i]!;
    sy += v * q[i]!;
  }
  const mx = sx / w;
  const my = sy / w;
  let sxx = 0;
  let sxy = 0;
  for (let i = from; i < to; i++) {
    const v = weight(i);
    sxx += v * (x[i]! - mx) ** 2;
    sxy += v * (x[i]! - mx) * (q[i]! - my);
  }
  const b = sxx > 0 ? sxy / sxx : 0;
  return { a: my - b * mx, b };
}
