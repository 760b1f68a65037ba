import type { Asset, AssetState, CustodyEntry, PartStock } from '../../contract/assets.ts';

export const DEVICE_ACTIONS = [
  'reserve',
  'release',
  'lend',
  'take_back',
  'replace',
  'seal',
  'wipe',
  'missing',
  'found',
  'retire',
] as const;
export type DeviceAction = (typeof DEVICE_ACTIONS)[number];

interface Rule {
  readonly from: readonly AssetState[];
  readonly to: AssetState;
  readonly why: string;
}

const RULES: Readonly<Record<DeviceAction, Rule>> = {
  reserve: { from: ['stock'], to: 'reserved', why: 'reserved as a loaner' },
  release: { from: ['reserved'], to: 'stock', why: 'no longer needed' },
  lend: { from: ['reserved'], to: 'loaned', why: 'lent to the merchant' },
  take_back: { from: ['loaned'], to: 'sealed', why: 'back from the merchant, to be wiped' },
  replace: { from: ['stock', 'reserved'], to: 'installed', why: 'handed over for good' },
  seal: { from: ['installed', 'repair', 'stock', 'loaned'], to: 'sealed', why: 'sealed from resale until wiped' },
  wipe: { from: ['sealed'], to: 'stock', why: 'wiped' },
  missing: { from: ['installed', 'loaned', 'repair'], to: 'missing', why: 'lost or stolen' },
  found: { from: ['missing'], to: 'installed', why: 'found again' },
  retire: { from: ['stock', 'sealed', 'missing', 'installed'], to: 'retired', why: 'out of use' },
};

export interface DeviceStep {
  readonly action: DeviceAction;
  readonly at: number;
  readonly by: string;
  readonly ticket: string | null;
  /** Where it goes; left out: it stays where it is. */
  readonly to?: string;
  readonly terminal?: string | null;
}

/** Moves a device by one action: the device after it with its custody line, or why it cannot be. */
export function moveDevice(
  asset: Asset,
  step: DeviceStep,
):
  | { readonly ok: true; readonly asset: Asset; readonly entry: CustodyEntry }
  | { readonly ok: false; readonly reason: string } {
  const rule = RULES[step.action];
  if (!rule.from.includes(asset.state)) {
    return {
      ok: false,
      reason: `${asset.id} is ${asset.state}: "${step.action.replaceAll('_', ' ')}" needs it ${rule.from.join(' or ')}`,
    };
  }
  const holdsTicket = rule.to === 'reserved' || rule.to === 'loaned' || rule.to === 'repair';
  const inUse = rule.to === 'installed' || rule.to === 'loaned';
  const after: Asset = {
    ...asset,
    state: rule.to,
    custodian: step.to ?? asset.custodian,
    ticket: holdsTicket ? step.ticket : null,
    terminal: inUse ? (step.terminal ?? asset.terminal) : null,
    owner: step.action === 'replace' ? 'merchant' : asset.owner,
    wipedAt: step.action === 'wipe' ? step.at : rule.to === 'sealed' ? null : asset.wipedAt,
    updatedAt: step.at,
  };
  return {
    ok: true,
    asset: after,
    entry: {
      at: step.at,
      by: step.by,
      from: asset.custodian,
      to: after.custodian,
      state: after.state,
      ticket: step.ticket,
      why: rule.why,
    },
  };
}

/** Stock after an order, an arrival or a use; never below zero: what was fitted was there, whatever the book said. */
export function movePart(
  stock: PartStock,
  action: 'order_part' | 'part_arrived' | 'use_part',
  quantity: number,
  at: number,
): PartStock {
  switch (action) {
    case 'order_part':
      return { ...stock, onOrder: stock.onOrder + quantity, updatedAt: at };
    case 'part_arrived':
      return {
        ...stock,
        onHand: stock.onHand + quantity,
        onOrder: Math.max(0, stock.onOrder - quantity),
        updatedAt: at,
      };
    case 'use_part':
      return { ...stock, onHand: Math.max(0, stock.onHand - quantity), updatedAt: at };
  }
}

/** How many of a part to order now; 0: enough is there or on its way. */
export function toReorder(stock: PartStock): number {
  return stock.onHand + stock.onOrder <= stock.reorderPoint ? stock.reorderQuantity : 0;
}
