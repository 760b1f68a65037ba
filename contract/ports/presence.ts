import type { Presence } from '../registry.ts';
import type { TenantId } from '../topics.ts';

/** What the link and the data of each terminal look like now, answered from memory. */
export interface PresenceView {
  /** Undefined for a terminal never heard of. */
  of(tenant: TenantId, terminal: string): Presence | undefined;
  /** Every terminal of a tenant that was ever heard of. */
  all(tenant: TenantId): Iterable<Presence>;
  /** Calls `listener` when a link or a freshness changes (not at each message); returns what ends it. */
  onChange(listener: (presence: Presence) => void): () => void;
}
