import type { OutcomeLog } from '../../../contract/ports/outcomes.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Relational } from '../relational.ts';
import { excluded, flag } from '../sql.ts';

/** Outcomes of tickets on Kysely, for both engines. */
export function createOutcomeLog(relational: Relational): OutcomeLog {
  const { db } = relational;
  return {
    async record(outcome) {
      await db
        .insertInto('ticket_outcome')
        .values({
          tenant: outcome.tenant,
          ticket: outcome.ticket,
          fingerprint: outcome.fingerprint,
          was_failing: outcome.wasFailing === null ? null : flag.write(outcome.wasFailing),
          part: outcome.part,
          action: outcome.action,
          at: outcome.at,
        })
        .onConflict((oc) =>
          oc
            .columns(['tenant', 'ticket'])
            .doUpdateSet(excluded(['fingerprint', 'was_failing', 'part', 'action', 'at'])),
        )
        .execute();
    },
    async since(tenant, since, limit) {
      const rows = await db
        .selectFrom('ticket_outcome')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('at', '>=', since)
        .orderBy('at')
        .orderBy('ticket')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        tenant: row.tenant as TenantId,
        ticket: row.ticket,
        fingerprint: row.fingerprint,
        wasFailing: row.was_failing === null ? null : flag.read(row.was_failing),
        part: row.part,
        action: row.action,
        at: row.at,
      }));
    },
  };
}
