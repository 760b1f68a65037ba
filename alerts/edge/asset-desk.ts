import type { Asset } from '../../contract/assets.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { AssetRepository } from '../../contract/ports/assets.ts';
import type { OutboxEntry } from '../../contract/ports/outbox.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { DEVICE_ACTIONS, type DeviceAction, moveDevice, movePart, toReorder } from '../core/assets.ts';

const PART_ACTIONS = ['order_part', 'part_arrived', 'use_part'] as const;

function isDeviceAction(text: unknown): text is DeviceAction {
  return (DEVICE_ACTIONS as readonly unknown[]).includes(text);
}

/** What an asset effect led to that somebody should hear of. */
export interface AssetNews {
  readonly template: 'reorder';
  readonly part: string;
  readonly onHand: number;
  readonly quantity: number;
}

/** Carries out the asset effects of tickets on devices and parts. */
export class AssetDesk {
  readonly #assets: AssetRepository;

  constructor(assets: AssetRepository) {
    this.#assets = assets;
  }

  /** Does one effect, once. Errors: `asset.unknown` and `asset.wrong_state` (not retryable: a person must look). */
  async carryOut(entry: OutboxEntry, ticket: Ticket | undefined): Promise<AssetNews | undefined> {
    const { action } = entry.payload;
    if (action === 'find_replacement') return undefined;
    if (isDeviceAction(action)) {
      await this.#device(entry, action, ticket);
      return undefined;
    }
    const part = PART_ACTIONS.find((name) => name === action);
    if (part) return this.#part(entry, part);
    throw new TillwatchError('asset.unknown_action', `"${String(action)}" is nothing that can be done to an asset`);
  }

  async #device(entry: OutboxEntry, action: DeviceAction, ticket: Ticket | undefined): Promise<void> {
    const asset = await this.#find(entry.tenant, entry.payload);
    // A terminal that nobody entered as an asset cannot be sealed; there is nothing to hold back.
    if (!asset && typeof entry.payload.asset !== 'string') return;
    if (!asset)
      throw new TillwatchError('asset.unknown', `${String(entry.payload.asset)} is not in the book`, { status: 404 });
    const site = ticket?.site ?? null;
    const toMerchant = action === 'lend' || action === 'replace';
    const moved = moveDevice(asset, {
      action,
      at: entry.at,
      by: 'tillwatch',
      ticket: entry.ticket,
      ...(toMerchant && site ? { to: site } : {}),
      terminal: toMerchant ? (ticket?.terminal ?? null) : null,
    });
    if (!moved.ok) {
      const done = await this.#assets.get(entry.tenant, asset.id);
      // Done before, and the answer was lost on the way: the custody line says so.
      if (done?.custody.some((line) => line.at === entry.at && line.ticket === entry.ticket)) return;
      throw new TillwatchError('asset.wrong_state', moved.reason, { status: 409 });
    }
    await this.#assets.write({ key: entry.key, tenant: entry.tenant, at: entry.at, assets: [moved] });
  }

  async #find(tenant: TenantId, payload: OutboxEntry['payload']): Promise<Asset | undefined> {
    if (typeof payload.asset === 'string') return (await this.#assets.get(tenant, payload.asset))?.asset;
    if (typeof payload.terminal !== 'string') return undefined;
    const [asset] = await this.#assets.list(tenant, { terminal: payload.terminal, limit: 1 });
    return asset;
  }

  async #part(entry: OutboxEntry, action: (typeof PART_ACTIONS)[number]): Promise<AssetNews | undefined> {
    const name = String(entry.payload.part);
    const quantity = Number(entry.payload.quantity);
    const stock = await this.#assets.part(entry.tenant, name);
    // Parts that are not kept in stock are bought as they are needed; the ticket itself says what was used.
    if (!stock) return undefined;
    const after = movePart(stock, action, quantity, entry.at);
    const fresh = await this.#assets.write({ key: entry.key, tenant: entry.tenant, at: entry.at, parts: [after] });
    const wanted = action === 'use_part' ? toReorder(after) : 0;
    return fresh && wanted > 0
      ? { template: 'reorder', part: name, onHand: after.onHand, quantity: wanted }
      : undefined;
  }
}
