/** Strength of a verdict from which it opens a ticket while there is time to look again. */
export const RAISE = 0.8;
/** Share of that which need not be there where there is no such time, and the days left between which that counts more and more. */
const HASTE = 0.2;
const AT_LEISURE = 2;
const URGENT = 1.3;

/**
 * Strength from which a ticket is opened for a part that is expected to last so many days more. Another day's evidence is worth waiting for
 * where the part lasts longer than that; where it does not, the visit that is lost costs more than one in vain. What a single bad day may bring
 * (`patient` modes: a deep discharge, a bad roll) waits all the same.
 */
export function strengthToRaise(daysLeft: number, patient = false): number {
  if (patient) return RAISE;
  const urgency = Math.max(0, Math.min(1, (AT_LEISURE - daysLeft) / (AT_LEISURE - URGENT)));
  return RAISE * (1 - HASTE * urgency);
}
