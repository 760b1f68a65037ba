import { Command } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import type { Config } from '../config.ts';
import { type Examined, error, exitCodeOf } from '../doctor/finding.ts';
import { addConfigOptions, type ConfigOptions, configOf, printConfig } from './config-options.ts';
import { addExamples } from './support.ts';

interface DoctorOptions extends ConfigOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json: boolean;
}

const MARKS = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' } as const;

/** `tillwatch doctor`: what is wrong, and the next step. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('find what is wrong and say the next step; ends with 0 when all is well, 1 for warnings, 2 for errors')
    .option('--url <url>', 'ask the process that answers here; left out: the one on the data directory')
    .option('--token <token>', 'API token, where everybody has to sign in')
    .option('--json', 'as JSON', false)
    .action(async (options: DoctorOptions) => {
      let examined: readonly Examined[];
      try {
        const config: Config = configOf(options);
        if (options.check) return printConfig(config, { command: 'doctor' });
        const { examine } = await import('../doctor/doctor.ts');
        examined = await examine(config, options, Date.now);
      } catch (thrown) {
        if (!(thrown instanceof TillwatchError) || thrown.code !== 'config.invalid') throw thrown;
        examined = [error('configuration', thrown.message, 'mend what is listed: each line says what would be right')];
      }
      const code = exitCodeOf(examined);
      if (options.json) process.stdout.write(`${JSON.stringify({ level: code, examined }, null, 2)}\n`);
      else for (const one of examined) process.stdout.write(linesOf(one));
      process.exitCode = code;
    });
  addExamples(command, ['tillwatch doctor', 'tillwatch doctor --url http://127.0.0.1:8081 --json']);
  return addConfigOptions(command);
}

function linesOf({ name, level, seen, next }: Examined): string {
  return `${MARKS[level]}  ${name}: ${seen}\n${next === undefined ? '' : `         → ${next}\n`}`;
}
