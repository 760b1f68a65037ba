import { sql } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Severity } from '../../../contract/findings.ts';
import { LEARNED_RISK } from '../../../contract/modes.ts';
import type { IncidentRecord } from '../../../contract/ports/incidents.ts';
import type {
  TicketChange,
  TicketPage,
  TicketQuery,
  TicketRepository,
  TicketWrite,
} from '../../../contract/ports/tickets.ts';
import type { Ticket } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Queries, Relational } from '../relational.ts';
import { excluded, inPieces, json } from '../sql.ts';
import { markOf } from './marks.ts';
import { writeEffects } from './outbox.ts';
import { decodeCursor, filtered, type Selected } from './ticket-query.ts';
import { historyOf, summaryOf, ticketRow, UPDATED_COLUMNS } from './ticket-rows.ts';
import { matching, ticketWords, writeText } from './ticket-text.ts';
import { conflict, wordsOf, writeHistory, writeIncidents, writeMembers } from './ticket-writes.ts';

/** Tickets, history, incidents and cursor on Kysely, for both engines. */
export function createTicketRepository(relational: Relational): TicketRepository {
  const { db, engine } = relational;

  async function list(tenant: TenantId, query: TicketQuery): Promise<TicketPage> {
    const limit = Math.min(query.limit ?? 50, 500);
    const match = query.search ? matching(db, engine, tenant, query.search, query) : undefined;
    // A search answers newest first: the text index walks backwards and stops at the page's end, whatever the archive holds.
    const order = match ? 'newest' : (query.order ?? 'worst');
    let base: Selected = db
      .selectFrom('ticket')
      .select(['ticket.seq', 'ticket.worst', 'ticket.updated_at', 'ticket.body'])
      .where('ticket.tenant', '=', tenant);
    base = filtered(base, tenant, query);
    const count = query.count
      ? Number(
          (
            await base
              .$if(match !== undefined, (q) => q.where('ticket.seq', 'in', match!))
              .clearSelect()
              .select((eb) => eb.fn.countAll<number>().as('n'))
              .executeTakeFirstOrThrow()
          ).n,
        )
      : undefined;
    const after = query.after ? decodeCursor(query.after) : undefined;
    let rows: { seq: number; worst: string; updated_at: number; body: string }[];
    if (match) {
      rows = await searched(base, match, after?.[1], limit + 1);
    } else {
      let q = base;
      if (order === 'worst') {
        q = q.orderBy('ticket.worst').orderBy('ticket.seq');
        if (after) q = q.where(sql<boolean>`(ticket.worst, ticket.seq) > (${after[0]}, ${after[1]})`);
      } else if (order === 'updated') {
        q = q.orderBy('ticket.updated_at', 'desc').orderBy('ticket.seq', 'desc');
        if (after) q = q.where(sql<boolean>`(ticket.updated_at, ticket.seq) < (${Number(after[0])}, ${after[1]})`);
      } else {
        q = q.orderBy('ticket.seq', 'desc');
        if (after) q = q.where('ticket.seq', '<', after[1]);
      }
      rows = await q.limit(limit + 1).execute();
    }
    const more = rows.length > limit;
    const page = more ? rows.slice(0, limit) : rows;
    const last = page.at(-1);
    const key = last && (order === 'worst' ? last.worst : order === 'updated' ? String(last.updated_at) : '');
    return {
      items: page.map((row) => summaryOf(json.read<Ticket>(row.body))),
      ...(count === undefined ? {} : { total: count }),
      ...(more && last ? { next: Buffer.from(JSON.stringify([key, last.seq])).toString('base64url') } : {}),
    };
  }

  /** Walks the text index newest first in growing pieces and keeps what the other filters let through. */
  async function searched(
    base: Selected,
    match: NonNullable<ReturnType<typeof matching>>,
    before: number | undefined,
    wanted: number,
  ) {
    const column = engine === 'sqlite' ? 'ticket_text.rowid' : 'ticket_text.seq';
    const found: { seq: number; worst: string; updated_at: number; body: string }[] = [];
    let below = before;
    for (let size = wanted * 2; found.length < wanted; size = Math.min(size * 4, 20_000)) {
      let piece = match.orderBy(column, 'desc').limit(size);
      if (below !== undefined) piece = piece.where(column, '<', below);
      const seqs = (await piece.execute()).map((row) => row.seq);
      for (let i = 0; i < seqs.length && found.length < wanted; i += 2_000) {
        const rows = await base
          .where('ticket.seq', 'in', seqs.slice(i, i + 2_000))
          .orderBy('ticket.seq', 'desc')
          .limit(wanted - found.length)
          .execute();
        found.push(...rows);
      }
      if (seqs.length < size) break;
      below = seqs.at(-1);
    }
    return found;
  }

  async function apply(write: TicketWrite): Promise<number | null> {
    return relational.transaction(async (trx) => {
      if (write.changes.length > 0) await applyTickets(trx, write.changes);
      const effects = [...write.changes.flatMap((change) => change.effects), ...(write.effects ?? [])];
      await writeEffects(trx, effects);
      const rev = await writeIncidents(trx, write);
      if (write.findingsCursor !== undefined) {
        await trx
          .insertInto('alerts_cursor')
          .values({ name: 'findings', value: write.findingsCursor })
          .onConflict((oc) => oc.column('name').doUpdateSet(excluded(['value'])))
          .execute();
      }
      return rev;
    });
  }

  async function applyTickets(trx: Queries, changes: readonly TicketChange[]): Promise<void> {
    const before = await wordsOf(trx, changes);
    const rows = changes.map(({ ticket, history }) => {
      const had = before.get(`${ticket.tenant}/${ticket.id}`);
      const words = ticketWords(ticket, history, had);
      return { ticket, words, changed: words !== had };
    });
    const numbers = new Map<string, number>();
    for (const piece of inPieces(rows, 20)) {
      let written: { tenant: string; id: string; seq: number }[];
      try {
        written = await trx
          .insertInto('ticket')
          .values(piece.map(({ ticket, words }) => ticketRow(ticket, words)))
          .onConflict((oc) =>
            oc
              .columns(['tenant', 'id'])
              .doUpdateSet(excluded(UPDATED_COLUMNS))
              .where(sql<boolean>`ticket.version < excluded.version and excluded.version > 1`),
          )
          .returning(['tenant', 'id', 'seq'])
          .execute();
      } catch (error) {
        if (error instanceof TillwatchError && error.code === 'relational.conflict') {
          throw new TillwatchError('ticket.duplicate', 'the fault has an open ticket already', {
            status: 409,
            cause: error,
          });
        }
        throw error;
      }
      if (written.length !== piece.length) {
        const ok = new Set(written.map((row) => row.id));
        throw conflict(piece.map(({ ticket }) => ticket.id).filter((id) => !ok.has(id)));
      }
      for (const row of written) numbers.set(`${row.tenant}/${row.id}`, row.seq);
    }
    const seqOf = (ticket: Ticket): number => numbers.get(`${ticket.tenant}/${ticket.id}`)!;
    await writeText(
      trx,
      engine,
      rows
        .filter((row) => row.changed)
        .map(({ ticket, words }) => ({ seq: seqOf(ticket), tenant: ticket.tenant, words })),
    );
    await writeHistory(trx, changes);
    await writeMembers(
      trx,
      changes.filter(({ ticket }) => ticket.scope !== 'terminal').map(({ ticket }) => ({ ticket, seq: seqOf(ticket) })),
    );
  }

  return {
    list,
    apply,
    async get(tenant, id) {
      const row = await db
        .selectFrom('ticket')
        .select('body')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return undefined;
      const history = await db
        .selectFrom('ticket_history')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('ticket', '=', id)
        .orderBy('index')
        .execute();
      return { ticket: json.read<Ticket>(row.body), history: history.map(historyOf) };
    },
    async openOf(tenant, terminals) {
      if (terminals.length === 0) return [];
      const rows = await filtered(
        db
          .selectFrom('ticket')
          .select(['ticket.seq', 'ticket.worst', 'ticket.updated_at', 'ticket.body'])
          .where('ticket.tenant', '=', tenant),
        tenant,
        { open: true, terminal: terminals },
      )
        .orderBy('ticket.worst')
        .limit(1_000)
        .execute();
      return rows.map((row) => summaryOf(json.read<Ticket>(row.body)));
    },
    async countOpen(tenant) {
      const rows = await db
        .selectFrom('ticket')
        .select((eb) => ['severity', eb.fn.countAll<number>().as('n')])
        .where('tenant', '=', tenant)
        .where('open', '=', 1)
        .groupBy('severity')
        .execute();
      const counts: Record<Severity, number> = { watch: 0, warning: 0, critical: 0 };
      for (const row of rows) counts[row.severity as Severity] = Number(row.n);
      return counts;
    },
    async reserveIds(tenant, count) {
      if (count === 0) return [];
      const { last } = await db
        .insertInto('ticket_number')
        .values({ tenant, last: count })
        .onConflict((oc) => oc.column('tenant').doUpdateSet({ last: sql`ticket_number.last + ${count}` }))
        .returning('last')
        .executeTakeFirstOrThrow();
      return Array.from({ length: count }, (_, i) => `TW-${last - count + 1 + i}`);
    },
    async load(tenant, ids) {
      const out: Ticket[] = [];
      for (const piece of inPieces(ids, 1)) {
        const rows = await db
          .selectFrom('ticket')
          .select('body')
          .where('tenant', '=', tenant)
          .where('id', 'in', [...piece])
          .execute();
        out.push(...rows.map((row) => json.read<Ticket>(row.body)));
      }
      return out;
    },
    async latestOf(tenant, fingerprint) {
      const row = await db
        .selectFrom('ticket')
        .select('body')
        .where('tenant', '=', tenant)
        .where('fingerprint', '=', fingerprint)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && summaryOf(json.read<Ticket>(row.body));
    },
    async reported(tenant, terminals) {
      const out: Ticket[] = [];
      for (const piece of inPieces(terminals, 1)) {
        const rows = await db
          .selectFrom('ticket')
          .select('body')
          .where('tenant', '=', tenant)
          .where('terminal', 'in', [...piece])
          .where('open', '=', 1)
          .where((eb) => eb.or([eb('fingerprint', 'is', null), eb('fingerprint', 'like', `%/${LEARNED_RISK}`)]))
          .where('kind', '=', 'fault')
          .orderBy('seq')
          .execute();
        out.push(...rows.map((row) => json.read<Ticket>(row.body)));
      }
      return out;
    },
    async due(now, limit) {
      const rows = await db
        .selectFrom('ticket')
        .select('body')
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map((row) => json.read<Ticket>(row.body));
    },
    async assigned() {
      const rows = await db
        .selectFrom('ticket')
        .select('body')
        .where('open', '=', 1)
        .where('provider', 'is not', null)
        .execute();
      return rows.map((row) => {
        const { tenant, id, provider, technician } = json.read<Ticket>(row.body);
        return { tenant, id, provider: provider!, technician };
      });
    },
    async findingsCursor() {
      const row = await db
        .selectFrom('alerts_cursor')
        .select('value')
        .where('name', '=', 'findings')
        .executeTakeFirst();
      return row?.value ?? 0;
    },
    async incidentsSince(seen) {
      const rev = await markOf(db, 'incidents');
      if (rev <= seen) return { rev: seen, records: [] };
      const rows = await db.selectFrom('incident').select('body').where('rev', '>', seen).orderBy('rev').execute();
      return { rev, records: rows.map((row) => json.read<IncidentRecord>(row.body)) };
    },
    async incidents() {
      // Read first: what is written meanwhile has a higher revision and is read again.
      const rev = await markOf(db, 'incidents');
      const all: IncidentRecord[] = [];
      let after: { tenant: string; fingerprint: string } = { tenant: '', fingerprint: '' };
      for (;;) {
        const rows = await db
          .selectFrom('incident')
          .select(['tenant', 'fingerprint', 'body'])
          .where(sql<boolean>`(tenant, fingerprint) > (${after.tenant}, ${after.fingerprint})`)
          .orderBy('tenant')
          .orderBy('fingerprint')
          .limit(10_000)
          .execute();
        for (const row of rows) all.push(json.read<IncidentRecord>(row.body));
        const last = rows.at(-1);
        if (!last || rows.length < 10_000) return { rev, records: all };
        after = last;
      }
    },
  };
}
