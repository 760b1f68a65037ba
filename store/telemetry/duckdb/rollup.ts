import type { DuckDBConnection } from '@duckdb/node-api';
import type { RetentionPolicy } from '../../../contract/ports/telemetry-store.ts';
import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';
import { growthSql } from '../growth.ts';
import type { Catalog } from './catalog.ts';
import { type Files, type PeriodFile, rows } from './files.ts';
import { BUCKET_MS, DAY_MS, HOUR_MS, type Kind, MINUTE_MS } from './schema.ts';

// Rows of an hour that come later than this make the hour dirty; it is then rolled up again.
const GRACE_MS = 10 * MINUTE_MS;
// An outage may part two samples of a counter by as much as this and its growth is still seen.
const LOOK_BACK_MS = DAY_MS;

interface Span {
  readonly from: number;
  readonly to: number;
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
  const spans: { from: number; to: number }[] = [];
  for (const hour of [...hours].sort((a, b) => a - b)) {
    const from = hour * HOUR_MS;
    const last = spans.at(-1);
    if (last && last.to === from && from % DAY_MS !== 0) last.to += HOUR_MS;
    else spans.push({ from, to: from + HOUR_MS });
  }
  return spans;
}

/** Makes the rollups of one span, in place of those that were there; answers the files written. */
export async function rollUp(
  connection: DuckDBConnection,
  files: Files,
  catalog: Catalog,
  span: Span,
): Promise<PeriodFile[]> {
  const raw = files.find('raw', span.from);
  if (!raw) return [];
  const written: PeriodFile[] = [];
  for (const kind of ['r5m', 'r1h'] as const) {
    const target = await files.at(connection, kind, span.from);
    written.push(target);
    await connection.run('BEGIN TRANSACTION');
    try {
      for (const table of ['hb', 'ct', 'cu'] as const) {
        // Where the raw rows were dropped by age and some came later still, what is there is added to, not replaced.
        if (span.from >= catalog.rawSince) {
          await connection.run(`DELETE FROM ${target.alias}.${table} WHERE ts >= ${span.from} AND ts < ${span.to}`);
        }
        const select = SELECTS[table](BUCKET_MS[kind]);
        await connection.run(
          `INSERT INTO ${target.alias}.${table} (${select.map(([name]) => name).join(', ')}) ${statement(table, files, raw, span, select)}`,
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

function statement(
  table: 'hb' | 'ct' | 'cu',
  files: Files,
  raw: PeriodFile,
  { from, to }: Span,
  select: Select,
): string {
  const keys = table === 'cu' ? '1, 2, 3' : '1, 2';
  const list = select.map(([, expression]) => expression).join(', ');
  let source = `${raw.alias}.${table} WHERE ts >= ${from} AND ts < ${to}`;
  if (table === 'ct') {
    const reach = files.list('raw', from - LOOK_BACK_MS, to);
    const columns = COUNTER_COLUMNS.map(({ name }) => name).join(', ');
    const grown = COUNTER_COLUMNS.map(
      ({ name }) => `${growthSql(name, `lag(${name} IGNORE NULLS) OVER w`)} AS ${name}_inc`,
    ).join(', ');
    const scan = reach
      .map((f) => `SELECT tid, ts, ${columns} FROM ${f.alias}.ct WHERE ts >= ${from - LOOK_BACK_MS} AND ts < ${to}`)
      .join(' UNION ALL ');
    source = `(SELECT tid, ts, ${columns}, ${grown} FROM (${scan}) WINDOW w AS (PARTITION BY tid ORDER BY ts)) WHERE ts >= ${from}`;
  }
  return `SELECT ${list} FROM ${source} GROUP BY ${keys} ORDER BY ${keys}`;
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
