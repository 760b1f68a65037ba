import type { WorkerBoard } from '../../../contract/ports/workers.ts';
import type { Relational } from '../relational.ts';
import { markOf } from './marks.ts';

const LEAD = 'alerts';
/** A lead that reaches further than this many times its length was taken by a clock that was ahead, and holds nobody back. */
const TOO_LONG = 4;

/** The workers' board on Kysely, for both engines. */
export function createWorkerBoard(relational: Relational): WorkerBoard {
  const { db } = relational;
  return {
    async lead(worker, now, forMs) {
      const until = now + forMs;
      const row = await db
        .insertInto('alerts_lead')
        .values({ name: LEAD, holder: worker, until })
        .onConflict((oc) =>
          oc
            .column('name')
            .doUpdateSet({ holder: worker, until })
            .where((eb) =>
              eb.or([
                eb('alerts_lead.holder', '=', worker),
                eb('alerts_lead.until', '<=', now),
                eb('alerts_lead.until', '>', now + TOO_LONG * forMs),
              ]),
            ),
        )
        .returning('holder')
        .executeTakeFirst();
      return row !== undefined;
    },
    async leave(worker) {
      await db.deleteFrom('alerts_lead').where('name', '=', LEAD).where('holder', '=', worker).execute();
    },
    async marks() {
      return { documents: await markOf(db, 'documents'), holds: await markOf(db, 'holds') };
    },
  };
}
