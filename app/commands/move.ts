import { resolve } from 'node:path';
import { Command } from 'commander';
import { assertServers } from '../cluster/rooms.ts';
import type { Config } from '../config.ts';
import { lockDataDir } from '../data-lock.ts';
import { createLogger } from '../logging.ts';
import { systemClock } from '../system-clock.ts';
import { addConfigOptions, type ConfigOptions, configOf, printConfig } from './config-options.ts';
import { addExamples, daily, moment } from './support.ts';

interface MoveCommandOptions extends ConfigOptions {
  readonly from: string;
  readonly since?: number;
  readonly historyOnly: boolean;
}

/** `tillwatch move --from DIR`: a platform that ran in one process, onto the servers that the settings name. */
export function moveCommand(): Command {
  const command = new Command('move')
    .description(
      'take a platform that ran in one process to the servers that the settings name: stored readings, tables, and what was learned',
    )
    .requiredOption(
      '--from <dir>',
      'its data directory, in which nothing runs; it is not changed but for the tables’ version',
    )
    .option('--since <date>', 'copy only readings from this time on: the others are there already', moment)
    .option(
      '--history-only',
      'copy stored readings and nothing else, as from a backup while the platform still runs',
      false,
    )
    .action(async (options: MoveCommandOptions) => {
      const config = configOf(options);
      assertServers(config, new Set(['analytics', 'dashboards']));
      const from = resolve(options.from);
      if (options.check) return printConfig(config, { command: 'move', from, since: options.since ?? null });
      // A backup stays as it was sealed, and one that is in use is refused by its files.
      const lock = options.historyOnly ? undefined : lockDataDir(from);
      try {
        await run(config, from, options);
      } finally {
        lock?.release();
      }
    });
  addExamples(command, [
    'tillwatch move --from /backup/tonight --history-only',
    'tillwatch move --from /var/lib/tillwatch --since 2026-11-26',
  ]);
  return addConfigOptions(command);
}

async function run(config: Config, dataDir: string, options: MoveCommandOptions): Promise<void> {
  const { openStores } = await import('../stores.ts');
  const { assertEmpty, move } = await import('../move/move.ts');
  const { moveHistory } = await import('../move/history.ts');
  const { Registry } = await import('prom-client');
  const stores = await openStores(config, {
    clock: systemClock,
    log: createLogger(config),
    metrics: new Registry(),
    directory: { facts: () => undefined },
  });
  const { telemetry, journal, relational } = stores;
  const progress = daily('copied', (line) => process.stderr.write(line));
  const since = options.since === undefined ? {} : { since: options.since };
  try {
    await journal.start();
    await telemetry.start();
    if (options.historyOnly) {
      const readings = await moveHistory({ dataDir, ...since, telemetry, clock: systemClock, progress });
      process.stdout.write(`${readings} readings copied.\n`);
      return;
    }
    await assertEmpty(journal);
    const moved = await move(
      { dataDir, ...since, shards: config.shards, telemetry, clock: systemClock, progress },
      relational,
    );
    const rows = moved.tables.reduce((sum, table) => sum + table.rows, 0);
    process.stdout.write(
      `${moved.readings} readings and ${rows} rows of ${moved.tables.length} tables copied; ${learned(moved)}.\n` +
        'Start: tillwatch serve all, or the rooms apart, with the same settings. Give terminals the new broker’s address.\n',
    );
  } finally {
    await stores.feed.stop();
    await telemetry.stop();
    await journal.stop();
    await relational.close();
  }
}

function learned({
  carried,
  taught,
  ended,
}: {
  carried: readonly number[];
  taught: readonly number[];
  ended: number;
}): string {
  if (carried.length > 0) return 'detectors go on as they were';
  if (taught.length === 0) return 'nothing had been learned yet';
  const over = ended === 0 ? '' : ` (${ended} ${ended === 1 ? 'finding' : 'findings'} that they do not hold ended)`;
  return `detectors were taught anew from stored readings${over}, learned risk models follow terminals anew`;
}
