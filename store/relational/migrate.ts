import { type Kysely, type Migration, Migrator, sql } from 'kysely';
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

/**
 * Runs the steps that have not run; throws `relational.migration_failed` naming the step, and `relational.newer_schema` where a newer
 * program has run steps that this one does not know: it must not write to tables whose meaning it does not have.
 */
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
  const unknown = (await executedSteps(db)).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new TillwatchError(
      'relational.newer_schema',
      `a newer Tillwatch has written these tables (${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} not known here): ` +
        `start that version again, or with it run "tillwatch tables undo ${unknown.join(' ')}", or restore the backup that was made before it was ` +
        'installed. Nothing was changed',
      { context: { unknown } },
    );
  }
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

/** See `Relational.undo`. */
export async function undo<DB>(
  db: Kysely<DB>,
  steps: readonly MigrationStep[],
  names: readonly string[],
): Promise<readonly string[]> {
  const executed = await executedSteps(db);
  const wrong = [...new Set(names)].flatMap((name) => {
    const step = steps.find((one) => one.name === name);
    if (!step) return [`${name} is no step of this version`];
    if (!executed.includes(name)) return [`${name} has not run here`];
    return step.down ? [] : [`${name} changed what was there before: restore the backup that was made before it`];
  });
  if (names.length === 0) wrong.push('no step is named');
  if (wrong.length > 0) {
    throw new TillwatchError('relational.cannot_undo', `nothing was changed: ${wrong.join('; ')}`, {
      status: 400,
      context: { executed },
    });
  }
  const going = steps.filter(({ name }) => names.includes(name)).reverse();
  await db.transaction().execute(async (trx) => {
    for (const { name, down } of going) {
      await down?.(trx as unknown as Kysely<unknown>);
      await sql`delete from kysely_migration where name = ${name}`.execute(trx);
    }
  });
  return going.map(({ name }) => name);
}

/** Names of the steps that have run, in any version; none where there are no tables yet. */
export async function executedSteps<DB>(db: Kysely<DB>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.rows.map((row) => row.name);
}
