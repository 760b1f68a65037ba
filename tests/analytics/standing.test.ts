import { describe, expect, it } from 'vitest';
import { StandingBook } from '../../analytics/core/standing.ts';
import type { Finding, Severity } from '../../contract/findings.ts';
import { DAY, HOUR, T0 } from '../support/month.ts';
import { ACME } from '../support/readings.ts';

/** What a head's finding says hour by hour: how grave it is, and when it fails. */
function said(hours: readonly [hour: number, severity: Severity, failsInH: number][], probability = 0.6): string[] {
  const book = new StandingBook();
  const out: Finding[] = [];
  for (const [hour, severity, left] of hours) {
    const at = T0 + hour * HOUR;
    const [failsAt, failsAtP10, failsAtP90] = [left, left / 3, left * 3].map((h) => at + h * HOUR) as [
      number,
      number,
      number,
    ];
    const about = { tenant: ACME, scope: 'terminal', subject: 't1', terminal: 't1', site: null } as const;
    const what = { component: 'printer', mode: 'overheat', horizonH: 24, evidence: [] } as const;
    book.hold('t1', { ...about, ...what, at, severity, probability, failsAt, failsAtP10, failsAtP90 }, out);
  }
  return out.map((f) => `${(f.at - T0) / HOUR} ${f.severity}`);
}

describe('a part that is worse in the mornings', () => {
  const mornings = (days: number): [number, Severity, number][] =>
    Array.from({ length: days }, (_, day) => [
      [day * 24 + 9, 'critical', 4] as [number, Severity, number],
      [day * 24 + 16, 'warning', 90] as [number, Severity, number],
    ]).flat();

  it('stays critical in the afternoons between them', () => {
    expect(said(mornings(4)).map((line) => line.split(' ')[1])).toEqual(Array(8).fill('critical'));
  });

  it('is less grave again once a day has passed without one', () => {
    const last = 3 * 24 + 9;
    const calm = [4, 20, 23, 25].map(
      (hours) => [last + hours, 'warning', 90 + 40 * hours] as [number, Severity, number],
    );
    const lines = said([...mornings(3), [last, 'critical', 4], ...calm]);
    expect(lines.at(-1)).toBe(`${last + 25} warning`);
    expect(lines.filter((line) => line.endsWith('warning'))).toHaveLength(1);
  });

  it('waits for nothing where it had stopped, and works', () => {
    expect(
      said(
        [
          [9, 'critical', 1],
          [(DAY / HOUR) * 0.5, 'warning', 90],
        ],
        1,
      ).at(-1),
    ).toBe('12 warning');
  });
});
