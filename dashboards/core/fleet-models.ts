import type { TenantId } from '../../contract/topics.ts';
import type { Change } from './change-log.ts';
import { MANY } from './change-log.ts';
import { FleetModel } from './fleet-model.ts';
import { overview } from './fleet-overview.ts';
import { TerminalLister } from './terminal-list.ts';
import { TicketBook } from './ticket-book.ts';
import type { FleetView } from './views.ts';

interface Entry {
  readonly fleet: FleetModel;
  readonly tickets: TicketBook;
  readonly lister: TerminalLister;
  view?: { readonly fleet: FleetView; readonly version: number };
}

/** With nothing changed an overview still ages: its spans of time end at `now`. */
const QUIET_MS = 30_000;

/** The read models of all tenants, each apart from the others. */
export class FleetModels {
  readonly #entries = new Map<TenantId, Entry>();
  readonly #maxAgeMs: number;

  /** Orders and overviews may be `maxAgeMs` old, so that many readers cost no more than one. */
  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  tenants(): TenantId[] {
    return [...this.#entries.keys()].sort();
  }

  has(tenant: TenantId): boolean {
    return this.#entries.has(tenant);
  }

  of(tenant: TenantId): FleetModel {
    return this.#entry(tenant).fleet;
  }

  tickets(tenant: TenantId): TicketBook {
    return this.#entry(tenant).tickets;
  }

  lister(tenant: TenantId): TerminalLister {
    return this.#entry(tenant).lister;
  }

  overview(tenant: TenantId, now: number): FleetView {
    const entry = this.#entry(tenant);
    const { view } = entry;
    const version = entry.fleet.version + entry.tickets.version;
    const age = view ? now - view.fleet.at : Number.POSITIVE_INFINITY;
    if (view && (age < this.#maxAgeMs || (view.version === version && age < QUIET_MS))) return view.fleet;
    const fleet = overview(entry.fleet, entry.lister, entry.tickets.counts(), now);
    entry.view = { fleet, version };
    return fleet;
  }

  /** What moved since it was last asked, for the clients, and the terminals whose values are new. */
  takeChanges(tenant: TenantId): { change: Change; latest: ReadonlySet<number>; fleet: FleetModel } {
    const { fleet, tickets } = this.#entry(tenant);
    const changes = fleet.takeChanges();
    const ticketIds = tickets.takeChanges();
    return {
      fleet,
      latest: changes.latest,
      change: {
        terminals: changes.rows.size > MANY ? null : [...changes.rows].map((row) => fleet.id(row)),
        findings: changes.findings.length > MANY ? null : changes.findings.map((finding) => finding.fingerprint),
        tickets: ticketIds.size > MANY ? null : [...ticketIds],
        sites: changes.sites,
      },
    };
  }

  #entry(tenant: TenantId): Entry {
    let entry = this.#entries.get(tenant);
    if (!entry) {
      const fleet = new FleetModel();
      entry = {
        fleet,
        tickets: new TicketBook((terminal, open) => fleet.putOpenTickets(terminal, open)),
        lister: new TerminalLister(fleet, this.#maxAgeMs),
      };
      this.#entries.set(tenant, entry);
    }
    return entry;
  }
}
