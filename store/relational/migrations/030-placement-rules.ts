import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Rules by which new terminals find their place, a list a tenant. */
export const placementRules: MigrationStep = {
  name: '030-placement-rules',
  async up(db) {
    await db.schema
      .createTable('placement_rule')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('placement_rule_key', ['tenant', 'position'])
      .execute();
  },
  down: dropTables('placement_rule'),
};
