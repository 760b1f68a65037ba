import { Command, InvalidArgumentError, Option } from 'commander';
import { type FileForecast, forecastFile } from '../../analytics/files/curves.ts';
import { addExamples } from './support.ts';

interface ForecastCommandOptions {
  readonly csv: string;
  readonly threshold: number;
  readonly direction: 'below' | 'above';
  readonly fleet?: string;
  readonly timeColumn?: string;
  readonly valueColumn?: string;
  readonly json?: boolean;
}

/** `tillwatch forecast --csv FILE`: where a wear curve reaches its limit. */
export function forecastCommand(): Command {
  const command = new Command('forecast')
    .description('foretell where a wear curve (capacity, resistance, wear over cycles or time) reaches its limit')
    .requiredOption('--csv <file>', 'the curve so far: a header, then time or cycle, value; plain or .gz')
    .requiredOption('--threshold <value>', 'the limit', finite)
    .addOption(
      new Option('--direction <side>', 'the side of the limit that is failure')
        .choices(['below', 'above'])
        .makeOptionMandatory(),
    )
    .option('--fleet <directory>', 'completed curves of the same kind, a CSV file each')
    .option('--time-column <name>', 'name of the column of times or cycles, where it is not a usual one')
    .option('--value-column <name>', 'name of the column of values')
    .option('--json', 'one JSON object instead of a sentence')
    .action(async ({ csv, json, ...options }: ForecastCommandOptions) => {
      const forecast = await forecastFile({ path: csv, ...options });
      process.stdout.write(json ? `${JSON.stringify(forecast)}\n` : sentence(forecast, options));
    });
  return addExamples(command, [
    'tillwatch forecast --csv pack-12.csv --threshold 1.4 --direction below',
    'tillwatch forecast --csv pack-12.csv --threshold 1.4 --direction below --fleet completed/ --json',
  ]);
}

function sentence(
  forecast: FileForecast,
  { threshold, direction }: Pick<ForecastCommandOptions, 'threshold' | 'direction'>,
): string {
  const { state, crossing, p10, p90, remaining, fleet, leftOut, missing, calendar } = forecast;
  const place = calendar ? day : short;
  const by = fleet > 0 ? `, from its own past and ${fleet} completed curves` : ', from its own past alone';
  const gaps = missing > 0 ? `Taken for missing, near zero between normal readings: ${missing}.\n` : '';
  const companions =
    leftOut.length > 0
      ? `Left out (never reach the limit, in other units, or on another axis): ${leftOut.join(', ')}\n`
      : '';
  const without = gaps + companions;
  if (state === 'crossed') return `It has been ${direction} ${threshold} since ${place(crossing)}.\n${without}`;
  if (state === 'none') return `Nothing points to ${threshold} within twenty times its age${by}.\n${without}`;
  const late = p90 === null ? 'much later' : place(p90);
  return `${direction === 'below' ? 'Below' : 'Above'} ${threshold} at ${place(crossing)} (80 %: ${place(p10)} to ${late}), ${short(remaining)}${calendar ? ' days' : ''} from now${by}.\n${without}`;
}

/** Days since 1970-01-01 as a date; a number where that is beyond the calendar. */
function day(value: number | null): string {
  return value === null || Math.abs(value) > 3_650_000
    ? short(value)
    : new Date(value * 86_400_000).toISOString().slice(0, 10);
}

function short(value: number | null): string {
  return value === null ? '?' : String(Number(value.toPrecision(4)));
}

function finite(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}
