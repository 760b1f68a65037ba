import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { copyTables } from '../../store/relational/copy-tables.ts';
import { openRelational } from '../../store/relational/open.ts';
import { temporaryDir } from '../support/platform.ts';
import { describeServer } from '../support/servers.ts';

const dir = temporaryDir('copy-tables');
afterAll(() => dir.remove());

const file = (n: number) => ({
  tenant: 'acme',
  id: `f-${n}`,
  type: 'image/png',
  size: 100_000,
  at: n,
  bytes: new Uint8Array(100_000).fill(n),
});
const opinion = (note: string) => ({
  tenant: 'acme',
  terminal: 'T-1',
  component: 'printer',
  mode: null,
  kind: 'mute',
  at: 1,
  until: null,
  by_name: 'olga',
  note,
  model: null,
});

describeServer('postgres', 'tables that go to PostgreSQL', (start) => {
  it('keep files byte by byte and numbers that engines gave, and go on after the highest', async () => {
    const server = await start();
    const from = await openRelational({ url: `sqlite:${join(dir.path, 'a.db')}` });
    const to = await openRelational({ url: server.url });
    await from.migrate();
    await to.migrate();
    for (let n = 1; n <= 9; n++) await from.db.insertInto('alerts_file').values(file(n)).execute();
    for (const note of ['a', 'b', 'c']) await from.db.insertInto('analytics_opinion').values(opinion(note)).execute();
    await from.db.deleteFrom('analytics_opinion').where('note', '=', 'b').execute();

    const copied = await copyTables(from, to);
    expect(copied).toContainEqual({ table: 'alerts_file', rows: 9 });
    const files = await to.db.selectFrom('alerts_file').selectAll().orderBy('at').execute();
    expect(files.map(({ id, bytes }) => [id, bytes.length, new Set(bytes)])).toEqual(
      Array.from({ length: 9 }, (_, i) => [`f-${i + 1}`, 100_000, new Set([i + 1])]),
    );
    await to.db.insertInto('analytics_opinion').values(opinion('d')).execute();
    const opinions = await to.db.selectFrom('analytics_opinion').select(['id', 'note']).orderBy('id').execute();
    expect(opinions).toEqual([
      { id: 1, note: 'a' },
      { id: 3, note: 'c' },
      { id: 4, note: 'd' },
    ]);
    await from.close();
    await to.close();
  });
});
