import type { TenantId } from './topics.ts';

/**
 * Where a device stands. `sealed`: held back from use and resale until it is wiped. `missing`: lost or stolen.
 */
export const ASSET_STATES = [
  'stock',
  'reserved',
  'loaned',
  'installed',
  'repair',
  'sealed',
  'missing',
  'retired',
] as const;
export type AssetState = (typeof ASSET_STATES)[number];

/** A device that is owned: a terminal in use, a spare, a loaner. Its id is its serial number. */
export interface Asset {
  readonly tenant: TenantId;
  readonly id: string;
  readonly model: string;
  /** `merchant`: the merchant's own; `pool`: lent out and taken back. */
  readonly owner: 'merchant' | 'pool';
  readonly state: AssetState;
  /** Who has it in hand: a warehouse, a site, a provider. */
  readonly custodian: string;
  /** The terminal it runs as, while it is in use. */
  readonly terminal: string | null;
  readonly ticket: string | null;
  readonly boughtOn: string | null;
  readonly warrantyUntil: string | null;
  readonly wipedAt: number | null;
  readonly updatedAt: number;
}

export interface CustodyEntry {
  readonly at: number;
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly state: AssetState;
  readonly ticket: string | null;
  readonly why: string;
}

/** Parts of one kind in stock. */
export interface PartStock {
  readonly tenant: TenantId;
  readonly part: string;
  readonly name: string;
  /** The failure modes (`component/mode`) it mends. */
  readonly mends: readonly string[];
  readonly onHand: number;
  readonly onOrder: number;
  readonly reorderPoint: number;
  readonly reorderQuantity: number;
  readonly leadDays: number;
  /** Minor units. */
  readonly unitCost: number;
  readonly updatedAt: number;
}
