import { describe, expect, it } from 'vitest';
import { type Change, ChangeLog, isQuiet, MANY, mergeChanges } from '../../dashboards/core/change-log.ts';
import { stepFor } from '../../dashboards/core/step.ts';

const change = (...terminals: string[]): Change => ({ terminals, findings: [], tickets: [], sites: false });

describe('what a client missed', () => {
  it('is all that came after what it saw last, in one', () => {
    const log = new ChangeLog('run1');
    log.add(change('a'));
    const seen = log.lastId;
    log.add(change('b'));
    log.add(change('b', 'c'));
    expect(log.since(seen)).toEqual(change('b', 'c'));
  });

  it('is nothing for one that is level', () => {
    const log = new ChangeLog('run1');
    log.add(change('a'));
    expect(isQuiet(log.since(log.lastId)!)).toBe(true);
  });

  it.each([
    ['from before a restart', 'run0-1'],
    ['that is too old', 'run1-0'],
    ['that is no id of ours', 'nonsense'],
    ['from the future', 'run1-99'],
  ])('cannot be told from an id %s', (_, id) => {
    const log = new ChangeLog('run1', 2);
    for (const one of ['a', 'b', 'c', 'd']) log.add(change(one));
    expect(log.since(id)).toBeUndefined();
  });

  it('says "many" rather than naming more than a page shows', () => {
    const many = Array.from({ length: MANY }, (_, i) => `t${i}`);
    expect(mergeChanges([change(...many), change('one more')]).terminals).toBeNull();
  });
});

describe('the width of a bucket', () => {
  it.each([
    [3_600_000, 600, 10_000],
    [86_400_000, 600, 300_000],
    [21 * 86_400_000, 400, 7_200_000],
  ])('%d ms in at most %d points is %d ms', (span, points, step) => {
    expect(stepFor(span, points)).toBe(step);
  });
});
