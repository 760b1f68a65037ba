import type { Selectable } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { DeadLetter, DeadLetterRepository, RejectionReason } from '../../../contract/ports/dead-letters.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import type { Relational } from '../relational.ts';
import { flag, inPieces } from '../sql.ts';

/** What ingest could not use, on either engine (see the port). */
export function createDeadLetterRepository(relational: Relational): DeadLetterRepository {
  const { db } = relational;
  return {
    async add(letters) {
      if (letters.length === 0) return;
      await relational.transaction(async (trx) => {
        for (const piece of inPieces(letters, 10)) {
          await trx
            .insertInto('dead_letter')
            .values(
              piece.map((letter) => ({
                tenant: letter.tenant,
                terminal: letter.terminal,
                // PostgreSQL's text cannot hold NUL.
                topic: letter.topic.replaceAll('\0', '\uFFFD'),
                reason: letter.reason,
                field: letter.field?.replaceAll('\0', '\uFFFD') ?? null,
                detail: letter.detail.replaceAll('\0', '\uFFFD'),
                payload: letter.payload.replaceAll('\0', '\uFFFD'),
                replayable: flag.write(letter.replayable && !letter.payload.includes('\0')),
                received_at: letter.receivedAt,
                replayed_at: null,
              })),
            )
            .execute();
        }
      });
    },

    async list(tenant, filter = {}) {
      const limit = Math.min(500, Math.max(1, filter.limit ?? 50));
      let query = db.selectFrom('dead_letter').where('tenant', '=', tenant);
      if (filter.reason !== undefined) query = query.where('reason', '=', filter.reason);
      if (filter.terminal !== undefined) query = query.where('terminal', '=', filter.terminal);
      const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const page = filter.after === undefined ? query : query.where('seq', '<', seqOf(filter.after));
      const rows = await page
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(toLetter);
      const last = items.at(-1);
      return { items, total: Number(total), ...(rows.length > limit && last ? { next: last.id } : {}) };
    },

    async get(tenant, id) {
      const row = await db
        .selectFrom('dead_letter')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('seq', '=', seqOf(id))
        .executeTakeFirst();
      return row && toLetter(row);
    },

    async markReplayed(tenant, id, at) {
      await db
        .updateTable('dead_letter')
        .set({ replayed_at: at })
        .where('tenant', '=', tenant)
        .where('seq', '=', seqOf(id))
        .execute();
    },

    async counts(tenant) {
      const rows = await db
        .selectFrom('dead_letter')
        .select((eb) => ['reason', eb.fn.countAll<number>().as('letters')])
        .where('tenant', '=', tenant)
        .groupBy('reason')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.reason as RejectionReason, Number(row.letters)]));
    },

    async trim(before, keep) {
      const aged = await db.deleteFrom('dead_letter').where('received_at', '<', before).executeTakeFirst();
      let deleted = Number(aged.numDeletedRows);
      const tenants = await db.selectFrom('dead_letter').select('tenant').distinct().execute();
      for (const { tenant } of tenants) {
        const oldest = await db
          .selectFrom('dead_letter')
          .select('seq')
          .where('tenant', '=', tenant)
          .orderBy('seq', 'desc')
          .offset(keep)
          .limit(1)
          .executeTakeFirst();
        if (!oldest) continue;
        const over = await db
          .deleteFrom('dead_letter')
          .where('tenant', '=', tenant)
          .where('seq', '<=', oldest.seq)
          .executeTakeFirst();
        deleted += Number(over.numDeletedRows);
      }
      return deleted;
    },

    async deleteTenant(tenant) {
      await db.deleteFrom('dead_letter').where('tenant', '=', tenant).execute();
    },
  };
}

function seqOf(id: string): number {
  const seq = Number(id);
  if (Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw new TillwatchError('dead_letters.unknown', `there is no dead letter "${id}"`, { status: 404 });
}

function toLetter(row: Selectable<Database['dead_letter']>): DeadLetter {
  return {
    id: String(row.seq),
    tenant: row.tenant as TenantId,
    terminal: row.terminal,
    topic: row.topic,
    reason: row.reason as RejectionReason,
    field: row.field,
    detail: row.detail,
    payload: row.payload,
    replayable: flag.read(row.replayable),
    receivedAt: row.received_at,
    replayedAt: row.replayed_at,
  };
}
