import type { Ticket } from '../../contract/tickets.ts';
import type { EventType, TicketEvent } from './ticket-events.ts';

/** Steps that an outside tool's state may bring about here. */
export const MIRRORED = [
  'start_repair',
  'finish_repair',
  'progress',
  'wait_for_merchant',
  'resume',
  'close',
  'cancel',
] as const satisfies readonly EventType[];
export type MirroredStep = (typeof MIRRORED)[number];

/** A ticket tool of another house, to which tickets are handed over and whose state is mirrored back. */
export interface OutsideTool {
  readonly id: string;
  readonly name: string;
  /** Where tickets and what becomes of them are posted. */
  readonly url: string;
  /** Signs what is sent there, and what comes back (Standard Webhooks). */
  readonly secret: string;
  readonly inboundSecret: string;
  /** What each of its states means here: steps that are tried in order; none: the state is shown and nothing more. */
  readonly states: Readonly<Record<string, readonly MirroredStep[]>>;
  readonly active: boolean;
}

/** What an outside tool says of a ticket. */
export interface OutsideNews {
  readonly id: string;
  readonly state: string;
  readonly note?: string;
}

/** Steps of a ticket that are worth telling the tool that has it; what came from there is not told back. */
const TOLD: ReadonlySet<EventType> = new Set([
  'comment',
  'add_report',
  'attach_file',
  'set_severity',
  'finding_changed',
  'finding_cleared',
  'complain',
  'escalate',
  'assign',
]);

/** True where the tool that has the ticket should hear of a step. */
export function tellsOutside(before: Ticket, after: Ticket, event: EventType, by: string): boolean {
  const tool = after.external?.tool;
  if (!tool || event === 'external_state' || event === 'hand_over' || by === tool) return false;
  return before.state !== after.state || TOLD.has(event);
}

/** The events of a mirrored step, with what they ask for. */
export function mirroredEvent(step: MirroredStep, tool: string, { id, state, note }: OutsideNews): TicketEvent {
  const said = `${tool} ${id}: ${state}${note ? `. ${note}` : ''}`;
  switch (step) {
    case 'progress':
      return { type: 'progress', note: note ?? said };
    case 'finish_repair':
      return { type: 'finish_repair', ...(note ? { note } : {}) };
    default:
      return { type: step, why: said };
  }
}

/** What the tool is sent of a ticket. */
export function outsideView(ticket: Ticket, event: string, consoleUrl: string | undefined): Record<string, unknown> {
  return {
    id: ticket.id,
    event,
    title: ticket.title,
    kind: ticket.kind,
    state: ticket.state,
    open: ticket.open,
    severity: ticket.severity,
    terminal: ticket.terminal,
    site: ticket.site,
    component: ticket.component,
    mode: ticket.mode,
    symptom: ticket.report?.symptom ?? null,
    expected_by: ticket.eta ? new Date(ticket.eta.dueAt).toISOString() : null,
    their_id: ticket.external?.id ?? null,
    ...(consoleUrl ? { url: `${consoleUrl}/tickets/${ticket.id}` } : {}),
  };
}
