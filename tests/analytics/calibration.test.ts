import { describe, expect, it } from 'vitest';
import { Calibration } from '../../analytics/core/calibration.ts';

const HEADS = { tenant: 'acme', model: 'P1', component: 'printer', mode: 'head_wear' } as const;

function taught(outcomes: readonly { model: string; right: number; wrong: number }[]): Calibration {
  const calibration = new Calibration();
  for (const { model, right, wrong } of outcomes) {
    for (let i = 0; i < right; i++) calibration.take({ ...HEADS, model }, true);
    for (let i = 0; i < wrong; i++) calibration.take({ ...HEADS, model }, false);
  }
  return calibration;
}

describe('what closed tickets teach', () => {
  it('changes nothing before anybody has said anything', () => {
    const fresh = new Calibration();
    expect(fresh.calibrated(HEADS, 0.7)).toBeCloseTo(0.7, 12);
    expect(fresh.demand(HEADS)).toBe(1);
  });

  it('makes a kind that cried wolf less probable and harder to raise, and a proven one more probable', () => {
    const wolf = taught([{ model: 'P1', right: 2, wrong: 18 }]);
    expect(wolf.calibrated(HEADS, 0.8)).toBeLessThan(0.4);
    expect(wolf.demand(HEADS)).toBeGreaterThan(1.3);
    const proven = taught([{ model: 'P1', right: 40, wrong: 0 }]);
    expect(proven.calibrated(HEADS, 0.8)).toBeGreaterThan(0.88);
    expect(proven.demand(HEADS)).toBeLessThan(1);
  });

  it('keeps one wrong ticket from changing much', () => {
    const once = taught([{ model: 'P1', right: 0, wrong: 1 }]);
    expect(once.calibrated(HEADS, 0.8)).toBeGreaterThan(0.65);
    expect(once.demand(HEADS)).toBeLessThan(1.2);
  });

  it("lends a model that nothing is known of its fleet's experience, and lets a model of its own outweigh it", () => {
    const fleet = taught([
      { model: 'P1', right: 3, wrong: 27 },
      { model: 'P2', right: 60, wrong: 0 },
    ]);
    const unknown = fleet.precision({ ...HEADS, model: 'P9' });
    expect(fleet.precision({ ...HEADS, model: 'P1' })).toBeLessThan(unknown);
    expect(fleet.precision({ ...HEADS, model: 'P2' })).toBeGreaterThan(unknown);
    expect(fleet.precision({ ...HEADS, model: 'P1' })).toBeLessThan(0.35);
    expect(fleet.precision({ ...HEADS, mode: 'paper_feed' })).toBe(0.85);
    expect(fleet.precision({ ...HEADS, tenant: 'other' })).toBe(0.85);
  });

  it('orders probabilities as before, and leaves the certain alone', () => {
    const wolf = taught([{ model: 'P1', right: 5, wrong: 9 }]);
    const moved = [0.1, 0.4, 0.7, 0.95].map((p) => wolf.calibrated(HEADS, p));
    expect([...moved].sort((a, b) => a - b)).toEqual(moved);
    expect(wolf.calibrated(HEADS, 1)).toBe(1);
  });

  it('ends near the truth: with half the findings wrong, a stated 0.85 becomes about one half', () => {
    const half = taught([{ model: 'P1', right: 200, wrong: 200 }]);
    expect(half.calibrated(HEADS, 0.85)).toBeCloseTo(0.5, 1);
  });
});
