import type { TenantId } from '../topics.ts';

/**
 * Documents that a room keeps a few of (up to some ten thousand a tenant) and reads whole: providers, plans, routes, rollouts.
 * Suite: `tests/ports/shelf.ts`.
 */
export interface DocumentShelf {
  put(tenant: TenantId, kind: string, id: string, body: unknown, at: number): Promise<void>;
  /** Many at once, in one transaction. */
  putAll(
    tenant: TenantId,
    kind: string,
    entries: readonly { readonly id: string; readonly body: unknown }[],
    at: number,
  ): Promise<void>;
  get(tenant: TenantId, kind: string, id: string): Promise<unknown>;
  /** Sorted by id. */
  list(
    tenant: TenantId,
    kind: string,
  ): Promise<readonly { readonly id: string; readonly body: unknown; readonly at: number }[]>;
  /** True when it was there. */
  remove(tenant: TenantId, kind: string, id: string): Promise<boolean>;
  /** Every document of a kind and id over all tenants on purpose: for look-ups by a code that a person typed. */
  find(kind: string, id: string): Promise<readonly { readonly tenant: TenantId; readonly body: unknown }[]>;
  /** Every document of a kind over all tenants on purpose: for a room's start. */
  all(kind: string): Promise<readonly { readonly tenant: TenantId; readonly id: string; readonly body: unknown }[]>;
}
