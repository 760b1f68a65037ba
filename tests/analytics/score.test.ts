import { describe, expect, it } from 'vitest';
import { type FindingLine, scoreFindings, type TruthLine } from '../../analytics/core/score.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 0, 5);

const fault = (terminal: string, failedAt: number): TruthLine => ({
  tenant: 'acme',
  terminal,
  component: 'network',
  mode: 'congestion',
  onset_at: T0,
  failed_at: failedAt,
});

const ofCell = (at: number, members: readonly string[]): FindingLine => ({
  at,
  tenant: 'acme',
  scope: 'cell',
  subject: 'c1',
  terminal: null,
  members,
  component: 'network',
  mode: 'congestion',
  state: 'open',
  severity: 'warning',
  fails_at: T0 + 8 * DAY,
  fails_at_p10: T0 + 7 * DAY,
  fails_at_p90: T0 + 9 * DAY,
});

describe('one finding about many', () => {
  const truth = [fault('a', T0 + 8 * DAY), fault('b', T0 + 8 * DAY + HOUR), fault('c', T0 + 8 * DAY)];

  it('is in time for each of its members that fails of it, and for nobody else', () => {
    const score = scoreFindings([ofCell(T0 + 6 * DAY, ['a', 'b'])], truth, 100);
    expect(score.faults.map((f) => [f.truth.terminal, f.result, f.covered])).toEqual([
      ['a', 'found', true],
      ['b', 'found', true],
      ['c', 'missed', null],
    ]);
    expect(score.openingsPerFault).toBe(1);
    expect(score.falseAlarms).toEqual([]);
  });

  it('is late for those it joins to itself a few hours before', () => {
    const score = scoreFindings([ofCell(T0 + 8 * DAY - 3 * HOUR, ['a', 'b', 'c'])], truth, 100);
    expect(score.faults.map((f) => f.result)).toEqual(['late', 'late', 'late']);
  });
});
