import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { TillwatchError } from '../../contract/errors.ts';
import { lockDataDir } from '../data-lock.ts';
import { type Manifest, summed, verified } from './manifest.ts';

/** Puts a verified backup into a data directory that is new or empty, and verifies it there. Errors: `restore.not_empty`, `backup.damaged`. */
export async function restore(from: string, dataDir: string): Promise<Manifest> {
  const manifest = await verified(from);
  if (existsSync(dataDir) && readdirSync(dataDir).some((name) => name !== 'lock.db')) {
    throw new TillwatchError(
      'restore.not_empty',
      `${dataDir} is not empty: move it away, or give another directory with --data. Nothing was changed`,
      { status: 400 },
    );
  }
  const lock = lockDataDir(dataDir);
  try {
    for (const { path } of manifest.files) {
      const to = join(dataDir, path);
      mkdirSync(join(to, '..'), { recursive: true });
      await cp(join(from, path), to);
    }
    const there = new Map((await summed(dataDir)).map((file) => [file.path, file.sha256]));
    const wrong = manifest.files.filter(({ path, sha256 }) => there.get(path) !== sha256);
    if (wrong.length > 0) {
      throw new TillwatchError(
        'backup.damaged',
        `written to ${dataDir}, but read back differently: ${wrong.map(({ path }) => path).join(', ')}. Look at the disk`,
      );
    }
    return manifest;
  } finally {
    lock.release();
  }
}
