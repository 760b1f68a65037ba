import { describe, expect, it } from 'vitest';
import type { FailureModelStore } from '../../contract/ports/failure-models.ts';
import { asTenantId } from '../../contract/topics.ts';

const ACME = asTenantId('acme');
const OTHER = asTenantId('other');

/** What every FailureModelStore must do. `open` answers a fresh, empty store. */
export function failureModelStoreSuite(open: () => Promise<FailureModelStore>): void {
  describe('learned models', () => {
    const add = (models: FailureModelStore, tenant = ACME, text = '{}') =>
      models.add({ tenant, name: 'spring', addedAt: 5, by: 'ann', text });

    it('are numbered by tenant, kept in every version, and run one at a time', async () => {
      const models = await open();
      expect([await add(models), await add(models, OTHER), await add(models, ACME, '{"b":1}')]).toEqual([1, 1, 2]);
      expect(await models.enabled()).toEqual([]);
      expect(await models.enable(ACME, 1)).toBe(true);
      expect(await models.enable(ACME, 2)).toBe(true);
      expect(await models.enabled()).toMatchObject([{ tenant: ACME, version: 2, name: 'spring', by: 'ann' }]);
      expect((await models.list(ACME)).map((m) => [m.version, m.enabled])).toEqual([
        [2, true],
        [1, false],
      ]);
      expect(await models.text(ACME, 2)).toBe('{"b":1}');
      expect(await models.text(OTHER, 2)).toBeUndefined();
    });

    it('that do not exist stop nothing that runs; none may run at all', async () => {
      const models = await open();
      await add(models);
      await models.enable(ACME, 1);
      expect(await models.enable(ACME, 9)).toBe(false);
      expect(await models.enabled()).toHaveLength(1);
      expect(await models.enable(ACME, null)).toBe(true);
      expect(await models.enabled()).toEqual([]);
    });
  });
}
