import type { DuckDBConnection } from '@duckdb/node-api';
import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';
import { type Files, type PeriodFile, rows } from './files.ts';

/** Writes a tenant's raw rows of [from, to) to a new file: `tenant, terminal, ts, channel`, then a column a metric; a row for each custom gauge. */
export async function exportRows(
  connection: DuckDBConnection,
  files: Files,
  tenant: string,
  format: 'parquet' | 'csv',
  path: string,
  from: number,
  to: number,
): Promise<{ rows: number }> {
  const owner = literal(tenant);
  const list = files.list('raw', from, to);
  const selects = list.flatMap((file) => [
    select(file, 'hb', 'heartbeat', owner, from, to, [
      ...GAUGE_COLUMNS.map((c) => `t.${c.name} AS "${c.key}"`),
      ...TEXT_COLUMNS.map((c) => `${word(file, `t.${c.name}`)} AS "${c.key}"`),
    ]),
    select(
      file,
      'ct',
      'counters',
      owner,
      from,
      to,
      COUNTER_COLUMNS.map((c) => `t.${c.name} AS "${c.key}"`),
    ),
    select(file, 'cu', 'custom', owner, from, to, [
      `${word(file, 't.name')} AS custom_name`,
      't.value AS custom_value',
    ]),
  ]);
  const empty = `SELECT NULL::VARCHAR AS tenant, NULL::VARCHAR AS terminal, NULL::TIMESTAMP_MS AS ts, NULL::VARCHAR AS channel WHERE false`;
  const source = [empty, ...selects].join(' UNION ALL BY NAME ');
  const options = format === 'parquet' ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv, HEADER';
  const [row] = await rows<[bigint]>(
    connection,
    `COPY (SELECT * FROM (${source}) ORDER BY terminal, ts) TO ${literal(path)} (${options})`,
  );
  return { rows: Number(row?.[0] ?? 0) };
}

function select(
  file: PeriodFile,
  table: string,
  channel: string,
  owner: string,
  from: number,
  to: number,
  columns: readonly string[],
): string {
  return `SELECT n.tenant, n.terminal, make_timestamp_ms(t.ts)::TIMESTAMP_MS AS ts, '${channel}' AS channel, ${columns.join(', ')}
    FROM ${file.alias}.${table} t JOIN ${file.alias}.terminal n ON n.tid = t.tid
    WHERE n.tenant = ${owner} AND t.ts >= ${from} AND t.ts < ${to}`;
}

function word(file: PeriodFile, code: string): string {
  return `(SELECT max(w.text) FROM ${file.alias}.word w WHERE w.id = ${code})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
