const STEPS_S = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** The smallest round bucket width, in ms, that covers a span with at most `points` buckets. */
export function stepFor(spanMs: number, points: number): number {
  const least = spanMs / points / 1000;
  const step = STEPS_S.find((seconds) => seconds >= least) ?? Math.ceil(least / 604_800) * 604_800;
  return step * 1000;
}
