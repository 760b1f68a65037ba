import { DatabaseSync } from 'node:sqlite';
import { TillwatchError } from '../../contract/errors.ts';
import { closeThread, serve } from '../thread/serve.ts';

/** A reader's place in the journal, as a segment file keeps it. */
export interface SavedCursor {
  readonly consumer: string;
  readonly shard: number;
  readonly position: number;
}

function read<T>(path: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

serve(
  {
    /** Writes a copy as of one moment, whoever writes meanwhile. */
    copy(from: string, to: string): void {
      read(from, (db) => db.prepare('VACUUM INTO ?').run(to));
    },
    check(path: string): void {
      const found = read(path, (db) => db.prepare('PRAGMA quick_check').get()) as { quick_check?: string } | undefined;
      if (found?.quick_check === 'ok') return;
      throw new TillwatchError('backup.damaged', `${path} is damaged: ${found?.quick_check ?? 'no answer'}`);
    },
    cursors: (path: string): SavedCursor[] =>
      read(path, (db) => db.prepare('SELECT consumer, shard, position FROM cursor').all()) as unknown as SavedCursor[],
    /** Sets the cursors of a copied segment back to what they were; others are forgotten. */
    rewind(path: string, cursors: readonly SavedCursor[]): void {
      const db = new DatabaseSync(path);
      db.exec('DELETE FROM cursor');
      const put = db.prepare('INSERT INTO cursor (consumer, shard, position) VALUES (?, ?, ?)');
      for (const { consumer, shard, position } of cursors) put.run(consumer, shard, position);
      db.close();
    },
    close: () => closeThread(),
  },
  'backup.failed',
);
