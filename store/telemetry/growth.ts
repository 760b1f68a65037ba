/**
 * A counter's growth between two samples: their difference; 0 where it stepped back a little (a power cut lost what was not yet
 * written); the new value where it fell below half (a new part or a reset began again from zero).
 */
export function growthOf(value: number, before: number): number {
  if (value >= before) return value - before;
  return value * 2 < before ? value : 0;
}

/** The same in SQL, null where either is. */
export function growthSql(value: string, before: string): string {
  return `CASE WHEN ${value} IS NULL OR ${before} IS NULL THEN NULL WHEN ${value} >= ${before} THEN ${value} - ${before} WHEN ${value} * 2 < ${before} THEN ${value} ELSE 0 END`;
}
