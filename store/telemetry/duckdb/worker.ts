import { messageOf, TillwatchError } from '../../../contract/errors.ts';
import type { MetricDefinition } from '../../../contract/metrics.ts';
import type { AggregateQuery, RangeQuery } from '../../../contract/ports/telemetry-store.ts';
import { closeThread, letGo, serve, threadData } from '../../thread/serve.ts';
import { buffersOf, type RowSet } from '../rows.ts';
import { Engine, type EngineOptions } from './engine.ts';
import type { FileDamage } from './files.ts';
import type { Membership } from './read.ts';

let engine: Engine | undefined;

function opened(): Engine {
  if (!engine) throw new TillwatchError('telemetry.closed', 'the telemetry store is not open');
  return engine;
}

/** Gives DuckDB's errors our codes. After a fatal one the instance is of no use: the thread ends, and the next call opens another. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TillwatchError) throw error;
    const message = messageOf(error);
    const fatal = /FATAL|INTERNAL Error|database has been invalidated/i.test(message);
    // Given time for the answer to cross.
    if (fatal) setTimeout(() => process.exit(1), 50);
    const passing = fatal || /IO Error|No space|Out of Memory|could not allocate|Conflict|interrupted/i.test(message);
    throw new TillwatchError(passing ? 'telemetry.unavailable' : 'telemetry.failed', message, {
      retryable: passing,
      status: passing ? 503 : 500,
      cause: error,
    });
  }
}

serve(
  {
    open: (): Promise<readonly FileDamage[]> =>
      guarded(async () => {
        engine = await Engine.open(threadData<EngineOptions>());
        return engine.damages;
      }),
    write: (set: RowSet) => guarded(() => opened().write(set)).finally(() => letGo(buffersOf(set))),
    position: (shard: number) => opened().position(shard),
    latest: (tenant: string, terminals: readonly string[]) => guarded(() => opened().latest(tenant, terminals)),
    range: (tenant: string, query: RangeQuery, metrics: readonly MetricDefinition[]) =>
      guarded(() => opened().range(tenant, query, metrics)),
    terminals: (tenant: string, after: number) => opened().terminals(tenant, after),
    aggregate: (query: AggregateQuery, metric: MetricDefinition, membership: Membership) =>
      guarded(() => opened().aggregate(query, metric, membership)),
    events: (name: string, channel: number, from: number, to: number, limit: number) =>
      guarded(() => opened().events(name, channel, from, to, limit)),
    maintain: (now: number) => guarded(() => opened().maintain(now)),
    export: (tenant: string, format: 'parquet' | 'csv', path: string, from: number, to: number) =>
      guarded(() => opened().export(tenant, format, path, from, to)),
    deleteTenant: (tenant: string) => guarded(() => opened().deleteTenant(tenant)),
    copyTo: (dir: string) => guarded(() => opened().copyTo(dir)),
    stats: () => guarded(() => opened().stats()),
    async close(): Promise<void> {
      const closing = engine;
      engine = undefined;
      await closing?.close();
      closeThread();
    },
  },
  'telemetry.failed',
);
