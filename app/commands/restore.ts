import { resolve } from 'node:path';
import { Command } from 'commander';
import { addExamples } from './support.ts';

/** `tillwatch restore --from DIR --data DIR`: a backup into a data directory that is new or empty. */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description('put a backup into a data directory that is new or empty, verified before and after')
    .requiredOption('--from <dir>', 'what "tillwatch backup --to" wrote')
    .requiredOption('--data <dir>', 'the data directory: new or empty')
    .action(async (options: { from: string; data: string }) => {
      const { restore } = await import('../backup/restore.ts');
      const dataDir = resolve(options.data);
      const manifest = await restore(resolve(options.from), dataDir);
      process.stdout.write(
        `${manifest.files.length} files of ${new Date(manifest.at).toISOString()} (Tillwatch ${manifest.version}) are in ${dataDir}, verified.\n` +
          `Start: tillwatch up --no-demo --data ${dataDir}\n`,
      );
    });
  return addExamples(command, ['tillwatch restore --from /backup/2026-11-26 --data /var/lib/tillwatch']);
}
