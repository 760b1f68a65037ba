import type { Component, Mode } from '../modes.ts';
import type { TenantId } from '../topics.ts';

/** Which faults a hold is about: all that is named must fit; nothing named fits everything of the tenant. */
export interface HoldMatch {
  readonly fingerprint?: string;
  readonly terminal?: string;
  readonly site?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly component?: Component;
  readonly mode?: Mode;
}

/** A mute or a maintenance window: tickets and notices that it fits are held until its end, and never lost. */
export interface Hold {
  readonly tenant: TenantId;
  readonly id: string;
  readonly kind: 'mute' | 'maintenance';
  readonly match: HoldMatch;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

/** Mutes and maintenance windows. Suite: `tests/ports/holds.ts`. */
export interface HoldRepository {
  add(hold: Hold): Promise<void>;
  /** Ends it at `at`; true when there was such a hold still running. */
  end(tenant: TenantId, id: string, at: number): Promise<boolean>;
  list(tenant: TenantId, query: { activeAt?: number; limit?: number }): Promise<readonly Hold[]>;
  /** Holds that run or are to come, over all tenants; for the reconciler. */
  current(now: number): Promise<readonly Hold[]>;
}
