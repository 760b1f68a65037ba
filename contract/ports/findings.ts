import type { Finding } from '../findings.ts';
import type { TenantId } from '../topics.ts';

export interface StandingFinding extends Finding {
  readonly fingerprint: string;
  /** When it was first opened. */
  readonly openedAt: number;
  /** Rises with every change over all tenants: a reader asks for what came after the last it saw. */
  readonly revision: number;
}

/** What analytics holds to be true, as a level: one row a fingerprint, the latest statement wins. Kept in the relational store. */
export interface FindingStore {
  /** States findings (open, update or cleared) in one transaction; restating the same changes nothing but the time it was last seen. */
  state(findings: readonly Finding[]): Promise<void>;
  /** Changes after `revision`, oldest first, cleared ones included. For the alerts room, over all tenants. */
  changes(afterRevision: number, limit: number): Promise<readonly StandingFinding[]>;
  /** Findings that stand now. */
  standing(
    tenant: TenantId,
    filter?: { terminal?: string; site?: readonly string[] },
  ): Promise<readonly StandingFinding[]>;
  /** Standing and past findings of a terminal, newest first. */
  history(tenant: TenantId, terminal: string, limit: number): Promise<readonly StandingFinding[]>;
}

/** Analytics' memory: detector state with the journal position it stands at, saved in one transaction with its findings. */
export interface CheckpointStore {
  save(checkpoint: { worker: string; shard: number; position: number; state: Uint8Array; at: number }): Promise<void>;
  load(worker: string, shard: number): Promise<{ position: number; state: Uint8Array; at: number } | undefined>;
}
