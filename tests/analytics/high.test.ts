import { describe, expect, it } from 'vitest';
import { followCoolest } from '../../analytics/core/detectors/high.ts';

const MIN = 1 / 1440;

describe('a head at its coolest of late', () => {
  it('is not taken down by one reading that is wild: nothing cools by 25 K within minutes', () => {
    expect(followCoolest(26, 1, 10 * MIN)).toBeGreaterThan(22);
    expect(followCoolest(26, 1, 12 / 24)).toBe(18);
  });

  it('follows what really cools, and warms by the day', () => {
    let coolest = 30;
    for (let k = 0; k < 12; k++) coolest = followCoolest(coolest, 18, 10 * MIN);
    expect(coolest).toBe(18);
    expect(followCoolest(0, 21, 1)).toBe(21);
    expect(followCoolest(18, 30, 0.6)).toBeCloseTo(18 + 12 * (1 - Math.exp(-1)));
  });
});
