import type { Finding, Severity } from '../findings.ts';
import type { TenantId } from '../topics.ts';

/** Why a fault has, or has not, a ticket or a notice. Shown to people as it is. */
export interface IncidentDecision {
  readonly at: number;
  readonly action: 'open' | 'update' | 'raise' | 'hold' | 'attach' | 'detach' | 'resolve' | 'reopen' | 'ignore';
  /** A word to switch on: what decided. */
  readonly reason:
    | 'fault'
    | 'changed'
    | 'unchanged'
    | 'watch_only'
    | 'below_threshold'
    | 'wider_incident'
    | 'wider_over'
    | 'maintenance'
    | 'muted'
    | 'closed_store'
    | 'flapping'
    | 'settling'
    | 'recovered'
    | 'dismissed'
    | 'gone';
  readonly text: string;
}

/** What the alerts room remembers of one fault (fingerprint) between statements of its finding. */
export interface IncidentRecord {
  readonly tenant: TenantId;
  readonly fingerprint: string;
  /** The finding as last stated, so that a held ticket can be opened later and after a restart. */
  readonly finding: Finding;
  readonly revision: number;
  readonly standing: boolean;
  /** When its finding last opened, and last cleared. */
  readonly openedAt: number;
  readonly clearedAt: number | null;
  readonly ticket: string | null;
  readonly ticketOpen: boolean;
  /** Severity at which a person ended its ticket while the fault stood: only a worse one, or its return, opens another. */
  readonly dismissed: Severity | null;
  /** What the ticket was last told, so that it is not told the same again. */
  readonly told: {
    readonly severity: Severity;
    readonly probability: number;
    readonly failsAt: number | null;
    readonly members: number;
  } | null;
  /** Times of recent openings, for seeing flapping. */
  readonly openings: readonly number[];
  readonly flapping: boolean;
  /** Fingerprint of the wider incident that gathers it. */
  readonly parent: string | null;
  /** When to look again though nothing new was said; null: not before something is. */
  readonly recheckAt: number | null;
  readonly decision: IncidentDecision;
  readonly updatedAt: number;
}
