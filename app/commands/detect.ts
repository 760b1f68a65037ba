import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_THRESHOLD } from '../../analytics/core/anomaly/detector.ts';
import { detect } from '../../analytics/files/detect.ts';
import { openLineSink } from '../line-sink.ts';
import { addExamples } from './support.ts';

interface DetectCommandOptions {
  readonly csv: string;
  readonly out: string;
  readonly threshold: number;
  readonly timeColumn?: string;
  readonly valueColumn?: string;
}

/** `tillwatch detect --csv FILE`: a score and an alarm for every sample of a series. */
export function detectCommand(): Command {
  const command = new Command('detect')
    .description('score every sample of a series for being unusual, as it would have been scored when it came')
    .requiredOption('--csv <file>', 'the series: a header, then timestamp,value; plain or .gz')
    .option('--out <file>', 'where timestamp,value,score,alarm goes; "-" for standard output', '-')
    .option('--threshold <score>', 'score (0–1) from which a sample is an alarm', share, DEFAULT_THRESHOLD)
    .option('--time-column <name>', 'name of the column of times, where it is not a usual one')
    .option('--value-column <name>', 'name of the column of values')
    .action(async ({ csv, out, threshold, ...columns }: DetectCommandOptions) => {
      const sink = openLineSink(out);
      let rows = 0;
      let alarms = 0;
      await sink.write('timestamp,value,score,alarm');
      for await (const { timestamp, value, score, alarm } of detect({ path: csv, threshold, ...columns })) {
        rows++;
        if (alarm) alarms++;
        if (!(await sink.write(`${quoted(timestamp)},${value ?? ''},${score.toFixed(6)},${alarm ? 1 : 0}`))) return;
      }
      await sink.end();
      if (out !== '-') process.stdout.write(`${rows} samples, ${alarms} alarms → ${out}\n`);
    });
  return addExamples(command, [
    'tillwatch detect --csv series.csv > scored.csv',
    'tillwatch detect --csv till-7.csv.gz --value-column queue_length --out scored.csv',
  ]);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1))
    throw new InvalidArgumentError('Give a number above 0, up to 1.');
  return value;
}

function quoted(text: string): string {
  return text.includes(',') ? `"${text}"` : text;
}
