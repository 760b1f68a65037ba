import { type Command, InvalidArgumentError } from 'commander';
import { timeOf } from '../../analytics/files/csv.ts';

/** Appends an examples section to a command's help. */
export function addExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
}

/** Option parser: a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** Option parser: a whole number from 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return value;
}

/** Option parser: a time as ISO 8601 date or date and time (UTC), as ms. */
export function moment(text: string): number {
  const at = timeOf(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Give a date such as 2015-10-01, or 2015-10-01T06:00:00Z.');
  return at;
}

/** Progress through history: a line for each day of it. */
export function daily(what: string, say: (line: string) => void): (at: number, readings: number) => void {
  let day = '';
  return (at, readings) => {
    const now = new Date(at).toISOString().slice(0, 10);
    if (now !== day) say(`${now}: ${readings} readings ${what}\n`);
    day = now;
  };
}
