import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Workers of rooms that run apart, and what each of them works on. */
export const leases: MigrationStep = {
  name: '090-leases',
  async up(db) {
    await db.schema
      .createTable('cluster_worker')
      .addColumn('room', 'text', (c) => c.notNull())
      .addColumn('worker', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('cluster_worker_key', ['room', 'worker'])
      .execute();
    await db.schema
      .createTable('cluster_lease')
      .addColumn('room', 'text', (c) => c.notNull())
      .addColumn('unit', 'text', (c) => c.notNull())
      .addColumn('worker', 'text', (c) => c.notNull())
      .addColumn('epoch', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('cluster_lease_key', ['room', 'unit'])
      .execute();
  },
  down: dropTables('cluster_worker', 'cluster_lease'),
};
