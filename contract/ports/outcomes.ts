import type { TenantId } from '../topics.ts';

/** What a ticket found out about the fault that a finding spoke of: truth for the predictions. */
export interface FaultOutcome {
  readonly tenant: TenantId;
  readonly ticket: string;
  readonly fingerprint: string;
  /** null: nobody could tell. */
  readonly wasFailing: boolean | null;
  readonly part: string | null;
  readonly action: string;
  readonly at: number;
}

/** Outcomes that people recorded, one a ticket, the latest wins. Alerts writes them, analytics learns from them. Suite: `tests/ports/outcomes.ts`. */
export interface OutcomeLog {
  record(outcome: FaultOutcome): Promise<void>;
  /** Outcomes recorded from `since` on (by `at`), oldest first. */
  since(tenant: TenantId, since: number, limit: number): Promise<readonly FaultOutcome[]>;
}
