import { resolve } from 'node:path';
import { Command } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import { lockDataDir } from '../data-lock.ts';
import { runningAt } from '../running.ts';
import { version } from '../version.ts';
import { addConfigOptions, type ConfigOptions, configOf, printConfig } from './config-options.ts';
import { addExamples } from './support.ts';

interface BackupOptions extends ConfigOptions {
  readonly to: string;
  readonly token?: string;
}

/** `tillwatch backup --to DIR`: a verified copy of the data directory, whether or not it is in use. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('copy the data directory to a new directory, verified by checksums, also while the platform runs')
    .requiredOption('--to <dir>', 'where the copy goes: new or empty')
    .option('--token <token>', 'API token of an administrator, where the running platform asks everybody to sign in')
    .action(async (options: BackupOptions) => {
      const { assertEmbedded, backup } = await import('../backup/backup.ts');
      const config = configOf(options);
      assertEmbedded(config);
      const to = resolve(options.to);
      if (options.check) return printConfig(config, { command: 'backup', to });
      const began = Date.now();
      let lock: { release(): void } | undefined;
      try {
        lock = lockDataDir(config.dataDir);
      } catch (error) {
        if (!(error instanceof TillwatchError) || error.code !== 'platform.data_in_use') throw error;
      }
      try {
        const done = lock
          ? await backup(config.dataDir, to, { now: began, version: version(), shards: config.shards })
          : await ask(config.dataDir, to, options.token);
        const files = typeof done.files === 'number' ? done.files : done.files.length;
        process.stdout.write(
          `${files} files in ${to}, verified; all that was acknowledged before ${new Date(done.at).toISOString()} is in it.\n` +
            `Restore: tillwatch restore --from ${to} --data NEW_DIRECTORY\n`,
        );
      } finally {
        lock?.release();
      }
    });
  addExamples(command, [
    'tillwatch backup --to /backup/2026-11-26',
    'tillwatch backup --data /var/lib/tillwatch --to /backup/tonight',
  ]);
  return addConfigOptions(command);
}

/** The engines belong to the process that runs: it makes the copy. */
async function ask(
  dataDir: string,
  to: string,
  token: string | undefined,
): Promise<{ readonly files: number; readonly at: number }> {
  const running = runningAt(dataDir);
  if (!running) {
    throw new TillwatchError(
      'backup.no_address',
      `${dataDir} is in use, but it is not noted where that process answers: try again when it is ready, or stop it`,
    );
  }
  const answer = await fetch(`${running.http}/api/v1/backups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ to }),
  });
  const body = (await answer.json()) as { files: number; at: number; detail?: string; code?: string };
  if (answer.ok) return body;
  throw new TillwatchError('backup.refused', `the running platform refused (${answer.status}): ${body.detail ?? ''}`, {
    status: answer.status,
  });
}
