import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { openRelational } from '../../store/relational/open.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { describeServer } from './servers.ts';

/**
 * Runs a repository's suite on every relational engine: SQLite always, PostgreSQL where it is installed. `open()` answers an empty,
 * migrated store of its own, closed after the test.
 */
export function describeEachRelational(title: string, suite: (open: () => Promise<Relational>) => void): void {
  describe(`${title} [sqlite]`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'tillwatch-sqlite-'));
    let made = 0;
    afterAll(() => rmSync(dir, { recursive: true, force: true }));
    suite(closing(async () => openRelational({ url: `sqlite:${join(dir, `${made++}.db`)}` })));
  });
  describeServer('postgres', title, (start) => {
    let url = '';
    let made = 0;
    beforeAll(async () => {
      url = (await start({ args: ['-c', 'fsync=off'] })).url;
    });
    suite(
      closing(async () => {
        const name = `t${made++}`;
        const admin = new pg.Client({ connectionString: url });
        await admin.connect();
        await admin.query(`create database ${name}`);
        await admin.end();
        return openRelational({ url: url.replace(/[^/]*$/, name) });
      }),
    );
  });
}

function closing(open: () => Promise<Relational>): () => Promise<Relational> {
  const opened: Relational[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  return async () => {
    const store = await open();
    opened.push(store);
    await store.migrate();
    return store;
  };
}
