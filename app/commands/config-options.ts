import type { Command } from 'commander';
import { type Config, type ConfigKey, describeConfig, readConfig, SETTINGS } from '../config.ts';

/** Options that stand for settings; every other setting is given by environment or file. */
const FLAGS: Readonly<Record<string, { readonly key: ConfigKey; readonly flag: string }>> = {
  data: { key: 'dataDir', flag: '--data <dir>' },
  httpPort: { key: 'httpPort', flag: '--http-port <port>' },
  mqttPort: { key: 'mqttPort', flag: '--mqtt-port <port>' },
  mqttUrl: { key: 'mqttUrl', flag: '--mqtt-url <url>' },
  logLevel: { key: 'logLevel', flag: '--log-level <level>' },
};

/** Adds `--config`, `--check` and the options for common settings, and lists every setting in the help. */
export function addConfigOptions(command: Command): Command {
  command
    .option('--config <file>', 'settings as a JSON file')
    .option('--check', 'print what would run, and stop', false);
  for (const { key, flag } of Object.values(FLAGS))
    command.option(flag, `${SETTINGS[key].describe} (${SETTINGS[key].env})`);
  const width = Math.max(...Object.values(SETTINGS).map((one) => one.env.length));
  const list = Object.values(SETTINGS).map(
    (one) => `  ${one.env.padEnd(width)}  ${one.describe}${one.fallback ? ` [${one.fallback}]` : ''}`,
  );
  return command.addHelpText('after', `\nSettings (option, then environment, then --config file):\n${list.join('\n')}`);
}

/** Options of commands that work on the tables alone; other settings come from the environment or the file. */
export interface TableOptions {
  readonly config?: string;
  readonly data?: string;
}

/** Adds `--config` and `--data` to a command that works on the tables. */
export function tableOptions(command: Command): Command {
  return command
    .option('--config <file>', 'settings as a JSON file')
    .option(
      '--data <dir>',
      `${SETTINGS.dataDir.describe} (${SETTINGS.dataDir.env}); tables elsewhere: ${SETTINGS.relational.env}`,
    );
}

export interface ConfigOptions {
  readonly config?: string;
  readonly check: boolean;
  readonly [option: string]: unknown;
}

/** The configuration of a command's options and the environment; errors as `readConfig`. */
export function configOf(given: ConfigOptions | TableOptions): Config {
  const options: Partial<Record<string, unknown>> & { readonly config?: string } = { ...given };
  const flags: Partial<Record<ConfigKey, string>> = {};
  for (const [name, { key }] of Object.entries(FLAGS)) {
    const value = options[name];
    if (typeof value === 'string') flags[key] = value;
  }
  return readConfig({ env: process.env, flags, ...(options.config === undefined ? {} : { file: options.config }) });
}

/** `--check`: the whole configuration as it would run. */
export function printConfig(config: Config, more: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ ...more, ...describeConfig(config) }, null, 2)}\n`);
}
