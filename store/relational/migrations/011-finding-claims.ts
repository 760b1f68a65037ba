import type { MigrationStep } from '../relational.ts';
import { dropTables } from './drop.ts';

/** What findings first promised, kept as it was said. */
export const findingClaims: MigrationStep = {
  name: '011-finding-claims',
  async up(db) {
    await db.schema
      .createTable('finding_claim')
      .addColumn('tenant', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('claimed_at', 'bigint', (c) => c.notNull())
      .addColumn('terminal', 'text')
      .addColumn('component', 'text', (c) => c.notNull())
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('probability', 'double precision', (c) => c.notNull())
      .addColumn('horizon_h', 'double precision', (c) => c.notNull())
      .addColumn('fails_at', 'bigint')
      .addColumn('fails_at_p10', 'bigint')
      .addColumn('fails_at_p90', 'bigint')
      .addColumn('failed_at', 'bigint')
      .addColumn('ended_at', 'bigint')
      .addPrimaryKeyConstraint('finding_claim_key', ['tenant', 'fingerprint', 'opened_at'])
      .execute();
    await db.schema.createIndex('finding_claim_time').on('finding_claim').columns(['tenant', 'claimed_at']).execute();
  },
  down: dropTables('finding_claim'),
};
