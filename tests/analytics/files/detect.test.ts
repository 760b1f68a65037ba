import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { AnomalyDetector } from '../../../analytics/core/anomaly/detector.ts';
import { numberOf, timeOf } from '../../../analytics/files/csv.ts';
import { type Detection, type DetectOptions, detect } from '../../../analytics/files/detect.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillwatch-detect-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const STEP = 300_000;
const T0 = Date.UTC(2026, 0, 5);

/** A daily wave with seeded noise (Park & Miller), and what happens to it. */
function wave(days: number, seed: number, change: (value: number, i: number) => number = (v) => v): number[] {
  let state = seed;
  const noise = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  return Array.from({ length: days * 288 }, (_, i) =>
    change(50 + 20 * Math.sin((i / 288) * 2 * Math.PI) + 4 * noise(), i),
  );
}

function alarms(values: readonly number[]): number[] {
  const detector = new AnomalyDetector();
  return values.flatMap((v, i) => (detector.next(v, T0 + i * STEP).alarm ? [i] : []));
}

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

async function all(options: DetectOptions): Promise<Detection[]> {
  const out: Detection[] = [];
  for await (const one of detect(options)) out.push(one);
  return out;
}

describe('the anomaly detector', () => {
  it('says little of a wave that goes on as it was', () => {
    expect(alarms(wave(14, 7)).filter((i) => i > 5 * 288).length).toBeLessThanOrEqual(3);
  });

  it('tells a level that leaves the range, soon and once, whatever the unit', () => {
    const from = 10 * 288 + 100;
    const risen = (v: number, i: number) => (i >= from && i < from + 60 ? v + 40 : v);
    for (const unit of [1, 1e-4, 1e6]) {
      const found = alarms(wave(12, 7, risen).map((v) => v * unit)).filter((i) => i >= from && i < from + 60);
      expect(found.length).toBeGreaterThanOrEqual(1);
      expect(found.length).toBeLessThanOrEqual(2);
      expect(found[0]! - from).toBeLessThanOrEqual(6);
    }
  });

  it('tells a day that stays flat, which leaves no range', () => {
    const from = 10 * 288;
    const flat = (v: number, i: number) => (i >= from && i < from + 288 ? 50 : v);
    expect(alarms(wave(12, 7, flat)).some((i) => i >= from && i < from + 288)).toBe(true);
  });

  it('never looks ahead: a beginning is scored alike with and without what follows', () => {
    const whole = wave(8, 3, (v, i) => (i > 1500 ? v * 3 : v));
    const scores = (values: readonly number[]) => {
      const detector = new AnomalyDetector();
      return values.map((v, i) => detector.next(v, T0 + i * STEP).score);
    };
    expect(scores(whole).slice(0, 1400)).toEqual(scores(whole.slice(0, 1400)));
  });

  it('answers scores from 0 to 1 for constants, steps and huge numbers', () => {
    const detector = new AnomalyDetector();
    for (let i = 0; i < 600; i++) {
      const value = i < 200 ? 0 : i < 400 ? 5 : i % 2 === 0 ? 1e300 : -1e300;
      const { score } = detector.next(value, T0 + i * STEP);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });
});

describe('detect on a file', () => {
  it('passes every sample on in order, compressed or not, and those without a value with score 0', async () => {
    const text = 'timestamp,value\n2026-01-05 00:00:00,1\n2026-01-05 00:05:00,\n2026-01-05 00:10:00,2.5\n';
    const plain = await all({ path: file('a.csv', text) });
    expect(plain.map((d) => [d.timestamp, d.value, d.alarm])).toEqual([
      ['2026-01-05 00:00:00', 1, false],
      ['2026-01-05 00:05:00', undefined, false],
      ['2026-01-05 00:10:00', 2.5, false],
    ]);
    expect(await all({ path: file('a.csv.gz', text) })).toEqual(plain);
  });

  it('finds its columns by name, in any order, or as they are named', async () => {
    const [first] = await all({ path: file('b.csv', 'value,time\n7,1767571200\n') });
    expect(first).toMatchObject({ timestamp: '1767571200', value: 7 });
    const path = file('c.csv', 'when,queue\n2026-01-05T00:00:00Z,3\n');
    expect((await all({ path, timeColumn: 'when', valueColumn: 'queue' }))[0]!.value).toBe(3);
  });

  it.each([
    ['timestamp,value\n2026-01-05 00:00:00,1\nyesterday,2\n', /line 3: "yesterday" is not a time/],
    ['timestamp,value\n2026-01-05 00:00:00,many\n', /line 2: "many" is not a number/],
    ['2026-01-05 00:00:00,1\n2026-01-05 00:05:00,2\n', /line 1: the first line must be a header/],
    ['value\n1\n', /line 1: a header of at least two columns/],
    [
      'timestamp;value\n2026-01-05 00:00:00;1,5\n',
      /line 1: .*separate fields by commas, and write decimals with a point/,
    ],
    ['timestamp,value\n2026-01-05 00:00:00,"1,5"\n', /line 2: "1,5" is not a number: write decimals with a point/],
    ['', /is empty/],
  ])('refuses %j and says where and why', async (text, message) => {
    await expect(all({ path: file('bad.csv', text) })).rejects.toThrow(message);
  });

  it('names the columns there are when one that was asked for is missing, and a file that is not there', async () => {
    const path = file('d.csv', 'timestamp,load\n2026-01-05 00:00:00,1\n');
    await expect(all({ path, valueColumn: 'lod' })).rejects.toThrow(/no column "lod": it has timestamp, load/);
    await expect(all({ path: join(dir, 'missing.csv') })).rejects.toThrow(/missing\.csv cannot be read/);
    const broken = join(dir, 'broken.csv.gz');
    writeFileSync(broken, 'timestamp,value\n');
    await expect(all({ path: broken })).rejects.toThrow(/broken\.csv\.gz cannot be read/);
  });

  it('reads times as files write them', () => {
    const moment = Date.UTC(2026, 0, 5, 7, 30, 15);
    for (const text of [
      '2026-01-05 07:30:15',
      '2026-01-05T07:30:15Z',
      '2026-01-05T08:30:15+01:00',
      '1767598215',
      '1767598215000',
    ]) {
      expect(timeOf(text)).toBe(moment);
    }
    expect(timeOf('2026-01-05 7:30')).toBe(Date.UTC(2026, 0, 5, 7, 30));
    expect(timeOf('2026-01-05')).toBe(T0);
    expect(timeOf('2026-01-05 07:30:15.123456')).toBe(moment + 123);
    expect(timeOf('05/01/2026')).toBeNaN();
    expect([numberOf('1e3'), numberOf('-.5'), numberOf(''), numberOf('NaN')]).toEqual([
      1000,
      -0.5,
      undefined,
      undefined,
    ]);
    expect(numberOf('0x10')).toBeNaN();
  });
});
