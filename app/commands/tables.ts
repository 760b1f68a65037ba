import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import { createSqliteCopier } from '../../store/copy/copier.ts';
import { MIGRATIONS } from '../../store/relational/migrations/index.ts';
import { openRelational } from '../../store/relational/open.ts';
import type { Relational } from '../../store/relational/relational.ts';
import type { Config } from '../config.ts';
import { lockDataDir } from '../data-lock.ts';
import { configOf, type TableOptions, tableOptions } from './config-options.ts';
import { addExamples } from './support.ts';

/** `tillwatch tables`: which steps of the schema have run, and the way back to a version that does not know the newest. */
export function tablesCommand(): Command {
  const command = new Command('tables').description(
    'steps of the tables’ schema: list them, undo them to go back a version',
  );
  command.addCommand(listCommand()).addCommand(undoCommand());
  return addExamples(command, ['tillwatch tables list', 'tillwatch tables undo 090-leases --yes']);
}

const open = (config: Config): Promise<Relational> =>
  openRelational({
    url: embedded(config) ? `sqlite:${join(config.dataDir, 'tillwatch.db')}` : config.relational,
  });
const embedded = (config: Config): boolean => config.relational === 'sqlite:';

function listCommand(): Command {
  const command = new Command('list')
    .description('steps that have run here, and which of them can be undone')
    .action(async (options: TableOptions) => {
      const relational = await open(configOf(options));
      try {
        for (const name of await relational.executed()) {
          const step = MIGRATIONS.find((one) => one.name === name);
          const can = step === undefined ? 'of a newer version' : step.down ? 'can be undone' : 'cannot be undone';
          process.stdout.write(`${name.padEnd(24)}${can}\n`);
        }
      } finally {
        await relational.close();
      }
    });
  return addExamples(tableOptions(command), ['tillwatch tables list']);
}

function undoCommand(): Command {
  const command = new Command('undo')
    .description('undo steps, with everything in the tables that they added; nothing may run meanwhile')
    .argument('<steps...>', 'as the older version names them when it refuses to start')
    .option('--yes', 'what those tables hold may go', false)
    .action(async (steps: string[], options: TableOptions & { yes: boolean }) => {
      const config = configOf(options);
      if (!options.yes) {
        throw new TillwatchError(
          'tables.not_confirmed',
          `what the tables of ${steps.join(', ')} hold would be gone: ${embedded(config) ? 'a copy is kept beside them' : 'make a dump first (pg_dump), and stop every worker'}. Give --yes. Nothing was changed`,
          { status: 400 },
        );
      }
      const lock = embedded(config) ? lockDataDir(config.dataDir) : undefined;
      try {
        const copy = lock && (await copied(config.dataDir));
        const relational = await open(config);
        try {
          const undone = await relational.undo(steps);
          process.stdout.write(`undone: ${undone.join(', ')}${copy ? `\nAs it was before: ${copy}` : ''}\n`);
        } catch (error) {
          if (copy) rmSync(copy);
          throw error;
        } finally {
          await relational.close();
        }
      } finally {
        lock?.release();
      }
    });
  return addExamples(tableOptions(command), ['tillwatch tables undo 090-leases --yes']);
}

/** The tables as they are, in a file beside them that was not there before. */
async function copied(dataDir: string): Promise<string> {
  let to = join(dataDir, 'tillwatch.before-undo.db');
  for (let n = 2; existsSync(to); n++) to = join(dataDir, `tillwatch.before-undo-${n}.db`);
  const copier = createSqliteCopier();
  try {
    await copier.copy(join(dataDir, 'tillwatch.db'), to);
    await copier.check(to);
    return to;
  } finally {
    await copier.close();
  }
}
