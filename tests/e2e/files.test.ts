import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failingDevices } from '../support/failing-devices.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillwatch-files-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function tillwatch(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, '../../app/main.ts'), ...args],
      { cwd: dir },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err });
      },
    );
  });
}

describe('tillwatch detect', () => {
  it('writes a score and an alarm for every sample, and says how many', async () => {
    const rows = Array.from({ length: 1200 }, (_, i) => {
      const at = new Date(Date.UTC(2026, 0, 5) + i * 300_000).toISOString().slice(0, 19).replace('T', ' ');
      return `${at},${(i % 12) + (i >= 1000 && i < 1010 ? 100 : 0)}`;
    });
    writeFileSync(join(dir, 'series.csv'), `timestamp,value\n${rows.join('\n')}\n`);
    const { code, out } = await tillwatch('detect', '--csv', 'series.csv', '--out', 'scored.csv');
    expect(code).toBe(0);
    expect(out).toMatch(/^1200 samples, \d+ alarms → scored\.csv$/m);
    const lines = readFileSync(join(dir, 'scored.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(1201);
    expect(lines[0]).toBe('timestamp,value,score,alarm');
    expect(lines[1001]).toMatch(/^2026-01-08 11:20:00,104,0\.\d+,1$/);
  });

  it('ends with 2 and a sentence when a row cannot be read', async () => {
    writeFileSync(join(dir, 'bad.csv'), 'timestamp,value\n2026-01-05,one\n');
    const { code, err } = await tillwatch('detect', '--csv', 'bad.csv');
    expect(code).toBe(2);
    expect(err).toBe('tillwatch: bad.csv, line 2: "one" is not a number\n');
  });
});

describe('tillwatch forecast', () => {
  it('says where a curve reaches its limit, for people and as JSON', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${2 - i * 0.01 + (i % 3) * 0.002}`);
    writeFileSync(join(dir, 'curve.csv'), `cycle,capacity\n${rows.join('\n')}\n`);
    const given = ['forecast', '--csv', 'curve.csv', '--threshold', '1', '--direction', 'below'];
    const people = await tillwatch(...given);
    expect(people.out).toMatch(
      /^Below 1 at \d+.* \(80 %: [\d.]+ to [\d.]+\), [\d.]+ from now, from its own past alone\.\n$/,
    );
    const { crossing, p10, p90 } = JSON.parse((await tillwatch(...given, '--json')).out) as Record<string, number>;
    expect(crossing).toBeGreaterThan(80);
    expect(crossing).toBeLessThan(115);
    expect(p10!).toBeLessThan(crossing!);
    expect(p90!).toBeGreaterThan(crossing!);
    const wrong = await tillwatch('forecast', '--csv', 'curve.csv', '--threshold', '3', '--direction', 'below');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/begins at 1\.98\d*, which is below 3 already/);
  });
});

describe('tillwatch learn and score', () => {
  it('learn a model with figures, and score devices with it, riskiest first', async () => {
    const { readings, failures } = failingDevices(17, 30, 120, 3);
    writeFileSync(join(dir, 'readings.csv'), readings);
    writeFileSync(join(dir, 'failures.csv'), failures);
    const tables = ['--readings', 'readings.csv', '--failures', 'failures.csv'];
    const learned = await tillwatch(
      'learn',
      ...tables,
      '--horizon',
      '7d',
      '--train-until',
      '2025-03-20',
      '--budget',
      '2',
    );
    expect(learned.err).toBe('');
    expect(learned.out).toMatch(/AUC 0\.\d+, average precision 0\.\d+/);
    expect(learned.out).toMatch(/alarms on the riskiest 2 %: [\d.]+ % right/);
    const { out } = await tillwatch('score', '--model', 'model.json', ...tables);
    const lines = out.trim().split('\n');
    expect(lines[0]).toBe('id,time,risk,alarm,reasons');
    const risks = lines.slice(1).map((line) => Number(line.split(',')[2]));
    expect(risks).toHaveLength(30);
    expect([...risks].sort((a, b) => b - a)).toEqual(risks);
  });
});
