import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  PostgresDialect as KyselyPostgresDialect,
  type QueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import pg from 'pg';
import { relationalError } from '../errors.ts';

const INT8 = 20;
const NUMERIC = 1700;

/** Kysely's PostgreSQL dialect with our errors, and with bigint and numeric read as numbers (ours are ms, counts and sums below 2^53). */
export class PostgresDialect implements Dialect {
  readonly #inner: KyselyPostgresDialect;

  constructor(url: string, onIdleError: (error: Error) => void) {
    const pool = new pg.Pool({
      connectionString: url,
      max: 10,
      connectionTimeoutMillis: 10_000,
      // A process that is frozen in the middle of a transaction must not hold its locks: others wait for them to take its work over.
      idle_in_transaction_session_timeout: 5_000,
      query_timeout: 60_000,
      keepAlive: true,
      application_name: 'tillwatch',
      types: {
        getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
          oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format as 'text')) as never,
      },
    });
    // Without a listener a server that goes away would end the process; the pool opens new connections by itself.
    pool.on('error', onIdleError);
    // The same for a connection that is lost between two queries of a transaction: the next query of it fails.
    pool.on('connect', (client) => client.on('error', onIdleError));
    this.#inner = new KyselyPostgresDialect({ pool });
  }

  createDriver(): Driver {
    return new ErrorsDriver(this.#inner.createDriver());
  }
  createQueryCompiler(): QueryCompiler {
    return this.#inner.createQueryCompiler();
  }
  createAdapter(): DialectAdapter {
    return this.#inner.createAdapter();
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return this.#inner.createIntrospector(db);
  }
}

class ErrorsConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  constructor(inner: DatabaseConnection) {
    this.inner = inner;
  }
  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return ours(() => this.inner.executeQuery<R>(query));
  }
  streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}

class ErrorsDriver implements Driver {
  readonly #inner: Driver;
  constructor(inner: Driver) {
    this.#inner = inner;
  }
  init(): Promise<void> {
    return this.#inner.init();
  }
  acquireConnection(): Promise<DatabaseConnection> {
    return ours(async () => new ErrorsConnection(await this.#inner.acquireConnection()));
  }
  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return ours(() => this.#inner.beginTransaction(innerOf(connection), settings));
  }
  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(() => this.#inner.commitTransaction(innerOf(connection)));
  }
  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(() => this.#inner.rollbackTransaction(innerOf(connection)));
  }
  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#inner.releaseConnection(innerOf(connection));
  }
  destroy(): Promise<void> {
    return this.#inner.destroy();
  }
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  return (connection as ErrorsConnection).inner;
}

async function ours<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw relationalError(error);
  }
}
