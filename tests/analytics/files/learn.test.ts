import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate, type Scored } from '../../../analytics/core/learn/evaluate.ts';
import { type Look, Looks } from '../../../analytics/core/learn/looks.ts';
import { type Learned, learn, type Risk, type ScoreOptions, score } from '../../../analytics/files/learn.ts';
import { FIRST_DAY, failingDevices, random } from '../../support/failing-devices.ts';

const DAY = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), 'tillwatch-learn-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

const tables = failingDevices(211, 60, 160, 4);
const readings = file('readings.csv', tables.readings);
const failures = file('failures.csv', tables.failures);
const options = {
  readings,
  failures,
  horizonMs: 7 * DAY,
  trainUntil: FIRST_DAY + 110 * DAY,
  budgets: [0.05],
  ignore: [],
  columns: {},
  failureColumns: {},
};

async function all(given: ScoreOptions): Promise<Risk[]> {
  const out: Risk[] = [];
  for await (const risk of score(given)) out.push(risk);
  return out;
}

describe('a model learned from readings and failures', () => {
  let learned: Learned;
  const model = join(dir, 'model.json');
  beforeAll(async () => {
    learned = await learn(options);
    writeFileSync(model, learned.text);
  });

  it('foretells the failures that show, on devices and days it was not learned from, with honest odds', () => {
    const { evaluation, counters, failures: known } = learned;
    expect(counters).toEqual(['errors_total']);
    expect(known).toBeGreaterThan(100);
    expect(evaluation!.auc!).toBeGreaterThan(0.82);
    expect(evaluation!.averagePrecision!).toBeGreaterThan(evaluation!.baseRate * 4);
    expect(evaluation!.budgets[0]!.precision).toBeGreaterThan(0.8);
    expect(evaluation!.budgets[0]!.leadDays!).toBeGreaterThan(2);
    for (const { n, stated, observed } of evaluation!.calibration) {
      expect(Math.abs(stated - observed)).toBeLessThan(0.05 + 2 / Math.sqrt(n));
    }
  });

  it('claims nothing where failures have nothing to do with the readings', async () => {
    // Any device at any time, so that not even the time since the last failure tells anything.
    const u = random(99);
    const rows = Array.from({ length: 150 }, () => {
      const device = Math.floor(u() * 60);
      return `m-${device},${new Date(FIRST_DAY + u() * 160 * DAY).toISOString()}`;
    });
    const others = file('others.csv', `device,failed_at\n${rows.join('\n')}\n`);
    const { evaluation } = await learn({ ...options, failures: others });
    expect(evaluation!.auc!).toBeGreaterThan(0.35);
    expect(evaluation!.auc!).toBeLessThan(0.65);
  });

  it('scores each device with its reasons, and a moment alike with and without what came after', async () => {
    const last = await all({ model, readings, failures, all: false, columns: {} });
    expect(last).toHaveLength(60);
    const risky = last.filter((r) => r.risk > 0.7);
    expect(risky.length).toBeGreaterThan(0);
    expect(risky.every((r) => r.reasons.some((x) => /hum|errors_total/.test(x.feature)))).toBe(true);

    const early = tables.readings
      .split('\n')
      .filter((line, i) => i === 0 || line.slice(0, line.indexOf(' ')) < `${line.split(',')[0]},2025-02-15`);
    const then = await all({ model, readings: file('early.csv', early.join('\n')), all: false, columns: {} });
    const moments = await all({ model, readings, all: true, columns: {} });
    for (const { device, at, risk } of then) {
      expect(moments.find((m) => m.device === device && m.at === at)!.risk).toBe(risk);
    }
  });

  it('reads Parquet as it reads CSV', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const parquet = join(dir, 'readings.parquet');
    await connection.run(`COPY (SELECT * FROM read_csv('${readings}')) TO '${parquet}' (FORMAT parquet)`);
    connection.closeSync();
    const again = await learn({ ...options, readings: parquet });
    expect(again.evaluation).toEqual(learned.evaluation);
  });

  it('says which table, which column and what to do', async () => {
    await expect(learn({ ...options, readings: join(dir, 'none.csv') })).rejects.toThrow(/none\.csv cannot be read/);
    await expect(learn({ ...options, columns: { id: 'machne' } })).rejects.toThrow(
      /no column "machne" \(--id-column\): it has device, time, hum/,
    );
    const nameless = file('nameless.csv', 'who,when,v\na,2025-01-01,1\n');
    await expect(learn({ ...options, readings: nameless })).rejects.toThrow(/names the device.*--id-column/);
    await expect(learn({ ...options, trainUntil: FIRST_DAY - DAY })).rejects.toThrow(
      /--train-until must lie within the readings, 2025-01-01 to 2025-06-09/,
    );
    const strangers = file('strangers.csv', 'device,failed_at\nx-1,2025-02-01\n');
    await expect(learn({ ...options, failures: strangers })).rejects.toThrow(
      /only 0 devices.*Do the ids of both tables agree/,
    );
    const timeless = file('timeless.csv', 'device,time,v\na,2025-01-01,1\nb,soon,2\n');
    await expect(learn({ ...options, readings: timeless })).rejects.toThrow(
      /1 of 2 rows have no readable time in column "time"/,
    );
    const lacking = file('lacking.csv', 'device,time,load\nm-1,2025-01-01 00:00:00,50\n');
    await expect(all({ model, readings: lacking, all: false, columns: {} })).rejects.toThrow(
      /lacks "hum", "errors_total", "model", which the model was learned from/,
    );
    await expect(all({ model: readings, readings, all: false, columns: {} })).rejects.toThrow(/is not JSON/);
    const old = file('old.json', '{"format":"tillwatch-failure-model","version":0}');
    await expect(all({ model: old, readings, all: false, columns: {} })).rejects.toThrow(/version 0.*learn it anew/);
  });
});

describe('tables as they are met', () => {
  it('a model learned when each number was looked at in five ways, not eight, still scores by what it was learned from', async () => {
    const old = {
      ...{ format: 'tillwatch-failure-model', version: 1, idColumn: 'id', timeColumn: 'time', horizonMs: 7 * DAY },
      ...{ numbers: ['heat', 'wear'], counters: [], words: [{ column: 'kind', known: ['x', 'y'] }] },
      ...{ trainedUntil: FIRST_DAY, scale: { a: 0, b: 1 }, alarmRisk: 0.5, evaluation: null },
      boosted: {
        bias: 0,
        // The sixth feature is the first of the second number; the eleventh is the word.
        trees: [5, 10].map((first) => ({
          feature: [first, -1, -1],
          threshold: [first === 5 ? 5 : 0.5, 0, 0],
          unknownLeft: [true, true, true],
          left: [1, 0, 0],
          right: [2, 0, 0],
          value: [0, -1, 1],
        })),
      },
    };
    const rows = [
      'id,time,heat,wear,kind',
      'sound,2026-01-02,9,1,x',
      'worn,2026-01-02,1,9,x',
      'other,2026-01-02,1,1,y',
    ];
    const risks = await all({
      ...{ model: file('old.json', JSON.stringify(old)), readings: file('old.csv', rows.join('\n')) },
      ...{ all: false, columns: {} },
    });
    const of = (device: string) => risks.find((r) => r.device === device)!;
    expect(of('sound').risk).toBeLessThan(0.2);
    expect(of('worn').risk).toBe(0.5);
    expect(of('other').risk).toBe(0.5);
    expect(of('worn').reasons[0]!.feature).toBe('wear: last value');
    expect(of('other').reasons[0]!.feature).toBe('kind');
  });

  it('a log of events is learned from by how often and how long ago each was', async () => {
    const u = random(17);
    const log = ['Machine ID,Event Time,event'];
    const failed = ['Machine ID,Failure Date,part'];
    for (let machine = 1; machine <= 40; machine++) {
      let due = 8 + u() * 30;
      let warned = 0;
      for (let day = 0; day < 120; day += 0.25) {
        if (day >= due) {
          failed.push(`${machine}.0,${new Date(FIRST_DAY + due * DAY).toISOString()},belt`);
          due = day + 8 + u() * 30;
          warned = 0;
        }
        // Three of the one word within two days come before a failure; single ones of either come at any time.
        const near = due - day < 3 && warned < 3;
        if (near) warned++;
        const word = near || u() < 0.02 ? 'E7' : u() < 0.1 ? 'E1' : '';
        log.push(`${machine},${new Date(FIRST_DAY + day * DAY).toISOString()},${word}`);
      }
    }
    const { evaluation, strangers } = await learn({
      ...options,
      readings: file('log.csv', log.join('\n')),
      failures: file('log-failures.csv', failed.join('\n')),
      horizonMs: 3 * DAY,
      trainUntil: FIRST_DAY + 80 * DAY,
    });
    expect(strangers).toBe(0);
    expect(evaluation!.auc!).toBeGreaterThan(0.9);
    expect(evaluation!.averagePrecision!).toBeGreaterThan(0.8);
  });

  it('a device that falls silent did not stay well: its last looks are not counted', () => {
    const taken: Look<number>[] = [];
    const spec = { horizonMs: 4 * DAY, numbers: ['v'], counters: [], words: [] };
    const looks = new Looks({
      spec,
      failures: new Map([['failed', [9 * DAY]]]),
      everyMs: DAY,
      wanted: () => true,
      see: (features) => features.at,
      take: (look) => taken.push(look),
    });
    for (const device of ['failed', 'silent']) {
      for (let day = 0; day < 8; day++) looks.take(device, { at: day * DAY, numbers: [day], words: [] });
    }
    looks.end();
    const of = (device: string) => taken.filter((look) => look.device === device);
    // What is said of the last day holds for the next, as readings are a day apart.
    expect(of('silent').map((look) => look.at / DAY)).toEqual([0, 1, 2, 3, 4]);
    expect(of('failed').map((look) => look.failed)).toEqual([false, false, false, false, false, true, true, true]);
  });
});

describe('the figures of an evaluation', () => {
  const at = (day: number) => day * DAY;
  const scored = (risks: readonly [string, number, number, boolean][]): Scored[] =>
    risks.map(([device, day, risk, failed]) => ({ device, at: at(day), risk, failed }));

  it('are those of a textbook', () => {
    const one = evaluate(
      scored([
        ['a', 1, 0.9, true],
        ['b', 1, 0.8, false],
        ['a', 2, 0.7, true],
        ['b', 2, 0.1, false],
      ]),
      new Map([['a', [at(4)]]]),
      7 * DAY,
      [0.25],
    );
    expect(one.auc).toBeCloseTo(0.75, 10);
    expect(one.averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 10);
    expect(one.budgets[0]).toMatchObject({ precision: 1, recall: 1, leadDays: 3 });
    expect(one.brier).toBeCloseTo((0.01 + 0.64 + 0.09 + 0.01) / 4, 10);
  });

  it('give a model that says the same of all no credit', () => {
    const same = evaluate(
      scored([
        ['a', 1, 0.5, true],
        ['b', 1, 0.5, false],
        ['c', 1, 0.5, false],
      ]),
      new Map([['a', [at(2)]]]),
      7 * DAY,
      [0.5],
    );
    expect(same.auc).toBe(0.5);
    expect(same.averagePrecision).toBeCloseTo(1 / 3, 10);
  });
});
