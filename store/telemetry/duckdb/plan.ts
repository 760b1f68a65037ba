import type { MetricDefinition } from '../../../contract/metrics.ts';
import type { Aggregate } from '../../../contract/ports/telemetry-store.ts';
import { growthSql } from '../growth.ts';
import { aggregateFor } from '../query.ts';
import type { Catalog } from './catalog.ts';
import type { Files, PeriodFile } from './files.ts';
import { BUCKET_MS, HOUR_MS, type Kind } from './schema.ts';

/** Where a span of time is read from. */
export interface Segment {
  readonly kind: 'raw' | 'r5m' | 'r1h';
  readonly from: number;
  readonly to: number;
  readonly files: readonly PeriodFile[];
}

// An increase needs the sample before the span; counters come every five minutes, or later after an outage.
export const LOOK_BACK_MS = 6 * HOUR_MS;

/** Splits [from, to) by where it is best read: the coarsest rollup whose buckets fit the step, finer where rollups do not reach yet. */
export function segmentsOf(
  files: Files,
  catalog: Catalog,
  from: number,
  to: number,
  stepMs: number | undefined,
): Segment[] {
  const oldest = (kind: Kind): number => files.list(kind)[0]?.from ?? Infinity;
  const raw = oldest('raw');
  const r5m = oldest('r5m');
  const rolled = catalog.rolledUpTo ?? 0;
  const fits = (bucket: number): boolean => stepMs !== undefined && stepMs % bucket === 0;
  const segments: Segment[] = [];
  const add = (kind: Segment['kind'], start: number, end: number): void => {
    if (start >= end) return;
    const found = files.list(kind, start, end);
    if (found.length > 0) segments.push({ kind, from: start, to: end, files: found });
  };
  // From here on each coarser resolution gives way to the next finer one.
  const endOf1h = clamp(fits(BUCKET_MS.r1h) ? rolled : Math.min(r5m, raw, rolled), from, to);
  const endOf5m = clamp(fits(BUCKET_MS.r5m) ? rolled : Math.min(raw, rolled), endOf1h, to);
  add('r1h', from, endOf1h);
  add('r5m', endOf1h, endOf5m);
  add('raw', endOf5m, to);
  return segments;
}

/** Metrics that one statement reads together. */
export interface Group {
  readonly table: 'hb' | 'ct' | 'cu';
  /** Number of the custom gauge's name. */
  readonly name: number | undefined;
  readonly metrics: readonly { readonly index: number; readonly metric: MetricDefinition; readonly how: Aggregate }[];
}

/** Groups metrics by the table they stand in; a custom gauge nobody ever sent is left out. */
export function groupsFor(
  metrics: readonly MetricDefinition[],
  asked: Aggregate | undefined,
  catalog: Catalog,
): Group[] {
  const groups = new Map<
    string,
    { table: Group['table']; name: number | undefined; metrics: Group['metrics'][number][] }
  >();
  metrics.forEach((metric, index) => {
    const custom = metric.group === 'custom';
    const name = custom ? catalog.words.get(metric.field) : undefined;
    if (custom && name === undefined) return;
    const table = custom ? 'cu' : metric.kind === 'counter' ? 'ct' : 'hb';
    const group = groups.get(`${table}${name}`) ?? { table, name, metrics: [] };
    groups.set(`${table}${name}`, group);
    group.metrics.push({ index, metric, how: aggregateFor(metric, asked) });
  });
  return [...groups.values()];
}

function columnOf(group: Group, metric: MetricDefinition): string {
  return group.table === 'cu' ? 'value' : metric.key.replace('.', '_');
}

/** Rows `tid, ts, a0, b0, a1, b1 …` of a segment: what each metric's buckets are made from (`finalOf`), filtered by `tids`. */
export function partialOf(segment: Segment, group: Group, tids: string, raw: readonly PeriodFile[]): string {
  const { kind, from, to, files } = segment;
  const named = group.name === undefined ? '' : ` AND name = ${group.name}`;
  const rolled = kind !== 'raw';
  const increases = group.metrics.some((m) => m.how === 'increase');
  const scan = (list: readonly PeriodFile[], start: number, columns: string): string =>
    list
      .map(
        (file) =>
          `SELECT tid, ts, ${columns} FROM ${file.alias}.${group.table} WHERE ts >= ${start} AND ts < ${to}${named} AND ${tids}`,
      )
      .join(' UNION ALL ');
  const parts = group.metrics.map(({ metric, how }, i) => {
    const column = columnOf(group, metric);
    if (!rolled)
      return how === 'increase'
        ? `${column} AS a${i}`
        : `${column} AS a${i}, (${column} IS NOT NULL)::INTEGER AS b${i}`;
    const source =
      how === 'increase'
        ? `${column}_inc`
        : metric.kind === 'gauge' && (how === 'min' || how === 'max')
          ? `${column}_${how}`
          : column;
    return `${source} AS a${i}, CASE WHEN ${column} IS NULL THEN 0 ELSE n END AS b${i}`;
  });
  if (rolled || !increases) return scan(files, from, parts.join(', '));
  // The sample before the first one may lie in the file before.
  const reach = raw.filter((file) => file.to > from - LOOK_BACK_MS && file.from < to);
  const shaped = group.metrics.map(({ how }, i) =>
    how === 'increase'
      ? `${growthSql(`a${i}`, `lag(a${i} IGNORE NULLS) OVER w`)} AS a${i}, 1 AS b${i}`
      : `a${i}, b${i}`,
  );
  return `SELECT * FROM (SELECT tid, ts, ${shaped.join(', ')} FROM (${scan(reach, from - LOOK_BACK_MS, parts.join(', '))}) WINDOW w AS (PARTITION BY tid ORDER BY ts)) WHERE ts >= ${from}`;
}

/** A bucket's value out of partial rows. */
export function finalOf(how: Aggregate, i: number): string {
  switch (how) {
    case 'mean':
      return `sum(a${i} * b${i}) / nullif(sum(b${i}), 0)`;
    case 'sum':
      return `sum(a${i} * b${i})`;
    case 'min':
      return `min(a${i})`;
    case 'max':
      return `max(a${i})`;
    case 'last':
      return `arg_max(a${i}, ts)`;
    case 'p50':
      return `quantile_cont(a${i}, 0.5)`;
    case 'p95':
      return `quantile_cont(a${i}, 0.95)`;
    case 'increase':
      return `sum(a${i})`;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
