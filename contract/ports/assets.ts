import type { Asset, AssetState, CustodyEntry, PartStock } from '../assets.ts';
import type { TenantId } from '../topics.ts';

export interface AssetWrite {
  /** The effect or request that caused it: a second write with the same key changes nothing. */
  readonly key: string;
  readonly tenant: TenantId;
  readonly at: number;
  readonly assets?: readonly { readonly asset: Asset; readonly entry: CustodyEntry }[];
  readonly parts?: readonly PartStock[];
}

/** Devices with their custody, and parts in stock. Suite: `tests/ports/assets.ts`. */
export interface AssetRepository {
  /** Writes all of it in one transaction; false when the key was written before. */
  write(write: AssetWrite): Promise<boolean>;
  get(tenant: TenantId, id: string): Promise<{ asset: Asset; custody: readonly CustodyEntry[] } | undefined>;
  list(
    tenant: TenantId,
    query: { state?: readonly AssetState[]; model?: string; owner?: Asset['owner']; terminal?: string; limit?: number },
  ): Promise<readonly Asset[]>;
  part(tenant: TenantId, part: string): Promise<PartStock | undefined>;
  parts(tenant: TenantId): Promise<readonly PartStock[]>;
}
