import type { TicketSummary } from '../../contract/tickets.ts';
import type { TicketView } from './views.ts';

/** A ticket as the fleet's pages show it in passing. */
export function ticketView(ticket: TicketSummary): TicketView {
  return {
    id: ticket.id,
    kind: ticket.kind,
    source: ticket.source,
    state: ticket.state,
    open: ticket.open,
    severity: ticket.severity,
    title: ticket.title,
    scope: ticket.scope,
    subject: ticket.subject,
    terminal: ticket.terminal,
    site: ticket.site,
    component: ticket.component,
    mode: ticket.mode,
    openedAt: ticket.openedAt,
    updatedAt: ticket.updatedAt,
    stateSince: ticket.stateSince,
    waitingFor: ticket.waitingFor,
    failsAt: ticket.failsAt,
    parent: ticket.parent,
  };
}
