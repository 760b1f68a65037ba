import { readFileSync } from 'node:fs';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { ASPECTS, DeviceFeatures } from '../core/learn/features.ts';
import { type FailureModel, type Reason, readModel, reasonsFor, riskOf, writeModel } from '../core/learn/model.ts';
import { Examiner, featureCount, Trainer } from '../core/learn/train.ts';
import { Table, type TableColumns } from './tables.ts';

export interface LearnOptions {
  readonly readings: string;
  readonly failures: string;
  readonly horizonMs: number;
  readonly trainUntil: number;
  readonly budgets: readonly number[];
  readonly ignore: readonly string[];
  readonly columns: TableColumns;
  readonly failureColumns: TableColumns;
}

export interface Learned {
  /** The model as its file holds it. */
  readonly text: string;
  readonly evaluation: FailureModel['evaluation'];
  readonly rows: number;
  readonly devices: number;
  readonly failures: number;
  readonly moments: number;
  readonly features: number;
  readonly counters: readonly string[];
  /** Failures of devices that the readings do not know. */
  readonly strangers: number;
}

/** Learns the risk of failure within a horizon from a table of readings and one of failures. Errors name the table, the column and the fix. */
export async function learn(options: LearnOptions): Promise<Learned> {
  const readings = await Table.open(options.readings, options.columns);
  const failed = await Table.open(options.failures, options.failureColumns);
  try {
    const size = await readings.check();
    await failed.check();
    if (options.trainUntil <= size.from || options.trainUntil > size.to) {
      throw new TillwatchError(
        'learn.bad_date',
        `--train-until must lie within the readings, ${day(size.from)} to ${day(size.to)}: what comes after it is what the model is tested on`,
        { status: 400 },
      );
    }
    const failures = await failed.failures();
    const spec = {
      horizonMs: options.horizonMs,
      ...(await readings.discover(options.ignore)),
      aspects: ASPECTS,
    };
    const trainer = new Trainer(spec, failures, options);
    const known = new Set<string>();
    for await (const { device, row } of readings.readings(spec)) {
      known.add(device);
      trainer.take(device, row);
    }
    const { moments, ...model } = trainer.finish();
    const examiner = new Examiner(spec, failures, model, options);
    for await (const { device, row } of readings.readings(spec)) examiner.take(device, row);
    const evaluation = examiner.finish();
    return {
      text: writeModel({ ...spec, idColumn: readings.id, timeColumn: readings.time, ...model, evaluation }),
      evaluation,
      rows: size.rows,
      devices: size.devices,
      failures: [...failures.values()].reduce((sum, times) => sum + times.length, 0),
      moments,
      features: featureCount(spec),
      counters: spec.counters,
      strangers: [...failures.keys()].filter((device) => !known.has(device)).length,
    };
  } finally {
    readings.close();
    failed.close();
  }
}

export interface Risk {
  readonly device: string;
  readonly at: number;
  readonly risk: number;
  readonly alarm: boolean;
  readonly reasons: readonly Reason[];
}

export interface ScoreOptions {
  readonly model: string;
  readonly readings: string;
  readonly failures?: string;
  /** Every reading, instead of each device's last. */
  readonly all: boolean;
  readonly columns: TableColumns;
}

/** Risks of the devices in a table of readings, by a learned model. Errors: `learn.bad_model`, those of `Table`. */
export async function* score(options: ScoreOptions): AsyncGenerator<Risk> {
  const model = readModel(textOf(options.model), options.model);
  const table = await Table.open(options.readings, {
    id: options.columns.id ?? model.idColumn,
    time: options.columns.time ?? model.timeColumn,
  });
  const repaired = options.failures === undefined ? undefined : await Table.open(options.failures, {});
  try {
    await table.check();
    const failures = (await repaired?.failures()) ?? new Map<string, number[]>();
    let device: string | undefined;
    let features = new DeviceFeatures(model);
    let past: number[] = [];
    for await (const { device: next, row } of table.readings(model)) {
      if (next !== device) {
        if (device !== undefined && !options.all) yield riskAt(model, device, features);
        device = next;
        features = new DeviceFeatures(model);
        past = [...(failures.get(next) ?? [])];
      }
      while (past.length > 0 && past[0]! <= row.at) features.failed(past.shift()!);
      features.take(row);
      if (options.all) yield riskAt(model, next, features);
    }
    if (device !== undefined && !options.all) yield riskAt(model, device, features);
  } finally {
    table.close();
    repaired?.close();
  }
}

function riskAt(model: FailureModel, device: string, features: DeviceFeatures): Risk {
  const row = features.now();
  const risk = riskOf(model, row);
  return { device, at: features.at, risk, alarm: risk >= model.alarmRisk, reasons: reasonsFor(model, row) };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TillwatchError('files.unreadable', `${path} cannot be read: ${messageOf(error)}`, { status: 400 });
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
