import type { Scope, Severity } from '../findings.ts';
import type { Component, Mode } from '../modes.ts';
import type { TenantId } from '../topics.ts';

/** Why a fault has, or has not, a ticket or a notice. Shown to people as it is. */
export interface IncidentDecision {
  readonly at: number;
  readonly action: 'open' | 'update' | 'raise' | 'hold' | 'attach' | 'resolve' | 'ignore';
  /** A word to switch on, e.g. `wider_incident`, `maintenance`, `muted`, `closed_store`, `flapping`, `settling`, `watch_only`. */
  readonly reason: string;
  readonly text: string;
}

/** What the alerts room remembers of one fault (fingerprint) between statements of its finding. */
export interface IncidentRecord {
  readonly tenant: TenantId;
  readonly fingerprint: string;
  readonly scope: Scope;
  readonly subject: string;
  readonly terminal: string | null;
  readonly members: readonly string[];
  readonly component: Component;
  readonly mode: Mode;
  readonly severity: Severity;
  readonly standing: boolean;
  readonly ticket: string | null;
  /** When its finding last opened, and last cleared. */
  readonly openedAt: number;
  readonly clearedAt: number | null;
  /** Times of recent openings, for seeing flapping. */
  readonly openings: readonly number[];
  readonly flapping: boolean;
  readonly parent: string | null;
  readonly decision: IncidentDecision;
  readonly updatedAt: number;
}
