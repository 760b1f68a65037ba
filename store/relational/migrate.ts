import { type Kysely, type Migration, Migrator } from 'kysely';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { ColumnTypes, Engine, MigrationStep } from './relational.ts';

const TYPES: Record<Engine, ColumnTypes> = {
  sqlite: {
    bytes: 'blob',
    identity: (table, name) => table.addColumn(name, 'integer', (c) => c.primaryKey().autoIncrement()),
  },
  postgres: {
    bytes: 'bytea',
    identity: (table, name) => table.addColumn(name, 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity()),
  },
};

/** Runs the steps that have not run; throws `relational.migration_failed` naming the step. */
export async function migrate<DB>(
  db: Kysely<DB>,
  engine: Engine,
  steps: readonly MigrationStep[],
): Promise<readonly string[]> {
  const names = steps.map((step) => step.name);
  const sorted = [...names].sort();
  if (new Set(names).size !== names.length || names.some((name, i) => name !== sorted[i])) {
    throw new TillwatchError('relational.migrations_unordered', 'migrations must be listed once each, by number', {
      context: { names },
    });
  }
  const migrations: Record<string, Migration> = {};
  for (const step of steps) migrations[step.name] = { up: (k) => step.up(k as Kysely<unknown>, TYPES[engine]) };
  // Numbers are allotted to rooms in blocks, so a lower one may be added after a higher one has run.
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    allowUnorderedMigrations: true,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) {
    const failed = results.find((r) => r.status === 'Error')?.migrationName;
    throw new TillwatchError('relational.migration_failed', `migration ${failed ?? ''} failed: ${messageOf(error)}`, {
      context: { migration: failed, engine },
      cause: error,
    });
  }
  return results.filter((r) => r.status === 'Success').map((r) => r.migrationName);
}
