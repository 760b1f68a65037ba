import type { PartStock } from '../../contract/assets.ts';
import type { Finding } from '../../contract/findings.ts';

export interface PartNeed {
  readonly part: string;
  readonly name: string;
  readonly onHand: number;
  readonly onOrder: number;
  /** Parts that the forecasts will want within the horizon: the sum of their chances. */
  readonly expected: number;
  /** With nine chances in ten no more are wanted than this (normal approximation of the sum of independent chances). */
  readonly expectedP90: number;
  readonly toBuy: number;
  readonly cost: number;
}

const DAY = 86_400_000;

/** Chance that a forecast comes true within a time: its own horizon's chance, taken on at a constant rate. */
function chanceWithin(finding: Finding, ms: number): number {
  const p = Math.min(0.999, Math.max(0, finding.probability));
  const horizon = Math.max(1, finding.horizonH) * 3_600_000;
  return 1 - (1 - p) ** (ms / horizon);
}

/** What must be bought so that the failures foreseen within `days` (and each part's own lead time) can be repaired. */
export function partNeeds(
  stock: readonly PartStock[],
  findings: readonly Finding[],
  days: number,
): readonly PartNeed[] {
  const terminal = findings.filter((finding) => finding.scope === 'terminal' && finding.state !== 'cleared');
  return stock
    .map((part) => {
      const horizon = Math.max(days, part.leadDays) * DAY;
      let expected = 0;
      let variance = 0;
      for (const finding of terminal) {
        if (!part.mends.includes(`${finding.component}/${finding.mode}`)) continue;
        const p = chanceWithin(finding, horizon);
        expected += p;
        variance += p * (1 - p);
      }
      const expectedP90 = Math.ceil(expected + 1.2816 * Math.sqrt(variance));
      const missing = expectedP90 + part.reorderPoint - part.onHand - part.onOrder;
      const toBuy =
        missing > 0 ? Math.max(missing, part.onHand + part.onOrder <= part.reorderPoint ? part.reorderQuantity : 0) : 0;
      return {
        part: part.part,
        name: part.name,
        onHand: part.onHand,
        onOrder: part.onOrder,
        expected: Math.round(expected * 100) / 100,
        expectedP90,
        toBuy,
        cost: toBuy * part.unitCost,
      };
    })
    .sort((a, b) => b.toBuy - a.toBuy || (a.part < b.part ? -1 : 1));
}
