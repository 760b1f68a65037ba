import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

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
