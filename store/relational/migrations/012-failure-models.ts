import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Learned failure-risk models, by tenant and version. */
export const failureModels: MigrationStep = {
  name: '012-failure-models',
  async up(db) {
    await db.schema
      .createTable('failure_model')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('added_at', 'bigint', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('failure_model_key', ['tenant', 'version'])
      .execute();
  },
  down: dropTables('failure_model'),
};
