import type { Scope, Severity } from './findings.ts';
import type { Component, Mode } from './modes.ts';
import type {
  Acceptance,
  Actor,
  Appointment,
  Attachment,
  ChecklistItem,
  Complaint,
  DataRecord,
  Deactivation,
  Decision,
  Diagnosis,
  Estimate,
  FaultReport,
  Feedback,
  FindingSnapshot,
  FirstAidResult,
  FurtherReport,
  Labour,
  Loan,
  LostRecord,
  Outcome,
  PartOrder,
  PartUse,
  Quote,
  SelfTest,
  ServiceClock,
  ShippingLeg,
  Training,
} from './ticket-parts.ts';
import type { TenantId } from './topics.ts';

/**
 * States of a ticket over the whole procedure. The main line: `reported` → `first_aid` → `diagnosis` → `decision` →
 * (`quote` → `consent`) → `preparation` → `repair` → `testing` → `handover` → `closed` → `follow_up` → `archived`.
 * Beside it: `lost`, and `review` → `approved` → `deactivated` → `reactivation` of a deactivation. `cancelled` ends without work.
 */
export const TICKET_STATES = [
  'reported',
  'first_aid',
  'diagnosis',
  'decision',
  'quote',
  'consent',
  'preparation',
  'repair',
  'testing',
  'handover',
  'lost',
  'review',
  'approved',
  'deactivated',
  'reactivation',
  'closed',
  'follow_up',
  'archived',
  'cancelled',
] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/** States in which nobody has work left on the fault itself: the ticket no longer counts as open. */
export const ENDED_STATES = ['closed', 'follow_up', 'archived', 'cancelled'] as const satisfies readonly TicketState[];

export const TICKET_KINDS = ['fault', 'lost', 'deactivation', 'maintenance'] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

export const TICKET_SOURCES = ['finding', 'merchant', 'operator', 'plan', 'checklist'] as const;
export type TicketSource = (typeof TICKET_SOURCES)[number];

export function isOpenState(state: TicketState): boolean {
  return !(ENDED_STATES as readonly TicketState[]).includes(state);
}

/** What a list shows of a ticket. Times are ms since 1970 UTC. */
export interface TicketSummary {
  readonly tenant: TenantId;
  /** `TW-` and a number, unique within the tenant. */
  readonly id: string;
  readonly kind: TicketKind;
  readonly source: TicketSource;
  readonly state: TicketState;
  readonly open: boolean;
  readonly severity: Severity;
  readonly title: string;
  readonly scope: Scope;
  /** The terminal's id, or the name of the site, cell, carrier, firmware or model that the fault is shared by. */
  readonly subject: string;
  readonly terminal: string | null;
  /** Terminals touched, where the scope is wider than one. */
  readonly members: readonly string[];
  readonly site: string | null;
  readonly component: Component | null;
  readonly mode: Mode | null;
  /** Identity of the finding behind it; at most one open ticket has it. */
  readonly fingerprint: string | null;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly stateSince: number;
  readonly closedAt: number | null;
  readonly provider: string | null;
  readonly technician: string | null;
  /** Whose move it is; service-level clocks stand still while it is the merchant's. */
  readonly waitingFor: 'operator' | 'provider' | 'merchant' | 'platform' | null;
  readonly eta: Estimate | null;
  /** The wider ticket that gathers this one; it is worked on there. */
  readonly parent: string | null;
  /** The earlier ticket of the same fault that this one repeats. */
  readonly repeatOf: string | null;
  /** When the fault is forecast to end in failure, as analytics last said. */
  readonly failsAt: number | null;
  /** Rises by one with every change: a writer names the version it read. */
  readonly version: number;
}

/** One ticket with everything that the procedure gathers in it. */
export interface Ticket extends TicketSummary {
  readonly finding: FindingSnapshot | null;
  readonly report: FaultReport | null;
  /** What people told of the same fault while the ticket was open; left out: nobody did. */
  readonly reports?: readonly FurtherReport[];
  readonly firstAid: readonly FirstAidResult[];
  readonly selfTests: readonly SelfTest[];
  readonly diagnosis: Diagnosis | null;
  readonly decision: Decision | null;
  readonly quote: Quote | null;
  readonly assignment: { readonly provider: string; readonly technician: string | null; readonly why: string } | null;
  readonly estimates: readonly Estimate[];
  readonly loan: Loan | null;
  readonly backup: DataRecord | null;
  readonly restore: DataRecord | null;
  /** Serial and model of the device handed over instead, where one was. */
  readonly replacement: { readonly asset: string; readonly model: string | null } | null;
  readonly appointment: Appointment | null;
  readonly orders: readonly PartOrder[];
  readonly parts: readonly PartUse[];
  readonly labour: readonly Labour[];
  readonly shipping: readonly ShippingLeg[];
  readonly acceptance: Acceptance | null;
  readonly training: Training | null;
  readonly followUpAt: number | null;
  readonly followedUpAt: number | null;
  readonly feedback: Feedback | null;
  readonly complaints: readonly Complaint[];
  readonly outcome: Outcome | null;
  readonly lost: LostRecord | null;
  readonly deactivation: Deactivation | null;
  readonly checklist: readonly ChecklistItem[];
  readonly clocks: readonly ServiceClock[];
  readonly attachments: readonly Attachment[];
  /** Where an outside ticket tool mirrors it, and what that tool says of it. */
  readonly external: {
    readonly tool: string;
    /** null until the tool has said how it calls the ticket. */
    readonly id: string | null;
    readonly state: string;
    readonly at: number;
    /** Ids of its last deliveries, so that one sent again does nothing. */
    readonly seen?: readonly string[];
  } | null;
  readonly reopened: number;
  /** True while a person waits for the merchant's answer, whatever the state. */
  readonly awaitingMerchant: boolean;
  /** When time alone next acts on it (acceptance, service levels, follow-up, a planned lock); null: never. */
  readonly dueAt: number | null;
}

/** One line of a ticket's append-only history. */
export interface HistoryEntry {
  /** From 1, rising by 1 within the ticket. */
  readonly index: number;
  readonly at: number;
  readonly by: Actor;
  /** The event's type, e.g. `opened`, `diagnose`, `finding_cleared`. */
  readonly event: string;
  readonly from: TicketState | null;
  readonly to: TicketState;
  /** The step as a sentence for people: the history reads as a story. */
  readonly text: string;
  /** Why, where a reason was given. */
  readonly why: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Something the world must be told or made to do because a ticket moved. Stored with the change in one transaction, done at least once;
 * `key` lets whoever receives it drop the second.
 */
export interface Effect {
  readonly key: string;
  readonly tenant: TenantId;
  readonly ticket: string | null;
  readonly kind: 'notify' | 'command' | 'open_ticket' | 'asset' | 'outcome' | 'credentials' | 'external' | 'plan_done';
  readonly at: number;
  /** Not before this time (quiet hours, backoff). */
  readonly dueAt: number;
  readonly payload: Readonly<Record<string, unknown>>;
}
