import { Command } from 'commander';
import { assertServers, ROOMS, roomsOf, workerOf } from '../cluster/rooms.ts';
import { addConfigOptions, type ConfigOptions, configOf, printConfig } from './config-options.ts';
import { addExamples } from './support.ts';

/** `tillwatch serve ROOM…`: some rooms in this process, the others in others, on servers that they share. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description(
      'run some rooms in this process and the others elsewhere, each as often as needed, on servers they share',
    )
    .argument('<rooms...>', `${ROOMS.join(', ')}, one or several; or all`)
    .action(async (names: string[], options: ConfigOptions) => {
      const rooms = roomsOf(names);
      const config = configOf(options);
      assertServers(config, rooms);
      const worker = workerOf(config);
      if (options.check) return printConfig(config, { command: 'serve', rooms: [...rooms], worker });
      const { serve } = await import('../serve.ts');
      await serve(config, rooms, worker);
    });
  addExamples(command, [
    'tillwatch serve ingest --config tillwatch.json --http-port 8081',
    'tillwatch serve analytics --config tillwatch.json --check',
    'tillwatch serve alerts dashboards --config tillwatch.json',
  ]);
  return addConfigOptions(command);
}
