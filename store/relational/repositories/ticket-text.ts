import { type Kysely, sql } from 'kysely';
import type { TicketQuery } from '../../../contract/ports/tickets.ts';
import type { HistoryEntry, Ticket } from '../../../contract/tickets.ts';
import type { Database } from '../database.ts';
import type { Engine, Queries } from '../relational.ts';
import { inPieces } from '../sql.ts';

const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}';
const WORD = `(?:(?![${CJK}])[\\p{L}\\p{N}])+`;
/** A run of CJK characters, or a word, or words joined as in an id: `TW-12`, `1.0.3`. */
const RUNS = new RegExp(`([${CJK}]+)|${WORD}(?:[-_.]${WORD})*`, 'gu');

/**
 * Search tokens of a text, alike for every engine: words in lower case, ids whole, and Chinese, Japanese and Korean runs as overlapping
 * pairs of characters, which need no dictionary and find any part of a word. For an index the parts of an id are tokens too.
 */
export function tokens(text: string, parts = false): readonly string[] {
  const out: string[] = [];
  for (const [run, cjk] of text.normalize('NFKC').toLowerCase().matchAll(RUNS)) {
    const characters = cjk === undefined ? [] : [...cjk];
    if (characters.length > 1) {
      for (let i = 0; i + 1 < characters.length; i++) out.push(`${characters[i]}${characters[i + 1]}`);
      continue;
    }
    out.push(run);
    if (parts && /[-_.]/.test(run)) out.push(...run.split(/[-_.]/));
  }
  return out;
}

/** A filter as a token of the index, so that a search with filters reads only what fits both. Two values may share one: SQL filters exactly. */
function facet(name: string, value: string): string {
  return `${name}-${value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '_')}`;
}

const FACETS = ['kind', 'severity', 'component', 'site', 'provider', 'state'] as const;

/** Filters of a query that the text index can help with, each a choice of tokens. */
export function facetsOf(query: TicketQuery): readonly (readonly string[])[] {
  return FACETS.flatMap((name) => {
    const values: readonly string[] | undefined = query[name];
    return values ? [values.map((value) => facet(name, value))] : [];
  });
}

const SPOKEN: ReadonlySet<string> = new Set(['comment', 'progress', 'complain', 'opened', 'add_report']);

/** Everything said of a ticket, as one string of tokens; `before` are those that it had. */
export function ticketWords(ticket: Ticket, history: readonly HistoryEntry[], before = ''): string {
  const said = [
    ticket.id,
    ticket.title,
    ticket.kind,
    ticket.subject,
    ticket.terminal,
    ticket.site,
    ticket.component,
    ticket.mode,
    ticket.provider,
    ticket.technician,
    ticket.report?.symptom,
    ticket.report?.merchant,
    ticket.report?.serial,
    ticket.report?.model,
    ticket.report?.contact,
    ticket.diagnosis?.causeClass,
    ticket.diagnosis?.note,
    ticket.outcome?.action,
    ticket.outcome?.note,
    ticket.loan?.asset,
    ticket.replacement?.asset,
    ticket.lost?.policeReport,
    ...ticket.parts.flatMap((part) => [part.part, part.serial, part.removedSerial]),
    ...ticket.shipping.map((leg) => leg.tracking),
    ...history.filter((entry) => SPOKEN.has(entry.event)).flatMap((entry) => [entry.text, entry.why]),
  ];
  const all = new Set(before === '' ? [] : before.split(' '));
  for (const text of said) if (text) for (const token of tokens(text, true)) all.add(token);
  for (const name of FACETS) {
    const value = ticket[name];
    if (value !== null) all.add(facet(name, value));
  }
  return [...all].join(' ');
}

export interface TextRow {
  readonly seq: number;
  readonly tenant: string;
  readonly words: string;
}

/** Writes rows of the text index; a row that is there already is replaced. */
export async function writeText(trx: Queries, engine: Engine, rows: readonly TextRow[]): Promise<void> {
  for (const piece of inPieces(rows, 3)) {
    if (engine === 'sqlite') {
      const values = sql.join(piece.map((row) => sql`(${row.seq}, ${`tn-${row.tenant} ${row.words}`})`));
      await sql`insert or replace into ticket_text (rowid, words) values ${values}`.execute(trx);
    } else {
      const values = sql.join(
        piece.map(
          (row) => sql`(${row.seq}::bigint, ${row.tenant}, array_to_tsvector(string_to_array(${row.words}, ' ')))`,
        ),
      );
      await sql`insert into ticket_text (seq, tenant, words) values ${values}
        on conflict (seq) do update set words = excluded.words`.execute(trx);
    }
  }
}

/** Numbers of the tickets that hold all the words, newest first, below `beforeSeq`; undefined when nothing was asked for. */
export function matching(db: Kysely<Database>, engine: Engine, tenant: string, search: string, query: TicketQuery) {
  const words = tokens(search);
  const facets = facetsOf(query);
  if (words.length === 0) return undefined;
  if (engine === 'sqlite') {
    const terms = words.map((word, i) => `"${word}"${i === words.length - 1 ? '*' : ''}`);
    const choices = facets.map((values) => `(${values.map((value) => `"${value}"`).join(' OR ')})`);
    const text = [`"tn-${tenant}"`, ...terms, ...choices].join(' AND ');
    return db
      .selectFrom('ticket_text')
      .select('ticket_text.rowid as seq')
      .where(sql<boolean>`ticket_text match ${text}`);
  }
  const terms = words.map((word, i) => `'${word}'${i === words.length - 1 ? ':*' : ''}`);
  const choices = facets.map((values) => `(${values.map((value) => `'${value}'`).join(' | ')})`);
  return db
    .selectFrom('ticket_text')
    .select('ticket_text.seq as seq')
    .where('ticket_text.tenant', '=', tenant)
    .where(sql<boolean>`ticket_text.words @@ ${[...terms, ...choices].join(' & ')}::tsquery`);
}
