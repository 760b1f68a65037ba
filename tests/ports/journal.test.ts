import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { createNatsJournal } from '../../store/journal/nats/journal.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { describeServer } from '../support/servers.ts';
import { describeJournal } from './journal.ts';

describeJournal('SQLite', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-journal-'));
  return {
    open: async (options) => createSqliteJournal({ dir, shards: 2, segmentBytes: 300_000, keepBytes: 0, ...options }),
    reset: async () => rmSync(dir, { recursive: true, force: true }),
  };
});

describeServer('nats', 'journal', (start) => {
  let url = '';
  let made = 0;
  beforeAll(async () => {
    url = (await start()).url;
  });
  describeJournal('NATS JetStream', () => {
    const prefix = `test${made++}`;
    return {
      open: async (options) => createNatsJournal({ url, prefix, shards: 2, budgetBytes: 64_000_000, ...options }),
      reset: async () => {},
    };
  });
});
