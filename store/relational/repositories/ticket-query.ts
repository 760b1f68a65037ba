import type { SelectQueryBuilder } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { TicketQuery } from '../../../contract/ports/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import { flag } from '../sql.ts';

/** What a list reads of each ticket. */
export type Selected = SelectQueryBuilder<
  Database,
  'ticket',
  { seq: number; worst: string; updated_at: number; body: string }
>;

/** Puts a list's filters on a query of tickets. */
export function filtered(start: Selected, tenant: TenantId, query: TicketQuery): Selected {
  let q = start;
  if (query.open !== undefined) q = q.where('ticket.open', '=', flag.write(query.open));
  if (query.state) q = q.where('ticket.state', 'in', [...query.state]);
  if (query.kind) q = q.where('ticket.kind', 'in', [...query.kind]);
  if (query.severity) q = q.where('ticket.severity', 'in', [...query.severity]);
  if (query.component) q = q.where('ticket.component', 'in', [...query.component]);
  if (query.site) q = q.where('ticket.site', 'in', [...query.site]);
  if (query.provider) q = q.where('ticket.provider', 'in', [...query.provider]);
  if (query.parent !== undefined) q = q.where('ticket.parent', '=', query.parent);
  if (query.attached === false) q = q.where('ticket.parent', 'is', null);
  if (query.attached === true) q = q.where('ticket.parent', 'is not', null);
  if (query.openedFrom !== undefined) q = q.where('ticket.opened_at', '>=', query.openedFrom);
  if (query.openedTo !== undefined) q = q.where('ticket.opened_at', '<', query.openedTo);
  if (query.terminal) {
    const terminals = [...query.terminal];
    // Two index look-ups put together; an OR over both would read the tenant's whole table.
    q = q.where('ticket.seq', 'in', (eb) =>
      eb
        .selectFrom('ticket as own')
        .select('own.seq')
        .where('own.tenant', '=', tenant)
        .where('own.terminal', 'in', terminals)
        .unionAll(
          eb
            .selectFrom('ticket_member')
            .select('ticket_member.ticket_seq as seq')
            .where('ticket_member.tenant', '=', tenant)
            .where('ticket_member.terminal', 'in', terminals),
        ),
    );
  }
  return q;
}

/** Reads a page's cursor; throws `ticket.bad_cursor` (400). */
export function decodeCursor(text: string): readonly [string, number] {
  const parts: unknown = (() => {
    try {
      return JSON.parse(Buffer.from(text, 'base64url').toString());
    } catch {
      return null;
    }
  })();
  if (Array.isArray(parts) && typeof parts[0] === 'string' && Number.isSafeInteger(parts[1]))
    return [parts[0], parts[1]];
  throw new TillwatchError('ticket.bad_cursor', 'the page asked for is not one that was given', { status: 400 });
}
