import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TillwatchError } from '../../contract/errors.ts';

export interface BackedUpFile {
  /** Path in the backup, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup holds; written last, so a backup that was cut short has none. */
export interface Manifest {
  readonly format: 1;
  /** Version of Tillwatch that wrote it. */
  readonly version: string;
  /** When it was begun, ms UTC: everything acknowledged before is in it. */
  readonly at: number;
  readonly files: readonly BackedUpFile[];
}

export const MANIFEST = 'manifest.json';

/** Every file under a directory but the manifest, with its size and checksum, sorted by path. */
export async function summed(dir: string): Promise<BackedUpFile[]> {
  const paths = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => relative(dir, path) !== MANIFEST)
    .sort();
  const files: BackedUpFile[] = [];
  for (const path of paths) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    files.push({
      path: relative(dir, path).split(sep).join('/'),
      bytes: statSync(path).size,
      sha256: hash.digest('hex'),
    });
  }
  return files;
}

/** Reads a backup's manifest and compares every file with it; throws `backup.damaged` naming what is wrong. */
export async function verified(dir: string): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8')) as Manifest;
  } catch (error) {
    throw new TillwatchError(
      'backup.no_manifest',
      `${dir} is no finished backup: it has no readable ${MANIFEST} (${(error as Error).message}). Give the directory that "tillwatch backup --to" wrote`,
      { status: 400, cause: error },
    );
  }
  if (manifest.format !== 1) {
    throw new TillwatchError(
      'backup.newer',
      `the backup is of format ${String(manifest.format)} (Tillwatch ${manifest.version}); this program reads format 1: restore with that version`,
      { status: 400 },
    );
  }
  const found = new Map((await summed(dir)).map((file) => [file.path, file]));
  const faults = manifest.files.flatMap(({ path, bytes, sha256 }) => {
    const file = found.get(path);
    if (!file) return [`${path} is missing`];
    if (file.bytes !== bytes) return [`${path} has ${file.bytes} bytes, not ${bytes}`];
    return file.sha256 === sha256 ? [] : [`${path} has changed (checksum)`];
  });
  if (faults.length > 0) {
    throw new TillwatchError('backup.damaged', `the backup in ${dir} is damaged:\n  - ${faults.join('\n  - ')}`, {
      context: { faults },
    });
  }
  return manifest;
}
