import { sql } from 'kysely';
import type { Queries } from '../relational.ts';

/** Counters of `alerts_cursor` by which processes learn that another has changed something. */
export type Mark = 'documents' | 'holds' | 'incidents';

/**
 * Raises a counter and answers it. Within a transaction its row stays locked to the end, so that what is written under a lower number
 * is always seen before what is written under a higher one.
 */
export async function raise(db: Queries, mark: Mark): Promise<number> {
  const { value } = await db
    .insertInto('alerts_cursor')
    .values({ name: mark, value: 1 })
    .onConflict((oc) => oc.column('name').doUpdateSet({ value: sql<number>`alerts_cursor.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
}

/** A counter as it stands; 0 before it was first raised. */
export async function markOf(db: Queries, mark: Mark): Promise<number> {
  const row = await db.selectFrom('alerts_cursor').select('value').where('name', '=', mark).executeTakeFirst();
  return row?.value ?? 0;
}
