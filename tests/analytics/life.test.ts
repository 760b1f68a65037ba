import { describe, expect, it } from 'vitest';
import { livesOf, metAnywhere } from '../../analytics/core/curves/life.ts';
import { type Progress, progressOf } from '../../analytics/core/curves/progress.ts';
import { companionFamily, type ShapeFamily, typicalFamilies } from '../../analytics/core/curves/shapes.ts';

const limit = { threshold: 0, direction: 'below' } as const;
/** A curve of life 100 that wears by `shape`, known up to `until`. */
function worn(shape: (u: number) => number, until: number): Progress {
  const x = Array.from({ length: until + 1 }, (_, i) => i);
  return progressOf({ x, y: x.map((v) => 1 - shape(v / 100)) }, limit)!;
}

function middle(progress: Progress, families: readonly ShapeFamily[]): number {
  const beliefs = livesOf(progress, families, metAnywhere, 1);
  const half = beliefs.reduce((sum, b) => sum + b.weight, 0) / 2;
  let sum = 0;
  for (const { end, weight } of beliefs) {
    sum += weight;
    if (sum >= half) return end;
  }
  return Number.POSITIVE_INFINITY;
}

describe('the posterior of a life', () => {
  it.each([
    ['a straight line', (u: number) => u],
    ['wear that speeds up', (u: number) => u ** 2],
    ['a fade that tires, then a line', (u: number) => 0.3 * (1 - Math.exp(-u / 0.05)) + 0.7 * u],
  ])('finds that of %s among typical shapes', (_, shape) => {
    expect(middle(worn(shape, 70), typicalFamilies) / 100).toBeGreaterThan(0.88);
    expect(middle(worn(shape, 70), typicalFamilies) / 100).toBeLessThan(1.12);
  });

  it('finds a knee that has not begun by a companion that had one, of another pace', () => {
    const knee = (u: number) => 0.3 * u + 0.7 * u ** 12;
    const whole = worn(knee, 100);
    const stretched = { ...whole, x: whole.x.map((v) => v * 1.3) };
    const family = companionFamily(stretched, stretched.x[100]!, 1);
    expect(Math.abs(middle(worn(knee, 70), [family]) - 100)).toBeLessThan(15);
    expect(
      middle(
        worn((u) => 0.3 * u, 60),
        typicalFamilies,
      ),
    ).toBeGreaterThan(110);
  });

  it('is the same whatever the axis counts in', () => {
    const progress = worn((u) => u ** 1.5, 60);
    const hours = { ...progress, x: progress.x.map((v) => v * 24) };
    expect(middle(hours, typicalFamilies)).toBeCloseTo(24 * middle(progress, typicalFamilies), 6);
  });

  it('takes any number of families', () => {
    const many = Array.from({ length: 1000 }, () => typicalFamilies[0]!);
    expect(
      middle(
        worn((u) => u, 70),
        many,
      ),
    ).toBeCloseTo(
      middle(
        worn((u) => u, 70),
        [typicalFamilies[0]!],
      ),
      6,
    );
  });
});
