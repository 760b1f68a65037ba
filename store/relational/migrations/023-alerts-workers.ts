import { sql } from 'kysely';
import type { MigrationStep } from '../relational.ts';

/** What lets several processes serve the alerts room: claims on effects, revisions of incidents, the lead. */
export const alertsWorkers: MigrationStep = {
  name: '023-alerts-workers',
  async up(db) {
    await db.schema.alterTable('alerts_outbox').addColumn('claimed_by', 'text').execute();
    await db.schema.alterTable('alerts_outbox').addColumn('claimed_until', 'bigint').execute();
    await sql`create index alerts_outbox_claimed on alerts_outbox (tenant, ticket) where claimed_until is not null`.execute(
      db,
    );
    await db.schema
      .alterTable('incident')
      .addColumn('rev', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex('incident_rev').on('incident').column('rev').execute();
    await db.schema
      .createTable('alerts_lead')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('holder', 'text', (c) => c.notNull())
      .addColumn('until', 'bigint', (c) => c.notNull())
      .execute();
  },
  async down(db) {
    await db.schema.dropTable('alerts_lead').execute();
    await db.schema.dropIndex('incident_rev').execute();
    await db.schema.alterTable('incident').dropColumn('rev').execute();
    await db.schema.dropIndex('alerts_outbox_claimed').execute();
    await db.schema.alterTable('alerts_outbox').dropColumn('claimed_until').execute();
    await db.schema.alterTable('alerts_outbox').dropColumn('claimed_by').execute();
  },
};
