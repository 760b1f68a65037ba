import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Kysely } from 'kysely';
import { TillwatchError } from '../../contract/errors.ts';
import type { Database } from './database.ts';
import { executedSteps, migrate, undo } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { PostgresDialect } from './postgres/dialect.ts';
import type { MigrationStep, Relational } from './relational.ts';
import { SqliteDialect } from './sqlite/dialect.ts';

export interface RelationalOptions {
  /** `sqlite:/path/file.db`, `sqlite::memory:` or `postgres://user@host/db`. */
  readonly url: string;
  /** Told of PostgreSQL connections lost while idle; the next query opens a new one. */
  readonly onIdleError?: (error: Error) => void;
  /** Other steps than the product's own, for tools that bring their own tables. */
  readonly migrations?: readonly MigrationStep[];
}

/** Opens the relational store (tables come by `migrate()`); throws `relational.bad_url`, and `relational.unavailable` where the server does not answer. */
export async function openRelational(options: RelationalOptions): Promise<Relational> {
  const { url, onIdleError = () => {}, migrations = MIGRATIONS } = options;
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    if (path === '') throw badUrl(url);
    if (path !== ':memory:') await mkdir(dirname(resolve(path)), { recursive: true });
    const dialect = new SqliteDialect(path);
    const db = new Kysely<Database>({ dialect });
    return {
      engine: 'sqlite',
      db,
      migrate: () => migrate(db, 'sqlite', migrations),
      executed: () => executedSteps(db),
      undo: (steps) => undo(db, migrations, steps),
      transaction: (work) => db.transaction().execute((trx) => dialect.guard(() => work(trx))),
      close: () => db.destroy(),
    };
  }
  if (url.startsWith('postgres://') || url.startsWith('postgresql://')) {
    const db = new Kysely<Database>({ dialect: new PostgresDialect(url, onIdleError) });
    return {
      engine: 'postgres',
      db,
      migrate: () => migrate(db, 'postgres', migrations),
      executed: () => executedSteps(db),
      undo: (steps) => undo(db, migrations, steps),
      transaction: (work) => db.transaction().execute(work),
      close: () => db.destroy(),
    };
  }
  throw badUrl(url);
}

function badUrl(url: string): TillwatchError {
  const shown = url.replace(/\/\/[^@/]*@/, '//…@');
  return new TillwatchError(
    'relational.bad_url',
    `"${shown}": use sqlite:/path/file.db or postgres://user@host/database`,
  );
}
