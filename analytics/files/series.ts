import { TillwatchError } from '../../contract/errors.ts';
import { badRow, columnOf, csvRows, numberOf, timeOf } from './csv.ts';

/** Names by which files call the time of a sample, and its value; the first that a file has is taken. */
const MOMENTS = ['timestamp', 'time', 'date', 'datetime', 'ts'];
const USES = ['cycle', 'cycles', 'cycle_number', 'cycle_index', 'hours', 'age'];
const TIMES = { calendar: [...MOMENTS, ...USES], number: [...USES, ...MOMENTS] };
const VALUES = ['value', 'capacity', 'capacity_ah', 'discharge_capacity', 'y', 'reading', 'soh', 'resistance'];

export interface SeriesColumns {
  /** Names of the columns, where the usual ones do not fit. */
  readonly time?: string;
  readonly value?: string;
  /** How a time is written: `calendar` (a moment), or `number` (cycles, hours, or an epoch taken as it is). */
  readonly kind: 'calendar' | 'number';
}

export interface Sample {
  readonly line: number;
  /** The time as the file writes it. */
  readonly text: string;
  readonly at: number;
  /** undefined where the file has none. */
  readonly value: number | undefined;
}

/**
 * Samples of a series in a CSV file, one after the other as they are read. The first line is the header; where none of its names is a
 * usual one, the first column is the time and the second the value. Errors: `files.unreadable`, `files.no_column`, `files.bad_row`, `files.empty`.
 */
export async function* readSeries(path: string, columns: SeriesColumns): AsyncGenerator<Sample> {
  let time = -1;
  let value = -1;
  for await (const { line, fields } of csvRows(path)) {
    if (time < 0) {
      time = columnOf(path, fields, columns.time, TIMES[columns.kind]);
      value = columnOf(path, fields, columns.value, VALUES);
      if (time < 0) time = value === 0 ? 1 : 0;
      if (value < 0) value = time === 0 ? 1 : 0;
      if (fields.length < 2) {
        const other = /[;\t]/.test(fields[0] ?? '')
          ? '; separate fields by commas, and write decimals with a point'
          : '';
        throw badRow(path, line, `a header of at least two columns is expected, such as "timestamp,value"${other}`);
      }
      if (numberOf(fields[value] ?? '') !== undefined && !Number.isNaN(numberOf(fields[value] ?? ''))) {
        throw badRow(path, line, 'the first line must be a header, such as "timestamp,value", but it is numbers');
      }
      continue;
    }
    const text = fields[time] ?? '';
    const at = columns.kind === 'calendar' ? timeOf(text) : axisOf(text);
    if (Number.isNaN(at)) {
      throw badRow(
        path,
        line,
        columns.kind === 'calendar'
          ? `"${text}" is not a time: write ISO 8601, "YYYY-MM-DD HH:MM:SS", or an epoch in s or ms`
          : `"${text}" is neither a number (cycles, hours) nor a time`,
      );
    }
    const number = numberOf(fields[value] ?? '');
    if (Number.isNaN(number)) {
      const fix = /^[+-]?\d+,\d+$/.test(fields[value] ?? '') ? ': write decimals with a point' : '';
      throw badRow(path, line, `"${fields[value]}" is not a number${fix}`);
    }
    yield { line, text, at, value: number };
  }
  if (time < 0)
    throw new TillwatchError('files.empty', `${path} is empty: a header and rows are expected`, { status: 400 });
}

/** A place on a curve's own axis: numbers as they are, moments in days. */
function axisOf(text: string): number {
  const number = numberOf(text);
  if (number !== undefined && !Number.isNaN(number)) return number;
  return timeOf(text) / 86_400_000;
}
