import { Command } from 'commander';
import { type Risk, score } from '../../analytics/files/learn.ts';
import { openLineSink } from '../line-sink.ts';
import { addExamples } from './support.ts';

interface ScoreCommandOptions {
  readonly model: string;
  readonly readings: string;
  readonly failures?: string;
  readonly out: string;
  readonly all?: boolean;
  readonly idColumn?: string;
  readonly timeColumn?: string;
}

/** `tillwatch score`: risks of devices by a learned model, with reasons. */
export function scoreCommand(): Command {
  const command = new Command('score')
    .description('say which devices are at risk of failure, by a model that "tillwatch learn" wrote')
    .requiredOption('--model <file>', 'the model')
    .requiredOption('--readings <file>', 'readings with the columns the model was learned from; CSV or Parquet')
    .option('--failures <file>', 'past failures, where the time since the last one is to count')
    .option('--out <file>', 'where id,time,risk,alarm,reasons goes; "-" for standard output', '-')
    .option(
      '--all',
      'a line for every reading, as it would have been scored when it came; else one a device, riskiest first',
    )
    .option('--id-column <name>', "name of the column of devices, where it is not the model's")
    .option('--time-column <name>', "name of the column of times, where it is not the model's")
    .action(async ({ out, idColumn, timeColumn, all = false, ...files }: ScoreCommandOptions) => {
      const sink = openLineSink(out);
      const columns = {
        ...(idColumn === undefined ? {} : { id: idColumn }),
        ...(timeColumn === undefined ? {} : { time: timeColumn }),
      };
      await sink.write('id,time,risk,alarm,reasons');
      const risks: Risk[] = [];
      for await (const risk of score({ ...files, all, columns })) {
        if (!all) risks.push(risk);
        else if (!(await sink.write(line(risk)))) return;
      }
      for (const risk of risks.sort((a, b) => b.risk - a.risk)) await sink.write(line(risk));
      await sink.end();
    });
  return addExamples(command, [
    'tillwatch score --model model.json --readings telemetry.parquet | head',
    'tillwatch score --model model.json --readings today.csv --failures failures.csv --out risks.csv',
  ]);
}

function line({ device, at, risk, alarm, reasons }: Risk): string {
  const why = reasons.map((r) => `${r.feature} (${r.value ?? 'unknown'}) +${r.added}`).join('; ');
  return [device, new Date(at).toISOString(), risk.toFixed(5), alarm ? 1 : 0, why].map(cell).join(',');
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
