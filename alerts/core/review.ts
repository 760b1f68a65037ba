import type { Ticket } from '../../contract/tickets.ts';
import { medianOf } from './summaries.ts';
import { hoursOf } from './ticket-reports.ts';

const DAY = 86_400_000;
const YEAR_DAYS = 365.25;

/** How devices of one model, or with one firmware, fare. */
export interface FleetRow {
  readonly name: string;
  /** In use now. */
  readonly terminals: number;
  readonly tickets: number;
  /** Fault tickets a terminal and year, over the span; null where none is in use. */
  readonly perTerminalYear: number | null;
  readonly repeats: number;
  readonly falseAlarms: number;
  readonly medianHours: number | null;
  /** The component that tickets name most. */
  readonly mostly: string | null;
}

/** Compares models or firmware versions: what each brings the desk, for as many as there are of it. */
export function fleetReport(
  tickets: readonly Ticket[],
  inUse: ReadonlyMap<string, number>,
  nameOf: (ticket: Ticket) => string | null | undefined,
  days: number,
): readonly FleetRow[] {
  const faults = tickets.filter((ticket) => ticket.kind === 'fault' && ticket.terminal !== null);
  const groups = Map.groupBy(faults, (ticket) => nameOf(ticket) ?? 'unknown');
  const names = new Set([...groups.keys(), ...inUse.keys()]);
  return [...names]
    .map((name): FleetRow => {
      const list = groups.get(name) ?? [];
      const terminals = inUse.get(name) ?? 0;
      const parts = [...Map.groupBy(list, (ticket) => ticket.component ?? 'other')].sort(
        (a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1),
      );
      return {
        name,
        terminals,
        tickets: list.length,
        perTerminalYear: terminals === 0 ? null : (list.length / terminals) * (YEAR_DAYS / days),
        repeats: list.filter((ticket) => ticket.repeatOf !== null || ticket.reopened > 0).length,
        falseAlarms: list.filter((ticket) => ticket.outcome?.wasFailing === false).length,
        medianHours: medianOf(list.flatMap((ticket) => hoursOf(ticket) ?? [])),
        mostly: parts[0]?.[0] ?? null,
      };
    })
    .sort(
      (a, b) =>
        (b.perTerminalYear ?? 0) - (a.perTerminalYear ?? 0) || b.tickets - a.tickets || (a.name < b.name ? -1 : 1),
    );
}

export interface RepeatRow {
  readonly ticket: string;
  readonly first: string;
  readonly terminal: string;
  readonly component: string;
  readonly mode: string;
  readonly openedAt: number;
  readonly provider: string | null;
  /** Times it was reopened, where it is the same ticket that came back. */
  readonly reopened: number;
}

/** Faults that came back, each tied to its first, newest first. */
export function repeatReport(tickets: readonly Ticket[]): readonly RepeatRow[] {
  return tickets
    .filter((ticket) => ticket.kind === 'fault' && (ticket.repeatOf !== null || ticket.reopened > 0))
    .map((ticket) => ({
      ticket: ticket.id,
      first: ticket.repeatOf ?? ticket.id,
      terminal: ticket.subject,
      component: ticket.component ?? 'other',
      mode: ticket.mode ?? 'unknown',
      openedAt: ticket.openedAt,
      provider: ticket.provider,
      reopened: ticket.reopened,
    }))
    .sort((a, b) => b.openedAt - a.openedAt);
}

export interface WeekRow {
  /** Monday 00:00 UTC. */
  readonly week: number;
  readonly opened: number;
  readonly closed: number;
  readonly byPlatform: number;
  readonly breached: number;
  readonly medianHours: number | null;
}

/** What each week brought, for a chart; weeks without tickets stand in it too. */
export function weekReport(tickets: readonly Ticket[]): readonly WeekRow[] {
  const week = (at: number): number => {
    const day = Math.floor(at / DAY);
    // 1 January 1970 was a Thursday.
    return (day - ((day + 3) % 7)) * DAY;
  };
  if (tickets.length === 0) return [];
  const ends = tickets.flatMap((ticket) => (ticket.closedAt === null ? [] : [ticket.closedAt]));
  const from = week(tickets.reduce((least, ticket) => Math.min(least, ticket.openedAt), Number.POSITIVE_INFINITY));
  const to = week(tickets.reduce((most, ticket) => Math.max(most, ticket.openedAt, ticket.closedAt ?? 0), 0));
  const opened = Map.groupBy(tickets, (ticket) => week(ticket.openedAt));
  const closed = Map.groupBy(ends, week);
  const rows: WeekRow[] = [];
  for (let at = from; at <= to; at += 7 * DAY) {
    const list = opened.get(at) ?? [];
    rows.push({
      week: at,
      opened: list.length,
      closed: closed.get(at)?.length ?? 0,
      byPlatform: list.filter((ticket) => ticket.source === 'finding').length,
      breached: list.filter((ticket) => ticket.clocks.some((clock) => clock.breachedAt !== null)).length,
      medianHours: medianOf(list.flatMap((ticket) => (ticket.kind === 'fault' ? (hoursOf(ticket) ?? []) : []))),
    });
  }
  return rows;
}
