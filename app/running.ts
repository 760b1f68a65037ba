import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the process that holds a data directory answers. */
export interface RunningAt {
  readonly http: string;
  readonly pid: number;
}

const NAME = 'running.json';

/** Notes it beside the data, for the commands that ask the running process; answers what takes the note away. */
export function noteRunning(dataDir: string, at: RunningAt): () => void {
  const path = join(dataDir, NAME);
  writeFileSync(path, `${JSON.stringify(at)}\n`);
  return () => rmSync(path, { force: true });
}

/** What was noted last; undefined where nothing was, or it cannot be read. */
export function runningAt(dataDir: string): RunningAt | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')) as RunningAt;
  } catch {
    return undefined;
  }
}
