import type { DocumentShelf } from '../../../contract/ports/shelf.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Queries, Relational } from '../relational.ts';
import { excluded, inPieces, json } from '../sql.ts';
import { raise } from './marks.ts';

/** Kinds that the alerts room keeps in memory: every process must learn of their change. */
const WATCHED: ReadonlySet<string> = new Set(['provider', 'notice_route', 'contract', 'outside_tool']);

/** Documents on Kysely, for both engines. */
export function createDocumentShelf(relational: Relational): DocumentShelf {
  const { db } = relational;

  async function write(
    to: Queries,
    tenant: TenantId,
    kind: string,
    entries: readonly { id: string; body: unknown }[],
    at: number,
  ) {
    if (WATCHED.has(kind)) await raise(to, 'documents');
    const rows = entries.map(({ id, body }) => ({ tenant, kind, id, body: json.write(body), at }));
    for (const piece of inPieces(rows, 5)) {
      await to
        .insertInto('alerts_document')
        .values([...piece])
        .onConflict((oc) => oc.columns(['tenant', 'kind', 'id']).doUpdateSet(excluded(['body', 'at'])))
        .execute();
    }
  }

  return {
    async put(tenant, kind, id, body, at) {
      await relational.transaction((trx) => write(trx, tenant, kind, [{ id, body }], at));
    },
    async putAll(tenant, kind, entries, at) {
      await relational.transaction((trx) => write(trx, tenant, kind, entries, at));
    },
    async get(tenant, kind, id) {
      const row = await db
        .selectFrom('alerts_document')
        .select('body')
        .where('tenant', '=', tenant)
        .where('kind', '=', kind)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && json.read(row.body);
    },
    async list(tenant, kind) {
      const rows = await db
        .selectFrom('alerts_document')
        .select(['id', 'body', 'at'])
        .where('tenant', '=', tenant)
        .where('kind', '=', kind)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ id: row.id, body: json.read(row.body), at: row.at }));
    },
    async remove(tenant, kind, id) {
      return relational.transaction(async (trx) => {
        if (WATCHED.has(kind)) await raise(trx, 'documents');
        const result = await trx
          .deleteFrom('alerts_document')
          .where('tenant', '=', tenant)
          .where('kind', '=', kind)
          .where('id', '=', id)
          .executeTakeFirst();
        return result.numDeletedRows > 0n;
      });
    },
    async find(kind, id) {
      const rows = await db
        .selectFrom('alerts_document')
        .select(['tenant', 'body'])
        .where('kind', '=', kind)
        .where('id', '=', id)
        .execute();
      return rows.map((row) => ({ tenant: row.tenant as TenantId, body: json.read(row.body) }));
    },
    async all(kind) {
      const rows = await db
        .selectFrom('alerts_document')
        .select(['tenant', 'id', 'body'])
        .where('kind', '=', kind)
        .orderBy('tenant')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ tenant: row.tenant as TenantId, id: row.id, body: json.read(row.body) }));
    },
  };
}
