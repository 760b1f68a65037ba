import { type Expression, type SqlBool, sql } from 'kysely';
import type { HistoryEntry, Ticket } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Queries, Relational } from '../relational.ts';
import { contains, json } from '../sql.ts';
import { ticketWords, writeText } from './ticket-text.ts';

/** One place in which a person was found. */
export interface PersonalRecord {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  readonly value: unknown;
}

interface Place {
  readonly table: string;
  readonly keys: readonly string[];
  readonly columns: readonly { readonly name: string; readonly json: boolean }[];
}

const text = (name: string) => ({ name, json: false });
const body = (name: string) => ({ name, json: true });
/** Columns that people's names and numbers get into (contract/personal-data.ts), of tables with a tenant. */
const PLACES: readonly Place[] = [
  { table: 'site', keys: ['site'], columns: [text('contact'), text('address'), text('name')] },
  { table: 'ticket', keys: ['id'], columns: [body('body')] },
  { table: 'ticket_history', keys: ['ticket', 'index'], columns: [text('text'), text('why'), body('data')] },
  { table: 'alerts_outbox', keys: ['key'], columns: [body('payload')] },
  { table: 'alerts_document', keys: ['kind', 'id'], columns: [body('body')] },
  { table: 'asset', keys: ['id'], columns: [body('body')] },
  { table: 'asset_custody', keys: ['asset', 'key'], columns: [body('body')] },
];
const ERASED = '[erased]';

/** Finds and erases what is kept of a person, by the words under which it was told: a name, a number, an address. */
export function createPersonalData(relational: Relational) {
  const { db } = relational;

  async function found(queries: Queries, tenant: TenantId, words: readonly string[]) {
    const all: { place: Place; row: Record<string, unknown> }[] = [];
    for (const place of PLACES) {
      const conditions = place.columns.flatMap(({ name, json }) =>
        words.map(
          (word) =>
            contains<Record<string, Record<string, string>>, string>(
              name,
              json ? JSON.stringify(word).slice(1, -1) : word,
            ) as Expression<SqlBool>,
        ),
      );
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(place.table)}
        where tenant = ${tenant} and (${sql.join(conditions, sql` or `)})`.execute(queries);
      for (const row of rows) all.push({ place, row });
    }
    return all;
  }

  return {
    /** Words that a merchant is known by: its site's contact and those of its tickets. */
    async wordsOf(tenant: TenantId, site: string): Promise<readonly string[]> {
      const words = new Set<string>();
      const entry = await db
        .selectFrom('site')
        .select(['contact', 'address'])
        .where('tenant', '=', tenant)
        .where('site', '=', site)
        .executeTakeFirst();
      const tickets = await db
        .selectFrom('ticket')
        .select('body')
        .where('tenant', '=', tenant)
        .where('site', '=', site)
        .execute();
      const reports = tickets.map((row) => json.read<Ticket>(row.body));
      const told = reports.flatMap(({ report, deactivation }) => [report?.contact, deactivation?.contact]);
      for (const word of [entry?.contact, entry?.address, ...told])
        if (word && word.trim().length > 1) words.add(word.trim());
      return [...words];
    },

    async find(tenant: TenantId, words: readonly string[]): Promise<readonly PersonalRecord[]> {
      const all = await found(db, tenant, words);
      const files = await filesOf(db, tenant, ticketsIn(all));
      const listed = files.map(({ ticket, id, name }) => ({
        table: 'alerts_file',
        key: id,
        column: 'bytes',
        value: `${name}, a file of ticket ${ticket}`,
      }));
      const records = all.flatMap(({ place, row }) =>
        place.columns.flatMap(({ name, json: isJson }) => {
          const value = row[name];
          if (typeof value !== 'string' || erased(value, words) === value) return [];
          const key = place.keys.map((one) => String(row[one])).join('/');
          return [{ table: place.table, key, column: name, value: isJson ? json.read(value) : value }];
        }),
      );
      return [...records, ...listed];
    },

    /**
     * Puts "[erased]" in the words' place, in one transaction, takes them out of the search index, and deletes the files of the tickets in
     * which the person was found, whose bytes no search looks into; answers what was changed.
     */
    async erase(tenant: TenantId, words: readonly string[], at: number): Promise<readonly PersonalRecord[]> {
      return relational.transaction(async (trx) => {
        const changed: PersonalRecord[] = [];
        const all = await found(trx, tenant, words);
        const tickets = ticketsIn(all);
        for (const { place, row } of all) {
          const key = place.keys.map((one) => String(row[one])).join('/');
          for (const { name } of place.columns) {
            const value = row[name];
            if (typeof value !== 'string') continue;
            const rest = erased(value, words);
            if (rest === value) continue;
            const where = sql.join(
              place.keys.map((one) => sql`${sql.ref(one)} = ${row[one]}`),
              sql` and `,
            );
            await sql`update ${sql.table(place.table)} set ${sql.ref(name)} = ${rest} where tenant = ${tenant} and ${where}`.execute(
              trx,
            );
            changed.push({ table: place.table, key, column: name, value: ERASED });
          }
          if (place.table === 'site') await bump(trx, tenant, String(row.site), at);
        }
        for (const id of await dropFiles(trx, tenant, tickets))
          changed.push({ table: 'alerts_file', key: id, column: 'bytes', value: ERASED });
        for (const id of tickets) await reindex(trx, tenant, id);
        return changed;
      });
    },
  };

  function ticketsIn(all: Awaited<ReturnType<typeof found>>): Set<string> {
    const ids = all.flatMap(({ place, row }) =>
      place.table === 'ticket' ? [String(row.id)] : place.table === 'ticket_history' ? [String(row.ticket)] : [],
    );
    return new Set(ids);
  }

  async function filesOf(queries: Queries, tenant: TenantId, tickets: ReadonlySet<string>) {
    if (tickets.size === 0) return [];
    const rows = await queries
      .selectFrom('ticket')
      .select(['id', 'body'])
      .where('tenant', '=', tenant)
      .where('id', 'in', [...tickets])
      .execute();
    return rows.flatMap(({ id: ticket, body }) =>
      (json.read<Ticket>(body).attachments ?? []).map(({ id, name }) => ({ ticket, id, name })),
    );
  }

  /** Takes the files out of these tickets; those that another ticket has too (they are kept by content) stay for it. */
  async function dropFiles(trx: Queries, tenant: TenantId, tickets: ReadonlySet<string>): Promise<readonly string[]> {
    const files = await filesOf(trx, tenant, tickets);
    for (const id of new Set(files.map(({ ticket }) => ticket))) {
      const row = await trx
        .selectFrom('ticket')
        .select('body')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const body = json.write({ ...json.read<Ticket>(row.body), attachments: [] });
      await trx.updateTable('ticket').set({ body }).where('tenant', '=', tenant).where('id', '=', id).execute();
    }
    const gone: string[] = [];
    for (const id of new Set(files.map((file) => file.id))) {
      const other = await trx
        .selectFrom('ticket')
        .select('id')
        .where('tenant', '=', tenant)
        .where(contains<Record<string, Record<string, string>>, string>('body', id) as Expression<SqlBool>)
        .limit(1)
        .executeTakeFirst();
      if (other) continue;
      await trx.deleteFrom('alerts_file').where('tenant', '=', tenant).where('id', '=', id).execute();
      gone.push(id);
    }
    return gone;
  }

  /** Tells every process that keeps sites in memory. */
  async function bump(trx: Queries, tenant: TenantId, site: string, at: number): Promise<void> {
    await trx.updateTable('registry_revision').set({ value: sql<number>`value + 1` }).execute();
    const { value } = await trx.selectFrom('registry_revision').select('value').executeTakeFirstOrThrow();
    await trx
      .updateTable('site')
      .set({ revision: value, updated_at: at })
      .where('tenant', '=', tenant)
      .where('site', '=', site)
      .execute();
  }

  async function reindex(trx: Queries, tenant: TenantId, id: string): Promise<void> {
    const row = await trx
      .selectFrom('ticket')
      .select(['seq', 'body'])
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return;
    const history = await trx
      .selectFrom('ticket_history')
      .select(['event', 'text', 'why'])
      .where('tenant', '=', tenant)
      .where('ticket', '=', id)
      .execute();
    const words = ticketWords(json.read<Ticket>(row.body), history as unknown as HistoryEntry[]);
    await trx.updateTable('ticket').set({ words }).where('tenant', '=', tenant).where('id', '=', id).execute();
    await writeText(trx, relational.engine, [{ seq: row.seq, tenant, words }]);
  }
}

/** The text without the words, in any case; inside JSON only what stands in strings can match, as each word is written there. */
function erased(value: string, words: readonly string[]): string {
  let rest = value;
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    for (const written of new Set([word, JSON.stringify(word).slice(1, -1)])) {
      rest = rest.replace(new RegExp(written.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu'), ERASED);
    }
  }
  return rest;
}
