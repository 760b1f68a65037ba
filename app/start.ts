import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TillwatchError } from '../contract/errors.ts';

/** Builds the console where its sources are newer, in a process of its own. */
export async function buildConsole(): Promise<void> {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('./build-console.ts', import.meta.url))]);
}

/** Runs `start`; a port that is taken becomes `platform.port_in_use`, which says what to do. */
export async function listen(start: () => Promise<void>, port: number): Promise<void> {
  try {
    await start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new TillwatchError(
      'platform.port_in_use',
      `port ${port} is taken: stop what listens there, or give --http-port (0 takes a free one)`,
      {
        cause: error,
      },
    );
  }
}
