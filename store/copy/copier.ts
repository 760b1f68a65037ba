import { openThread, workerUrl } from '../thread/thread.ts';
import type { SavedCursor } from './worker.ts';

/** Copies SQLite files that others write to, in a thread of its own. Errors: `backup.failed`, `backup.damaged`. */
export interface SqliteCopier {
  copy(from: string, to: string): Promise<void>;
  /** Throws `backup.damaged` where a file is not whole. */
  check(path: string): Promise<void>;
  /** Cursors of a journal's segment. */
  cursors(path: string): Promise<readonly SavedCursor[]>;
  rewind(path: string, cursors: readonly SavedCursor[]): Promise<void>;
  close(): Promise<void>;
}

export function createSqliteCopier(): SqliteCopier {
  const thread = openThread(
    workerUrl(import.meta.url, './worker'),
    {},
    {
      died: 'backup.failed',
      closed: 'backup.closed',
      name: 'copier',
    },
  );
  return {
    copy: (from, to) => thread.call('copy', [from, to]),
    check: (path) => thread.call('check', [path]),
    cursors: (path) => thread.call('cursors', [path]),
    rewind: (path, cursors) => thread.call('rewind', [path, cursors]),
    close: () => thread.close(),
  };
}
