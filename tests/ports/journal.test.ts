import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { describeJournal } from './journal.ts';

describeJournal('SQLite', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-journal-'));
  return {
    open: async (options) => createSqliteJournal({ dir, shards: 2, segmentBytes: 300_000, keepBytes: 0, ...options }),
    reset: async () => rmSync(dir, { recursive: true, force: true }),
  };
});
