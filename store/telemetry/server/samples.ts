import type { Aggregate } from '../../../contract/ports/telemetry-store.ts';
import { growthOf } from '../growth.ts';

/** One series as it was stored: times rising, ms. */
export interface Samples<V extends number | string = number> {
  readonly times: number[];
  readonly values: V[];
}

/** Buckets of a width from samples, as the other stores make them. `before`: samples older than `from` only tell what a counter stood at. */
export function bucketsOf(samples: Samples, how: Aggregate, stepMs: number, from: number): Samples {
  const groups = new Map<number, number[]>();
  let previous: number | undefined;
  samples.times.forEach((time, i) => {
    const value = samples.values[i]!;
    const grown = previous === undefined ? undefined : growthOf(value, previous);
    previous = value;
    if (time < from) return;
    const made = how === 'increase' ? grown : value;
    if (made === undefined) return;
    const bucket = time - (time % stepMs);
    const group = groups.get(bucket);
    if (group) group.push(made);
    else groups.set(bucket, [made]);
  });
  const times = [...groups.keys()];
  return { times, values: times.map((time) => one(groups.get(time)!, how)) };
}

function one(values: readonly number[], how: Aggregate): number {
  switch (how) {
    case 'mean':
      return sum(values) / values.length;
    case 'min':
      return values.reduce((a, b) => Math.min(a, b));
    case 'max':
      return values.reduce((a, b) => Math.max(a, b));
    case 'last':
      return values.at(-1)!;
    case 'sum':
    case 'increase':
      return sum(values);
    case 'p50':
      return quantile(values, 0.5);
    case 'p95':
      return quantile(values, 0.95);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996), as DuckDB's quantile_cont. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** The last word of each bucket. */
export function lastWords(samples: Samples<string>, stepMs: number): Samples<string> {
  const last = new Map<number, string>();
  samples.times.forEach((time, i) => {
    last.set(time - (time % stepMs), samples.values[i]!);
  });
  return { times: [...last.keys()], values: [...last.values()] };
}
