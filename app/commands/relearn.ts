import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import { lockDataDir } from '../data-lock.ts';
import { systemClock } from '../system-clock.ts';
import { addConfigOptions, type ConfigOptions, configOf, printConfig } from './config-options.ts';
import { addExamples, daily } from './support.ts';

/** `tillwatch relearn`: what detectors know, out of the readings that are stored. */
export function relearnCommand(): Command {
  const command = new Command('relearn')
    .description(
      'have the detectors of this version learn from the stored readings, where they cannot read an older state',
    )
    .action(async (options: ConfigOptions) => {
      const config = configOf(options);
      const { dataDir, shards } = config;
      if (!existsSync(join(dataDir, 'tillwatch.db')) || !config.telemetry.startsWith('duckdb:')) {
        throw new TillwatchError(
          'relearn.nothing',
          `${dataDir} holds no readings of the embedded engines: give the directory that "tillwatch up --data" was given. Readings on a server are not read back`,
          { status: 400 },
        );
      }
      if (options.check) return printConfig(config, { command: 'relearn' });
      const lock = lockDataDir(dataDir);
      try {
        const { relearn } = await import('../move/relearn.ts');
        const done = await relearn(
          dataDir,
          shards,
          systemClock,
          daily('learned', (line) => process.stderr.write(line)),
        );
        const over = done.ended === 0 ? '' : `; ${done.ended} that stood and are not held by it ended`;
        process.stdout.write(`Learned from ${done.readings} readings${over}. Start: tillwatch up --data ${dataDir}\n`);
      } finally {
        lock.release();
      }
    });
  addExamples(command, ['tillwatch relearn --data /var/lib/tillwatch']);
  return addConfigOptions(command);
}
