import type { LevelSample } from '../../contract/ports/levels.ts';
import type { ServiceClock } from '../../contract/ticket-parts.ts';
import { TICKET_KINDS, type Ticket, type TicketSummary } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { LEVELS } from './level-names.ts';
import { SEVERITIES } from './words.ts';

const HOUR = 3_600_000;
/** Tickets stated one by one, worst first; counts are of all of them. */
const LISTED = 5000;
const WAITING = ['operator', 'provider', 'merchant', 'platform', 'nobody'] as const;
export const CLOCK_STANDINGS = ['in_time', 'warned', 'breached', 'paused', 'met'] as const;
type ClockStanding = (typeof CLOCK_STANDINGS)[number];

/** Open tickets of a tenant: how many of what, whose move it is, how many are late, and each one's age. */
export function ticketLevels(tenant: TenantId, open: readonly TicketSummary[], now: number): LevelSample[] {
  const samples: LevelSample[] = [];
  const count = (name: string, labels: Record<string, string>, value: number) =>
    samples.push({ name, labels: { tenant, ...labels }, value });
  for (const kind of TICKET_KINDS) {
    for (const severity of SEVERITIES) {
      if (severity === null) continue;
      const value = open.filter((ticket) => ticket.kind === kind && ticket.severity === severity).length;
      count(LEVELS.tickets, { kind, severity }, value);
    }
  }
  for (const waiting of WAITING) {
    const value = open.filter((ticket) => (ticket.waitingFor ?? 'nobody') === waiting).length;
    count(LEVELS.waiting, { waiting_for: waiting }, value);
  }
  count(LEVELS.late, {}, open.filter((ticket) => ticket.eta !== null && ticket.eta.dueAt < now).length);
  for (const ticket of [...open].sort(worst).slice(0, LISTED)) {
    count(LEVELS.age, labelsOf(ticket), Math.max(0.01, (now - ticket.openedAt) / HOUR));
  }
  return samples;
}

/** Service-level clocks of open tickets: how many stand how, and the hours that each running one has left. */
export function clockLevels(tenant: TenantId, open: readonly Ticket[], now: number): LevelSample[] {
  const counts = new Map<string, number>();
  const samples: LevelSample[] = [];
  for (const ticket of open) {
    for (const clock of ticket.clocks) {
      const key = `${clock.kind}/${standingOf(clock, now)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (clock.metAt !== null || clock.pausedSince !== null) continue;
      const { id, severity, site, provider } = ticket;
      const labels = { tenant, ticket: id, kind: clock.kind, severity, site: site ?? '', provider: provider ?? '' };
      samples.push({ name: LEVELS.clockLeft, labels, value: (limitAt(clock) - now) / HOUR });
    }
  }
  for (const kind of ['response', 'repair']) {
    for (const standing of CLOCK_STANDINGS) {
      const value = counts.get(`${kind}/${standing}`) ?? 0;
      samples.push({ name: LEVELS.clocks, labels: { tenant, kind, standing }, value });
    }
  }
  return samples;
}

function standingOf(clock: ServiceClock, now: number): ClockStanding {
  if (clock.breachedAt !== null) return 'breached';
  if (clock.metAt !== null) return 'met';
  if (clock.pausedSince !== null) return 'paused';
  if (now > limitAt(clock)) return 'breached';
  return clock.warnedAt === null ? 'in_time' : 'warned';
}

function limitAt(clock: ServiceClock): number {
  return clock.startedAt + clock.pausedMs + clock.limitMs;
}

function labelsOf(ticket: TicketSummary): Record<string, string> {
  return {
    ticket: ticket.id,
    severity: ticket.severity,
    state: ticket.state,
    component: ticket.component ?? '',
    subject: ticket.subject,
    site: ticket.site ?? '',
    provider: ticket.provider ?? '',
  };
}

function worst(a: TicketSummary, b: TicketSummary): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.openedAt - b.openedAt;
}
