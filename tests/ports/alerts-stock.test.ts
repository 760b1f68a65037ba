import { expect, it } from 'vitest';
import { moveDevice } from '../../alerts/core/assets.ts';
import { partNeeds } from '../../alerts/core/part-needs.ts';
import type { Asset, PartStock } from '../../contract/assets.ts';
import type { Hold } from '../../contract/ports/holds.ts';
import { asTenantId } from '../../contract/topics.ts';
import { createAssetRepository } from '../../store/relational/repositories/assets.ts';
import { createHoldRepository } from '../../store/relational/repositories/holds.ts';
import { createOutcomeLog } from '../../store/relational/repositories/outcomes.ts';
import { createDocumentShelf } from '../../store/relational/repositories/shelf.ts';
import { finding, START, TENANT } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const OTHER = asTenantId('other');

describeEachRelational('holds, outcomes, assets and documents', (open) => {
  it('holds run until their end, or until they are ended', async () => {
    const holds = createHoldRepository(await open());
    const hold: Hold = {
      tenant: TENANT,
      id: 'h',
      kind: 'mute',
      match: { terminal: 'T-1' },
      from: START,
      to: START + 100,
      reason: 'known',
      by: 'olga',
      at: START,
    };
    await holds.add(hold);
    expect(await holds.current(START + 99)).toEqual([hold]);
    expect(await holds.current(START + 100)).toEqual([]);
    expect(await holds.end(OTHER, 'h', START + 50)).toBe(false);
    expect(await holds.end(TENANT, 'h', START + 50)).toBe(true);
    expect(await holds.list(TENANT, { activeAt: START + 60 })).toEqual([]);
    expect(await holds.list(TENANT, {})).toMatchObject([{ to: START + 50 }]);
  });

  it('the latest outcome of a ticket wins', async () => {
    const outcomes = createOutcomeLog(await open());
    const outcome = {
      tenant: TENANT,
      ticket: 'TW-1',
      fingerprint: 'f',
      wasFailing: null,
      part: null,
      action: 'none',
      at: START,
    };
    await outcomes.record(outcome);
    await outcomes.record({ ...outcome, wasFailing: true, action: 'replaced', at: START + 1 });
    expect(await outcomes.since(TENANT, START, 10)).toMatchObject([{ wasFailing: true, action: 'replaced' }]);
    expect(await outcomes.since(OTHER, 0, 10)).toEqual([]);
  });

  it('a device keeps who had it when, and a write with a known key changes nothing', async () => {
    const assets = createAssetRepository(await open());
    const spare: Asset = {
      tenant: TENANT,
      id: 'SP-1',
      model: 'P400',
      owner: 'pool',
      state: 'stock',
      custodian: 'warehouse',
      terminal: null,
      ticket: null,
      boughtOn: null,
      warrantyUntil: null,
      wipedAt: null,
      updatedAt: START,
    };
    const entry = {
      at: START,
      by: 'olga',
      from: 'new',
      to: 'warehouse',
      state: 'stock' as const,
      ticket: null,
      why: 'entered',
    };
    expect(await assets.write({ key: 'k1', tenant: TENANT, at: START, assets: [{ asset: spare, entry }] })).toBe(true);
    const lent = moveDevice(spare, { action: 'reserve', at: START + 1, by: 'x', ticket: 'TW-1' });
    if (!lent.ok) throw new Error(lent.reason);
    expect(await assets.write({ key: 'k2', tenant: TENANT, at: START + 1, assets: [lent] })).toBe(true);
    expect(await assets.write({ key: 'k2', tenant: TENANT, at: START + 1, assets: [lent] })).toBe(false);
    expect((await assets.get(TENANT, 'SP-1'))?.custody.map((line) => line.why)).toEqual([
      'entered',
      'reserved as a loaner',
    ]);
    expect((await assets.list(TENANT, { state: ['reserved'], model: 'P400' })).map((asset) => asset.id)).toEqual([
      'SP-1',
    ]);
    expect(await assets.get(OTHER, 'SP-1')).toBeUndefined();
    expect(moveDevice(lent.asset, { action: 'wipe', at: 0, by: 'x', ticket: null })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('SP-1 is reserved'),
    });
  });

  it('parts are kept, and what the forecasts will want is bought before it is wanted', async () => {
    const assets = createAssetRepository(await open());
    const head: PartStock = {
      tenant: TENANT,
      part: 'head-58',
      name: 'Print head',
      mends: ['printer/head_wear'],
      onHand: 3,
      onOrder: 0,
      reorderPoint: 2,
      reorderQuantity: 5,
      leadDays: 10,
      unitCost: 9_000,
      updatedAt: START,
    };
    await assets.write({ key: 'p1', tenant: TENANT, at: START, parts: [head] });
    expect(await assets.parts(TENANT)).toEqual([head]);
    expect(await assets.part(OTHER, 'head-58')).toBeUndefined();
    const findings = Array.from({ length: 6 }, (_, i) =>
      finding({ subject: `T-${i}`, probability: 0.5, horizonH: 720 }),
    );
    expect(partNeeds([head], findings, 30)).toMatchObject([{ expected: 3, expectedP90: 5, toBuy: 4, cost: 36_000 }]);
    expect(partNeeds([head], [], 30)).toMatchObject([{ expected: 0, toBuy: 0 }]);
  });

  it('documents are kept by tenant, kind and id', async () => {
    const shelf = createDocumentShelf(await open());
    await shelf.put(TENANT, 'plan', 'b', { n: 1 }, START);
    await shelf.putAll(
      TENANT,
      'plan',
      [
        { id: 'a', body: { n: 2 } },
        { id: 'b', body: { n: 3 } },
      ],
      START,
    );
    await shelf.put(OTHER, 'plan', 'a', { n: 4 }, START);
    expect((await shelf.list(TENANT, 'plan')).map((entry) => [entry.id, entry.body])).toEqual([
      ['a', { n: 2 }],
      ['b', { n: 3 }],
    ]);
    expect(await shelf.get(TENANT, 'round', 'a')).toBeUndefined();
    expect(await shelf.find('plan', 'a')).toHaveLength(2);
    expect(await shelf.all('plan')).toHaveLength(3);
    expect(await shelf.remove(TENANT, 'plan', 'a')).toBe(true);
    expect(await shelf.remove(TENANT, 'plan', 'a')).toBe(false);
  });
});
