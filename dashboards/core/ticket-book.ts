import type { TicketSummary } from '../../contract/tickets.ts';
import type { TicketCounts } from './fleet-overview.ts';
import { SEVERITIES } from './words.ts';

/** Open tickets of a tenant, so that lists can say how many a terminal has without asking the tables. */
export class TicketBook {
  readonly #open = new Map<string, TicketSummary>();
  readonly #byTerminal = new Map<string, number>();
  readonly #bySite = new Map<string, number>();
  readonly #onTerminal: (terminal: string, open: number) => void;
  /** Rises with every change. */
  version = 0;
  #changed = new Set<string>();

  /** `onTerminal` is told a terminal's new number of open tickets. */
  constructor(onTerminal: (terminal: string, open: number) => void) {
    this.#onTerminal = onTerminal;
  }

  /** Takes a ticket as it is now; one that has ended leaves the book. */
  put(ticket: TicketSummary): void {
    const before = this.#open.get(ticket.id);
    this.version++;
    if (!before && !ticket.open) {
      this.#changed.add(ticket.id);
      return;
    }
    if (before) {
      for (const terminal of touched(before)) this.#move(terminal, -1);
      this.#moveSite(before.site, -1);
    }
    if (ticket.open) {
      this.#moveSite(ticket.site, 1);
      this.#open.set(ticket.id, ticket);
      for (const terminal of touched(ticket)) this.#move(terminal, 1);
    } else {
      this.#open.delete(ticket.id);
    }
    this.#changed.add(ticket.id);
  }

  /** All open tickets, in no order. */
  open(): readonly TicketSummary[] {
    return [...this.#open.values()];
  }

  counts(): TicketCounts {
    const counts = { open: this.#open.size, critical: 0, warning: 0, watch: 0 };
    for (const ticket of this.#open.values()) counts[ticket.severity]++;
    return counts;
  }

  /** Open tickets of a site. */
  ofSite(site: string): TicketSummary[] {
    return [...this.#open.values()].filter((ticket) => ticket.site === site).sort(worstTicket);
  }

  /** Number of open tickets of a site. */
  countOfSite(site: string): number {
    return this.#bySite.get(site) ?? 0;
  }

  /** Number of open tickets that touch a terminal. */
  openOf(terminal: string): number {
    return this.#byTerminal.get(terminal) ?? 0;
  }

  /** Ids that changed since it was last asked. */
  takeChanges(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  #moveSite(site: string | null, by: 1 | -1): void {
    if (site !== null) this.#bySite.set(site, this.countOfSite(site) + by);
  }

  #move(terminal: string, by: 1 | -1): void {
    const open = this.openOf(terminal) + by;
    if (open === 0) this.#byTerminal.delete(terminal);
    else this.#byTerminal.set(terminal, open);
    this.#onTerminal(terminal, open);
  }
}

function touched(ticket: TicketSummary): Set<string> {
  return new Set(ticket.terminal === null ? ticket.members : [ticket.terminal]);
}

function worstTicket(a: TicketSummary, b: TicketSummary): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.openedAt - b.openedAt;
}
