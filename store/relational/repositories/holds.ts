import type { Hold, HoldRepository } from '../../../contract/ports/holds.ts';
import type { Relational } from '../relational.ts';
import { json } from '../sql.ts';
import { raise } from './marks.ts';

/** Mutes and maintenance windows on Kysely, for both engines. */
export function createHoldRepository(relational: Relational): HoldRepository {
  const { db } = relational;
  return {
    async add(hold) {
      await relational.transaction(async (trx) => {
        await raise(trx, 'holds');
        await trx
          .insertInto('alerts_hold')
          .values({
            tenant: hold.tenant,
            id: hold.id,
            kind: hold.kind,
            starts_at: hold.from,
            ends_at: hold.to,
            body: json.write(hold),
          })
          .execute();
      });
    },
    async end(tenant, id, at) {
      return relational.transaction(async (trx) => {
        const row = await trx
          .selectFrom('alerts_hold')
          .select('body')
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .where('ends_at', '>', at)
          .executeTakeFirst();
        if (!row) return false;
        await raise(trx, 'holds');
        const hold: Hold = { ...json.read<Hold>(row.body), to: at };
        await trx
          .updateTable('alerts_hold')
          .set({ ends_at: at, body: json.write(hold) })
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .execute();
        return true;
      });
    },
    async list(tenant, query) {
      let q = db.selectFrom('alerts_hold').select('body').where('tenant', '=', tenant);
      if (query.activeAt !== undefined)
        q = q.where('starts_at', '<=', query.activeAt).where('ends_at', '>', query.activeAt);
      const rows = await q
        .orderBy('ends_at', 'desc')
        .orderBy('id')
        .limit(Math.min(query.limit ?? 100, 1_000))
        .execute();
      return rows.map((row) => json.read<Hold>(row.body));
    },
    async current(now) {
      const rows = await db.selectFrom('alerts_hold').select('body').where('ends_at', '>', now).execute();
      return rows.map((row) => json.read<Hold>(row.body));
    },
  };
}
