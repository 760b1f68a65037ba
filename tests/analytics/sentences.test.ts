import { describe, expect, it } from 'vitest';
import { told } from '../../analytics/core/sentences.ts';

const channel = (why: string, days: number, rising = true) => ({
  forecast: { p50: days },
  rising,
  evidence: () => ({ metric: 'printer.retries_total', value: 9, baseline: 1, why }),
});

describe('what a finding says of the time left', () => {
  const retries = channel('Retries rose tenfold', 3);
  const heat = channel('The head ran hot', 0.05);

  it('a single channel tells its own pace', () => {
    expect(told(retries, true, 1, 3).why).toBe('Retries rose tenfold, and at this pace fails in about 3 days.');
  });

  it('the sentence that leads gives the forecast of the finding, and never another', () => {
    expect(told(retries, true, 2, 0.08).why).toBe(
      'Retries rose tenfold, and with what else shows it fails in about 115 minutes.',
    );
    expect(told(retries, true, 2, 2.6).why).toContain('at this pace fails in about 3 days');
  });

  it('a channel beside it says its own time as its own, and nothing where it says the same', () => {
    expect(told(retries, false, 2, 0.08).why).toBe(
      'Retries rose tenfold, and by this alone would fail in about 3 days.',
    );
    expect(told(heat, false, 2, 0.05).why).toBe('The head ran hot.');
  });

  it('what rises no more gives no time, and what lies months ahead no number of days', () => {
    expect(told(channel('Retries rose', 3, false), true, 2, 3).why).toBe('Retries rose.');
    expect(told(channel('Retries rose', 200), true, 1, 200).why).toBe('Retries rose, and still rising.');
    expect(told(channel('Retries rose', 200), false, 2, 3).why).toBe('Retries rose.');
  });
});
