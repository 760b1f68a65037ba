import { TillwatchError } from '../../../contract/errors.ts';
import type { Directory } from '../../../contract/ports/directory.ts';
import type {
  AggregateQuery,
  GroupSeries,
  Latest,
  RetentionPolicy,
  Series,
  TelemetryStats,
  TelemetryStore,
} from '../../../contract/ports/telemetry-store.ts';
import { UP_CHANNELS } from '../../../contract/topics.ts';
import { openThread, type Thread, workerUrl } from '../../thread/thread.ts';
import { eventReading } from '../events.ts';
import { checkAggregate, checkRange, checkRetention, DEFAULT_RETENTION } from '../query.ts';
import { buffersOf, rowsOf } from '../rows.ts';
import type { EngineOptions } from './engine.ts';
import type { FileDamage } from './files.ts';
import type { EventRow, Membership } from './read.ts';

export interface DuckDbTelemetryOptions {
  /** Directory of the period files; belongs to one process. */
  readonly dir: string;
  /** Tells where terminals are and what they are, for aggregates. */
  readonly directory: Directory;
  readonly retention?: RetentionPolicy;
  /** Memory that DuckDB may take. Default 512 MB. */
  readonly memoryMb?: number;
  /** Threads of DuckDB's own. Default 2. */
  readonly threads?: number;
  /** Told of files that could not be read and were put aside; what the journal still has of them is filled in again. */
  readonly onDamage?: (damage: FileDamage) => void;
}

/** The store, and a copy of its files while it runs. */
export interface DuckDbTelemetry extends TelemetryStore {
  /** Copies all files to a directory as of one moment; writes wait meanwhile. */
  copyTo(dir: string): Promise<void>;
}

/** Telemetry in DuckDB files, one a period, in a worker thread. */
export function createDuckDbTelemetry(options: DuckDbTelemetryOptions): DuckDbTelemetry {
  const data: EngineOptions = {
    dir: options.dir,
    retention: checkRetention(options.retention ?? DEFAULT_RETENTION),
    memoryMb: options.memoryMb ?? 512,
    threads: options.threads ?? 2,
  };
  let thread: Promise<Thread> | undefined;
  let running = false;
  const known = new Map<string, { tids: number[]; terminals: string[] }>();

  const open = async (): Promise<Thread> => {
    known.clear();
    const opening = openThread(workerUrl(import.meta.url, './worker'), data, {
      died: 'telemetry.unavailable',
      closed: 'telemetry.closed',
      name: 'telemetry',
    });
    try {
      for (const damage of await opening.call<readonly FileDamage[]>('open')) options.onDamage?.(damage);
      return opening;
    } catch (error) {
      await opening.close();
      throw error;
    }
  };

  const current = async (): Promise<Thread> => {
    if (!running) throw new TillwatchError('telemetry.closed', 'the telemetry store is not open');
    const opened = await thread?.catch(() => undefined);
    if (opened && !opened.ended) return opened;
    // The thread ended by itself after a fatal error: what was committed is in the files.
    thread = open();
    return thread;
  };

  const call = async <T>(
    method: string,
    args: readonly unknown[] = [],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<T> => (await current()).call<T>(method, args, transfer);

  /** Numbers are given once and never again, so that only new terminals have to be asked for. */
  const terminalsOf = async (tenant: string): Promise<{ tids: number[]; terminals: string[] }> => {
    const after = known.get(tenant)?.tids.at(-1) ?? -1;
    const more = await call<{ tids: number[]; terminals: string[] }>('terminals', [tenant, after]);
    const mine = known.get(tenant) ?? { tids: [], terminals: [] };
    known.set(tenant, mine);
    more.tids.forEach((tid, i) => {
      // Two that asked at once are told the same.
      if (tid <= (mine.tids.at(-1) ?? -1)) return;
      mine.tids.push(tid);
      mine.terminals.push(more.terminals[i]!);
    });
    return mine;
  };

  const membership = async (tenant: string, by: AggregateQuery['by']): Promise<Membership> => {
    const { tids, terminals } = await terminalsOf(tenant);
    const codes = new Int32Array(tids.length);
    if (by === 'tenant') return { tids: Int32Array.from(tids), codes, groups: [tenant] };
    const codeOf = new Map<string, number>();
    const groups: string[] = [];
    terminals.forEach((terminal, i) => {
      const name = options.directory.facts(tenant as never, terminal)?.[by] ?? undefined;
      let code = name === undefined ? -1 : codeOf.get(name);
      if (code === undefined) {
        code = groups.push(name!) - 1;
        codeOf.set(name!, code);
      }
      codes[i] = code;
    });
    return { tids: Int32Array.from(tids), codes, groups };
  };

  const store: DuckDbTelemetry = {
    async start() {
      if (running) return;
      running = true;
      thread = open();
      try {
        await thread;
      } catch (error) {
        running = false;
        throw error;
      }
    },

    async stop() {
      if (!running) return;
      running = false;
      const closing = await thread?.catch(() => undefined);
      thread = undefined;
      await closing?.close();
    },

    write: (batch) => store.writeAll([batch]),

    async writeAll(batches) {
      if (batches.length === 0) return;
      const set = rowsOf(batches);
      await call('write', [set], buffersOf(set));
    },

    position: (shard) => call('position', [shard]),
    latest: (tenant, terminals) => call<Latest[]>('latest', [tenant, terminals]),

    async range(tenant, query) {
      const metrics = checkRange(query);
      return call<Series[]>('range', [tenant, query, metrics]);
    },

    async aggregate(tenant, query) {
      const metric = checkAggregate(query);
      return call<GroupSeries[]>('aggregate', [query, metric, await membership(tenant, query.by)]);
    },

    async events(tenant, terminal, from, to, limit) {
      const name = `${tenant}/${terminal}`;
      const found = await call<EventRow[]>('events', [name, UP_CHANNELS.indexOf('event'), from, to, limit]);
      return found.map((row) => eventReading(tenant, terminal, row));
    },

    maintain: (now) => call('maintain', [now]),
    export: (tenant, format, path, from, to) => call('export', [tenant, format, path, from, to]),
    async deleteTenant(tenant) {
      await call('deleteTenant', [tenant]);
      known.delete(tenant);
    },
    copyTo: (dir) => call('copyTo', [dir]),
    stats: () => call<TelemetryStats>('stats'),
  };
  return store;
}
