import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ASSET_STATES, type Asset } from '../../../contract/assets.ts';
import { TillwatchError } from '../../../contract/errors.ts';
import type { AssetRepository } from '../../../contract/ports/assets.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { FindingStore } from '../../../contract/ports/findings.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { DEVICE_ACTIONS, moveDevice } from '../../core/assets.ts';
import { partNeeds } from '../../core/part-needs.ts';
import type { Person } from '../office.ts';
import { list, need, TenantParams, tenantOf, typed, words } from './http.ts';
import { Nullable, Time } from './ticket-schemas.ts';

export interface AssetRouteDeps {
  readonly clock: Clock;
  readonly assets: AssetRepository;
  readonly findings: Pick<FindingStore, 'standing'>;
  readonly newId: () => string;
  readonly tickets: Pick<TicketRepository, 'list'>;
  readonly providerOf: (tenant: TenantId, person: Person) => string | null;
  readonly siteOf: (tenant: TenantId, terminal: string) => string | null;
}

/** Devices that one list answers. */
const MOST = 5_000;
const Text = Type.String();
const Word = Type.String({ minLength: 1, maxLength: 100 });
const IsoDate = Nullable(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }));
const Count = Type.Integer({ minimum: 0, maximum: 10_000_000 });
const AssetSchema = Type.Object({
  tenant: Text,
  id: Text,
  model: Text,
  owner: Type.Enum(['merchant', 'pool']),
  state: Type.Enum([...ASSET_STATES]),
  custodian: Text,
  terminal: Nullable(Text),
  ticket: Nullable(Text),
  boughtOn: Nullable(Text),
  warrantyUntil: Nullable(Text),
  wipedAt: Nullable(Time),
  updatedAt: Time,
});
const CustodySchema = Type.Object({
  at: Time,
  by: Text,
  from: Text,
  to: Text,
  state: Type.Enum([...ASSET_STATES]),
  ticket: Nullable(Text),
  why: Text,
});
const partBody = {
  name: Word,
  mends: Type.Array(Word, { maxItems: 20, description: 'failure modes, e.g. printer/head_wear' }),
  onHand: Count,
  onOrder: Count,
  reorderPoint: Count,
  reorderQuantity: Count,
  leadDays: Type.Integer({ minimum: 0, maximum: 365 }),
  unitCost: Count,
};
const PartSchema = Type.Object({ tenant: Text, part: Text, ...partBody, updatedAt: Time });
const AssetParams = Type.Object({ tenant: Text, asset: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }) });
const PartParams = Type.Object({ tenant: Text, part: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,64}$' }) });

/** Devices with their custody, parts in stock, and what must be bought for the failures foreseen. */
export function assetRoutes(root: FastifyInstance, deps: AssetRouteDeps): void {
  const { clock, assets, findings, newId, tickets, providerOf, siteOf } = deps;
  const http = typed(root);

  /** Which devices somebody may see: a provider those in its hands, on its open tickets, and in use at its sites; others all. */
  async function visible(tenant: TenantId, principal: Principal): Promise<(asset: Asset) => boolean> {
    if (principal.role !== 'provider') return () => true;
    const provider = providerOf(tenant, principal);
    const { items } =
      provider === null
        ? { items: [] }
        : await tickets.list(tenant, { provider: [provider], open: true, limit: 1_000 });
    const ids = new Set(items.map(({ id }) => id));
    return ({ custodian, ticket, terminal }) => {
      if (custodian === provider || (ticket !== null && ids.has(ticket))) return true;
      if (terminal === null) return false;
      const site = siteOf(tenant, terminal);
      return !principal.sites || (site !== null && principal.sites.includes(site));
    };
  }
  async function one(tenant: TenantId, id: string, principal: Principal) {
    const found = await assets.get(tenant, id);
    if (found && (await visible(tenant, principal))(found.asset)) return found;
    throw new TillwatchError('asset.unknown', `there is no device ${id}`, { status: 404 });
  }

  http.get(
    '/tenants/:tenant/assets',
    {
      config: { right: 'assets:read' },
      schema: {
        tags: ['assets'],
        summary: 'Devices: terminals in use, spares, loaners',
        operationId: 'listAssets',
        params: TenantParams,
        querystring: Type.Object({
          state: Type.Optional(Text),
          model: Type.Optional(Word),
          owner: Type.Optional(Type.Enum(['merchant', 'pool'])),
          terminal: Type.Optional(Word),
        }),
        response: { 200: Type.Object({ items: Type.Array(AssetSchema) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      const { state, ...rest } = request.query;
      const states = list(state) ? words('state', state, ASSET_STATES) : undefined;
      const tenant = tenantOf(request.params);
      const may = await visible(tenant, request.principal);
      const all = await assets.list(tenant, {
        ...rest,
        ...(states ? { state: states } : {}),
        // Of a provider's few, none must stand behind the limit for everybody.
        limit: request.principal.role === 'provider' ? 100_000 : MOST,
      });
      return { items: all.filter(may).slice(0, MOST) };
    },
  );

  http.get(
    '/tenants/:tenant/assets/:asset',
    {
      config: { right: 'assets:read' },
      schema: {
        tags: ['assets'],
        summary: 'One device with who had it when',
        operationId: 'getAsset',
        params: AssetParams,
        response: { 200: Type.Object({ asset: AssetSchema, custody: Type.Array(CustodySchema) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      const found = await one(tenantOf(request.params), request.params.asset, request.principal);
      return { asset: found.asset, custody: [...found.custody] };
    },
  );

  http.put(
    '/tenants/:tenant/assets/:asset',
    {
      config: { right: 'assets:write' },
      schema: {
        tags: ['assets'],
        summary: 'Enter a device into the book',
        operationId: 'enterAsset',
        params: AssetParams,
        body: Type.Object(
          {
            model: Word,
            owner: Type.Enum(['merchant', 'pool']),
            state: Type.Enum(['stock', 'installed', 'retired']),
            custodian: Word,
            terminal: Type.Optional(Nullable(Word)),
            boughtOn: Type.Optional(IsoDate),
            warrantyUntil: Type.Optional(IsoDate),
          },
          { additionalProperties: false },
        ),
        response: { 200: AssetSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const tenant = tenantOf(request.params);
      const now = clock.now();
      const before = await assets.get(tenant, request.params.asset);
      if (before && ['reserved', 'loaned', 'sealed'].includes(before.asset.state)) {
        throw new TillwatchError(
          'asset.wrong_state',
          `${before.asset.id} is ${before.asset.state}: move it by its steps`,
          { status: 409 },
        );
      }
      const { boughtOn = null, warrantyUntil = null, terminal = null, ...rest } = request.body;
      const asset: Asset = {
        tenant,
        id: request.params.asset,
        ...rest,
        terminal,
        boughtOn,
        warrantyUntil,
        ticket: null,
        wipedAt: before?.asset.wipedAt ?? null,
        updatedAt: now,
      };
      const entry = {
        at: now,
        by: request.principal.name,
        from: before?.asset.custodian ?? 'new',
        to: asset.custodian,
        state: asset.state,
        ticket: null,
        why: before ? 'changed by hand' : 'entered',
      };
      await assets.write({ key: `hand/${newId()}`, tenant, at: now, assets: [{ asset, entry }] });
      return asset;
    },
  );

  http.post(
    '/tenants/:tenant/assets/:asset/moves',
    {
      config: { right: 'assets:move' },
      schema: {
        tags: ['assets'],
        summary: 'Move a device by hand: wipe it, retire it, note it missing or found',
        operationId: 'moveAsset',
        params: AssetParams,
        body: Type.Object({
          action: Type.Enum([...DEVICE_ACTIONS]),
          to: Type.Optional(Word),
          ticket: Type.Optional(Word),
        }),
        response: { 200: AssetSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'provider');
      const tenant = tenantOf(request.params);
      const found = await one(tenant, request.params.asset, request.principal);
      const { action, to, ticket } = request.body;
      const now = clock.now();
      const moved = moveDevice(found.asset, {
        action,
        at: now,
        by: request.principal.name,
        ticket: ticket ?? null,
        ...(to ? { to } : {}),
      });
      if (!moved.ok) throw new TillwatchError('asset.wrong_state', moved.reason, { status: 409 });
      await assets.write({ key: `hand/${newId()}`, tenant, at: now, assets: [moved] });
      return moved.asset;
    },
  );

  http.get(
    '/tenants/:tenant/parts',
    {
      config: { right: 'assets:read' },
      schema: {
        tags: ['assets'],
        summary: 'Parts in stock, with reorder points',
        operationId: 'listParts',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(PartSchema) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      return {
        items: (await assets.parts(tenantOf(request.params))).map((part) => ({ ...part, mends: [...part.mends] })),
      };
    },
  );

  http.put(
    '/tenants/:tenant/parts/:part',
    {
      config: { right: 'assets:write' },
      schema: {
        tags: ['assets'],
        summary: 'Enter or correct a part in stock',
        operationId: 'putPart',
        params: PartParams,
        body: Type.Object(partBody, { additionalProperties: false }),
        response: { 200: PartSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const tenant = tenantOf(request.params);
      const part = { tenant, part: request.params.part, ...request.body, updatedAt: clock.now() };
      await assets.write({ key: `hand/${newId()}`, tenant, at: clock.now(), parts: [part] });
      return part;
    },
  );

  http.get(
    '/tenants/:tenant/parts/needs',
    {
      config: { right: 'statistics:read' },
      schema: {
        tags: ['assets'],
        summary: 'What must be bought for the failures foreseen',
        operationId: 'partNeeds',
        params: TenantParams,
        querystring: Type.Object({
          days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, description: 'default 30' })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                part: Text,
                name: Text,
                onHand: Type.Integer(),
                onOrder: Type.Integer(),
                expected: Type.Number(),
                expectedP90: Type.Integer(),
                toBuy: Type.Integer(),
                cost: Type.Integer(),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const tenant = tenantOf(request.params);
      return {
        items: [...partNeeds(await assets.parts(tenant), await findings.standing(tenant), request.query.days ?? 30)],
      };
    },
  );
}
