import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** What terminals and gateways prove themselves with. */
export const devices: MigrationStep = {
  name: '081-devices',
  async up(db) {
    await db.schema
      .createTable('device_credential')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('password_hash', 'text')
      .addColumn('certificate', 'integer', (c) => c.notNull())
      .addColumn('terminals', 'text', (c) => c.notNull())
      .addColumn('revoked', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('device_credential_key', ['tenant', 'name'])
      .execute();
    await db.schema.createIndex('device_credential_updated').on('device_credential').column('updated_at').execute();
    await db.schema.createIndex('device_credential_kind').on('device_credential').column('kind').execute();
  },
  down: dropTables('device_credential'),
};
