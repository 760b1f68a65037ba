import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MOUNT = '/bin/mount';
const UMOUNT = '/bin/umount';

/** A small disk of its own, in memory. */
export interface SmallDisk {
  readonly path: string;
  resize(mib: number): void;
  /** Takes all the room that is left, down to the last page. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  remove(): void;
}

/** Needs the right to mount one: see `canMount`. */
export function smallDisk(mib: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'tillwatch-disk-'));
  execFileSync(MOUNT, ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path], { stdio: 'pipe' });
  const filler = join(path, 'filler');
  return {
    path,
    resize: (size) => void execFileSync(MOUNT, ['-o', `remount,size=${size}m`, path], { stdio: 'pipe' }),
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (let size = 2 ** 20; size >= 4096; ) {
          try {
            if (writeSync(file, Buffer.alloc(size)) < size) size /= 2;
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
            size /= 2;
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync(UMOUNT, ['-l', path], { stdio: 'pipe' });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export function canMount(): boolean {
  try {
    smallDisk(1).remove();
    return true;
  } catch {
    return false;
  }
}
