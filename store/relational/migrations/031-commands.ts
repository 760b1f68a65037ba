import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Commands that were sent to terminals, and their answers. */
export const commands: MigrationStep = {
  name: '031-commands',
  async up(db) {
    await db.schema
      .createTable('command')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('sent_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('result', 'text')
      .addColumn('result_at', 'bigint')
      .addPrimaryKeyConstraint('command_key', ['tenant', 'terminal', 'id'])
      .execute();
    await db.schema.createIndex('command_end').on('command').column('expires_at').execute();
  },
  down: dropTables('command'),
};
