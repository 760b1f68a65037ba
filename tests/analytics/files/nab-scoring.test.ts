import { describe, expect, it } from 'vitest';
import { at, best, probationaryRows, scaledSigmoid, sweep } from '../../bench/nab-scoring.ts';

/** A series of 100 samples with one window, 40 … 49. */
const series = {
  name: 'one',
  timestamps: Array.from({ length: 100 }, (_, i) => `t${i}`),
  windows: [['t40', 't49']] as const,
};

function scored(alarms: readonly number[]): number {
  const scores = Float64Array.from({ length: 100 }, (_, i) => (alarms.includes(i) ? 1 : 0));
  return at(
    sweep([series], () => scores),
    1,
  ).score;
}

describe("NAB's scoring", () => {
  it('has the values that its authors publish for places in a window', () => {
    expect(scaledSigmoid(-1)).toBeCloseTo(0.98661, 5);
    expect(scaledSigmoid(-0.5)).toBeCloseTo(0.84828, 5);
    expect(scaledSigmoid(0)).toBe(0);
    expect(scaledSigmoid(1)).toBeCloseTo(-0.98661, 5);
    expect(scaledSigmoid(3.1)).toBe(-1);
    expect(probationaryRows(100)).toBe(15);
    expect(probationaryRows(20_000)).toBe(750);
  });

  it('gives 0 for silence and 100 for the first sample of every window', () => {
    expect(scored([])).toBe(0);
    expect(scored([40])).toBeCloseTo(100, 10);
  });

  it('counts the earliest alarm of a window only, and less the later it comes', () => {
    expect(scored([40, 41, 45])).toBeCloseTo(100, 10);
    expect(scored([47])).toBeLessThan(scored([44]));
    expect(scored([47])).toBeGreaterThan(50);
  });

  it('takes 0.11 for a false alarm far from any window, less just behind one, nothing in the probation', () => {
    expect(scored([40, 20])).toBeCloseTo(100 * ((1 - 0.11 + 1) / 2), 10);
    expect(scored([40, 50])).toBeGreaterThan(scored([40, 20]));
    expect(scored([40, 3])).toBeCloseTo(100, 10);
  });

  it('sweeps to the best threshold, and answers the score at any', () => {
    const scores = Float64Array.from({ length: 100 }, (_, i) => (i === 40 ? 0.9 : i > 60 ? 0.5 : 0));
    const results = sweep([series], () => scores);
    expect(best(results)).toMatchObject({ threshold: 0.9, windowsFound: 1, falseAlarms: 0 });
    expect(at(results, 0.95).score).toBe(0);
    expect(at(results, 0.5).falseAlarms).toBe(39);
  });
});
