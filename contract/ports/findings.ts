import type { Finding, Severity } from '../findings.ts';
import type { Component, Mode } from '../modes.ts';
import type { TenantId } from '../topics.ts';

export interface StandingFinding extends Finding {
  readonly fingerprint: string;
  /** When it was first opened. */
  readonly openedAt: number;
  /** Rises with every change over all tenants: a reader asks for what came after the last it saw. */
  readonly revision: number;
}

/**
 * What was said when a finding first asked for a ticket, and what became of it: findings are a level and move on, a claim stays as
 * it was made, so that forecasts can be held against what happened. Times are ms.
 */
export interface Claim {
  readonly fingerprint: string;
  readonly openedAt: number;
  readonly terminal: string | null;
  readonly component: Component;
  readonly mode: Mode;
  /** When it first was a warning or worse. */
  readonly claimedAt: number;
  /** As said then. */
  readonly severity: Severity;
  readonly probability: number;
  readonly horizonH: number;
  readonly failsAt: number | null;
  readonly failsAtP10: number | null;
  readonly failsAtP90: number | null;
  /** When the part was first seen to have stopped; null: it has not. */
  readonly failedAt: number | null;
  /** When it was cleared; null: it stands. */
  readonly endedAt: number | null;
}

/**
 * What analytics holds to be true, as a level: one row a fingerprint, the latest statement wins. Kept in the relational store.
 * Suite: `tests/ports/findings.ts`.
 */
export interface FindingStore {
  /**
   * States findings (open, update or cleared) in one transaction; restating the same changes nothing but the time it was last seen,
   * and a statement older than the one kept (a replay after a restart) changes nothing at all.
   */
  state(findings: readonly Finding[]): Promise<void>;
  /** Changes after `revision`, oldest first, cleared ones included. For the alerts room, over all tenants. */
  changes(afterRevision: number, limit: number): Promise<readonly StandingFinding[]>;
  /** The level in short, after `revision`, oldest change first: enough to see whether anything was missed. Over all tenants. */
  revisions(
    afterRevision: number,
    limit: number,
  ): Promise<readonly { readonly fingerprint: string; readonly revision: number; readonly standing: boolean }[]>;
  /** Findings that stand now, gravest first; `terminal` finds wider findings that it is a member of too. */
  standing(
    tenant: TenantId,
    filter?: { terminal?: string; site?: readonly string[] },
  ): Promise<readonly StandingFinding[]>;
  /** Standing and past findings of a terminal, newest first. */
  history(tenant: TenantId, terminal: string, limit: number): Promise<readonly StandingFinding[]>;
  /** Claims first made from `from` until before `to`, oldest first. */
  claims(tenant: TenantId, from: number, to: number): Promise<readonly Claim[]>;
}

export interface Checkpoint {
  readonly worker: string;
  /** Journal position, by shard, that the state stands at. */
  readonly positions: Readonly<Record<number, number>>;
  readonly state: Uint8Array;
  readonly at: number;
}

/** A checkpoint to be saved, its state in parts of any size that follow each other. They may show living memory: it must not change before `save` resolves. */
export interface CheckpointParts extends Omit<Checkpoint, 'state'> {
  readonly state: readonly Uint8Array[];
}

/** Analytics' memory: detector state and the journal positions it stands at, saved whole in one transaction. Suite: `tests/ports/findings.ts`. */
export interface CheckpointStore {
  save(checkpoint: CheckpointParts): Promise<void>;
  load(worker: string): Promise<Checkpoint | undefined>;
}

/** What a person thinks of a finding: not now (`mute`), or never was (`wrong`); or how its repair turned out (`outcome`). */
export interface Opinion {
  readonly tenant: TenantId;
  readonly terminal: string;
  readonly component: Component;
  /** null: every mode of the component. */
  readonly mode: Mode | null;
  readonly kind: 'mute' | 'wrong' | 'confirmed';
  readonly at: number;
  /** Until when it holds, ms; null for good. */
  readonly until: number | null;
  readonly by: string;
  readonly note: string;
  /** The terminal's model, so that what is learned serves its kind. */
  readonly model: string | null;
}

/** Opinions of people and outcomes of closed tickets, which thresholds are recalibrated from. */
export interface OpinionStore {
  add(opinion: Opinion): Promise<void>;
  /** Opinions given after `id`, oldest first, over all tenants: analytics reads them all at its start and follows them from there. */
  after(id: number, limit: number): Promise<readonly (Opinion & { readonly id: number })[]>;
  of(tenant: TenantId, terminal: string): Promise<readonly Opinion[]>;
  /** What people said of a tenant's findings being right or wrong, from `from` on, oldest first. */
  judgements(tenant: TenantId, from: number): Promise<readonly Opinion[]>;
}
