import type { MigrationStep } from '../relational.ts';

/** Terminals, sites, what operators did to them, and the dead letters of ingest. */
export const registry: MigrationStep = {
  name: '001-registry',
  async up(db, types) {
    await db.schema
      .createTable('terminal')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text', (c) => c.notNull())
      .addColumn('lifecycle', 'text', (c) => c.notNull())
      .addColumn('site', 'text')
      .addColumn('placed', 'integer', (c) => c.notNull())
      .addColumn('serial', 'text')
      .addColumn('vendor', 'text')
      .addColumn('model', 'text')
      .addColumn('firmware', 'text')
      .addColumn('app', 'text')
      .addColumn('carrier', 'text')
      .addColumn('iccid', 'text')
      .addColumn('heartbeat_s', 'integer', (c) => c.notNull())
      .addColumn('timezone', 'text')
      .addColumn('bought_on', 'text')
      .addColumn('warranty_until', 'text')
      .addColumn('hardware', 'text', (c) => c.notNull())
      .addColumn('first_seen_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('birth_at', 'bigint', (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('terminal_key', ['tenant', 'terminal'])
      .execute();
    await db.schema.createIndex('terminal_revision').on('terminal').column('revision').execute();
    await db.schema.createIndex('terminal_site').on('terminal').columns(['tenant', 'site']).execute();

    await db.schema
      .createTable('site')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('site', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('timezone', 'text', (c) => c.notNull())
      .addColumn('hours', 'text')
      .addColumn('closed_on', 'text')
      .addColumn('region', 'text')
      .addColumn('address', 'text')
      .addColumn('lat', 'double precision')
      .addColumn('lon', 'double precision')
      .addColumn('contact', 'text')
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('site_key', ['tenant', 'site'])
      .execute();
    await db.schema.createIndex('site_revision').on('site').column('revision').execute();

    await db.schema
      .createTable('terminal_history')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('change', 'text', (c) => c.notNull())
      .addColumn('from_lifecycle', 'text', (c) => c.notNull())
      .addColumn('to_lifecycle', 'text', (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('terminal_history_key', ['tenant', 'terminal', 'revision'])
      .execute();

    await db.schema
      .createTable('registry_revision')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('value', 'bigint', (c) => c.notNull())
      .execute();
    await db
      .withTables<{ registry_revision: { id: number; value: number } }>()
      .insertInto('registry_revision')
      .values({ id: 1, value: 0 })
      .execute();

    await types
      .identity(db.schema.createTable('dead_letter'), 'seq')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text')
      .addColumn('topic', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('field', 'text')
      .addColumn('detail', 'text', (c) => c.notNull())
      .addColumn('payload', 'text', (c) => c.notNull())
      .addColumn('replayable', 'integer', (c) => c.notNull())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .addColumn('replayed_at', 'bigint')
      .execute();
    await db.schema.createIndex('dead_letter_newest').on('dead_letter').columns(['tenant', 'seq']).execute();
    await db.schema.createIndex('dead_letter_reason').on('dead_letter').columns(['tenant', 'reason', 'seq']).execute();
    await db.schema.createIndex('dead_letter_age').on('dead_letter').column('received_at').execute();
  },
};
