import type { MigrationStep } from '../relational.ts';

/** Findings as a level, what people think of them, and analytics' checkpoints. */
export const findings: MigrationStep = {
  name: '010-findings',
  async up(db, types) {
    await db.schema
      .createTable('finding')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text')
      .addColumn('site', 'text')
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('standing', 'integer', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('stated_at', 'bigint', (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('finding_key', ['tenant', 'fingerprint'])
      .execute();
    await db.schema.createIndex('finding_revision_order').on('finding').column('revision').execute();
    await db.schema.createIndex('finding_standing').on('finding').columns(['tenant', 'standing']).execute();
    await db.schema.createIndex('finding_terminal').on('finding').columns(['tenant', 'terminal']).execute();
    await db.schema
      .createTable('finding_past')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('ended_at', 'bigint', (c) => c.notNull())
      .addColumn('terminal', 'text')
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('finding_past_key', ['tenant', 'fingerprint', 'opened_at'])
      .execute();
    await db.schema.createIndex('finding_past_terminal').on('finding_past').columns(['tenant', 'terminal']).execute();
    await db.schema
      .createTable('finding_member')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('finding_member_key', ['tenant', 'terminal', 'fingerprint'])
      .execute();
    await db.schema
      .createTable('finding_revision')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('last', 'bigint', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('analytics_checkpoint')
      .addColumn('worker', 'text', (c) => c.primaryKey())
      .addColumn('generation', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('positions', 'text', (c) => c.notNull())
      .addColumn('parts', 'integer', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('analytics_checkpoint_part')
      .addColumn('worker', 'text', (c) => c.notNull())
      .addColumn('generation', 'bigint', (c) => c.notNull())
      .addColumn('part', 'integer', (c) => c.notNull())
      .addColumn('bytes', types.bytes, (c) => c.notNull())
      .addPrimaryKeyConstraint('analytics_checkpoint_part_key', ['worker', 'generation', 'part'])
      .execute();
    await types
      .identity(db.schema.createTable('analytics_opinion'), 'id')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('terminal', 'text', (c) => c.notNull())
      .addColumn('component', 'text', (c) => c.notNull())
      .addColumn('mode', 'text')
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('until', 'bigint')
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('note', 'text', (c) => c.notNull())
      .addColumn('model', 'text')
      .execute();
    await db.schema
      .createIndex('analytics_opinion_terminal')
      .on('analytics_opinion')
      .columns(['tenant', 'terminal'])
      .execute();
  },
};
