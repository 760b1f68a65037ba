import { TillwatchError } from '../../contract/errors.ts';
import { type MetricDefinition, metricOf } from '../../contract/metrics.ts';
import type { Aggregate, AggregateQuery, RangeQuery, RetentionPolicy } from '../../contract/ports/telemetry-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Raw a week, five minutes a month, hours two years. */
export const DEFAULT_RETENTION: RetentionPolicy = { raw: 7 * DAY, '5m': 31 * DAY, '1h': 730 * DAY };

const AGGREGATES: ReadonlySet<string> = new Set(['mean', 'min', 'max', 'last', 'sum', 'p50', 'p95', 'increase']);
const MOST_METRICS = 60;
const MOST_BUCKETS = 50_000;
const CUSTOM = /^custom\.[A-Za-z][A-Za-z0-9_]{0,47}$/;

function bad(field: string, message: string): TillwatchError {
  return new TillwatchError('telemetry.bad_query', `${field}: ${message}`, { context: { field }, status: 400 });
}

/** The catalogue's entry for a metric's key; throws `telemetry.bad_query`. */
export function knownMetric(key: string): MetricDefinition {
  const metric = metricOf(key);
  if (!metric || (key.startsWith('custom.') && !CUSTOM.test(key))) throw bad('metrics', `there is no metric "${key}"`);
  return metric;
}

function checkTimes(from: number, to: number, stepMs: number | undefined): void {
  if (!Number.isFinite(from) || from < 0) throw bad('from', 'must be ms since 1970');
  if (!Number.isFinite(to) || to <= from) throw bad('to', 'must lie after from');
  if (stepMs === undefined) return;
  if (!Number.isInteger(stepMs) || stepMs < 1000) throw bad('stepMs', 'must be a whole number of ms, at least 1000');
  if ((to - from) / stepMs > MOST_BUCKETS) throw bad('stepMs', `makes more than ${MOST_BUCKETS} buckets`);
}

/** How a metric's buckets are made when nobody says otherwise: mean of gauges, increase of counters, last of words. */
export function aggregateFor(metric: MetricDefinition, asked: Aggregate | undefined): Aggregate {
  if (metric.kind === 'text') return 'last';
  if (metric.kind === 'counter') return asked ?? 'increase';
  return asked ?? 'mean';
}

/** Throws `telemetry.bad_query` naming the first field that is wrong. */
export function checkRange(query: RangeQuery): readonly MetricDefinition[] {
  if (query.metrics.length === 0) throw bad('metrics', 'name at least one');
  if (query.metrics.length > MOST_METRICS) throw bad('metrics', `name at most ${MOST_METRICS}`);
  checkTimes(query.from, query.to, query.stepMs);
  if (query.aggregate !== undefined && !AGGREGATES.has(query.aggregate)) throw bad('aggregate', 'is not one of ours');
  const metrics = query.metrics.map(knownMetric);
  if (query.aggregate === 'increase' && metrics.some((m) => m.kind === 'gauge')) {
    throw bad('aggregate', 'increase is for counters');
  }
  return metrics;
}

/** Throws `telemetry.bad_query` naming the first field that is wrong. */
export function checkAggregate(query: AggregateQuery): MetricDefinition {
  checkTimes(query.from, query.to, query.stepMs);
  if (!AGGREGATES.has(query.aggregate)) throw bad('aggregate', 'is not one of ours');
  const metric = knownMetric(query.metric);
  if (metric.kind === 'text') throw bad('metric', 'words cannot be aggregated over a fleet');
  if (query.aggregate === 'increase' && metric.kind !== 'counter') throw bad('aggregate', 'increase is for counters');
  return metric;
}

/** Throws `telemetry.bad_retention`: each resolution must be kept at least as long as the finer one. */
export function checkRetention(policy: RetentionPolicy): RetentionPolicy {
  if (policy.raw >= DAY && policy['5m'] >= policy.raw && policy['1h'] >= policy['5m']) return policy;
  throw new TillwatchError(
    'telemetry.bad_retention',
    'retention: raw must be at least a day, 5m at least raw, and 1h at least 5m',
    { context: { ...policy } },
  );
}
