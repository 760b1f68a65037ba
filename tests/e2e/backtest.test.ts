import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDir } from '../support/platform.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tillwatch = (...args: string[]): string =>
  execFileSync(process.execPath, [join(root, 'app/main.ts'), ...args], { cwd: root, encoding: 'utf8' });

describe('tillwatch backtest', () => {
  const files = temporaryDir('backtest');
  const recording = join(files.path, 'fleet.ndjson');
  const truth = join(files.path, 'truth.ndjson');
  const run = (out: string): Record<string, unknown> =>
    JSON.parse(tillwatch('backtest', recording, '--truth', truth, '--json', '--out', join(files.path, out))) as Record<
      string,
      unknown
    >;

  beforeAll(() => {
    // The product's own scenario with a fifth of its terminals, and two of its faults.
    const scenario = JSON.parse(readFileSync(join(root, 'firmware-sim/scenarios/ageing-printers.json'), 'utf8')) as {
      fleet: Record<string, unknown>;
      faults: { mode: string }[];
    };
    const small = join(files.path, 'small.json');
    const faults = scenario.faults
      .filter(({ mode }) => mode === 'head_wear' || mode === 'cutter_wear')
      .map((fault) => ({ ...fault, count: 3 }));
    writeFileSync(
      small,
      JSON.stringify({ ...scenario, fleet: { ...scenario.fleet, terminals: 24, stores: 4 }, faults }),
    );
    tillwatch('simulate', '--scenario', small, '--record', recording, '--truth', truth);
    appendFileSync(recording, 'not json\n{"received_at":1,"topic":"pos/v1/demo/T/heartbeat"}\n');
    appendFileSync(recording, '{"received_at":1,"topic":"elsewhere","payload":{"ts":1,"boot":"b","seq":1}}\n');
  }, 120_000);
  afterAll(() => files.remove());

  it('counts what breaks the contract, finds failing printers, and scores them by the truth', () => {
    const summary = run('findings.ndjson');
    expect(summary).toMatchObject({ rejected: { line_not_json: 1, line_missing_field: 1, bad_topic: 1 } });
    expect(summary.score).toMatchObject({ announced: expect.any(Number), recall: expect.any(Number) });
    const findings = readFileSync(join(files.path, 'findings.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      findings.some((one) => one.component === 'printer' && one.state === 'open' && one.severity !== 'watch'),
    ).toBe(true);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        at: expect.any(Number),
        subject: expect.any(String),
        severity: expect.stringMatching(/^(watch|warning|critical)$/),
        evidence: expect.any(Array),
      });
    }
  }, 120_000);

  it('says the same when it is run again', () => {
    run('again.ndjson');
    expect(readFileSync(join(files.path, 'again.ndjson'), 'utf8')).toBe(
      readFileSync(join(files.path, 'findings.ndjson'), 'utf8'),
    );
  }, 120_000);

  it('reads packed recordings alike, and closes with a table by mode', () => {
    const text = readFileSync(recording);
    writeFileSync(`${recording}.gz`, gzipSync(text));
    writeFileSync(`${recording}.zst`, zstdCompressSync(text));
    for (const packed of [`${recording}.gz`, `${recording}.zst`]) {
      const out = join(files.path, 'packed.ndjson');
      const table = tillwatch('backtest', packed, '--truth', truth, '--out', out);
      expect(table).toMatch(/announced failures: .* found in time/);
      expect(table).toMatch(/mode +announced +in time +late/);
      expect(table).toMatch(/printer\/head_wear +\d/);
      expect(table).toMatch(/passed over: \d+ repeats; .*line_not_json 1/);
      expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(files.path, 'findings.ndjson'), 'utf8'));
    }
  }, 120_000);

  it('says what is wrong with a truth file, an output or a file of something else before it works for long', () => {
    const bad = join(files.path, 'bad.ndjson');
    const named =
      (...args: string[]) =>
      () =>
        tillwatch('backtest', recording, ...args);
    writeFileSync(
      bad,
      '{"tenant":"t","terminal":"a","component":"printer","mode":"offline","onset_at":1,"failed_at":null}',
    );
    expect(named('--truth', bad, '--out', '-')).toThrow(/line 1: "mode" is "offline": a printer has head_wear/);
    expect(named('--truth', join(files.path, 'none'), '--out', '-')).toThrow(/none cannot be read/);
    expect(named('--out', join(files.path, 'no/dir/f'))).toThrow(/findings cannot be written to .*no\/dir\/f/);
    writeFileSync(bad, 'time,value\n1,2\n');
    expect(() => tillwatch('backtest', bad, '--out', '-')).toThrow(/holds no message of the contract/);
    writeFileSync(`${bad}.gz`, 'not packed');
    expect(() => tillwatch('backtest', `${bad}.gz`, '--out', '-')).toThrow(
      /bad\.ndjson\.gz cannot be read: incorrect header/,
    );
  }, 120_000);

  it('names a recording that cannot be read', () => {
    expect(() => tillwatch('backtest', join(files.path, 'none.ndjson'), '--out', '-')).toThrow(
      /none\.ndjson cannot be read/,
    );
  });
});
