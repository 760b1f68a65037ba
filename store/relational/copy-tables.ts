import { type CompiledQuery, sql, type Transaction } from 'kysely';
import { TillwatchError } from '../../contract/errors.ts';
import type { Database } from './database.ts';
import type { Queries, Relational } from './relational.ts';
import { type TextRow, writeText } from './repositories/ticket-text.ts';
import { inPieces } from './sql.ts';

/** Not copied: the text index is made anew from the tickets' words, leases and workers are of processes, checkpoints are the caller's. */
const LEFT_OUT = /^(sqlite_.*|kysely_.*|ticket_text.*|cluster_.*|analytics_checkpoint.*)$/;
/** Tables that hold something once a platform has been used: a target in which they do is somebody's. */
const IN_USE = ['account', 'terminal', 'ticket', 'finding', 'audit'] as const;
const AT_ONCE = 2_000;
/** Rows at once of a table that holds files, which may be many megabytes each. */
const FILES_AT_ONCE = 4;

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

/**
 * Copies all rows of the embedded tables into those of a server, whose schema must be of the same version and in which nothing may be yet:
 * in one transaction, counted on both sides before it is committed, so that either all of it is there or nothing. Numbers of tickets, opinions and
 * rejected messages go on after the highest. Errors: `tables.not_empty`, `tables.not_copied`, and those of `Relational`.
 */
export async function copyTables(from: Relational, to: Relational): Promise<readonly CopiedTable[]> {
  if (from.engine !== 'sqlite' || to.engine !== 'postgres') {
    throw new TillwatchError('tables.not_copied', 'tables are copied from the embedded engine to PostgreSQL only');
  }
  const steps = [await from.executed(), await to.executed()].map((names) => [...names].sort().join());
  if (steps[0] !== steps[1]) {
    throw new TillwatchError(
      'tables.not_copied',
      'the two sides have tables of different versions: migrate both first',
    );
  }
  const tables = (await from.db.introspection.getTables())
    .filter((table) => !table.isView && !LEFT_OUT.test(table.name))
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }));
  return to.transaction(async (trx) => {
    await assertUnused(trx);
    const copied: CopiedTable[] = [];
    for (const { name, columns } of tables) copied.push(await copyTable(from, trx, name, columns));
    await copyTexts(from, trx);
    return copied;
  });
}

/** Refuses tables in which a platform has written already: they are somebody's. Error: `tables.not_empty`. */
export async function assertUnused(db: Queries): Promise<void> {
  for (const table of IN_USE) {
    const { count } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) === 0) continue;
    throw new TillwatchError(
      'tables.not_empty',
      `the database already holds a platform: its table "${table}" has ${count} rows. Give an empty database (createdb). Nothing was changed`,
      { status: 400, context: { table } },
    );
  }
}

async function copyTable(
  from: Relational,
  trx: Transaction<Database>,
  table: string,
  columns: readonly string[],
): Promise<CopiedTable> {
  // What the migrations themselves put there: rows that count something, from zero.
  if (table !== 'audit') await sql`delete from ${sql.table(table)}`.execute(trx);
  const list = sql.join(columns.map((column) => sql.ref(column)));
  let rows = 0;
  for await (const page of pages(from.db, table, list, columns.includes('bytes') ? FILES_AT_ONCE : AT_ONCE)) {
    for (const piece of inPieces(page, columns.length)) {
      const values = sql.join(piece.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`));
      // Rows keep the numbers that their engine gave them.
      await sql`insert into ${sql.table(table)} (${list}) overriding system value values ${values}`.execute(trx);
      rows += piece.length;
    }
  }
  const { rows: counted } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(trx);
  if (Number(counted[0]?.n) !== rows) {
    throw new TillwatchError('tables.not_copied', `of ${rows} rows of "${table}" ${counted[0]?.n} arrived`);
  }
  await goOn(trx, table);
  return { table, rows };
}

/** Rows of a table in the order of their writing, a page at a time: a large table is never in memory whole. */
async function* pages(
  db: Queries,
  table: string,
  columns: ReturnType<typeof sql.join>,
  atOnce: number,
): AsyncGenerator<readonly Record<string, unknown>[]> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const query = sql<Record<string, unknown> & { row_number_: number }>`
      select rowid as row_number_, ${columns} from ${sql.table(table)} where rowid > ${after} order by rowid limit ${atOnce}`;
    const { rows } = await db.executeQuery(
      query.compile(db) as CompiledQuery<Record<string, unknown> & { row_number_: number }>,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.row_number_;
  }
}

/** A column that numbers its rows itself must begin after the highest that came from elsewhere. */
async function goOn(trx: Transaction<Database>, table: string): Promise<void> {
  const { rows } = await sql<{ column: string }>`
    select column_name as "column" from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_identity = 'YES'`.execute(trx);
  for (const { column } of rows) {
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), coalesce(max(${sql.ref(column)}), 0) + 1, false)
      from ${sql.table(table)}`.execute(trx);
  }
}

async function copyTexts(from: Relational, trx: Transaction<Database>): Promise<void> {
  const columns = sql.join(['seq', 'tenant', 'words'].map((column) => sql.ref(column)));
  for await (const page of pages(from.db, 'ticket', columns, AT_ONCE)) {
    await writeText(trx, 'postgres', page as unknown as readonly TextRow[]);
  }
}
