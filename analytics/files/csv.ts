import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, TillwatchError } from '../../contract/errors.ts';

/** A row of a CSV file: its line number, from 1, and its fields. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Rows of a CSV file (plain or .gz, UTF-8, one row a line, quotes as RFC 4180 has them), header first; blank lines are passed over.
 * Errors: `files.unreadable`.
 */
export async function* csvRows(path: string): AsyncGenerator<CsvRow> {
  let line = 0;
  try {
    for await (const text of linesOf(path)) {
      line++;
      const clean = line === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (clean.trim() !== '') yield { line, fields: fieldsOf(clean) };
    }
  } catch (error) {
    throw new TillwatchError('files.unreadable', `${path} cannot be read: ${messageOf(error)}`, {
      status: 400,
      cause: error,
    });
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const raw = createReadStream(path);
  const bytes = path.endsWith('.gz') ? pipeline(raw, createGunzip(), () => {}) : raw;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function fieldsOf(text: string): string[] {
  if (!text.includes('"')) return text.split(',').map((field) => field.trim());
  const fields: string[] = [];
  for (const match of text.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
  }
  return fields;
}

/** ms since 1970 of a time as files write it: ISO 8601, `YYYY-MM-DD HH:MM:SS` (UTC), or an epoch in s, ms or µs; NaN where it is none. */
export function timeOf(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const value = Number(text);
    if (value > 1e14) return value / 1000;
    return value < 1e11 ? value * 1000 : value;
  }
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
    text,
  );
  if (!match) return Number.NaN;
  const [, day, hour = '0', minute = '00', second = '00', zone = 'Z'] = match;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  // Parsed to the millisecond: what is finer is cut.
  return Date.parse(`${day}T${hour.padStart(2, '0')}:${minute}:${second.replace(/(\.\d{3})\d+/, '$1')}${offset}`);
}

/** A number as files write it; NaN where it is none, undefined where nothing is written. */
export function numberOf(text: string): number | undefined {
  if (text === '' || /^(na|nan|null|none)$/i.test(text)) return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** The column of a header that is asked for by name, else, without its unit, by the first of the `usual` names that it has; −1 where it has none. */
export function columnOf(
  path: string,
  header: readonly string[],
  asked: string | undefined,
  usual: readonly string[],
): number {
  const names = header.map((name) => name.toLowerCase());
  if (asked === undefined) {
    const plain = names.map(withoutUnit);
    const found = usual.find((name) => plain.includes(name));
    return found === undefined ? -1 : plain.indexOf(found);
  }
  const at = names.indexOf(asked.toLowerCase());
  if (at >= 0) return at;
  throw new TillwatchError('files.no_column', `${path} has no column "${asked}": it has ${header.join(', ')}`, {
    status: 400,
  });
}

/** "discharge capacity (ah)" is discharge_capacity. */
function withoutUnit(name: string): string {
  return name
    .replace(/[([].*$/, '')
    .trim()
    .replace(/[\s-]+/g, '_');
}

/** A fault in a row, named by file and line. */
export function badRow(path: string, line: number, what: string): TillwatchError {
  return new TillwatchError('files.bad_row', `${path}, line ${line}: ${what}`, { status: 400, context: { line } });
}
