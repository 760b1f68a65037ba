import { describe, expect, it } from 'vitest';
import { quality } from '../../analytics/core/quality.ts';
import type { Claim, Opinion } from '../../contract/ports/findings.ts';
import { asTenantId } from '../../contract/topics.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 3, 1);
const ACME = asTenantId('acme');

function claim(terminal: string, change: Partial<Claim> = {}): Claim {
  return {
    fingerprint: `acme/terminal/${terminal}/printer/head_wear`,
    openedAt: T0,
    terminal,
    component: 'printer',
    mode: 'head_wear',
    claimedAt: T0,
    severity: 'warning',
    probability: 0.7,
    horizonH: 168,
    failsAt: T0 + 50 * HOUR,
    failsAtP10: T0 + 20 * HOUR,
    failsAtP90: T0 + 90 * HOUR,
    failedAt: null,
    endedAt: null,
    ...change,
  };
}

function said(terminal: string, kind: 'wrong' | 'confirmed', change: Partial<Opinion> = {}): Opinion {
  return {
    tenant: ACME,
    terminal,
    component: 'printer',
    mode: 'head_wear',
    kind,
    at: T0 + 30 * HOUR,
    until: null,
    by: 'ann',
    note: '',
    model: 'P1',
    ...change,
  };
}

const modelOf = (): string => 'P1';

describe('the quality of findings', () => {
  it('counts right, wrong and unjudged ones, with an interval that admits how few they are', () => {
    const { total } = quality(
      [claim('a'), claim('b'), claim('c'), claim('d', { endedAt: T0 + HOUR })],
      [said('a', 'confirmed'), said('b', 'confirmed'), said('c', 'wrong')],
      modelOf,
    );
    expect(total).toMatchObject({ raised: 4, standing: 3, right: 2, wrong: 1, unjudged: 1 });
    expect(total.precision).toBeCloseTo(2 / 3, 6);
    expect(total.precisionLow!).toBeLessThan(0.35);
    expect(total.precisionHigh!).toBeGreaterThan(0.85);
  });

  it('takes a part that stopped as right, measures its lead, and whether the interval held', () => {
    const { total } = quality(
      [
        claim('a', { failedAt: T0 + 30 * HOUR }),
        claim('b', { failedAt: T0 + 200 * HOUR }),
        claim('c', { failedAt: T0, probability: 1, horizonH: 0 }),
      ],
      [],
      modelOf,
    );
    expect(total).toMatchObject({ right: 3, failed: 3, leadMedianH: 30, insideInterval: 0.5 });
  });

  it('believes a person who looked over the silence or the stop of a part', () => {
    const { total } = quality([claim('a', { failedAt: T0 + HOUR })], [said('a', 'wrong')], modelOf);
    expect(total).toMatchObject({ right: 0, wrong: 1 });
  });

  it('gives each opening of a fault its own judgement', () => {
    const again = claim('a', { openedAt: T0 + 100 * HOUR, claimedAt: T0 + 100 * HOUR });
    const { total } = quality(
      [claim('a', { endedAt: T0 + 40 * HOUR }), again],
      [said('a', 'wrong'), said('a', 'confirmed', { at: T0 + 120 * HOUR })],
      modelOf,
    );
    expect(total).toMatchObject({ right: 1, wrong: 1 });
    const unsaid = quality([claim('a'), again], [said('a', 'confirmed', { at: T0 + 120 * HOUR })], modelOf);
    expect(unsaid.total).toMatchObject({ right: 1, unjudged: 1 });
  });

  it('is told apart by component, mode and model, and takes what was said of a whole component', () => {
    const { groups } = quality(
      [claim('a'), claim('b', { mode: 'paper_feed' }), claim('z')],
      [said('b', 'wrong', { mode: null })],
      (terminal) => (terminal === 'z' ? null : 'P1'),
    );
    expect(groups.map((g) => [g.mode, g.model, g.raised, g.wrong])).toEqual([
      ['head_wear', 'P1', 1, 0],
      ['head_wear', null, 1, 0],
      ['paper_feed', 'P1', 1, 1],
    ]);
  });

  it('bins what was stated against what was so', () => {
    const { calibration } = quality(
      [claim('a', { probability: 0.61 }), claim('b', { probability: 0.79 }), claim('c', { probability: 1 })],
      [said('a', 'confirmed'), said('b', 'wrong'), said('c', 'confirmed')],
      modelOf,
    );
    expect(calibration.map((b) => b.n)).toEqual([0, 0, 0, 2, 1]);
    expect(calibration[3]!.stated).toBeCloseTo(0.7, 6);
    expect(calibration[3]!.observed).toBe(0.5);
    expect(calibration[0]!.observed).toBeNull();
  });
});
