import { type RawBuilder, sql } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Lease, LeaseStore } from '../../../contract/ports/leases.ts';
import type { Engine, Queries, Relational } from '../relational.ts';
import { excluded } from '../sql.ts';

/** ms since 1970 by the engine's own clock: workers on several machines must agree on what has run out. */
const CLOCK: Record<Engine, RawBuilder<number>> = {
  sqlite: sql<number>`cast(round((julianday('now') - 2440587.5) * 86400000) as integer)`,
  postgres: sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
};

/** Leases as rows on Kysely, for both engines. */
export function createLeaseStore(relational: Relational): LeaseStore {
  const now = CLOCK[relational.engine];
  const until = (ttlMs: number): RawBuilder<number> => sql<number>`${now} + ${sql.lit(Math.round(ttlMs))}`;
  return {
    async beat(group, worker, ttlMs) {
      return relational.transaction(async (trx) => {
        await trx
          .insertInto('cluster_worker')
          .values({ room: group, worker, expires_at: until(ttlMs) })
          .onConflict((oc) => oc.columns(['room', 'worker']).doUpdateSet(excluded(['expires_at'])))
          .execute();
        // Also what has run out: as long as nobody else took it, it is still this worker's.
        await trx
          .updateTable('cluster_lease')
          .set({ expires_at: until(ttlMs) })
          .where('room', '=', group)
          .where('worker', '=', worker)
          .execute();
        const members = await trx
          .selectFrom('cluster_worker')
          .select('worker')
          .where('room', '=', group)
          .where('expires_at', '>', now)
          .orderBy('worker')
          .execute();
        const rows = await trx
          .selectFrom('cluster_lease')
          .select(['unit', 'worker', 'epoch'])
          .where('room', '=', group)
          .where('worker', '!=', '')
          .where('expires_at', '>', now)
          .execute();
        return {
          members: members.map((row) => row.worker),
          leases: new Map(rows.map((row) => [row.unit, { ...row, group }])),
        };
      });
    },

    async take(group, unit, worker, ttlMs) {
      return relational.transaction(async (trx) => {
        const free = { room: group, unit, worker: '', epoch: 0, expires_at: 0 };
        await trx
          .insertInto('cluster_lease')
          .values(free)
          .onConflict((oc) => oc.columns(['room', 'unit']).doNothing())
          .execute();
        const taken = await trx
          .updateTable('cluster_lease')
          .set((eb) => ({ worker, epoch: eb('epoch', '+', 1), expires_at: until(ttlMs) }))
          .where('room', '=', group)
          .where('unit', '=', unit)
          .where((eb) => eb.or([eb('worker', '=', ''), eb('expires_at', '<=', now)]))
          .returning('epoch')
          .executeTakeFirst();
        return taken && { group, unit, worker, epoch: taken.epoch };
      });
    },

    async release({ group, unit, worker, epoch }) {
      await relational.db
        .updateTable('cluster_lease')
        .set({ worker: '', expires_at: 0 })
        .where('room', '=', group)
        .where('unit', '=', unit)
        .where('worker', '=', worker)
        .where('epoch', '=', epoch)
        .execute();
    },

    async leave(group, worker) {
      await relational.transaction(async (trx) => {
        await trx
          .updateTable('cluster_lease')
          .set({ worker: '', expires_at: 0 })
          .where('room', '=', group)
          .where('worker', '=', worker)
          .execute();
        await trx.deleteFrom('cluster_worker').where('room', '=', group).where('worker', '=', worker).execute();
      });
    },
  };
}

async function assertHeld(trx: Queries, engine: Engine, { group, unit, worker, epoch }: Lease): Promise<void> {
  const row = await trx
    .selectFrom('cluster_lease')
    .select('epoch')
    .where('room', '=', group)
    .where('unit', '=', unit)
    .where('worker', '=', worker)
    .where('epoch', '=', epoch)
    .$if(engine === 'postgres', (query) => query.forShare())
    .executeTakeFirst();
  if (row) return;
  throw new TillwatchError('lease.lost', `${unit} of ${group} belongs to another worker now: nothing was written`, {
    context: { group, unit, worker, epoch },
  });
}

/**
 * The same store for one lease: a transaction commits only while the lease is held, so a worker that was frozen while another took over
 * writes nothing. Asked last, so that the lease's row is held for a moment only. Error: `lease.lost`.
 */
export function fenced(relational: Relational, lease: Lease): Relational {
  return {
    ...relational,
    transaction: (work) =>
      relational.transaction(async (trx) => {
        const result = await work(trx);
        await assertHeld(trx, relational.engine, lease);
        return result;
      }),
  };
}
