import type { DuckDBConnection } from '@duckdb/node-api';
import type { MetricDefinition } from '../../../contract/metrics.ts';
import type { AggregateQuery, GroupSeries, RangeQuery, Series } from '../../../contract/ports/telemetry-store.ts';
import { ColumnAppender, type Source } from './append.ts';
import type { Catalog } from './catalog.ts';
import { type Files, rows } from './files.ts';
import { finalOf, groupsFor, partialOf, segmentsOf } from './plan.ts';

/** Series of terminals: one for each terminal and metric asked for, empty where there is nothing. */
export async function readRange(
  connection: DuckDBConnection,
  catalog: Catalog,
  files: Files,
  tenant: string,
  query: RangeQuery,
  metrics: readonly MetricDefinition[],
): Promise<Series[]> {
  const { from, to, stepMs } = query;
  const series = query.terminals.map((terminal) =>
    metrics.map((metric) => ({
      terminal,
      metric: metric.key,
      times: [] as number[],
      values: [] as (number | string | null)[],
    })),
  );
  const place = new Map<number, number>();
  query.terminals.forEach((terminal, i) => {
    const tid = catalog.terminals.get(`${tenant}/${terminal}`);
    if (tid !== undefined) place.set(tid, i);
  });
  if (place.size > 0) {
    const tids = `tid IN (${[...place.keys()].join(',')})`;
    const segments = segmentsOf(files, catalog, from, to, stepMs);
    const raw = files.list('raw');
    for (const group of groupsFor(metrics, stepMs === undefined ? 'last' : query.aggregate, catalog)) {
      if (segments.length === 0) break;
      const partial = segments.map((segment) => partialOf(segment, group, tids, raw)).join(' UNION ALL ');
      const values = group.metrics.map(({ how }, i) => `${stepMs === undefined ? `a${i}` : finalOf(how, i)} AS v${i}`);
      const sql =
        stepMs === undefined
          ? `SELECT tid, ts::DOUBLE, ${values.join(', ')} FROM (${partial}) ORDER BY tid, ts`
          : `SELECT tid, (ts - ts % ${stepMs})::DOUBLE AS bucket, ${values.join(', ')} FROM (${partial}) GROUP BY tid, bucket ORDER BY tid, bucket`;
      for (const [tid, time, ...found] of await rows<[number, number, ...(number | null)[]]>(connection, sql)) {
        const its = series[place.get(tid)!]!;
        group.metrics.forEach(({ index, metric }, i) => {
          const value = found[i];
          if (value === null || value === undefined) return;
          its[index]!.times.push(time);
          its[index]!.values.push(metric.kind === 'text' ? (catalog.texts[value] ?? null) : value);
        });
      }
    }
  }
  return series.flat();
}

/** Which group each terminal of a tenant is in: codes by position of the terminal in `tids`. */
export interface Membership {
  readonly tids: Int32Array<ArrayBuffer>;
  /** Index into `groups`, −1 for none. */
  readonly codes: Int32Array<ArrayBuffer>;
  readonly groups: readonly string[];
}

/** Series of groups of a tenant's terminals, by their present place, model, firmware or carrier. */
export async function readAggregate(
  connection: DuckDBConnection,
  catalog: Catalog,
  files: Files,
  query: AggregateQuery,
  metric: MetricDefinition,
  membership: Membership,
): Promise<GroupSeries[]> {
  const { from, to, stepMs, aggregate } = query;
  const segments = segmentsOf(files, catalog, from, to, stepMs);
  const group = groupsFor([metric], aggregate, catalog)[0];
  if (segments.length === 0 || !group || membership.tids.length === 0) return [];
  await connection.run('CREATE OR REPLACE TEMP TABLE member (tid INTEGER, g INTEGER)');
  await fillMembers(connection, membership);
  const raw = files.list('raw');
  const partial = segments.map((segment) => partialOf(segment, group, 'true', raw)).join(' UNION ALL ');
  const joined = `(${partial}) JOIN member USING (tid)`;
  const bucket = `(ts - ts % ${stepMs})::DOUBLE AS bucket`;
  // A fleet's last is the mean of its terminals' last: the newest sample of a group would be one terminal's alone.
  const value =
    aggregate === 'last'
      ? `SELECT g, bucket, avg(v) FROM (SELECT g, tid, ${bucket}, ${finalOf('last', 0)} AS v FROM ${joined} GROUP BY g, tid, bucket) GROUP BY g, bucket`
      : `SELECT g, ${bucket}, ${finalOf(aggregate, 0)} FROM ${joined} GROUP BY g, bucket`;
  const found = await rows<[number, number, number | null]>(connection, `${value} ORDER BY g, bucket`);
  const counts = new Map(
    await rows<[number, number]>(
      connection,
      `SELECT g, count(*)::INTEGER FROM (SELECT DISTINCT g, tid FROM ${joined} WHERE a0 IS NOT NULL) GROUP BY g`,
    ),
  );
  const byGroup = new Map<number, { times: number[]; values: (number | null)[] }>();
  for (const [code, time, value] of found) {
    const one = byGroup.get(code) ?? { times: [], values: [] };
    byGroup.set(code, one);
    one.times.push(time);
    one.values.push(value);
  }
  return [...byGroup]
    .filter(([code]) => (counts.get(code) ?? 0) > 0)
    .map(([code, one]) => ({ group: membership.groups[code]!, ...one, terminals: counts.get(code) ?? 0 }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

async function fillMembers(connection: DuckDBConnection, { tids, codes }: Membership): Promise<void> {
  const picked = Int32Array.from(codes.keys()).filter((i) => codes[i]! >= 0);
  const sources = new Map<string, Source>([
    ['tid', { type: 'INTEGER', values: tids }],
    ['g', { type: 'INTEGER', values: codes }],
  ]);
  await new ColumnAppender(connection).append('temp', 'member', ['tid', 'g'], sources, tids.length, picked);
}

export interface EventRow {
  readonly ts: number;
  readonly receivedAt: number;
  readonly channel: number;
  readonly payload: string;
}

/** Rows of one channel of a terminal, newest first. */
export async function readEvents(
  connection: DuckDBConnection,
  catalog: Catalog,
  files: Files,
  name: string,
  channel: number,
  from: number,
  to: number,
  limit: number,
): Promise<EventRow[]> {
  const tid = catalog.terminals.get(name);
  if (tid === undefined) return [];
  const found: EventRow[] = [];
  for (const file of files.list('ev', from, to).reverse()) {
    const some = await rows<[number, number, number, string]>(
      connection,
      `SELECT ts::DOUBLE, received_at::DOUBLE, channel, payload FROM ${file.alias}.ev
       WHERE tid = ${tid} AND channel = ${channel} AND ts >= ${from} AND ts < ${to} ORDER BY ts DESC LIMIT ${limit - found.length}`,
    );
    for (const [ts, receivedAt, code, payload] of some) found.push({ ts, receivedAt, channel: code, payload });
    if (found.length >= limit) break;
  }
  return found;
}
