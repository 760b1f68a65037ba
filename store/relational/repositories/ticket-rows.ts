import type { Severity } from '../../../contract/findings.ts';
import type { Actor } from '../../../contract/ticket-parts.ts';
import type { HistoryEntry, Ticket, TicketState, TicketSummary } from '../../../contract/tickets.ts';
import { flag, json } from '../sql.ts';
import type { TicketHistoryRow } from '../tables/tickets.ts';

const SEVERITY_RANK: Record<Severity, number> = { critical: 0, warning: 1, watch: 2 };
const NEVER = '999999999999999';

/** Text that sorts worst first: open before ended, its own before attached, wider before single, critical first, soonest failure first. */
export function worstKey(ticket: TicketSummary): string {
  const fails = ticket.failsAt === null ? NEVER : String(Math.max(0, Math.round(ticket.failsAt))).padStart(15, '0');
  const flags = `${ticket.open ? 0 : 1}${ticket.parent ? 1 : 0}${ticket.scope === 'terminal' ? 1 : 0}`;
  return `${flags}${SEVERITY_RANK[ticket.severity]}${fails}`;
}

/** A line of a ticket's history. */
export function historyOf(row: TicketHistoryRow): HistoryEntry {
  return {
    index: row.index,
    at: row.at,
    by: { name: row.by_name, role: row.by_role as Actor['role'] },
    event: row.event,
    from: row.from_state as TicketState | null,
    to: row.to_state as TicketState,
    text: row.text,
    why: row.why,
    data: json.read(row.data),
  };
}

/** Columns of a ticket that change with it. */
export const UPDATED_COLUMNS = [
  'kind',
  'state',
  'open',
  'severity',
  'scope',
  'terminal',
  'site',
  'component',
  'fingerprint',
  'provider',
  'parent',
  'updated_at',
  'due_at',
  'version',
  'worst',
  'words',
  'body',
] as const;

/** A ticket's row, its number left to the engine. */
export function ticketRow(ticket: Ticket, words: string) {
  return {
    tenant: ticket.tenant,
    id: ticket.id,
    kind: ticket.kind,
    state: ticket.state,
    open: flag.write(ticket.open),
    severity: ticket.severity,
    scope: ticket.scope,
    terminal: ticket.terminal,
    site: ticket.site,
    component: ticket.component,
    fingerprint: ticket.fingerprint,
    provider: ticket.provider,
    parent: ticket.parent,
    opened_at: ticket.openedAt,
    updated_at: ticket.updatedAt,
    due_at: ticket.dueAt,
    version: ticket.version,
    worst: worstKey(ticket),
    words,
    body: json.write(ticket),
  };
}

/** The list's part of a ticket. */
export function summaryOf(ticket: Ticket): TicketSummary {
  return {
    tenant: ticket.tenant,
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
    members: ticket.members,
    site: ticket.site,
    component: ticket.component,
    mode: ticket.mode,
    fingerprint: ticket.fingerprint,
    openedAt: ticket.openedAt,
    updatedAt: ticket.updatedAt,
    stateSince: ticket.stateSince,
    closedAt: ticket.closedAt,
    provider: ticket.provider,
    technician: ticket.technician,
    waitingFor: ticket.waitingFor,
    eta: ticket.eta,
    parent: ticket.parent,
    repeatOf: ticket.repeatOf,
    failsAt: ticket.failsAt,
    version: ticket.version,
  };
}
