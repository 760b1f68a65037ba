import { describe, expect, it } from 'vitest';
import { Coarser } from '../../../analytics/core/anomaly/coarser.ts';
import { Panel } from '../../../analytics/core/anomaly/panel.ts';
import type { Witness } from '../../../analytics/core/anomaly/witness.ts';

const STEP = 300_000;
const T0 = Date.UTC(2026, 0, 5);
const SILENT_FROM = 2900;
const SILENT_TO = 3300;

/** A beat every five hours in noise (Park & Miller), which leaves out some and comes back. */
function beats(seed: number): number[] {
  let state = seed;
  const noise = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  return Array.from({ length: 3500 }, (_, i) => {
    const beat = i % 60 < 2 && !(i >= SILENT_FROM && i < SILENT_TO);
    return 50 + 4 * noise() + (beat ? 20 : 0);
  });
}

/** The most that is said of a stretch, against the most said of the time before it. */
function contrast(witness: Witness, values: readonly number[]): number {
  const said = values.map((v, i) => witness.next(v, T0 + i * STEP));
  return Math.max(...said.slice(SILENT_FROM, SILENT_TO)) / Math.max(...said.slice(1500, SILENT_FROM));
}

class Told implements Witness {
  readonly values: number[] = [];
  next(value: number): number {
    this.values.push(value);
    return value;
  }
}

describe('a series seen from further off', () => {
  it.each([3, 7, 11])('shows that a beat is left out, which the samples one by one do not (seed %i)', (seed) => {
    const values = beats(seed);
    expect(contrast(new Panel(), values)).toBeLessThan(0.6);
    expect(contrast(new Coarser(10, [new Panel(), new Panel()]), values)).toBeGreaterThan(1.3);
  });

  it('passes on of each block what is farthest from where the series has been, above or below, and nothing else', () => {
    const told = new Told();
    const witness = new Coarser(4, [told]);
    const values = [5, 5, 5, 5, 5, 9, 5, 5, 5, 5, 1, 5, 5, 5];
    const held = values.map((v, i) => witness.next(v, T0 + i * STEP));
    expect(told.values).toEqual([5, 9, 1]);
    expect(held).toEqual([0, 0, 0, 5, 5, 5, 5, 9, 9, 9, 9, 1, 1, 1]);
  });

  it('begins the blocks of several witnesses apart and answers their mean', () => {
    const [first, second] = [new Told(), new Told()];
    const witness = new Coarser(4, [first, second]);
    const held = [1, 1, 1, 1, 7, 7].map((v, i) => witness.next(v, T0 + i * STEP));
    expect([first.values, second.values]).toEqual([[1], [7]]);
    expect(held).toEqual([0, 0, 0, 0.5, 0.5, 4]);
  });

  it('says the same of the same series each time, and of a beginning the same whatever follows', () => {
    const values = beats(3).slice(0, 1200);
    const said = (series: readonly number[]) => {
      const witness = new Coarser(10, [new Panel(), new Panel()]);
      return series.map((v, i) => witness.next(v, T0 + i * STEP));
    };
    expect(said(values)).toEqual(said(values));
    expect(said(values).slice(0, 777)).toEqual(said(values.slice(0, 777)));
  });
});
