import type { DuckDBConnection } from '@duckdb/node-api';
import type { RetentionPolicy } from '../../../contract/ports/telemetry-store.ts';
import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';
import { growthSql } from '../growth.ts';
import type { Catalog } from './catalog.ts';
import { type Files, type PeriodFile, rows } from './files.ts';
import { BUCKET_MS, DAY_MS, HOUR_MS, type Kind, MINUTE_MS } from './schema.ts';

// Rows of an hour that come later than this make the hour dirty; it is then rolled up again.
const GRACE_MS = 10 * MINUTE_MS;
// A counter's sample before the span is looked for among the raw rows of the hour before, and further back in the hourly rollups.
const RAW_LOOK_BACK_MS = HOUR_MS;
const LOOK_BACK_MS = DAY_MS;
// Groups that one statement keeps in memory at once: each has some eighty aggregates.
const GROUPS_AT_ONCE = 120_000;

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is rolled up in one transaction: hours of a span, of terminals whose numbers lie in [tidFrom, tidTo). */
export interface Piece extends Span {
  readonly tidFrom: number;
  readonly tidTo: number;
}

/** Cuts a span so that memory stays bounded however large the fleet is, and writers need not wait long. */
export function* piecesOf(span: Span, terminals: number): Generator<Piece> {
  const perHour = HOUR_MS / BUCKET_MS.r5m;
  const hours = Math.max(1, Math.floor(GROUPS_AT_ONCE / (perHour * Math.max(1, terminals))));
  const tids = Math.floor(GROUPS_AT_ONCE / perHour);
  for (let from = span.from; from < span.to; from += hours * HOUR_MS) {
    const to = Math.min(span.to, from + hours * HOUR_MS);
    for (let tid = 0; tid === 0 || tid < terminals; tid += tids) yield { from, to, tidFrom: tid, tidTo: tid + tids };
  }
}

/**
 * The runs of hours of a span in which there are raw rows: on a first day, or after a night without any, the others would cost a large fleet
 * hundreds of statements each, for nothing.
 */
export async function filledSpans(connection: DuckDBConnection, files: Files, span: Span): Promise<Span[]> {
  const raw = files.find('raw', span.from);
  if (!raw) return [];
  const hours = ['hb', 'ct', 'cu'].map(
    (table) =>
      `SELECT ts - ts % ${HOUR_MS} AS hour FROM ${raw.alias}.${table} WHERE ts >= ${span.from} AND ts < ${span.to}`,
  );
  const found = await rows<[number]>(connection, `SELECT hour::DOUBLE FROM (${hours.join(' UNION ')}) ORDER BY hour`);
  return runsOf(found.map(([hour]) => hour));
}

/** Hours (ms, rising) as spans; none crosses a day. */
function runsOf(hours: readonly number[]): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const from of hours) {
    const last = spans.at(-1);
    if (last && last.to === from && from % DAY_MS !== 0) last.to += HOUR_MS;
    else spans.push({ from, to: from + HOUR_MS });
  }
  return spans;
}

/** Spans of whole hours that want rolling up: those since the last time, and those that late rows made dirty; none crosses a day. */
export function spansToRoll(catalog: Catalog, rawFiles: readonly PeriodFile[], now: number): Span[] {
  const target = Math.floor((now - GRACE_MS) / HOUR_MS);
  const first = rawFiles[0];
  if (!first) return [];
  const hours = new Set([...catalog.dirty].filter((hour) => hour < target));
  const start = Math.floor((catalog.rolledUpTo ?? first.from) / HOUR_MS);
  for (const file of rawFiles) {
    for (let hour = Math.max(start, file.from / HOUR_MS); hour < Math.min(target, file.to / HOUR_MS); hour++)
      hours.add(hour);
  }
  return runsOf([...hours].sort((a, b) => a - b).map((hour) => hour * HOUR_MS));
}

/** Makes the rollups of one piece, in place of those that were there; answers the files written. */
export async function rollUp(
  connection: DuckDBConnection,
  files: Files,
  catalog: Catalog,
  piece: Piece,
): Promise<PeriodFile[]> {
  const raw = files.find('raw', piece.from);
  if (!raw) return [];
  const written: PeriodFile[] = [];
  for (const kind of ['r5m', 'r1h'] as const) {
    const target = await files.at(connection, kind, piece.from);
    written.push(target);
    await connection.run('BEGIN TRANSACTION');
    try {
      for (const table of ['hb', 'ct', 'cu'] as const) {
        // Where the raw rows were dropped by age and some came later still, what is there is added to, not replaced.
        if (piece.from >= catalog.rawSince) {
          await connection.run(`DELETE FROM ${target.alias}.${table} WHERE ${within(piece)}`);
        }
        const select = SELECTS[table](BUCKET_MS[kind]);
        await connection.run(
          `INSERT INTO ${target.alias}.${table} (${select.map(([name]) => name).join(', ')}) ${statement(table, files, raw, piece, select)}`,
        );
      }
      await connection.run(
        `INSERT INTO ${target.alias}.terminal SELECT * FROM ${raw.alias}.terminal WHERE tid NOT IN (SELECT tid FROM ${target.alias}.terminal)`,
      );
      await connection.run(
        `INSERT INTO ${target.alias}.word SELECT * FROM ${raw.alias}.word WHERE id NOT IN (SELECT id FROM ${target.alias}.word)`,
      );
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  }
  return written;
}

type Select = readonly (readonly [column: string, expression: string])[];

const SELECTS: Readonly<Record<'hb' | 'ct' | 'cu', (bucket: number) => Select>> = {
  hb: (bucket) => [
    ['tid', 'tid'],
    ['ts', `ts - ts % ${bucket}`],
    ['n', 'count(*)'],
    // Means have endless decimals, which do not compress; a thousandth is finer than any of these is measured.
    ...GAUGE_COLUMNS.flatMap(
      ({ name }): Select => [
        [name, `round(avg(${name}), 3)`],
        [`${name}_min`, `min(${name})`],
        [`${name}_max`, `max(${name})`],
      ],
    ),
    ...TEXT_COLUMNS.map(({ name }) => [name, `arg_max(${name}, ts)`] as const),
  ],
  ct: (bucket) => [
    ['tid', 'tid'],
    ['ts', `ts - ts % ${bucket}`],
    ['n', 'count(*)'],
    ...COUNTER_COLUMNS.flatMap(
      ({ name }): Select => [
        [name, `arg_max(${name}, ts)`],
        [`${name}_inc`, `sum(${name}_inc)`],
      ],
    ),
  ],
  cu: (bucket) => [
    ['tid', 'tid'],
    ['ts', `ts - ts % ${bucket}`],
    ['name', 'name'],
    ['n', 'count(*)'],
    ['value', 'avg(value)'],
    ['value_min', 'min(value)'],
    ['value_max', 'max(value)'],
  ],
};

function statement(table: 'hb' | 'ct' | 'cu', files: Files, raw: PeriodFile, piece: Piece, select: Select): string {
  const { from, to, tidFrom, tidTo } = piece;
  const keys = table === 'cu' ? '1, 2, 3' : '1, 2';
  const list = select.map(([, expression]) => expression).join(', ');
  let source = `${raw.alias}.${table} WHERE ${within(piece)}`;
  if (table === 'ct') {
    const tids = `tid >= ${tidFrom} AND tid < ${tidTo}`;
    const since = from - RAW_LOOK_BACK_MS;
    const columns = COUNTER_COLUMNS.map(({ name }) => name).join(', ');
    const grown = COUNTER_COLUMNS.map(
      ({ name }) => `${growthSql(name, `lag(${name} IGNORE NULLS) OVER w`)} AS ${name}_inc`,
    ).join(', ');
    const scan = [
      ...files
        .list('raw', since, to)
        .map((f) => `SELECT tid, ts, ${columns} FROM ${f.alias}.ct WHERE ts >= ${since} AND ts < ${to} AND ${tids}`),
      ...files
        .list('r1h', from - LOOK_BACK_MS, since)
        .map(
          (f) =>
            `SELECT tid, ts, ${columns} FROM ${f.alias}.ct WHERE ts >= ${from - LOOK_BACK_MS} AND ts < ${since} AND ${tids}`,
        ),
    ].join(' UNION ALL ');
    source = `(SELECT tid, ts, ${columns}, ${grown} FROM (${scan}) WINDOW w AS (PARTITION BY tid ORDER BY ts)) WHERE ts >= ${from}`;
  }
  return `SELECT ${list} FROM ${source} GROUP BY ${keys} ORDER BY ${keys}`;
}

function within({ from, to, tidFrom, tidTo }: Piece): string {
  return `ts >= ${from} AND ts < ${to} AND tid >= ${tidFrom} AND tid < ${tidTo}`;
}

/** Files that are over age; raw ones only once they are rolled up. */
export function overAge(files: Files, catalog: Catalog, policy: RetentionPolicy, now: number): PeriodFile[] {
  const ages: Readonly<Record<Kind, number>> = {
    raw: policy.raw,
    ev: policy['1h'],
    r5m: policy['5m'],
    r1h: policy['1h'],
  };
  return files
    .all()
    .filter((file) => file.to <= now - ages[file.kind])
    .filter((file) => file.kind !== 'raw' || file.to <= (catalog.rolledUpTo ?? 0));
}

/** Time of the oldest row that is kept, null when there is none. */
export async function oldestRow(connection: DuckDBConnection, files: Files): Promise<number | null> {
  let oldest: number | null = null;
  for (const kind of ['raw', 'r5m', 'r1h'] as const) {
    const file = files.list(kind)[0];
    if (!file) continue;
    for (const table of ['hb', 'ct']) {
      const [row] = await rows<[number | null]>(connection, `SELECT min(ts)::DOUBLE FROM ${file.alias}.${table}`);
      if (row?.[0] !== null && row?.[0] !== undefined) oldest = Math.min(oldest ?? Infinity, row[0]);
    }
  }
  return oldest;
}
