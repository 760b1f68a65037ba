import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../contract/ports/clock.ts';
import type { CheckpointStore } from '../../contract/ports/findings.ts';

/** Where the table of terminals is kept between runs. */
export interface StateStore {
  load(): Promise<Uint8Array | undefined>;
  /** Keeps the pieces whole or not at all. */
  save(pieces: readonly Uint8Array[], positions: readonly number[]): Promise<void>;
  /** Moves away what cannot be read; answers where it is now. */
  putAside(): Promise<string>;
}

/** A file of this machine: written beside, synced, then renamed, so that it is whole or not there. */
export function stateFile(path: string): StateStore {
  return {
    async load() {
      try {
        return await readFile(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async save(pieces) {
      await mkdir(dirname(path), { recursive: true });
      const beside = `${path}.new`;
      const file = await open(beside, 'w');
      try {
        for (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    },
    async putAside() {
      await rename(path, `${path}.unreadable`);
      return `${path}.unreadable`;
    },
  };
}

/** A checkpoint in the tables, for workers that take shards over from each other. */
export function stateCheckpoint(checkpoints: CheckpointStore, name: string, clock: Clock): StateStore {
  return {
    async load() {
      return (await checkpoints.load(name))?.state;
    },
    async save(pieces, positions) {
      await checkpoints.save({
        worker: name,
        positions: { ...positions },
        state: pieces,
        at: clock.now(),
      });
    },
    async putAside() {
      const checkpoint = await checkpoints.load(name);
      if (checkpoint)
        await checkpoints.save({ ...checkpoint, state: [checkpoint.state], worker: `${name}.unreadable` });
      return `${name}.unreadable`;
    },
  };
}
