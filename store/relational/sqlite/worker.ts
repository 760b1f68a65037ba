import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { closeThread, serve, threadData } from '../../thread/serve.ts';

/** How the worker opens its file. */
export interface SqliteWorkerData {
  readonly path: string;
  readonly readOnly: boolean;
}

export interface SqliteRows {
  readonly rows: readonly Record<string, unknown>[];
  readonly changes: number;
  readonly insertId: number | null;
}

const STATEMENTS_KEPT = 500;
const data = threadData<SqliteWorkerData>();
const db = new DatabaseSync(data.path, { readOnly: data.readOnly, timeout: 10_000, enableForeignKeyConstraints: true });
if (!data.readOnly) {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;');
}
db.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;');

const statements = new Map<string, { statement: StatementSync; reads: boolean }>();

function prepare(sql: string): { statement: StatementSync; reads: boolean } {
  const known = statements.get(sql);
  if (known) {
    // Moved to the end: the first of the map is the one used longest ago.
    statements.delete(sql);
    statements.set(sql, known);
    return known;
  }
  const statement = db.prepare(sql);
  const made = { statement, reads: statement.columns().length > 0 };
  statements.set(sql, made);
  if (statements.size > STATEMENTS_KEPT) statements.delete(statements.keys().next().value!);
  return made;
}

function bind(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return (value ?? null) as SQLInputValue;
}

serve(
  {
    query(sql: string, parameters: readonly unknown[]): SqliteRows {
      const { statement, reads } = prepare(sql);
      const bound = parameters.map(bind);
      if (reads) {
        const rows = statement.all(...bound) as Record<string, unknown>[];
        return { rows, changes: rows.length, insertId: null };
      }
      const { changes, lastInsertRowid } = statement.run(...bound);
      return { rows: [], changes: Number(changes), insertId: Number(lastInsertRowid) };
    },
    close(): void {
      statements.clear();
      if (!data.readOnly) db.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);');
      db.close();
      closeThread();
    },
  },
  'relational.failed',
);
