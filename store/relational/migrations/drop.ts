import type { Kysely } from 'kysely';

/** Undoes a step that made these tables and nothing else. */
export const dropTables =
  (...tables: readonly string[]) =>
  async (db: Kysely<unknown>): Promise<void> => {
    for (const table of [...tables].reverse()) await db.schema.dropTable(table).execute();
  };
