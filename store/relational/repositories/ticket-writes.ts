import { TillwatchError } from '../../../contract/errors.ts';
import type { TicketChange, TicketWrite } from '../../../contract/ports/tickets.ts';
import type { Ticket } from '../../../contract/tickets.ts';
import type { Queries } from '../relational.ts';
import { excluded, flag, inPieces, json } from '../sql.ts';
import { raise } from './marks.ts';

/** Somebody else was quicker. */
export function conflict(ids: readonly string[]): TillwatchError {
  return new TillwatchError('ticket.conflict', `${ids.slice(0, 5).join(', ')} changed meanwhile: read again`, {
    status: 409,
    retryable: true,
    context: { ids: ids.slice(0, 50) },
  });
}

/** Reads what the changed tickets' words were, and checks that each change follows on the version that stands. */
export async function wordsOf(trx: Queries, changes: readonly TicketChange[]): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  const changed = changes.filter(({ ticket }) => ticket.version > 1);
  const byTenant = Map.groupBy(changed, ({ ticket }) => ticket.tenant);
  for (const [tenant, list] of byTenant) {
    const versions = new Map<string, number>();
    for (const piece of inPieces(list, 1)) {
      const rows = await trx
        .selectFrom('ticket')
        .select(['id', 'version', 'words'])
        .where('tenant', '=', tenant)
        .where(
          'id',
          'in',
          piece.map(({ ticket }) => ticket.id),
        )
        .execute();
      for (const row of rows) {
        versions.set(row.id, row.version);
        words.set(`${tenant}/${row.id}`, row.words);
      }
    }
    // A change may carry several steps at once; its first history line says from where it goes on.
    const stale = list.filter(({ ticket, history }) => {
      const first = history[0]?.index ?? ticket.version;
      return versions.get(ticket.id) !== first - 1;
    });
    const missing = stale.filter(({ history }) => history[0]?.index !== 1);
    if (missing.length > 0) throw conflict(missing.map(({ ticket }) => ticket.id));
  }
  return words;
}

/** Appends history lines; a line that is there already means that somebody else was quicker. */
export async function writeHistory(trx: Queries, changes: readonly TicketChange[]): Promise<void> {
  const rows = changes.flatMap(({ ticket, history }) =>
    history.map((entry) => ({
      tenant: ticket.tenant,
      ticket: ticket.id,
      index: entry.index,
      at: entry.at,
      by_name: entry.by.name,
      by_role: entry.by.role,
      event: entry.event,
      from_state: entry.from,
      to_state: entry.to,
      text: entry.text,
      why: entry.why,
      data: json.write(entry.data),
    })),
  );
  try {
    for (const piece of inPieces(rows, 12))
      await trx
        .insertInto('ticket_history')
        .values([...piece])
        .execute();
  } catch (error) {
    if (error instanceof TillwatchError && error.code === 'relational.conflict') {
      throw conflict(changes.map(({ ticket }) => ticket.id));
    }
    throw error;
  }
}

/** Writes incidents under one new revision and answers it; null where there are none. */
export async function writeIncidents(trx: Queries, write: TicketWrite): Promise<number | null> {
  const { incidents = [], incidentsSeen } = write;
  if (incidents.length === 0) return null;
  const rev = await raise(trx, 'incidents');
  const rows = incidents.map((incident) => ({
    tenant: incident.tenant,
    fingerprint: incident.fingerprint,
    standing: flag.write(incident.standing),
    updated_at: incident.updatedAt,
    body: json.write(incident),
    rev,
  }));
  for (const piece of inPieces(rows, 6)) {
    const result = await trx
      .insertInto('incident')
      .values([...piece])
      .onConflict((oc) =>
        oc
          .columns(['tenant', 'fingerprint'])
          .doUpdateSet(excluded(['standing', 'updated_at', 'body', 'rev']))
          .where('incident.rev', '<=', incidentsSeen ?? rev),
      )
      .executeTakeFirst();
    if (Number(result.numInsertedOrUpdatedRows ?? 0n) !== piece.length) {
      throw new TillwatchError('ticket.conflict', 'another process has changed these faults meanwhile', {
        status: 409,
        retryable: true,
      });
    }
  }
  return rev;
}

/** Keeps the terminals that wider tickets touch. */
export async function writeMembers(trx: Queries, wide: readonly { ticket: Ticket; seq: number }[]): Promise<void> {
  for (const { ticket, seq } of wide) {
    await trx.deleteFrom('ticket_member').where('ticket_seq', '=', seq).execute();
    const rows = [...new Set(ticket.members)].map((terminal) => ({ tenant: ticket.tenant, terminal, ticket_seq: seq }));
    for (const piece of inPieces(rows, 3))
      await trx
        .insertInto('ticket_member')
        .values([...piece])
        .execute();
  }
}
