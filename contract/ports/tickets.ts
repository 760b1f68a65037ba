import type { Severity } from '../findings.ts';
import type { Component } from '../modes.ts';
import type { Effect, HistoryEntry, Ticket, TicketKind, TicketState, TicketSummary } from '../tickets.ts';
import type { TenantId } from '../topics.ts';
import type { IncidentRecord } from './incidents.ts';

export interface TicketQuery {
  /** Words (any language) looked for in title, subject, report, diagnosis, parts, comments; all must be there, the last as a prefix. */
  readonly search?: string;
  readonly open?: boolean;
  readonly state?: readonly TicketState[];
  readonly kind?: readonly TicketKind[];
  readonly severity?: readonly Severity[];
  readonly component?: readonly Component[];
  readonly terminal?: readonly string[];
  readonly site?: readonly string[];
  readonly provider?: readonly string[];
  readonly parent?: string;
  /** `false` leaves out tickets that are worked on in a wider one. */
  readonly attached?: boolean;
  readonly openedFrom?: number;
  readonly openedTo?: number;
  /** `worst`: open before ended, wider before single, critical first, soonest failure first. `newest`: by opening. */
  readonly order?: 'worst' | 'newest' | 'updated';
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
  /** Counting costs on a large archive: `total` is given only when asked for. */
  readonly count?: boolean;
}

export interface TicketPage {
  readonly items: readonly TicketSummary[];
  readonly total?: number;
  readonly next?: string;
}

/** What other rooms may read of tickets. */
export interface TicketReader {
  list(tenant: TenantId, query: TicketQuery): Promise<TicketPage>;
  get(tenant: TenantId, id: string): Promise<{ ticket: Ticket; history: readonly HistoryEntry[] } | undefined>;
  /** Open tickets that touch any of these terminals, as subject or as member, worst first. */
  openOf(tenant: TenantId, terminals: readonly string[]): Promise<readonly TicketSummary[]>;
  /** Number of open tickets by severity. */
  countOpen(tenant: TenantId): Promise<Readonly<Record<Severity, number>>>;
}

/** A ticket as it is after an event; `version` 1 means that it is new. */
export interface TicketChange {
  readonly ticket: Ticket;
  readonly history: readonly HistoryEntry[];
  readonly effects: readonly Effect[];
}

export interface TicketWrite {
  readonly changes: readonly TicketChange[];
  /** Effects that belong to no ticket. */
  readonly effects?: readonly Effect[];
  readonly incidents?: readonly IncidentRecord[];
  /** Revision of the incidents that `incidents` were made from; one that somebody else has changed since refuses the whole write. */
  readonly incidentsSeen?: number;
  /** The last finding revision that this write takes in; saved with it, so that a restart neither repeats nor skips. */
  readonly findingsCursor?: number;
}

export interface IncidentPage {
  /** Everything written up to this revision is known once the records are taken in. */
  readonly rev: number;
  readonly records: readonly IncidentRecord[];
}

/**
 * Tickets with their history, incidents and outbox. Suite: `tests/ports/tickets.ts`.
 * Errors: `ticket.conflict` (409, retryable: somebody changed it meanwhile), `ticket.duplicate` (409: the fault has an open ticket).
 */
export interface TicketRepository extends TicketReader {
  /** Reserves `count` ids in a row; an id not used is lost, never given twice. */
  reserveIds(tenant: TenantId, count: number): Promise<readonly string[]>;
  /** New ticket states, history, effects, incidents and cursor in one transaction: all or nothing. Answers the incidents' new revision; null: none were written. */
  apply(write: TicketWrite): Promise<number | null>;
  /** Full tickets by id, for the machine; those not found are left out. */
  load(tenant: TenantId, ids: readonly string[]): Promise<readonly Ticket[]>;
  /** The newest ticket of a fault, open or ended. */
  latestOf(tenant: TenantId, fingerprint: string): Promise<TicketSummary | undefined>;
  /** Open fault tickets of these terminals that a finding may take over: people told of them, or a learned model did, which names no mode. */
  reported(tenant: TenantId, terminals: readonly string[]): Promise<readonly Ticket[]>;
  /** Tickets on which time may act (acceptance, follow-up, service levels, planned locks), over all tenants, soonest first. */
  due(now: number, limit: number): Promise<readonly Ticket[]>;
  /** Open tickets that a provider has, over all tenants on purpose; for the alerts room's start. */
  assigned(): Promise<
    readonly {
      readonly tenant: TenantId;
      readonly id: string;
      readonly provider: string;
      readonly technician: string | null;
    }[]
  >;
  findingsCursor(): Promise<number>;
  /** All incidents that still stand or are remembered, over all tenants; for the alerts room's start. */
  incidents(): Promise<IncidentPage>;
  /** Incidents written after a revision, in order; cheap where there are none. */
  incidentsSince(seen: number): Promise<IncidentPage>;
}
