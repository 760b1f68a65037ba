import type { Ticket } from '../../contract/tickets.ts';
import { reaches } from './clocks.ts';
import type { Policy } from './policy.ts';
import type { TicketEvent } from './ticket-events.ts';

interface Due {
  readonly at: number;
  readonly event: TicketEvent;
}

/** What time alone will do to a ticket, in no order. */
function agenda(ticket: Ticket, policy: Policy): readonly Due[] {
  const list: Due[] = [];
  const acceptance = ticket.acceptance;
  if (ticket.state === 'testing' && acceptance && acceptance.healthyAt === null) {
    list.push({
      at: acceptance.startedAt + acceptance.healthyForMs,
      event: { type: ticket.finding?.standing ? 'telemetry_unhealthy' : 'telemetry_healthy' },
    });
  }
  if (ticket.state === 'closed' && ticket.followUpAt !== null) {
    list.push({ at: ticket.followUpAt, event: { type: 'follow_up_due' } });
  }
  if (ticket.state === 'follow_up') {
    list.push({ at: ticket.stateSince + policy.feedbackWindowMs, event: { type: 'archive' } });
  }
  if (ticket.state === 'cancelled')
    list.push({ at: ticket.stateSince + policy.followUpAfterMs, event: { type: 'archive' } });
  if (ticket.state === 'approved' && ticket.backup && ticket.deactivation) {
    list.push({ at: ticket.deactivation.plannedFrom, event: { type: 'lock' } });
  }
  if (ticket.open) {
    for (const clock of ticket.clocks) {
      const warnAt = clock.warnedAt === null ? reaches(clock, policy.warnAtShare, policy) : null;
      if (warnAt !== null) list.push({ at: warnAt, event: { type: 'clock_warning', clock: clock.kind } });
      const breachAt = clock.breachedAt === null ? reaches(clock, 1, policy) : null;
      if (breachAt !== null) list.push({ at: breachAt, event: { type: 'clock_breach', clock: clock.kind } });
    }
    if (
      ticket.eta &&
      ticket.eta.latestAt > ticket.eta.at &&
      ['preparation', 'repair', 'diagnosis', 'decision'].includes(ticket.state)
    ) {
      list.push({ at: ticket.eta.latestAt, event: { type: 'revise_estimate', why: 'the promised time has passed' } });
    }
  }
  return list;
}

/** When time next acts on a ticket; null: never. */
export function nextDue(ticket: Ticket, policy: Policy): number | null {
  let next: number | null = null;
  for (const { at } of agenda(ticket, policy)) next = next === null ? at : Math.min(next, at);
  return next;
}

/** The first event that time brings a ticket by `now`; feed it to the machine, then ask again. */
export function dueEvent(ticket: Ticket, now: number, policy: Policy): TicketEvent | undefined {
  return agenda(ticket, policy)
    .filter((due) => due.at <= now)
    .sort((a, b) => a.at - b.at)[0]?.event;
}
