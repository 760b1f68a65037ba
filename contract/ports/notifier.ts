import type { TenantId } from '../topics.ts';

export interface Notice {
  /** The same notice sent twice carries the same key, so that the receiver can drop the second. */
  readonly idempotencyKey: string;
  readonly tenant: TenantId;
  readonly at: number;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  /** Where a person can follow it, when known. */
  readonly url?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A way to tell somebody. Errors: `notifier.refused` (not retryable), `notifier.unavailable` (retryable). */
export interface Notifier {
  readonly name: string;
  send(notice: Notice): Promise<void>;
}
