import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type Learned, learn } from '../../analytics/files/learn.ts';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { addExamples, moment } from './support.ts';

interface LearnCommandOptions {
  readonly readings: string;
  readonly failures: string;
  readonly horizon: number;
  readonly trainUntil: number;
  readonly out: string;
  readonly budget: number[];
  readonly ignore: string[];
  readonly idColumn?: string;
  readonly timeColumn?: string;
  readonly failureIdColumn?: string;
  readonly failureTimeColumn?: string;
  readonly json?: boolean;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `tillwatch learn`: a failure-risk model from a table of readings and a table of failures. */
export function learnCommand(): Command {
  const command = new Command('learn')
    .description(
      'learn the risk of failure from a table of readings and a table of failures (CSV or Parquet, any devices)',
    )
    .requiredOption(
      '--readings <file>',
      'a row a reading: device, time, and any columns of numbers or words; a glob is fine',
    )
    .requiredOption('--failures <file>', 'a row a failure: device, time')
    .requiredOption('--horizon <time>', 'how far ahead failures are foretold, such as 24h or 7d', duration)
    .requiredOption(
      '--train-until <date>',
      'nothing after this is learned from; what comes after tests the model',
      moment,
    )
    .option('--out <file>', 'where the model goes', 'model.json')
    .option('--budget <percent...>', 'percent of moments that there are hands for', percents, [0.005, 0.01, 0.05])
    .option('--ignore <column...>', 'columns of the readings not to learn from', [])
    .option('--id-column <name>', "name of the readings' column of devices, where it is not a usual one")
    .option('--time-column <name>', "name of the readings' column of times")
    .option('--failure-id-column <name>', "name of the failures' column of devices")
    .option('--failure-time-column <name>', "name of the failures' column of times")
    .option('--json', 'the figures as one JSON object')
    .action(async (options: LearnCommandOptions) => {
      const learned = await learn({
        readings: options.readings,
        failures: options.failures,
        horizonMs: options.horizon,
        trainUntil: options.trainUntil,
        budgets: options.budget,
        ignore: options.ignore,
        columns: named(options.idColumn, options.timeColumn),
        failureColumns: named(options.failureIdColumn, options.failureTimeColumn),
      });
      try {
        writeFileSync(options.out, learned.text);
      } catch (error) {
        throw new TillwatchError('files.unwritable', `${options.out} cannot be written: ${messageOf(error)}`, {
          status: 400,
        });
      }
      const { text: _text, ...figures } = learned;
      process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : report(learned, options.out));
    });
  return addExamples(command, [
    'tillwatch learn --readings telemetry.parquet --failures failures.csv --horizon 7d --train-until 2015-10-01',
    'tillwatch learn --readings "drives/*.csv" --failures "drives/*.csv" --horizon 14d --train-until 2024-02-15 --ignore capacity_bytes',
  ]);
}

function report(
  { rows, devices, failures, strangers, moments, features, counters, evaluation }: Learned,
  out: string,
): string {
  const lines = [
    `${rows} readings of ${devices} devices, ${failures} failures; ${features} features, learned from ${moments} moments → ${out}`,
  ];
  if (counters.length > 0) lines.push(`taken as counters (their growth counts): ${counters.join(', ')}`);
  if (strangers > 0) lines.push(`${strangers} devices among the failures have no readings`);
  if (!evaluation)
    return `${[...lines, 'nothing comes after --train-until, so nothing is known of how good it is'].join('\n')}\n`;
  const e = evaluation;
  lines.push(
    `out of time: ${e.moments} moments of ${e.devices} devices, ${e.failures} failures, base rate ${percent(e.baseRate)}`,
    `  AUC ${figure(e.auc)}, average precision ${figure(e.averagePrecision)} (guessing: ${figure(e.baseRate)}), Brier ${figure(e.brier)}`,
    ...e.budgets.map(
      (b) =>
        `  alarms on the riskiest ${percent(b.share)}: ${percent(b.precision)} right, ${percent(b.recall)} of the failures found, ${b.leadDays === null ? 'none' : `${figure(b.leadDays)} days`} ahead (median)`,
    ),
    '  stated and observed risk, riskiest first:',
    ...e.calibration.map(
      (c) => `    ${String(c.n).padStart(7)} moments: ${percent(c.stated)} stated, ${percent(c.observed)} observed`,
    ),
  );
  return `${lines.join('\n')}\n`;
}

function named(id: string | undefined, time: string | undefined): { id?: string; time?: string } {
  return { ...(id === undefined ? {} : { id }), ...(time === undefined ? {} : { time }) };
}

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([mhdw])$/.exec(text);
  const value = match ? Number(match[1]) * UNITS[match[2]!]! : 0;
  if (!(value > 0)) throw new InvalidArgumentError('Give a time such as 24h, 7d or 2w.');
  return value;
}

// Called once for each word given: the first replaces the default.
function percents(text: string, before: number[]): number[] {
  const value = Number(text) / 100;
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Give a percentage between 0 and 100.');
  return before.length === 3 && before[0] === 0.005 ? [value] : [...before, value];
}

function percent(value: number): string {
  return `${Number((value * 100).toPrecision(3))} %`;
}

function figure(value: number | null): string {
  return value === null ? 'unknown' : String(Number(value.toPrecision(3)));
}
