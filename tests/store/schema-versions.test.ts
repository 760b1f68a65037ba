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
