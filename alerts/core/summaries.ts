import * as statistics from 'simple-statistics';

/** Middle value; null for none. */
export function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : statistics.median([...values]);
}

/** Arithmetic mean; null for none. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : statistics.mean([...values]);
}
