import type { Effect } from '../tickets.ts';
import type { TenantId } from '../topics.ts';

export interface OutboxEntry extends Effect {
  readonly attempts: number;
  readonly doneAt: number | null;
  readonly failedAt: number | null;
  readonly lastError: string | null;
}

/** Effects stored with the change that caused them, until they are done. Suite: `tests/ports/outbox.ts`. */
export interface Outbox {
  /**
   * Takes effects due at `now` for a worker until `now + forMs`, oldest first, over all tenants. Nobody else is given them, nor others of
   * the same tickets, before they are done, failed or released, or that time is over.
   */
  claim(worker: string, now: number, limit: number, forMs: number): Promise<readonly OutboxEntry[]>;
  /** Gives back what a worker has claimed and not done. */
  release(worker: string): Promise<void>;
  /** Notes that effects are done, and keeps what they led to, in one transaction. */
  done(keys: readonly string[], at: number, ledTo?: readonly Effect[]): Promise<void>;
  /** Notes a failed attempt; `retryAt` null gives up, and the entry stays as failed for a person to see and replay. */
  failed(key: string, error: string, at: number, retryAt: number | null): Promise<void>;
  /** The log, newest first. */
  log(
    tenant: TenantId,
    query: { ticket?: string; kind?: string; state?: 'pending' | 'done' | 'failed'; limit?: number },
  ): Promise<readonly OutboxEntry[]>;
  /** Makes an entry due again, done or failed; true when there is such an entry. */
  replay(tenant: TenantId, key: string, at: number): Promise<boolean>;
  /** Deletes entries done before `before`; returns how many. */
  trim(before: number): Promise<number>;
}
