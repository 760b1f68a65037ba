import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Bytes of the files attached to tickets, by content. */
export const alertsFiles: MigrationStep = {
  name: '024-alerts-files',
  async up(db, types) {
    await db.schema
      .createTable('alerts_file')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('size', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('bytes', types.bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint('alerts_file_key', ['tenant', 'id'])
      .execute();
  },
  down: dropTables('alerts_file'),
};
