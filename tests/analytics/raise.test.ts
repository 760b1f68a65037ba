import { describe, expect, it } from 'vitest';
import { RAISE, strengthToRaise } from '../../analytics/core/raise.ts';

describe('how sure a finding must be before it opens a ticket', () => {
  it('is the same wherever there is a day to look again', () => {
    expect([2, 3, 12, 400].map((days) => strengthToRaise(days))).toEqual([RAISE, RAISE, RAISE, RAISE]);
  });

  it('is less the sooner the part fails, and never less than a fifth under that', () => {
    const asked = [2, 1.8, 1.5, 1.3, 0.5, 0].map((days) => strengthToRaise(days));
    expect(asked).toEqual([...asked].sort((a, b) => b - a));
    expect(asked[2]).toBeLessThan(asked[1]!);
    expect(asked.at(-1)).toBeCloseTo(0.8 * RAISE, 10);
  });

  it('is no less for what a single bad day may bring', () => {
    expect(strengthToRaise(0.5, true)).toBe(RAISE);
  });
});
