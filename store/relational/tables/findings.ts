import type { Generated } from 'kysely';

/** The latest statement of a finding, standing or cleared; the whole of it as JSON in `body`. */
export interface FindingRow {
  tenant: string;
  fingerprint: string;
  scope: string;
  subject: string;
  terminal: string | null;
  site: string | null;
  severity: string;
  standing: number;
  opened_at: number;
  stated_at: number;
  revision: number;
  body: string;
}

/** A finding that has ended. */
export interface FindingPastRow {
  tenant: string;
  fingerprint: string;
  opened_at: number;
  ended_at: number;
  terminal: string | null;
  body: string;
}

/** Terminals that a wider finding speaks of. */
export interface FindingMemberRow {
  tenant: string;
  fingerprint: string;
  terminal: string;
}

export interface FindingRevisionRow {
  id: number;
  last: number;
}

export interface CheckpointRow {
  worker: string;
  generation: number;
  at: number;
  positions: string;
  parts: number;
}

/** A piece of a checkpoint's state: engines bound the size of one value. */
export interface CheckpointPartRow {
  worker: string;
  generation: number;
  part: number;
  bytes: Uint8Array;
}

export interface OpinionRow {
  id: Generated<number>;
  tenant: string;
  terminal: string;
  component: string;
  mode: string | null;
  kind: string;
  at: number;
  until: number | null;
  by_name: string;
  note: string;
  model: string | null;
}

/** What a finding first promised, and what became of it. */
export interface ClaimRow {
  tenant: string;
  fingerprint: string;
  opened_at: number;
  claimed_at: number;
  terminal: string | null;
  component: string;
  mode: string;
  severity: string;
  probability: number;
  horizon_h: number;
  fails_at: number | null;
  fails_at_p10: number | null;
  fails_at_p90: number | null;
  failed_at: number | null;
  ended_at: number | null;
}

/** A learned failure-risk model; its file in `body`. */
export interface FailureModelRow {
  tenant: string;
  version: number;
  name: string;
  added_at: number;
  by_name: string;
  enabled: number;
  body: string;
}

export interface FindingTables {
  finding: FindingRow;
  finding_past: FindingPastRow;
  finding_member: FindingMemberRow;
  finding_revision: FindingRevisionRow;
  finding_claim: ClaimRow;
  analytics_checkpoint: CheckpointRow;
  analytics_checkpoint_part: CheckpointPartRow;
  analytics_opinion: OpinionRow;
  failure_model: FailureModelRow;
}
