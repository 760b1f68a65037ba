import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asTenantId } from '../../contract/topics.ts';
import { MIGRATIONS } from '../../store/relational/migrations/index.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { describeServer } from '../support/servers.ts';

/** The schema as an older version had it: its first step alone. */
const OLDER = MIGRATIONS.slice(0, 1);
const ACME = asTenantId('acme');

function suite(url: () => string): void {
  it('an upgrade keeps what was written before, and the older program then refuses, changing nothing', async () => {
    const before = await openRelational({ url: url(), migrations: OLDER });
    await before.migrate();
    await createRegistryRepository(before).putSite(
      { tenant: ACME, site: 'S1', name: 'North', timezone: 'Asia/Shanghai' },
      1,
    );
    await before.close();

    const after = await openRelational({ url: url() });
    expect(await after.migrate()).toHaveLength(MIGRATIONS.length - 1);
    expect(await after.migrate()).toEqual([]);
    expect(await createRegistryRepository(after).site(ACME, 'S1')).toMatchObject({ name: 'North' });
    await after.close();

    const older = await openRelational({ url: url(), migrations: OLDER });
    await expect(older.migrate()).rejects.toMatchObject({
      code: 'relational.newer_schema',
      message: expect.stringMatching(/newer Tillwatch .*090-leases.*restore the backup/),
    });
    await older.close();
    const again = await openRelational({ url: url() });
    expect(await again.migrate()).toEqual([]);
    await again.close();
  });

  it('going back: the newer program undoes its steps, and the older one finds its tables with all that is in them', async () => {
    const newest = await openRelational({ url: url() });
    await newest.migrate();
    const registry = createRegistryRepository(newest);
    await registry.putSite({ tenant: ACME, site: 'S2', name: 'South', timezone: 'Asia/Tokyo' }, 2);
    const newer = ['022-alerts-shelf', '023-alerts-workers', '024-alerts-files', '090-leases'];
    const known = MIGRATIONS.filter(({ name }) => !newer.includes(name));
    const older = await openRelational({ url: url(), migrations: known });
    await expect(older.migrate()).rejects.toMatchObject({
      message: expect.stringContaining(`tillwatch tables undo ${newer.join(' ')}`),
    });
    expect(await newest.undo(newer)).toEqual([...newer].reverse());
    await newest.close();
    expect(await older.migrate()).toEqual([]);
    expect(await createRegistryRepository(older).site(ACME, 'S2')).toMatchObject({ name: 'South' });
    await older.close();
    const again = await openRelational({ url: url() });
    expect(await again.migrate()).toEqual(newer);
    expect(await createRegistryRepository(again).site(ACME, 'S2')).toMatchObject({ name: 'South' });
    await again.close();
  });

  it('each step that can be undone leaves the tables as they were before it, and can be done again', async () => {
    const tables = await openRelational({ url: url() });
    await tables.migrate();
    const schema = async () =>
      (await tables.db.introspection.getTables()).map(({ name, columns }) => [
        name,
        columns.map((column) => column.name),
      ]);
    const whole = await schema();
    const undone = [];
    for (const { name, down } of MIGRATIONS.toReversed()) {
      if (!down) continue;
      undone.push(name);
      expect(await tables.undo([name])).toEqual([name]);
      expect(await schema()).not.toEqual(whole);
      expect(await tables.migrate()).toEqual([name]);
      // Columns that come again stand last.
      const sorted = (of: typeof whole) => of.map(([table, columns]) => [table, [...(columns ?? [])].sort()]);
      expect(sorted(await schema())).toEqual(sorted(whole));
    }
    expect(undone.length).toBeGreaterThan(5);
    await tables.close();
  });

  it('refuses to undo what cannot be, and changes nothing', async () => {
    const tables = await openRelational({ url: url() });
    await tables.migrate();
    await expect(tables.undo(['090-leases', '020-tickets', '777-dreams'])).rejects.toMatchObject({
      code: 'relational.cannot_undo',
      message: expect.stringMatching(/020-tickets changed what was there.*777-dreams is no step/),
    });
    expect(await tables.migrate()).toEqual([]);
    await tables.close();
  });
}

describe('schema versions [sqlite]', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-schema-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  suite(() => `sqlite:${join(dir, 'tables.db')}`);
});

describeServer('postgres', 'schema versions', (start) => {
  let address = '';
  it('has a server', async () => {
    address = (await start({ args: ['-c', 'fsync=off'] })).url;
  });
  suite(() => address);
});
