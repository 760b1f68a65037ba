import { describe, expect, it } from 'vitest';
import { GaugeWatch } from '../../analytics/core/gauges.ts';
import { TillwatchError } from '../../contract/errors.ts';
import { ACME, heartbeat, OTHER } from '../support/readings.ts';

const MIN = 60_000;
const T0 = Date.UTC(2026, 2, 2);

/** A queue that follows the hours, with seeded noise, and stands at 95 for half an hour on the fifth day. */
function queue(i: number): number {
  const noise = ((i * 48_271) % 97) / 97;
  const hour = (i / 12) % 24;
  const usual = hour > 8 && hour < 20 ? 20 : 4;
  return i >= STUCK && i < STUCK + 6 ? 95 : usual + 3 * noise;
}

const STUCK = 12 * 24 * 4 + 12 * 14;
const WHOLE = STUCK + 12 * 6;

function run(watch: GaugeWatch, from: number, to: number): number[] {
  const found: number[] = [];
  for (let i = from; i < to; i++) {
    if (watch.take(heartbeat('till-1', T0 + i * 5 * MIN, { custom: { queue: queue(i) } })) > 0) found.push(i);
  }
  return found;
}

describe('custom gauges', () => {
  it('are told when they leave their own habit, once, and hardly ever else', () => {
    const watch = new GaugeWatch();
    const found = run(watch, 0, WHOLE);
    const event = found.filter((i) => i >= STUCK && i < STUCK + 6);
    expect(event.length).toBeGreaterThanOrEqual(1);
    expect(event.length).toBeLessThanOrEqual(2);
    expect(found.filter((i) => i > 12 * 24 * 2).length - event.length).toBeLessThanOrEqual(2);
    const [newest] = watch.anomalies(ACME, { gauge: 'queue' }, 10);
    expect(newest).toMatchObject({ terminal: 'till-1', gauge: 'queue', value: 95 });
    expect(newest!.usual).toBeGreaterThan(15);
    expect(newest!.usual).toBeLessThan(30);
    expect(watch.anomalies(OTHER, {}, 10)).toEqual([]);
    expect(watch.anomalies(ACME, { terminal: 'till-2' }, 10)).toEqual([]);
  });

  it('are the same whether run through or stopped and restored on the way, with readings that come again', () => {
    const through = new GaugeWatch();
    const all = run(through, 0, WHOLE);
    const before = new GaugeWatch();
    const first = run(before, 0, 900);
    const after = new GaugeWatch();
    after.restore(before.snapshot());
    expect([...first, ...run(after, 850, WHOLE)]).toEqual(all);
    expect(after.anomalies(ACME, {}, 500)).toEqual(through.anomalies(ACME, {}, 500));
    expect(after.of(ACME, 'till-1')).toEqual(through.of(ACME, 'till-1'));
  });

  it('say how they are now, and nothing of what they have heard too little of', () => {
    const watch = new GaugeWatch();
    for (let i = 0; i < 59; i++)
      watch.take(heartbeat('till-1', T0 + i * MIN, { custom: { b: i % 7, a: i === 58 ? 1e9 : 1 } }));
    expect(watch.anomalies(ACME, {}, 10)).toEqual([]);
    expect(watch.of(ACME, 'till-1')).toMatchObject([
      { gauge: 'a', value: 1e9, samples: 59, score: 0 },
      { gauge: 'b', samples: 59, score: 0 },
    ]);
  });

  it('leave late readings out, and let the longest unheard give way when there are too many', () => {
    const watch = new GaugeWatch(2);
    watch.take(heartbeat('t', T0 + MIN, { custom: { a: 1 } }));
    watch.take(heartbeat('t', T0, { custom: { a: 99 } }));
    expect(watch.of(ACME, 't')).toMatchObject([{ value: 1, samples: 1 }]);
    watch.take(heartbeat('t', T0 + 2 * MIN, { custom: { b: 1 } }));
    watch.take(heartbeat('t', T0 + 3 * MIN, { custom: { a: 2, c: 1 } }));
    expect(watch.of(ACME, 't').map((g) => g.gauge)).toEqual(['a', 'c']);
  });

  it('refuse a state of another version by name', () => {
    const watch = new GaugeWatch();
    const bytes = watch.snapshot();
    for (const length of [0, 3, 50, bytes.length - 4]) {
      expect(() => watch.restore(bytes.slice(0, length))).toThrow(/cut short/);
    }
    const text = new TextDecoder().decode(bytes.subarray(4)).replace('"version":1', '"version":9');
    bytes.set(new TextEncoder().encode(text), 4);
    expect(() => watch.restore(bytes)).toThrow(TillwatchError);
  });
});
