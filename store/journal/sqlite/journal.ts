import { TillwatchError } from '../../../contract/errors.ts';
import type { Journal, JournalEntry, JournalStats } from '../../../contract/ports/journal.ts';
import { openThread, type Thread, workerUrl } from '../../thread/thread.ts';
import type { Damage, LogOptions } from './log.ts';

export interface SqliteJournalOptions {
  /** Directory of the segment files; belongs to one process. */
  readonly dir: string;
  readonly shards: number;
  /** Disk that the journal may take; `journal.full` beyond it. Default 8 GiB. */
  readonly budgetBytes?: number;
  /** Size at which the next segment file begins: trimming deletes whole ones. Default 64 MiB. */
  readonly segmentBytes?: number;
  /** Size of entries kept after every reader has passed them, for a store that must be filled again. Default 256 MiB. */
  readonly keepBytes?: number;
  /** Told of segment files that could not be read and were put aside. */
  readonly onDamage?: (damage: Damage) => void;
}

const MIB = 2 ** 20;
const MAX_ENTRY = 64 * MIB;

/** Journal on SQLite files in a worker thread: everything that waits shares one commit (WAL, synchronous=FULL). */
export function createSqliteJournal(options: SqliteJournalOptions): Journal {
  const data: LogOptions = {
    dir: options.dir,
    shards: options.shards,
    budgetBytes: options.budgetBytes ?? 8192 * MIB,
    segmentBytes: options.segmentBytes ?? 64 * MIB,
    keepBytes: options.keepBytes ?? 256 * MIB,
  };
  let thread: Thread | undefined;
  const waiters = new Map<number, Set<() => void>>();
  const lasts = new Array<number>(options.shards).fill(0);

  const call = <T>(method: string, args: readonly unknown[], transfer: readonly ArrayBuffer[] = []): Promise<T> =>
    thread
      ? thread.call<T>(method, args, transfer)
      : Promise.reject(new TillwatchError('journal.closed', 'the journal is not open'));

  const appended = (shard: number, position: number): void => {
    lasts[shard] = Math.max(lasts[shard] ?? 0, position);
    const waiting = waiters.get(shard);
    if (!waiting) return;
    waiters.delete(shard);
    for (const wake of waiting) wake();
  };

  return {
    shards: options.shards,
    maxEntryBytes: MAX_ENTRY,
    shared: false,

    async start() {
      if (thread) return;
      const opening = openThread(workerUrl(import.meta.url, './worker'), data, {
        died: 'journal.unavailable',
        closed: 'journal.closed',
        name: 'journal',
      });
      try {
        for (const damage of await opening.call<readonly Damage[]>('open')) options.onDamage?.(damage);
      } catch (error) {
        await opening.close();
        throw error;
      }
      thread = opening;
      for (let shard = 0; shard < options.shards; shard++) lasts[shard] = await call<number>('last', [shard]);
    },

    async stop() {
      const closing = thread;
      thread = undefined;
      await closing?.close();
    },

    async append(shard, bytes, after) {
      if (bytes.byteLength > MAX_ENTRY) {
        throw new TillwatchError('journal.too_large', `an entry of ${bytes.byteLength} bytes exceeds ${MAX_ENTRY}`, {
          context: { bytes: bytes.byteLength },
        });
      }
      // Only memory that is this entry's alone can move to the thread; a view into a pool is copied.
      const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
      const own = whole && bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
      // A Buffer does not cross threads as one; a plain view of the same memory does.
      const plain = new Uint8Array(own.buffer as ArrayBuffer);
      const position = await call<number>('append', [shard, plain, after], [plain.buffer]);
      appended(shard, position);
      return position;
    },

    async read(shard, after, maxBytes) {
      const found = await call<{ position: number; bytes: Uint8Array }[]>('read', [shard, after, maxBytes]);
      return found.map(({ position, bytes }): JournalEntry => ({ shard, position, bytes }));
    },

    wait(shard, after, signal) {
      if (signal.aborted || (lasts[shard] ?? 0) > after) return Promise.resolve();
      return new Promise((resolve) => {
        const waiting = waiters.get(shard) ?? new Set();
        waiters.set(shard, waiting);
        const done = (): void => {
          signal.removeEventListener('abort', done);
          waiting.delete(done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      });
    },

    last: (shard) => call('last', [shard]),
    cursor: (consumer, shard) => call('cursor', [consumer, shard]),
    async commit(consumer, shard, position) {
      await call('commit', [consumer, shard, position]);
    },
    forget: (consumer) => call('forget', [consumer]),
    trim: () => call('trim', []),
    async stats(): Promise<JournalStats> {
      const { bytes, shards } = await call<Omit<JournalStats, 'budgetBytes'>>('stats', []);
      return { bytes, budgetBytes: data.budgetBytes, shards };
    },
  };
}
