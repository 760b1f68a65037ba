import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TillwatchError } from '../contract/errors.ts';

/**
 * Holds the data directory for this process: the embedded engines belong to one. The lock is SQLite's own (a file lock of the kernel),
 * so it ends with the process however that ends. Error: `platform.data_in_use`.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw new TillwatchError(
      'platform.data_unwritable',
      `the data directory ${dataDir} cannot be made: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const path = join(dataDir, 'lock.db');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path);
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    const busy = /locked|busy/i.test((error as Error).message);
    throw busy
      ? new TillwatchError(
          'platform.data_in_use',
          `another tillwatch runs on ${dataDir}: stop it, or give another directory with --data or TILLWATCH_DATA_DIR`,
        )
      : new TillwatchError(
          'platform.data_unwritable',
          `the data directory ${dataDir} cannot be used: ${(error as Error).message}`,
          { cause: error },
        );
  }
  const held = lock;
  return { release: () => held.close() };
}
