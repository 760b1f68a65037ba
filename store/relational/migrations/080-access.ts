import { sql } from 'kysely';
import type { MigrationStep } from '../relational.ts';

/** Accounts, sessions, API tokens, and the audit trail, which the engine itself keeps from being changed. */
export const access: MigrationStep = {
  name: '080-access',
  async up(db, types) {
    await db.schema
      .createTable('account')
      .addColumn('username', 'text', (c) => c.primaryKey())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('tenants', 'text', (c) => c.notNull())
      .addColumn('provider', 'text')
      .addColumn('sites', 'text', (c) => c.notNull())
      .addColumn('password_hash', 'text')
      .addColumn('oidc_subject', 'text', (c) => c.unique())
      .addColumn('locked', 'integer', (c) => c.notNull())
      .addColumn('failures', 'integer', (c) => c.notNull())
      .addColumn('failed_at', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('session')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('seen_at', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('session_username').on('session').column('username').execute();
    await db.schema
      .createTable('api_token')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('username', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('secret_hash', 'text', (c) => c.notNull())
      .addColumn('scopes', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('used_at', 'bigint')
      .execute();
    await db.schema.createIndex('api_token_username').on('api_token').column('username').execute();

    await db.schema
      .createTable('audit')
      .addColumn('seq', 'bigint', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('who', 'text', (c) => c.notNull())
      .addColumn('via', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('tenant', 'text')
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('previous', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('audit_tenant').on('audit').columns(['tenant', 'seq']).execute();
    await db.schema
      .createTable('audit_head')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute();
    await sql`insert into audit_head (id, seq, hash) values (1, 0, '')`.execute(db);

    if (types.bytes === 'blob') {
      for (const what of ['update', 'delete']) {
        await sql`create trigger ${sql.raw(`audit_no_${what}`)} before ${sql.raw(what)} on audit
          begin select raise(abort, 'the audit trail is append-only'); end`.execute(db);
      }
    } else {
      await sql`create function audit_append_only() returns trigger language plpgsql as
        $$ begin raise exception 'the audit trail is append-only'; end $$`.execute(db);
      await sql`create trigger audit_append_only before update or delete or truncate on audit
        for each statement execute function audit_append_only()`.execute(db);
    }
  },
};
