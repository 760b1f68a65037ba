import type { Effect, HistoryEntry, Ticket, TicketState } from '../../contract/tickets.ts';
import { isOpenState } from '../../contract/tickets.ts';
import { moveClocks } from './clocks.ts';
import { nextDue } from './due.ts';
import { tellsOutside } from './outside-tools.ts';
import type { ActorRole, Context, EffectDraft, Moved, Row, Rows } from './row.ts';
import { CLOSING_ROWS } from './rows/closing.ts';
import { DECISION_ROWS } from './rows/decision.ts';
import { FINDING_ROWS } from './rows/finding.ts';
import { REPAIR_ROWS } from './rows/repair.ts';
import { REPORT_ROWS } from './rows/report.ts';
import { RUNNING_ROWS } from './rows/running.ts';
import { SPECIAL_ROWS } from './rows/special.ts';
import type { EventType, TicketEvent } from './ticket-events.ts';

/** The whole procedure as one table: which event is taken in which states, from whom, on which condition, with what result. */
export const TABLE: Rows<EventType> = {
  ...REPORT_ROWS,
  ...DECISION_ROWS,
  ...REPAIR_ROWS,
  ...CLOSING_ROWS,
  ...FINDING_ROWS,
  ...RUNNING_ROWS,
  ...SPECIAL_ROWS,
};

export interface Taken {
  readonly ok: true;
  readonly ticket: Ticket;
  readonly history: HistoryEntry;
  readonly effects: readonly Effect[];
}

/** Why an event was not taken: `state` (not now), `role` (not by you), `condition` (something is missing first). */
export interface Refused {
  readonly ok: false;
  readonly code: 'state' | 'role' | 'condition';
  readonly reason: string;
}

function rowOf(event: TicketEvent): Row<EventType> {
  // Each row takes its own event; the table's keys are the events' types, which TypeScript cannot follow through a union.
  return TABLE[event.type] as unknown as Row<EventType>;
}

function mayAct(ticket: Ticket, row: Row<EventType>, context: Context): string | undefined {
  const role: ActorRole = context.actor.role;
  if (!row.roles.includes(role))
    return `${role === 'auditor' ? 'an auditor changes nothing' : `a ${role} may not do this`}`;
  if (role === 'provider' && (ticket.provider === null || ticket.provider !== context.actorProvider)) {
    return 'the ticket is not assigned to your organisation';
  }
  return undefined;
}

/** Whose move it is in a state. */
export function waitingFor(ticket: Ticket): Ticket['waitingFor'] {
  if (ticket.awaitingMerchant && ticket.open) return 'merchant';
  switch (ticket.state) {
    case 'consent':
    case 'follow_up':
      return 'merchant';
    case 'testing':
    case 'closed':
    case 'approved':
      return 'platform';
    case 'archived':
    case 'cancelled':
      return null;
    case 'preparation':
    case 'repair':
    case 'handover':
      return ticket.provider ? 'provider' : 'operator';
    default:
      return 'operator';
  }
}

/** Effects with keys made of ticket, version and place: doing a step again yields the same keys, so nothing is done twice. */
export function sealEffects(ticket: Ticket, drafts: readonly EffectDraft[], now: number): readonly Effect[] {
  return drafts.map((draft, index) => ({
    key: `${ticket.tenant}/${ticket.id}/${ticket.version}/${index}`,
    tenant: ticket.tenant,
    ticket: ticket.id,
    kind: draft.kind,
    at: now,
    dueAt: draft.dueAt ?? now,
    payload: { terminal: ticket.terminal, ...draft.payload },
  }));
}

const REESTIMATED: ReadonlySet<EventType> = new Set([
  'diagnose',
  'decide',
  'consent',
  'assign',
  'escalate',
  'book',
  'order_part',
  'part_arrived',
  'ship',
  'received',
  'revise_estimate',
  'reopen',
  'rate',
  'telemetry_unhealthy',
]);

function withEstimate(after: Ticket, event: TicketEvent, context: Context): Ticket {
  if (!after.open) return after.eta === null ? after : { ...after, eta: null };
  if (!REESTIMATED.has(event.type)) return after;
  const estimate = context.estimate(after, context.now);
  if (!estimate) return after;
  return { ...after, eta: estimate, estimates: [...after.estimates, estimate].slice(-30) };
}

/** The pure ticket machine: `(ticket, event, now) → { ticket, history, effects }`, or a refusal with its reason. */
export function step(ticket: Ticket, event: TicketEvent, context: Context): Taken | Refused {
  const row = rowOf(event);
  const denied = mayAct(ticket, row, context);
  if (denied) return { ok: false, code: 'role', reason: denied };
  if (!row.from.includes(ticket.state)) {
    return {
      ok: false,
      code: 'state',
      reason: `"${event.type.replaceAll('_', ' ')}" does not fit a ticket that is ${ticket.state.replaceAll('_', ' ')}`,
    };
  }
  const missing = row.guard?.(ticket, event as never, context);
  if (missing) return { ok: false, code: 'condition', reason: missing };
  return settle(ticket, event, row.run(ticket, event as never, context), context);
}

/** Puts together what follows from every step alike: version, whose move it is, clocks, estimate, the next due time. */
function settle(ticket: Ticket, event: TicketEvent, moved: Moved, context: Context): Taken {
  const { now, actor, policy } = context;
  const state: TicketState = moved.to ?? ticket.state;
  // Any answer of the merchant ends the wait for it.
  const answered = actor.role === 'merchant' && ticket.awaitingMerchant;
  let after: Ticket = {
    ...ticket,
    ...(answered ? { awaitingMerchant: false } : {}),
    ...moved.patch,
    state,
    open: isOpenState(state),
    version: ticket.version + 1,
    updatedAt: now,
    stateSince: state === ticket.state ? ticket.stateSince : now,
  };
  after = withEstimate(after, event, context);
  after = { ...after, waitingFor: waitingFor(after) };
  const byPerson = actor.role !== 'system' && actor.role !== 'merchant';
  after = { ...after, clocks: moveClocks(ticket, after, byPerson, now, policy) };
  after = { ...after, dueAt: nextDue(after, policy) };
  const { type, why, ...data } = event;
  const history: HistoryEntry = {
    index: after.version,
    at: now,
    by: actor,
    event: type,
    from: ticket.state,
    to: state,
    text: moved.text,
    why: why ?? null,
    data,
  };
  const outside: readonly EffectDraft[] = tellsOutside(ticket, after, type, actor.name)
    ? [{ kind: 'external', payload: { tool: after.external?.tool, event: type } }]
    : [];
  const effects = sealEffects(after, [...(moved.effects ?? []), ...outside], now);
  return { ok: true, ticket: after, history, effects };
}

/** Events that would be taken from this actor now, with the reason for each that would not; for the buttons of a page. */
export function allowed(ticket: Ticket, context: Context): readonly EventType[] {
  return (Object.keys(TABLE) as EventType[]).filter((type) => {
    const row = TABLE[type] as unknown as Row<EventType>;
    return row.from.includes(ticket.state) && mayAct(ticket, row, context) === undefined;
  });
}
