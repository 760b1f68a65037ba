import { sql } from 'kysely';
import type { Outbox, OutboxEntry } from '../../../contract/ports/outbox.ts';
import type { Effect } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Queries, Relational } from '../relational.ts';
import { inPieces, json } from '../sql.ts';
import type { OutboxRow } from '../tables/tickets.ts';

/** A row of an effect that waits to be done. */
function outboxRow(effect: Effect): OutboxRow {
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
    claimed_by: null,
    claimed_until: null,
  };
}

/** Keeps effects; one that is there already is left as it is. */
export async function writeEffects(trx: Queries, effects: readonly Effect[]): Promise<void> {
  for (const piece of inPieces(effects.map(outboxRow), 13)) {
    await trx
      .insertInto('alerts_outbox')
      .values([...piece])
      .onConflict((oc) => oc.column('key').doNothing())
      .execute();
  }
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

/** Any number that no other advisory lock of the product has. */
const CLAIM_LOCK = 7_014_023;

const BY_NUMBER = new Intl.Collator('en', { numeric: true });

/** Keys of effects that a worker may take now, oldest first. */
async function dueKeys(db: Queries, worker: string, now: number, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('alerts_outbox as due')
    .select('due.key')
    .where('due.done_at', 'is', null)
    .where('due.failed_at', 'is', null)
    .where('due.due_at', '<=', now)
    .where((eb) => eb.or([eb('due.claimed_until', 'is', null), eb('due.claimed_until', '<=', now)]))
    // Effects of one ticket are done in order, so by one worker at a time.
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('alerts_outbox as taken')
            .select('taken.key')
            .whereRef('taken.tenant', '=', 'due.tenant')
            .whereRef('taken.ticket', '=', 'due.ticket')
            .where('taken.claimed_until', '>', now)
            .where('taken.claimed_by', '!=', worker),
        ),
      ),
    )
    .orderBy('due.due_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.key);
}

/** The outbox on Kysely, for both engines. */
export function createOutbox(relational: Relational): Outbox {
  const { db, engine } = relational;
  return {
    async claim(worker, now, limit, forMs) {
      // Looked at before anything is locked: mostly nothing is due.
      const [waiting] = await dueKeys(db, worker, now, 1);
      if (!waiting) return [];
      return relational.transaction(async (trx) => {
        // Two claims at a time could take two effects of one ticket; on SQLite writers take turns anyway.
        if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${CLAIM_LOCK})`.execute(trx);
        const keys = await dueKeys(trx, worker, now, limit);
        const rows: OutboxRow[] = [];
        for (const piece of inPieces(keys, 1)) {
          rows.push(
            ...(await trx
              .updateTable('alerts_outbox')
              .set({ claimed_by: worker, claimed_until: now + forMs })
              .where('key', 'in', [...piece])
              .returningAll()
              .execute()),
          );
        }
        // An update answers in no order of its own; effects of one time go by the version and place in their keys.
        return rows.sort((a, b) => a.due_at - b.due_at || BY_NUMBER.compare(a.key, b.key)).map(entryOf);
      });
    },
    async release(worker) {
      await db
        .updateTable('alerts_outbox')
        .set({ claimed_by: null, claimed_until: null })
        .where('claimed_until', 'is not', null)
        .where('claimed_by', '=', worker)
        .execute();
    },
    async done(keys, at, ledTo = []) {
      const note = async (to: Queries): Promise<void> => {
        for (const piece of inPieces(keys, 1)) {
          await to
            .updateTable('alerts_outbox')
            .set((eb) => ({
              done_at: at,
              attempts: eb('attempts', '+', 1),
              last_error: null,
              claimed_by: null,
              claimed_until: null,
            }))
            .where('key', 'in', [...piece])
            .execute();
        }
      };
      if (ledTo.length === 0) return note(db);
      await relational.transaction(async (trx) => {
        await note(trx);
        await writeEffects(trx, ledTo);
      });
    },
    async failed(key, error, at, retryAt) {
      await db
        .updateTable('alerts_outbox')
        .set((eb) => ({
          attempts: eb('attempts', '+', 1),
          last_error: error.slice(0, 500),
          claimed_by: null,
          claimed_until: null,
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
        .set({ done_at: null, failed_at: null, due_at: at, claimed_by: null, claimed_until: null })
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
