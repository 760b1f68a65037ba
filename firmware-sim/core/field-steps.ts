import type { Component, Mode } from '../../contract/modes.ts';
import type { Ticket } from '../../contract/tickets.ts';

/** What the field service needs to know of a ticket: the public API's own words. */
export type ServiceTicket = Pick<
  Ticket,
  | 'id'
  | 'kind'
  | 'state'
  | 'scope'
  | 'terminal'
  | 'members'
  | 'component'
  | 'mode'
  | 'provider'
  | 'technician'
  | 'eta'
  | 'parent'
  | 'decision'
  | 'appointment'
  | 'acceptance'
  | 'quote'
>;

/** One event for the ticket's machine, as the API takes it. */
export type StepEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** The next thing to do for a ticket: events to send in order, a visit to make first, and how long to wait until the next look, in days of service time. */
export interface Step {
  readonly events: readonly StepEvent[];
  /** The technician goes there now; what is found decides the rest. */
  readonly visit: boolean;
  readonly waitDays: number;
}

/** Ids of the demonstration’s service providers. */
const PROVIDERS = ['northgate-service', 'tilly-and-sons', 'quayside-field'] as const;
const TECHNICIANS = ['A. Moreau', 'B. Okafor', 'C. Lindqvist', 'D. Tan', 'E. Ruiz', 'F. Novak'] as const;

/** Who usually stands behind a fault of each kind. */
function causeOf(component: Component | null, mode: Mode | null): string {
  if (mode === 'power' || mode === 'charging_fault') return 'power';
  if (component === 'network') return mode === 'sim_wear' ? 'hardware' : 'network';
  return component === 'system' && mode !== 'storage_wear' ? 'software' : 'hardware';
}

function choose<T>(list: readonly T[], id: string): T {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum += id.charCodeAt(i);
  return list[sum % list.length] as T;
}

/** Decides the next step for a ticket; null: nothing for the field to do (it waits for the platform, or is not the field's). */
export function nextStep(ticket: ServiceTicket, now: number, dayMs: number, technicianFree: boolean): Step | null {
  if (ticket.kind !== 'fault' || ticket.parent !== null) return null;
  const one = (event: StepEvent, waitDays: number): Step => ({ events: [event], visit: false, waitDays });
  const remote = ticket.terminal === null || (ticket.component === 'system' && ticket.mode !== 'storage_wear');
  switch (ticket.state) {
    case 'reported': {
      const provider = choose(PROVIDERS, ticket.id);
      const assign = ticket.provider ? [] : [{ type: 'assign', provider, technician: choose(TECHNICIANS, ticket.id) }];
      return {
        events: [...assign, { type: 'start_diagnosis', why: 'the telemetry shows what is wrong' }],
        visit: false,
        waitDays: 0.05,
      };
    }
    case 'first_aid':
      return one({ type: 'start_diagnosis', why: 'first aid did not help' }, 0.05);
    case 'diagnosis':
      return one(
        {
          type: 'diagnose',
          causeClass: causeOf(ticket.component, ticket.mode),
          ...(ticket.component ? { component: ticket.component } : {}),
          ...(ticket.mode ? { mode: ticket.mode } : {}),
        },
        0.05,
      );
    case 'decision':
      return one({ type: 'decide', method: remote ? 'remote' : 'onsite' }, 0.02);
    case 'quote':
      return one(
        { type: 'send_quote', amount: 8900, currency: 'EUR', items: [{ text: 'Visit, part and test', amount: 8900 }] },
        0.15,
      );
    case 'consent':
      return one({ type: 'consent', why: 'agreed by phone' }, 0.02);
    case 'preparation': {
      if (ticket.decision?.method !== 'onsite') return one({ type: 'start_repair' }, 0.1);
      if (ticket.appointment) {
        const due = ticket.appointment.from <= now;
        return due
          ? one({ type: 'start_repair' }, 0.02)
          : { events: [], visit: false, waitDays: (ticket.appointment.from - now) / dayMs };
      }
      if (!technicianFree) return { events: [], visit: false, waitDays: 0.1 };
      // The promise is in days; the service lives `dayMs` to the day.
      const promised = ticket.eta ? Math.max(0.3, (ticket.eta.dueAt - now) / 86_400_000) : 1;
      const from = Math.round(now + Math.min(3, promised * 0.7) * dayMs);
      return one(
        {
          type: 'book',
          from,
          to: from + Math.max(60_000, Math.round(0.1 * dayMs)),
          place: 'store',
          technician: ticket.technician ?? choose(TECHNICIANS, ticket.id),
        },
        (from - now) / dayMs,
      );
    }
    case 'repair':
      return { events: [], visit: true, waitDays: 0.1 };
    case 'testing':
    case 'handover': {
      const physical = ticket.decision?.method === 'onsite';
      if (physical && !ticket.acceptance?.signedBy) return one({ type: 'sign_acceptance', by: 'Shift manager' }, 0.1);
      return ticket.state === 'handover' ? one({ type: 'close' }, 0.1) : null;
    }
    default:
      return null;
  }
}

/** What is written down after a visit: parts, labour, what was really wrong, and the end of the work. */
export function afterVisit(ticket: ServiceTicket, found: readonly Mode[]): readonly StepEvent[] {
  const wrong = found.length > 0;
  const software = ticket.component === 'system' && !found.includes('storage_wear');
  const action = !wrong ? 'cleaned' : software ? 'configured' : 'replaced';
  const part = wrong && !software ? partOf(found[0] as Mode) : undefined;
  const [actual] = found;
  return [
    ...(actual && actual !== ticket.mode && ticket.component
      ? [
          {
            type: 'diagnose',
            causeClass: causeOf(ticket.component, actual),
            component: ticket.component,
            mode: actual,
            note: 'found at the visit',
          },
        ]
      : []),
    ...(part ? [{ type: 'use_part', part, quantity: 1, cost: 2400 }] : []),
    { type: 'add_labour', minutes: ticket.decision?.method === 'onsite' ? 35 : 15, cost: 3100 },
    { type: 'record_outcome', wasFailing: wrong, action, ...(part ? { part } : {}) },
    {
      type: 'finish_repair',
      note: wrong ? `Found: ${found.join(', ').replaceAll('_', ' ')}.` : 'Nothing worn was found; cleaned and tested.',
    },
  ];
}

/** The part that mends a mode. */
export function partOf(mode: Mode): string {
  const parts: Partial<Record<Mode, string>> = {
    head_wear: 'print head',
    paper_feed: 'platen roller',
    cutter_wear: 'cutter',
    power: 'power supply',
    charging_fault: 'charging contacts',
    capacity_fade: 'battery pack',
    resistance_rise: 'battery pack',
    signal_degradation: 'antenna',
    sim_wear: 'SIM card',
    offline: 'modem',
    contact_wear: 'chip reader',
    tap_fault: 'contactless reader',
    storage_wear: 'main board',
  };
  return parts[mode] ?? 'repair kit';
}
