import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { completedOf, forecastCurve, MOST_COMPANIONS } from '../../../analytics/core/curves/forecast.ts';
import { type Curve, progressOf } from '../../../analytics/core/curves/progress.ts';
import { forecastFile } from '../../../analytics/files/curves.ts';
import { FAMILIES, type Family, wearCurves } from '../../support/wear-curves.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillwatch-forecast-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function cut(curve: Curve, until: number): Curve {
  const n = curve.x.findIndex((x) => x > until);
  return { x: curve.x.slice(0, n), y: curve.y.slice(0, n) };
}

/** Relative errors of the remaining life at `share` of life, and the share of ends inside [p10, p90]. Seeds 200 and on: not used in development. */
function errorsOf(family: Family, useFleet: boolean, share = 0.7): { median: number; inside: number } {
  const errors: number[] = [];
  let inside = 0;
  for (let seed = 200; seed < 212; seed++) {
    const { curves, limit } = wearCurves(family, seed, 5);
    curves.forEach((curve, i) => {
      const end = progressOf(curve, limit)!.end!;
      const fleet = useFleet
        ? completedOf(
            curves.filter((_, j) => j !== i),
            limit,
          )
        : [];
      const { remaining, p10, p90 } = forecastCurve(cut(curve, end * share), limit, fleet)!;
      errors.push(Math.abs((remaining ?? Number.POSITIVE_INFINITY) - end * (1 - share)) / (end * (1 - share)));
      if (p10! <= end && (p90 === null || end <= p90)) inside++;
    });
  }
  errors.sort((a, b) => a - b);
  return { median: errors[errors.length >> 1]!, inside: inside / errors.length };
}

describe('the end of a wear curve', () => {
  it.each([
    ['line', 0.05],
    ['recoveries', 0.15],
    ['knee', 0.1],
    ['growth', 0.1],
  ] as const)('%s: is foretold from a fleet to %d of what remains, with an interval that holds', (family, limit) => {
    const { median, inside } = errorsOf(family, true);
    expect(median).toBeLessThan(limit);
    expect(inside).toBeGreaterThan(0.7);
  });

  it('is foretold without a fleet where wear is near a straight line', () => {
    expect(errorsOf('line', false).median).toBeLessThan(0.05);
  });

  it('is not brought nearer by the steep slope that follows a recovery, late or early in life', () => {
    expect(errorsOf('recoveries', false).median).toBeLessThan(0.17);
    expect(errorsOf('recoveries', false, 0.25).median).toBeLessThan(0.42);
  });

  it('is foretold without a fleet by how parts typically wear: growth that has begun, and a knee that has yet to come', () => {
    expect(errorsOf('growth', false).median).toBeLessThan(0.12);
    expect(errorsOf('knee', false).median).toBeLessThan(0.45);
  });

  it.each(FAMILIES)('%s: is given an interval that holds at a quarter of life too, without a fleet', (family) => {
    expect(errorsOf(family, false, 0.25).inside).toBeGreaterThan(0.7);
  });

  it('is nearer with a fleet where the knee has yet to come', () => {
    expect(errorsOf('knee', true).median).toBeLessThan(errorsOf('knee', false).median / 2);
  });

  it('is the same in whatever unit the axis and the values are', () => {
    const { curves, limit } = wearCurves('recoveries', 300, 1);
    const part = cut(curves[0]!, 60);
    const scaled = { x: part.x.map((x) => x * 24 + 1000), y: part.y.map((y) => y * 1500) };
    const a = forecastCurve(part, limit)!;
    const b = forecastCurve(scaled, { ...limit, threshold: limit.threshold * 1500 })!;
    expect((b.crossing! - 1000) / 24).toBeCloseTo(a.crossing!, 6);
  });

  it('is known where it has come, not believed for a single stray sample, and open where nothing wears', () => {
    const { curves, limit } = wearCurves('line', 301, 1);
    const done = forecastCurve(curves[0]!, limit)!;
    expect(done).toMatchObject({ state: 'crossed', remaining: 0 });
    const part = cut(curves[0]!, 100);
    const stray = { x: part.x, y: part.y.map((y, i) => (i === 40 ? 0.1 : y)) };
    expect(forecastCurve(stray, limit)!.state).toBe('expected');
    const flat = { x: part.x, y: part.y.map(() => 1) };
    expect(forecastCurve(flat, limit)).toMatchObject({ state: 'none', crossing: null });
    const long = cut(curves[0]!, 300);
    const away = { x: long.x, y: long.y.map((y) => 2 - y) };
    expect(forecastCurve(away, limit)).toMatchObject({ state: 'none', crossing: null });
    expect(forecastCurve(part, { threshold: 2, direction: 'below' })).toBeUndefined();
  });
});

describe('a large fleet', () => {
  it('takes part by so many that stand evenly among its lives', () => {
    const { curves, limit } = wearCurves('line', 302, 1);
    const some = completedOf(curves, limit)[0]!;
    const fleet = Array.from({ length: 600 }, (_, i) => ({ ...some, end: some.end * (0.8 + i / 1500) }));
    const part = cut(curves[0]!, some.end * 0.6);
    const { crossing, fleet: used } = forecastCurve(part, limit, fleet)!;
    expect(used).toBe(MOST_COMPANIONS);
    expect(Math.abs(crossing! / some.end - 1)).toBeLessThan(0.1);
  });
});

describe('forecast on files', () => {
  const text = (curve: Curve) => `cycle,value\n${curve.x.map((x, i) => `${x},${curve.y[i]}`).join('\n')}\n`;
  const fleet = join(dir, 'fleet');
  mkdirSync(fleet);
  const { curves, limit } = wearCurves('knee', 310, 5);
  for (const [i, curve] of curves.slice(1).entries()) writeFileSync(join(fleet, `c${i}.csv`), text(curve));
  const path = join(dir, 'curve.csv');
  writeFileSync(path, text(cut(curves[0]!, 250)));

  it('reads a curve and its fleet, leaves out what never failed, and never itself', async () => {
    writeFileSync(join(fleet, 'young.csv'), text(cut(curves[0]!, 100)));
    const forecast = await forecastFile({ path, ...limit, fleet });
    expect(forecast).toMatchObject({ state: 'expected', fleet: 4, leftOut: [join(fleet, 'young.csv')] });
    expect(forecast.p10!).toBeLessThan(forecast.crossing!);
    expect(forecast.crossing!).toBeLessThan(forecast.p90!);
    expect((await forecastFile({ path: join(fleet, 'c0.csv'), ...limit, fleet })).fleet).toBe(3);
  });

  it('takes readings near zero between normal ones for missing, and believes them at the end', async () => {
    const gap = join(dir, 'gap.csv');
    const { x, y } = cut(curves[0]!, 250);
    const zeros = y.map((v, i) => (i === 12 || (i >= 60 && i < 100) ? 0.02 * (i % 2) : v));
    writeFileSync(gap, text({ x, y: zeros }));
    const whole = await forecastFile({ path, ...limit });
    const forecast = await forecastFile({ path: gap, ...limit });
    expect(forecast).toMatchObject({ state: 'expected', missing: 41 });
    expect(Math.abs(forecast.crossing! / whole.crossing! - 1)).toBeLessThan(0.1);
    expect(whole.missing).toBe(0);
    const dead = join(dir, 'dead.csv');
    writeFileSync(dead, text({ x, y: y.map((v, i) => (i < y.length - 8 ? v : 0)) }));
    expect(await forecastFile({ path: dead, ...limit })).toMatchObject({ state: 'crossed', missing: 0 });
  });

  it('leaves out companions in other units, and says so where none is left', async () => {
    const other = join(dir, 'other');
    mkdirSync(other);
    const [, second, third] = curves;
    writeFileSync(join(other, 'a.csv'), text(second!));
    writeFileSync(join(other, 'mah.csv'), text({ x: third!.x, y: third!.y.map((y) => y * 1000 - 700) }));
    writeFileSync(join(other, 'seconds.csv'), text({ x: third!.x.map((x) => x * 3600), y: third!.y }));
    const leftOut = [join(other, 'mah.csv'), join(other, 'seconds.csv')];
    expect(await forecastFile({ path, ...limit, fleet: other })).toMatchObject({ fleet: 1, leftOut });
    rmSync(join(other, 'mah.csv'));
    const mah = join(dir, 'mah.csv');
    writeFileSync(mah, text({ x: curves[0]!.x.slice(0, 50), y: curves[0]!.y.slice(0, 50).map((y) => y * 1000) }));
    await expect(forecastFile({ path: mah, ...limit, fleet: other })).rejects.toThrow(/in the units of .*mah\.csv/);
  });

  it('keeps companions of a curve that has an odd first sample, or that is young', async () => {
    const wears = (life: number) => {
      const x = Array.from({ length: life + 50 }, (_, i) => i);
      return { x, y: x.map((v) => 1 - (0.3 * v) / life) };
    };
    const long = join(dir, 'long');
    mkdirSync(long);
    for (const life of [2600, 2700]) writeFileSync(join(long, `${life}.csv`), text(wears(life)));
    const to = { threshold: 0.7, direction: 'below', fleet: long } as const;
    const young = cut(wears(2650), 4);
    writeFileSync(join(dir, 'young.csv'), text(young));
    expect(await forecastFile({ path: join(dir, 'young.csv'), ...to })).toMatchObject({ fleet: 2, leftOut: [] });
    const odd = cut(wears(2650), 1000);
    for (const first of [0.705, 40]) {
      writeFileSync(join(dir, 'odd.csv'), text({ x: odd.x, y: [first, ...odd.y.slice(1)] }));
      expect(await forecastFile({ path: join(dir, 'odd.csv'), ...to })).toMatchObject({ fleet: 2, leftOut: [] });
    }
  });

  it('says of a curve that begins beyond its limit that it does, before it looks at companions', async () => {
    const beyond = join(dir, 'beyond.csv');
    writeFileSync(beyond, `cycle,value\n${[1, 2, 3, 4, 5, 6].map((v) => `${v},${limit.threshold}`).join('\n')}\n`);
    await expect(forecastFile({ path: beyond, ...limit, fleet })).rejects.toMatchObject({ code: 'files.beyond_limit' });
  });

  it('leaves out companions on another kind of axis', async () => {
    const mixed = join(dir, 'mixed');
    mkdirSync(mixed);
    const { x, y } = curves[1]!;
    const rows = x.map((at, i) => `${new Date(at * 86_400_000).toISOString()},${y[i]}`);
    writeFileSync(join(mixed, 'cycles.csv'), text(curves[1]!));
    writeFileSync(join(mixed, 'dates.csv'), `cycle,value\n${rows.join('\n')}\n`);
    const leftOut = [join(mixed, 'dates.csv')];
    expect(await forecastFile({ path, ...limit, fleet: mixed })).toMatchObject({ fleet: 1, leftOut });
  });

  it('takes the first usual name there is, wherever its column stands', async () => {
    const wide = join(dir, 'wide.csv');
    const { x, y } = cut(curves[0]!, 250);
    const rows = x.map((at, i) => `2024-01-01,${at},${0.02 + at / 1e5},${100 - at / 50},${y[i]}`);
    writeFileSync(wide, `date,cycle,resistance,soh,capacity\n${rows.join('\n')}\n`);
    expect((await forecastFile({ path: wide, ...limit })).crossing).toBe(
      (await forecastFile({ path, ...limit })).crossing,
    );
  });

  it('finds the columns of a capacity table by their names, with or without a unit', async () => {
    const table = join(dir, 'table.csv');
    const { x, y } = cut(curves[0]!, 250);
    const rows = x.map((at, i) => `${i},${at},${24 + (i % 3)},${y[i]}`);
    writeFileSync(table, `id,Cycle_Index,temperature,Discharge Capacity (Ah)\n${rows.join('\n')}\n`);
    expect((await forecastFile({ path: table, ...limit })).crossing).toBe(
      (await forecastFile({ path, ...limit })).crossing,
    );
  });

  it('says of an axis of moments that it is one, and of one that does not move that it must', async () => {
    const dated = join(dir, 'dated.csv');
    const days = Array.from({ length: 28 }, (_, i) => `2024-01-${String(i + 1).padStart(2, '0')},${1 - i * 0.005}`);
    writeFileSync(dated, `date,capacity\n${days.join('\n')}\n`);
    expect(await forecastFile({ path: dated, ...limit })).toMatchObject({ calendar: true, last: 19_750 });
    const still = join(dir, 'still.csv');
    writeFileSync(still, `cycle,value\n${days.map((_, i) => `1,${1 - i * 0.005}`).join('\n')}\n`);
    await expect(forecastFile({ path: still, ...limit })).rejects.toThrow(/all its samples at 1: .*--time-column/);
  });

  it('says what is wrong with a curve, a limit or a fleet', async () => {
    const few = join(dir, 'few.csv');
    writeFileSync(few, 'cycle,value\n1,1\n2,0.9\n');
    await expect(forecastFile({ path: few, ...limit })).rejects.toThrow(/2 samples: at least 5/);
    const back = join(dir, 'back.csv');
    writeFileSync(back, 'cycle,value\n5,1\n2,0.9\n');
    await expect(forecastFile({ path: back, ...limit })).rejects.toThrow(/line 3: rows must be in rising order/);
    await expect(forecastFile({ path, threshold: 2, direction: 'below' })).rejects.toThrow(
      /--threshold and --direction/,
    );
    await expect(forecastFile({ path, ...limit, fleet: join(dir, 'none') })).rejects.toThrow(/none cannot be read/);
    await expect(forecastFile({ path, threshold: -5, direction: 'below', fleet })).rejects.toThrow(
      /no CSV file in .* reaches -5/,
    );
  });
});
