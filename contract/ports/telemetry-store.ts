import type { Reading, ReadingBatch } from '../reading.ts';
import type { TenantId } from '../topics.ts';

export type Resolution = 'raw' | '5m' | '1h';
export type Aggregate = 'mean' | 'min' | 'max' | 'last' | 'sum' | 'p50' | 'p95' | 'increase';

export interface RangeQuery {
  readonly terminals: readonly string[];
  /** Keys of the metric catalogue or `custom.<name>`. */
  readonly metrics: readonly string[];
  /** ms UTC, inclusive. */
  readonly from: number;
  /** ms UTC, exclusive. */
  readonly to: number;
  /** Bucket width in ms; left out: the samples themselves. The store picks the coarsest resolution that still serves it. */
  readonly stepMs?: number;
  /**
   * How a bucket is made; default mean for gauges, increase for counters, last for words. An increase adds the growth between samples,
   * that from the sample before the range included; a step back of up to half is no growth, a larger one a beginning from zero.
   */
  readonly aggregate?: Aggregate;
}

export interface Series {
  readonly terminal: string;
  readonly metric: string;
  /** Event times (or bucket starts), ms UTC, rising. */
  readonly times: readonly number[];
  readonly values: readonly (number | string | null)[];
}

export interface Latest {
  readonly terminal: string;
  /** Event time of the newest heartbeat or counters message. */
  readonly ts: number;
  readonly values: Readonly<Record<string, number | string>>;
}

export interface AggregateQuery {
  readonly by: 'site' | 'model' | 'firmware' | 'carrier' | 'tenant';
  readonly metric: string;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** Over all samples of a group's terminals; `last`: the mean of each terminal's last. Servers make quantiles of the terminals' own. */
  readonly aggregate: Aggregate;
}

export interface GroupSeries {
  readonly group: string;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  /** Terminals that contributed. */
  readonly terminals: number;
}

export interface RetentionPolicy {
  /** Ages in ms after which each resolution is dropped. */
  readonly raw: number;
  readonly '5m': number;
  readonly '1h': number;
}

export interface TelemetryStats {
  readonly bytesOnDisk: number;
  readonly rows: number;
  readonly oldest: number | null;
  /** Memory that the engine holds within this process; left out where it runs elsewhere. */
  readonly memoryBytes?: number;
}

/**
 * Where readings become time series. Suite: `tests/ports/telemetry-store.ts`.
 * Errors: `telemetry.unavailable` (retryable), `telemetry.bad_query` (status 400, names the field), `telemetry.closed`.
 */
export interface TelemetryStore {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stores a journal batch; durable when resolved. A batch at or below `position(shard)` is a repeat and changes nothing. */
  write(batch: ReadingBatch): Promise<void>;
  /** Stores several consecutive batches of one shard at once. */
  writeAll(batches: readonly ReadingBatch[]): Promise<void>;
  /**
   * Journal position up to which a shard is surely stored; 0 at first. Adapters that cannot keep it answer the journal's own cursor, and
   * may be behind the last write for as long as their server keeps it in memory: a writer acknowledges no further than this.
   */
  position(shard: number): Promise<number>;
  latest(tenant: TenantId, terminals: readonly string[]): Promise<readonly Latest[]>;
  range(tenant: TenantId, query: RangeQuery): Promise<readonly Series[]>;
  aggregate(tenant: TenantId, query: AggregateQuery): Promise<readonly GroupSeries[]>;
  /** Events of a terminal, newest first. */
  events(tenant: TenantId, terminal: string, from: number, to: number, limit: number): Promise<readonly Reading[]>;
  /** Rolls up and drops what is over age; disk is really given back. */
  maintain(now: number): Promise<void>;
  /** Writes raw rows to a new file at `path`. Errors: `telemetry.export_unsupported`. */
  export(
    tenant: TenantId,
    format: 'parquet' | 'csv',
    path: string,
    from: number,
    to: number,
  ): Promise<{ rows: number }>;
  deleteTenant(tenant: TenantId): Promise<void>;
  stats(): Promise<TelemetryStats>;
}
