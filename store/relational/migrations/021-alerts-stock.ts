import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** Mutes and maintenance windows, outcomes, devices with custody, parts. */
export const alertsStock: MigrationStep = {
  name: '021-alerts-stock',
  async up(db) {
    await db.schema
      .createTable('alerts_hold')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('starts_at', 'bigint', (c) => c.notNull())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('alerts_hold_key', ['tenant', 'id'])
      .execute();
    await db.schema.createIndex('alerts_hold_end').on('alerts_hold').column('ends_at').execute();

    await db.schema
      .createTable('ticket_outcome')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('ticket', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('was_failing', 'integer')
      .addColumn('part', 'text')
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('ticket_outcome_key', ['tenant', 'ticket'])
      .execute();
    await db.schema.createIndex('ticket_outcome_at').on('ticket_outcome').columns(['tenant', 'at']).execute();

    await db.schema
      .createTable('asset')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text')
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('asset_key_pk', ['tenant', 'id'])
      .execute();
    await db.schema.createIndex('asset_state').on('asset').columns(['tenant', 'state', 'model']).execute();
    await db.schema.createIndex('asset_terminal').on('asset').columns(['tenant', 'terminal']).execute();

    await db.schema
      .createTable('asset_custody')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('asset', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('asset_custody_key', ['tenant', 'asset', 'key'])
      .execute();
    await db.schema
      .createTable('asset_key')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('asset_key_key', ['tenant', 'key'])
      .execute();

    await db.schema
      .createTable('part_stock')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('part', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('part_stock_key', ['tenant', 'part'])
      .execute();
  },
  down: dropTables('alerts_hold', 'ticket_outcome', 'asset', 'asset_custody', 'asset_key', 'part_stock'),
};
