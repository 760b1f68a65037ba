import { Command } from 'commander';
import { addConfigOptions, type ConfigOptions, configOf, printConfig } from './config-options.ts';
import { addExamples } from './support.ts';

interface UpOptions extends ConfigOptions {
  readonly demo: boolean;
}

/** `tillwatch up`: everything in one process on embedded engines, with a demonstration fleet unless told otherwise. */
export function upCommand(): Command {
  const command = new Command('up')
    .description('run the whole platform in this process on embedded engines, with a demonstration fleet')
    .option('--no-demo', 'the platform alone, without the demonstration fleet')
    .action(async (options: UpOptions) => {
      const config = configOf(options);
      if (options.check) return printConfig(config, { command: 'up', demo: options.demo });
      // The platform's engines load only where it runs: help and checks answer at once.
      const { up } = await import('../up.ts');
      await up(config, { demo: options.demo });
    });
  addExamples(command, [
    'tillwatch up',
    'tillwatch up --no-demo --data /var/lib/tillwatch',
    'TILLWATCH_HTTP_PORT=9000 tillwatch up --check',
  ]);
  return addConfigOptions(command);
}
