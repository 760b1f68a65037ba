import type { FailureModelStore, StoredFailureModel } from '../../../contract/ports/failure-models.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Relational } from '../relational.ts';
import { flag } from '../sql.ts';
import type { FailureModelRow } from '../tables/findings.ts';

const COLUMNS = ['tenant', 'version', 'name', 'added_at', 'by_name', 'enabled'] as const;

function modelOf(row: Omit<FailureModelRow, 'body'>): StoredFailureModel {
  return {
    tenant: row.tenant as TenantId,
    version: row.version,
    name: row.name,
    addedAt: row.added_at,
    by: row.by_name,
    enabled: flag.read(row.enabled),
  };
}

/** Learned failure-risk models on Kysely, for both engines. */
export function createFailureModelStore(relational: Relational): FailureModelStore {
  const { db } = relational;
  return {
    add: ({ tenant, name, addedAt, by, text }) =>
      relational.transaction(async (trx) => {
        const last = await trx
          .selectFrom('failure_model')
          .select((eb) => eb.fn.max('version').as('version'))
          .where('tenant', '=', tenant)
          .executeTakeFirst();
        const version = (last?.version ?? 0) + 1;
        await trx
          .insertInto('failure_model')
          .values({ tenant, version, name, added_at: addedAt, by_name: by, enabled: flag.write(false), body: text })
          .execute();
        return version;
      }),

    async list(tenant) {
      const rows = await db
        .selectFrom('failure_model')
        .select(COLUMNS)
        .where('tenant', '=', tenant)
        .orderBy('version', 'desc')
        .execute();
      return rows.map(modelOf);
    },

    enable: (tenant, version) =>
      relational.transaction(async (trx) => {
        if (version !== null) {
          const known = await trx
            .selectFrom('failure_model')
            .select('version')
            .where('tenant', '=', tenant)
            .where('version', '=', version)
            .executeTakeFirst();
          if (!known) return false;
        }
        await trx
          .updateTable('failure_model')
          .set({ enabled: flag.write(false) })
          .where('tenant', '=', tenant)
          .execute();
        if (version !== null) {
          await trx
            .updateTable('failure_model')
            .set({ enabled: flag.write(true) })
            .where('tenant', '=', tenant)
            .where('version', '=', version)
            .execute();
        }
        return true;
      }),

    async enabled() {
      const rows = await db
        .selectFrom('failure_model')
        .select(COLUMNS)
        .where('enabled', '=', flag.write(true))
        .orderBy('tenant')
        .execute();
      return rows.map(modelOf);
    },

    async text(tenant, version) {
      const row = await db
        .selectFrom('failure_model')
        .select('body')
        .where('tenant', '=', tenant)
        .where('version', '=', version)
        .executeTakeFirst();
      return row?.body;
    },
  };
}
