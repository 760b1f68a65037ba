import { AsyncLocalStorage } from 'node:async_hooks';
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import { openThread, type Thread, workerUrl } from '../../thread/thread.ts';
import { relationalError } from '../errors.ts';
import type { SqliteRows, SqliteWorkerData } from './worker.ts';

/** SQLite's DDL is transactional (https://www.sqlite.org/lang_transaction.html); Kysely's own adapter does not use that. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Kysely over node:sqlite in worker threads: one that writes, one that reads beside it (WAL), so that nothing waits on the main thread. */
export class SqliteDialect implements Dialect {
  readonly #path: string;
  readonly #inTransaction = new AsyncLocalStorage<true>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Marks what `work` does as inside a transaction, so that a second writer in it is refused rather than waited for. */
  guard<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTransaction.run(true, work);
  }

  createDriver(): Driver {
    return new SqliteDriver(this.#path, () => this.#inTransaction.getStore() === true);
  }
  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }
  createAdapter(): DialectAdapter {
    return new Adapter();
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

class SqliteDriver implements Driver {
  readonly #path: string;
  readonly #guarded: () => boolean;
  #writer: Thread | undefined;
  #reader: Thread | undefined;
  readonly #turn = new Turn();

  constructor(path: string, guarded: () => boolean) {
    this.#path = path;
    this.#guarded = guarded;
  }

  async init(): Promise<void> {
    const url = workerUrl(import.meta.url, './worker');
    const codes = { died: 'relational.unavailable', closed: 'relational.closed', name: 'relational' } as const;
    this.#writer = openThread(url, { path: this.#path, readOnly: false } satisfies SqliteWorkerData, codes);
    // The writer makes the file and its WAL; only then can a read-only connection open it.
    await this.#writer.call('query', ['select 1', []]);
    // A database in memory belongs to its one connection.
    if (this.#path === ':memory:') return;
    this.#reader = openThread(url, { path: this.#path, readOnly: true } satisfies SqliteWorkerData, codes);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this.#writer!, this.#reader ?? this.#writer!, this.#turn, this.#guarded);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const mine = connection as SqliteConnection;
    await mine.hold();
    // IMMEDIATE: a deferred transaction that turns writer later may find the file changed and fail.
    await mine.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }
  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).release();
  }
  async destroy(): Promise<void> {
    await this.#reader?.close();
    await this.#writer?.close();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #writer: Thread;
  readonly #reader: Thread;
  readonly #turn: Turn;
  readonly #guarded: () => boolean;
  #release: (() => void) | undefined;

  constructor(writer: Thread, reader: Thread, turn: Turn, guarded: () => boolean) {
    this.#writer = writer;
    this.#reader = reader;
    this.#turn = turn;
    this.#guarded = guarded;
  }

  async hold(): Promise<void> {
    this.#release ??= await this.#turn.take();
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const held = this.#release !== undefined;
    const reads = SelectQueryNode.is(query.query) && this.#reader !== this.#writer;
    try {
      if (held) return await run<R>(this.#writer, query);
      if (reads) return await run<R>(this.#reader, query);
      if (this.#guarded()) {
        throw new TillwatchError('relational.nested', 'inside a transaction, query through the transaction itself', {
          context: { sql: query.sql },
        });
      }
      const release = await this.#turn.take();
      try {
        return await run<R>(this.#writer, query);
      } finally {
        release();
      }
    } catch (error) {
      throw relationalError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: nothing can be streamed across the thread without holding the writer
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new TillwatchError('relational.no_streaming', 'SQLite results are not streamed: page by a limit');
  }
}

async function run<R>(thread: Thread, query: CompiledQuery): Promise<QueryResult<R>> {
  const { rows, changes, insertId } = await thread.call<SqliteRows>('query', [query.sql, query.parameters]);
  return {
    rows: rows as readonly R[] as R[],
    numAffectedRows: BigInt(changes),
    ...(insertId === null ? {} : { insertId: BigInt(insertId) }),
  };
}

/** One holder at a time, in the order they asked. */
class Turn {
  #last: Promise<void> = Promise.resolve();

  async take(): Promise<() => void> {
    const before = this.#last;
    let release = (): void => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }
}
