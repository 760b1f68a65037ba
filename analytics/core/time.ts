/** ms in an hour and a day. */
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** Detector state keeps times as days since 2020-01-01 UTC in 32-bit floats: steps of about 20 s, finer than any bucket. */
const EPOCH = 1_577_836_800_000;

export function toDays(ms: number): number {
  return (ms - EPOCH) / DAY;
}
