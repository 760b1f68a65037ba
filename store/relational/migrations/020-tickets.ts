import { sql } from 'kysely';
import type { MigrationStep } from '../relational.ts';

/** Tickets with history and text index, incidents, and the outbox. */
export const tickets: MigrationStep = {
  name: '020-tickets',
  async up(db, types) {
    await types
      .identity(db.schema.createTable('ticket'), 'seq')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('open', 'integer', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text')
      .addColumn('site', 'text')
      .addColumn('component', 'text')
      .addColumn('fingerprint', 'text')
      .addColumn('provider', 'text')
      .addColumn('parent', 'text')
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('version', 'bigint', (c) => c.notNull())
      .addColumn('worst', 'text', (c) => c.notNull())
      .addColumn('words', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addUniqueConstraint('ticket_id', ['tenant', 'id'])
      .execute();
    // The rule itself, held by the engine: a fault has one open ticket, whatever restarts or races.
    await sql`create unique index ticket_one_open on ticket (tenant, fingerprint) where open = 1 and fingerprint is not null`.execute(
      db,
    );
    await sql`create index ticket_due on ticket (due_at) where due_at is not null`.execute(db);
    await sql`create index ticket_parent on ticket (tenant, parent) where parent is not null`.execute(db);
    await db.schema.createIndex('ticket_worst').on('ticket').columns(['tenant', 'worst', 'seq']).execute();
    await db.schema.createIndex('ticket_newest').on('ticket').columns(['tenant', 'seq']).execute();
    await db.schema.createIndex('ticket_updated').on('ticket').columns(['tenant', 'updated_at', 'seq']).execute();
    await db.schema.createIndex('ticket_state').on('ticket').columns(['tenant', 'state', 'seq']).execute();
    await db.schema.createIndex('ticket_terminal').on('ticket').columns(['tenant', 'terminal', 'seq']).execute();
    await db.schema.createIndex('ticket_site').on('ticket').columns(['tenant', 'site', 'seq']).execute();
    await db.schema.createIndex('ticket_provider').on('ticket').columns(['tenant', 'provider', 'seq']).execute();
    await db.schema.createIndex('ticket_fingerprint').on('ticket').columns(['tenant', 'fingerprint', 'seq']).execute();

    await db.schema
      .createTable('ticket_member')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text', (c) => c.notNull())
      .addColumn('ticket_seq', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('ticket_member_key', ['tenant', 'terminal', 'ticket_seq'])
      .execute();
    await db.schema.createIndex('ticket_member_seq').on('ticket_member').column('ticket_seq').execute();

    await db.schema
      .createTable('ticket_history')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('ticket', 'text', (c) => c.notNull())
      .addColumn('index', 'integer', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('by_role', 'text', (c) => c.notNull())
      .addColumn('event', 'text', (c) => c.notNull())
      .addColumn('from_state', 'text')
      .addColumn('to_state', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('why', 'text')
      .addColumn('data', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('ticket_history_key', ['tenant', 'ticket', 'index'])
      .execute();

    await db.schema
      .createTable('ticket_number')
      .addColumn('tenant', 'text', (c) => c.primaryKey())
      .addColumn('last', 'bigint', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('incident')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('standing', 'integer', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('incident_key', ['tenant', 'fingerprint'])
      .execute();

    await db.schema
      .createTable('alerts_outbox')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('ticket', 'text')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('due_at', 'bigint', (c) => c.notNull())
      .addColumn('payload', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('done_at', 'bigint')
      .addColumn('failed_at', 'bigint')
      .addColumn('last_error', 'text')
      .execute();
    await sql`create index alerts_outbox_due on alerts_outbox (due_at) where done_at is null and failed_at is null`.execute(
      db,
    );
    await db.schema.createIndex('alerts_outbox_log').on('alerts_outbox').columns(['tenant', 'at']).execute();
    await db.schema.createIndex('alerts_outbox_ticket').on('alerts_outbox').columns(['tenant', 'ticket']).execute();

    await db.schema
      .createTable('alerts_cursor')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'bigint', (c) => c.notNull())
      .execute();

    if (types.bytes === 'blob') {
      // Contentless: the words stand in ticket.words already. The tenant is a token of each row, so that a search reads its own rows only.
      await sql`create virtual table ticket_text using fts5(words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 tokenchars '-_.'", prefix='2 3 4 5')`.execute(
        db,
      );
    } else {
      await sql`create table ticket_text (seq bigint primary key, tenant text not null, words tsvector not null)`.execute(
        db,
      );
      await sql`create index ticket_text_words on ticket_text using gin (words)`.execute(db);
    }
  },
};
