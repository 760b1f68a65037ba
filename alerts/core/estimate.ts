import type { Estimate } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Days a fault takes by the procedure's step 5: simple ones 1–2, complex ones 3–7. */
const PRIOR_DAYS = {
  simple: { low: 1, mid: 1.5, high: 2 },
  complex: { low: 3, mid: 4.5, high: 7 },
} as const;

const COMPLEX_MODES: ReadonlySet<string> = new Set([
  'head_wear',
  'cutter_wear',
  'capacity_fade',
  'resistance_rise',
  'sim_wear',
  'contact_wear',
  'storage_wear',
  'firmware_regression',
]);

/** True where a part or a device must be changed or sent, which takes days rather than a visit. */
export function isComplex(ticket: Ticket): boolean {
  const method = ticket.decision?.method;
  if (method === 'mail_in' || method === 'replacement') return true;
  if (method === 'phone' || method === 'remote') return false;
  const cause = ticket.diagnosis?.causeClass;
  if (cause === 'operator' || cause === 'account' || cause === 'network' || cause === 'power') return false;
  return ticket.mode !== null && COMPLEX_MODES.has(ticket.mode);
}

/** The promise made at once, before anything has been learned: the procedure's own days, moved by what is known of the ticket. */
export function priorEstimate(ticket: Ticket, now: number): Estimate | null {
  if (ticket.kind === 'deactivation' || ticket.kind === 'lost') return null;
  const complex = isComplex(ticket);
  const days = PRIOR_DAYS[complex ? 'complex' : 'simple'];
  const reasons = [`${complex ? 'complex' : 'simple'} fault: ${days.low}–${days.high} days`];
  let shift = 0;
  const ordered = ticket.orders.filter((order) => order.arrivedAt === null);
  if (ordered.length > 0) {
    const latest = Math.max(...ordered.map((order) => order.expectedAt ?? order.orderedAt + 3 * DAY));
    shift += Math.max(0, latest - now);
    reasons.push(`parts on order: ${ordered.map((order) => order.part).join(', ')}`);
  }
  if (ticket.decision?.method === 'mail_in') {
    const arrived = ticket.shipping.some((leg) => leg.direction === 'to_service' && leg.receivedAt !== null);
    shift += arrived ? 2 * DAY : 4 * DAY;
    reasons.push(arrived ? 'shipping back' : 'shipping both ways');
  }
  let from = now;
  if (ticket.appointment && ticket.appointment.from > now) {
    from = ticket.appointment.to;
    reasons.push('from the appointment on');
    return { at: now, dueAt: from + shift, earliestAt: from, latestAt: from + shift + DAY, reasons };
  }
  return {
    at: now,
    dueAt: from + shift + days.mid * DAY,
    earliestAt: from + shift + days.low * DAY,
    latestAt: from + shift + days.high * DAY,
    reasons,
  };
}
