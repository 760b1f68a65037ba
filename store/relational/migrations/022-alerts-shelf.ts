import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Documents of the alerts room: providers, plans, routes, rollouts and their like. */
export const alertsShelf: MigrationStep = {
  name: '022-alerts-shelf',
  async up(db) {
    await db.schema
      .createTable('alerts_document')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('alerts_document_key', ['tenant', 'kind', 'id'])
      .execute();
    await db.schema.createIndex('alerts_document_id').on('alerts_document').columns(['kind', 'id']).execute();
  },
  down: dropTables('alerts_document'),
};
