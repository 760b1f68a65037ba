import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Reading } from '../../../contract/reading.ts';
import { type TenantId, UP_CHANNELS, type UpChannel } from '../../../contract/topics.ts';
import { COUNTER_COLUMNS, type ColumnGroup, GAUGE_COLUMNS, groupsOf, TEXT_COLUMNS } from '../columns.ts';
import { rows } from './files.ts';
import { type Kind, PERIOD_MS } from './schema.ts';

/** Readings of a time, and whether they are what came or what rollups have kept of it. */
export interface HistoryPiece {
  readonly resolution: 'raw' | '5m' | '1h';
  readonly readings: readonly Reading[];
}

interface StoredFile {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

const NAME = /^(raw|ev|r5m|r1h)_(\d+)\.duckdb$/;
const RESOLUTION = { raw: 'raw', r5m: '5m', r1h: '1h' } as const;
const AT_ONCE = 4096;
const EMPTY = new Uint8Array();

/**
 * All that a telemetry directory holds from `from` on, as readings, by event time within each period: raw where there are raw rows; before
 * them five-minute means, and before those the hourly ones (counters as they stood at the end of each). For whoever takes a fleet elsewhere: the
 * directory must be in nobody's use and stays as it is. What was not stored is not there: the time of arrival (the event's own is given) and the message's number.
 */
export async function* readHistory(dir: string, from = 0): AsyncGenerator<HistoryPiece> {
  const files = filesOf(dir);
  const since = (kind: Kind): number =>
    Math.min(...files.filter((f) => f.kind === kind).map((f) => f.from), Number.POSITIVE_INFINITY);
  const until = { r1h: Math.min(since('r5m'), since('raw')), r5m: since('raw'), raw: Number.POSITIVE_INFINITY };
  const spill = mkdtempSync(join(tmpdir(), 'tillwatch-history-'));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    for (const kind of ['r1h', 'r5m', 'raw'] as const) {
      for (const file of files) {
        if (file.kind !== kind || file.to <= from || file.from >= until[kind]) continue;
        const span = { from: Math.max(from, file.from), to: Math.min(file.to, until[kind]) };
        const events = files.filter((f) => f.kind === 'ev' && f.to > span.from && f.from < span.to);
        for await (const readings of merged(await cursorsOf(instance, file, events, span))) {
          yield { resolution: RESOLUTION[kind], readings };
        }
      }
    }
  } finally {
    instance.closeSync();
    rmSync(spill, { recursive: true, force: true });
  }
}

function filesOf(dir: string): StoredFile[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .flatMap((name) => {
      const match = NAME.exec(name);
      if (!match) return [];
      const kind = match[1] as Kind;
      const from = Number(match[2]) * PERIOD_MS[kind];
      return [{ kind, from, to: from + PERIOD_MS[kind], path: join(dir, name) }];
    })
    .sort((a, b) => a.from - b.from);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A table's rows as readings, by event time, a chunk at a time. */
type Cursor = AsyncGenerator<readonly Reading[]>;

async function cursorsOf(
  instance: DuckDBInstance,
  file: StoredFile,
  events: readonly StoredFile[],
  span: Span,
): Promise<Cursor[]> {
  // A connection streams one result at a time, so each cursor has its own.
  const connections: DuckDBConnection[] = [];
  for (let i = 0; i < 2 + events.length; i++) connections.push(await instance.connect());
  const [beats, counts, ...others] = connections as [DuckDBConnection, DuckDBConnection, ...DuckDBConnection[]];
  const alias = await attach(beats, file);
  const cursors = [
    numbers(beats, alias, 'heartbeat', await customSql(beats, alias, span), span),
    numbers(counts, alias, 'counters', undefined, span),
  ];
  for (const [i, one] of events.entries()) {
    cursors.push(eventsOf(others[i]!, await attach(others[i]!, one), span));
  }
  return cursors;
}

async function attach(connection: DuckDBConnection, { path, kind, from }: StoredFile): Promise<string> {
  const alias = `${kind}_${from / PERIOD_MS[kind]}`;
  await connection.run(`ATTACH IF NOT EXISTS '${path.replaceAll("'", "''")}' AS ${alias} (READ_ONLY)`);
  return alias;
}

const within = ({ from, to }: Span): string => `ts >= ${from} AND ts < ${to}`;

/** Custom gauges of a heartbeat, which are rows of their own; undefined where nobody sends any. */
async function customSql(connection: DuckDBConnection, alias: string, span: Span): Promise<string | undefined> {
  const [found] = await rows<[bigint]>(connection, `SELECT count(*) FROM ${alias}.cu WHERE ${within(span)}`);
  if (!found || Number(found[0]) === 0) return undefined;
  return `SELECT c.tid, c.ts, list(w.text)::JSON::VARCHAR AS names, list(c.value)::JSON::VARCHAR AS amounts
    FROM ${alias}.cu c JOIN (SELECT id, any_value(text) AS text FROM ${alias}.word GROUP BY id) w ON w.id = c.name
    WHERE ${within(span)} GROUP BY c.tid, c.ts`;
}

interface Names {
  readonly terminals: ReadonlyMap<number, { readonly tenant: TenantId; readonly terminal: string }>;
  readonly words: ReadonlyMap<number, string>;
}

async function namesOf(connection: DuckDBConnection, alias: string, words: boolean): Promise<Names> {
  const terminals = await rows<[number, string, string]>(
    connection,
    `SELECT tid, tenant, terminal FROM ${alias}.terminal`,
  );
  const texts = words ? await rows<[number, string]>(connection, `SELECT id, text FROM ${alias}.word`) : [];
  return {
    terminals: new Map(terminals.map(([id, tenant, terminal]) => [id, { tenant: tenant as TenantId, terminal }])),
    words: new Map(texts),
  };
}

async function* numbers(
  connection: DuckDBConnection,
  alias: string,
  channel: 'heartbeat' | 'counters',
  custom: string | undefined,
  span: Span,
): Cursor {
  const table = channel === 'heartbeat' ? 'hb' : 'ct';
  const stored = new Set(
    (
      await rows<[string]>(
        connection,
        `SELECT column_name FROM duckdb_columns() WHERE database_name = '${alias}' AND table_name = '${table}'`,
      )
    ).map(([name]) => name),
  );
  // A file is only as wide as the catalogue of metrics was when it was written.
  const have = (channel === 'heartbeat' ? [...GAUGE_COLUMNS, ...TEXT_COLUMNS] : COUNTER_COLUMNS).filter((c) =>
    stored.has(c.name),
  );
  const groups = groupsOf(have);
  const textFrom = channel === 'heartbeat' ? GAUGE_COLUMNS.filter((c) => stored.has(c.name)).length : have.length;
  const names = await namesOf(connection, alias, true);
  const fields = [`t.ts::DOUBLE`, 't.tid', ...have.map((c) => `t.${c.name}`)];
  const from = custom
    ? `${alias}.${table} t LEFT JOIN (${custom}) c ON c.tid = t.tid AND c.ts = t.ts`
    : `${alias}.${table} t`;
  const sql = `SELECT ${[...fields, ...(custom ? ['c.names', 'c.amounts'] : [])].join(', ')} FROM ${from}
    WHERE t.ts >= ${span.from} AND t.ts < ${span.to} ORDER BY t.ts, t.tid`;
  for await (const columns of chunks(connection, sql)) {
    const [times, tids] = columns as [number[], number[]];
    const at = columns.slice(2);
    const readings: Reading[] = [];
    times.forEach((ts, row) => {
      const who = names.terminals.get(tids[row]!);
      if (!who) return;
      const payload: Record<string, unknown> = { ts, ...payloadOf(groups, at, row, textFrom, names.words) };
      const own = custom ? customOf(at[have.length]?.[row], at[have.length + 1]?.[row]) : undefined;
      if (own) payload.custom = own;
      readings.push(readingOf(channel, who, ts, ts, payload));
    });
    yield readings;
  }
}

function payloadOf(
  groups: readonly ColumnGroup[],
  columns: readonly (readonly DuckDBValue[])[],
  row: number,
  textFrom: number,
  words: ReadonlyMap<number, string>,
): Record<string, Record<string, unknown>> {
  const payload: Record<string, Record<string, unknown>> = {};
  for (const { group, fields } of groups) {
    for (const { field, index } of fields) {
      const value = columns[index]![row];
      if (value === null || value === undefined) continue;
      const told = index < textFrom ? value : words.get(value as number);
      if (told === undefined) continue;
      const source = payload[group] ?? {};
      payload[group] = source;
      source[field] = told;
    }
  }
  return payload;
}

function customOf(
  names: DuckDBValue | undefined,
  amounts: DuckDBValue | undefined,
): Record<string, number> | undefined {
  if (typeof names !== 'string' || typeof amounts !== 'string') return undefined;
  const values = JSON.parse(amounts) as number[];
  return Object.fromEntries((JSON.parse(names) as string[]).map((name, i) => [name, values[i]!]));
}

async function* eventsOf(connection: DuckDBConnection, alias: string, span: Span): Cursor {
  const names = await namesOf(connection, alias, false);
  const sql = `SELECT ts::DOUBLE, tid, received_at::DOUBLE, channel, payload FROM ${alias}.ev WHERE ${within(span)} ORDER BY ts, tid`;
  for await (const columns of chunks(connection, sql)) {
    const [times, tids, arrivals, channels, payloads] = columns as [number[], number[], number[], number[], string[]];
    yield times.flatMap((ts, row) => {
      const who = names.terminals.get(tids[row]!);
      const channel = UP_CHANNELS[channels[row]!];
      return who && channel
        ? [readingOf(channel, who, ts, arrivals[row]!, JSON.parse(payloads[row]!) as Record<string, unknown>)]
        : [];
    });
  }
}

function readingOf(
  channel: UpChannel,
  { tenant, terminal }: { readonly tenant: TenantId; readonly terminal: string },
  ts: number,
  receivedAt: number,
  payload: Record<string, unknown>,
): Reading {
  const { boot = '', seq = 0 } = payload;
  // The wire contract was held to when the message came; what is stored is what it let through.
  return { tenant, terminal, channel, ts, receivedAt, boot, seq, payload, raw: EMPTY } as unknown as Reading;
}

async function* chunks(connection: DuckDBConnection, sql: string): AsyncGenerator<readonly DuckDBValue[][]> {
  const result = await connection.stream(sql);
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getColumns();
    }
  } finally {
    connection.closeSync();
  }
}

/** Readings of several cursors in one order of time, some thousands at once. */
async function* merged(cursors: readonly Cursor[]): AsyncGenerator<readonly Reading[]> {
  const heads: { readonly cursor: Cursor; chunk: readonly Reading[]; at: number }[] = [];
  const refill = async (head: (typeof heads)[number]): Promise<boolean> => {
    for (;;) {
      const next = await head.cursor.next();
      if (next.done) return false;
      head.chunk = next.value;
      head.at = 0;
      if (head.chunk.length > 0) return true;
    }
  };
  for (const cursor of cursors) {
    const head = { cursor, chunk: [], at: 0 };
    if (await refill(head)) heads.push(head);
  }
  let out: Reading[] = [];
  while (heads.length > 0) {
    let first = heads[0]!;
    for (const head of heads) if (head.chunk[head.at]!.ts < first.chunk[first.at]!.ts) first = head;
    out.push(first.chunk[first.at++]!);
    if (first.at === first.chunk.length && !(await refill(first))) heads.splice(heads.indexOf(first), 1);
    if (out.length >= AT_ONCE) {
      yield out;
      out = [];
    }
  }
  if (out.length > 0) yield out;
}
