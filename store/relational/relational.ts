import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely, Transaction } from 'kysely';
import type { Database } from './database.ts';

export type Engine = 'sqlite' | 'postgres';

/** A connection or an open transaction: repository helpers take this, so that they can be used in both. */
export type Queries = Kysely<Database> | Transaction<Database>;

/** The relational store. Errors of its queries are `TillwatchError`s: `relational.failed`, `relational.conflict` (409), `relational.unavailable` (retryable). */
export interface Relational {
  readonly engine: Engine;
  readonly db: Kysely<Database>;
  /** Runs migrations that have not run yet, each in its own transaction; answers the names of those it ran. */
  migrate(): Promise<readonly string[]>;
  /** Names of the steps that have run, in any version. */
  executed(): Promise<readonly string[]>;
  /**
   * Undoes these steps, all or none, newest first, with what the tables that they added hold: for going back to a version that does not
   * know them. Throws `relational.cannot_undo` naming those that have not run or cannot be undone.
   */
  undo(steps: readonly string[]): Promise<readonly string[]>;
  /**
   * Runs `work` in a transaction and rolls back when it throws. On SQLite writers take turns, so `work` must use the `trx` it is given
   * and wait for nothing slow; using `db` to write inside throws `relational.nested` instead of waiting for ever.
   */
  transaction<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Column types whose names differ between engines. */
export interface ColumnTypes {
  /** Bytes: read and written as Uint8Array. */
  readonly bytes: 'blob' | 'bytea';
  /** A rising id given by the engine, primary key of its table, number on reading. */
  identity<TB extends string, C extends string>(table: CreateTableBuilder<TB, C>, name: C): CreateTableBuilder<TB, C>;
}

/** One step of the schema. `name` sorts: `NNN-what`. A step that has been released is never changed. */
export interface MigrationStep {
  readonly name: string;
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
  /** Takes away what `up` added, where that was all it did; left out: the way back is a backup. */
  down?(db: Kysely<unknown>): Promise<void>;
}

export type ColumnBuilder = ColumnDefinitionBuilder;
