import { seal } from '../../../contract/audit-chain.ts';
import type { AuditTrail } from '../../../contract/ports/audit.ts';
import type { Relational } from '../relational.ts';

/** The audit trail on Kysely, for both engines. Writers take turns at the head, over all processes. */
export function createAuditTrail(relational: Relational): AuditTrail {
  const { db, engine } = relational;
  return {
    append(event) {
      return relational.transaction(async (trx) => {
        const head = await trx
          .selectFrom('audit_head')
          .selectAll()
          .where('id', '=', 1)
          .$if(engine === 'postgres', (q) => q.forUpdate())
          .executeTakeFirstOrThrow();
        const { at, who, via, action, tenant, subject, outcome, address } = event;
        const seq = head.seq + 1;
        const hash = seal(seq, head.hash, event);
        const entry = { seq, at, who, via, action, tenant, subject, outcome, address, previous: head.hash, hash };
        await trx.insertInto('audit').values(entry).execute();
        await trx.updateTable('audit_head').set({ seq, hash }).where('id', '=', 1).execute();
        return entry;
      });
    },
    async list(filter = {}) {
      const { who, action, tenants, from, to, before } = filter;
      let query = db.selectFrom('audit').selectAll();
      if (who !== undefined) query = query.where('who', '=', who);
      if (action !== undefined) query = query.where('action', '=', action);
      if (tenants !== undefined) query = query.where('tenant', 'in', tenants.length > 0 ? [...tenants] : ['']);
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      if (before !== undefined) query = query.where('seq', '<', before);
      return query
        .orderBy('seq', 'desc')
        .limit(Math.min(500, Math.max(1, filter.limit ?? 100)))
        .execute();
    },
    async after(seq, limit) {
      return db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();
    },
    async head() {
      const { seq, hash } = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirstOrThrow();
      return { seq, hash };
    },
  };
}
