import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRelational } from '../../store/relational/open.ts';
import { describeServer } from '../support/servers.ts';
import { describeRelational } from './relational.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillwatch-relational-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describeRelational('SQLite file', (migrations) => openRelational({ url: `sqlite:${join(dir, 'a.db')}`, migrations }));
describeRelational('SQLite in memory', (migrations) => openRelational({ url: 'sqlite::memory:', migrations }));

describeServer('postgres', 'PostgreSQL', (start) => {
  let url = '';
  beforeAll(async () => {
    url = (await start()).url;
  });
  describeRelational('PostgreSQL', (migrations) => openRelational({ url, migrations }));
});

describe('relational: SQLite', () => {
  it('refuses a second writer inside a transaction instead of waiting for ever', async () => {
    const store = await openRelational({ url: `sqlite:${join(dir, 'b.db')}`, migrations: [] });
    await store.migrate();
    await expect(
      store.transaction(async () => {
        await store.db.schema.createTable('x').addColumn('a', 'text').execute();
      }),
    ).rejects.toMatchObject({ code: 'relational.nested' });
    await store.close();
  });

  it('refuses an address it does not know, without showing its password', async () => {
    await expect(openRelational({ url: 'mysql://me:secret@host/db' })).rejects.toMatchObject({
      code: 'relational.bad_url',
      message: expect.not.stringContaining('secret') as string,
    });
  });

  it('says that an unopenable file is unavailable', async () => {
    const store = await openRelational({ url: `sqlite:${dir}` });
    await expect(store.migrate()).rejects.toThrow();
    await store.close();
  });
});
