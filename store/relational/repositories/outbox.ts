import type { Outbox, OutboxEntry } from '../../../contract/ports/outbox.ts';
import type { Effect } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Relational } from '../relational.ts';
import { inPieces, json } from '../sql.ts';
import type { OutboxRow } from '../tables/tickets.ts';

/** A row of an effect that waits to be done. */
export function outboxRow(effect: Effect): OutboxRow {
  return {
    key: effect.key,
    tenant: effect.tenant,
    ticket: effect.ticket,
    kind: effect.kind,
    at: effect.at,
    due_at: effect.dueAt,
    payload: json.write(effect.payload),
    attempts: 0,
    done_at: null,
    failed_at: null,
    last_error: null,
  };
}

function entryOf(row: OutboxRow): OutboxEntry {
  return {
    key: row.key,
    tenant: row.tenant as TenantId,
    ticket: row.ticket,
    kind: row.kind as Effect['kind'],
    at: row.at,
    dueAt: row.due_at,
    payload: json.read(row.payload),
    attempts: row.attempts,
    doneAt: row.done_at,
    failedAt: row.failed_at,
    lastError: row.last_error,
  };
}

/** The outbox on Kysely, for both engines. */
export function createOutbox(relational: Relational): Outbox {
  const { db } = relational;
  return {
    async due(now, limit) {
      const rows = await db
        .selectFrom('alerts_outbox')
        .selectAll()
        .where('done_at', 'is', null)
        .where('failed_at', 'is', null)
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map(entryOf);
    },
    async done(keys, at) {
      for (const piece of inPieces(keys, 1)) {
        await db
          .updateTable('alerts_outbox')
          .set((eb) => ({ done_at: at, attempts: eb('attempts', '+', 1), last_error: null }))
          .where('key', 'in', [...piece])
          .execute();
      }
    },
    async failed(key, error, at, retryAt) {
      await db
        .updateTable('alerts_outbox')
        .set((eb) => ({
          attempts: eb('attempts', '+', 1),
          last_error: error.slice(0, 500),
          ...(retryAt === null ? { failed_at: at } : { due_at: retryAt }),
        }))
        .where('key', '=', key)
        .execute();
    },
    async log(tenant, query) {
      let q = db.selectFrom('alerts_outbox').selectAll().where('tenant', '=', tenant);
      if (query.ticket) q = q.where('ticket', '=', query.ticket);
      if (query.kind) q = q.where('kind', '=', query.kind);
      if (query.state === 'done') q = q.where('done_at', 'is not', null);
      if (query.state === 'failed') q = q.where('failed_at', 'is not', null);
      if (query.state === 'pending') q = q.where('done_at', 'is', null).where('failed_at', 'is', null);
      const rows = await q
        .orderBy('at', 'desc')
        .orderBy('key')
        .limit(Math.min(query.limit ?? 100, 1_000))
        .execute();
      return rows.map(entryOf);
    },
    async replay(tenant, key, at) {
      const result = await db
        .updateTable('alerts_outbox')
        .set({ done_at: null, failed_at: null, due_at: at })
        .where('tenant', '=', tenant)
        .where('key', '=', key)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async trim(before) {
      const result = await db.deleteFrom('alerts_outbox').where('done_at', '<', before).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
