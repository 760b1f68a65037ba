import type { TenantId } from '../topics.ts';

/** A learned failure-risk model that was given to a tenant. Times are ms. */
export interface StoredFailureModel {
  readonly tenant: TenantId;
  /** From 1, by tenant. */
  readonly version: number;
  readonly name: string;
  readonly addedAt: number;
  readonly by: string;
  /** At most one of a tenant's runs beside the built-in detectors. */
  readonly enabled: boolean;
}

/** Learned models of tenants, every version kept. Suite: `tests/ports/failure-models.ts`. */
export interface FailureModelStore {
  /** Keeps a model's file and answers its version; it runs once it is enabled. */
  add(
    model: Pick<StoredFailureModel, 'tenant' | 'name' | 'addedAt' | 'by'> & { readonly text: string },
  ): Promise<number>;
  /** Newest first. */
  list(tenant: TenantId): Promise<readonly StoredFailureModel[]>;
  /** Runs this version and no other; null: none. False where there is no such version. */
  enable(tenant: TenantId, version: number | null): Promise<boolean>;
  /** Those that run, over all tenants. */
  enabled(): Promise<readonly StoredFailureModel[]>;
  text(tenant: TenantId, version: number): Promise<string | undefined>;
}
