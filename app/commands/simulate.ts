import { Command } from 'commander';
import pino from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import { loadScenario, runSimulation, scenarioNames } from '../../firmware-sim/service.ts';
import { addExamples, positive } from './support.ts';

interface SimulateOptions {
  readonly scenario?: string;
  readonly list?: boolean;
  readonly seed?: number;
  readonly days?: number;
  readonly speed?: number;
  readonly record?: string;
  readonly truth?: string;
  readonly plot?: string;
  readonly mqtt?: string;
  readonly json?: boolean;
}

/** `tillwatch simulate`: a scenario recorded, plotted or published; truth goes to a file of its own and never over MQTT. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('run simulated terminals: record or plot a scenario, publish it over MQTT')
    .option('--scenario <name>', 'a scenario by name, or a path to a .json file')
    .option('--list', 'list the scenarios and end')
    .option('--seed <n>', 'another seed than the scenario names', Number)
    .option('--days <n>', 'another span than the scenario names', positive)
    .option('--record <file>', 'write a recording: .ndjson, .ndjson.gz or .ndjson.zst')
    .option('--truth <file>', 'write the faults and their failures as NDJSON')
    .option('--plot <file>', 'draw the fleet as one self-contained HTML page')
    .option('--mqtt <url>', 'publish: the whole span ending now, as fast as it is acknowledged, or paced with --speed')
    .option('--speed <n>', 'live from now on, this many times as fast as real time (1: real time)', positive)
    .option('--json', 'print the summary as JSON')
    .action(async (options: SimulateOptions) => simulate(options));
  return addExamples(command, [
    'tillwatch simulate --list',
    'tillwatch simulate --scenario mixed-month --record fleet.ndjson.gz --truth truth.ndjson',
    'tillwatch simulate --scenario battery-knee --plot battery-knee.html',
    'tillwatch simulate --scenario chain-outage --mqtt mqtt://127.0.0.1:1883',
    'tillwatch simulate --scenario quiet-month --mqtt mqtt://127.0.0.1:1883 --speed 60',
  ]);
}

async function simulate(options: SimulateOptions): Promise<void> {
  if (options.list) {
    for (const name of await scenarioNames())
      process.stdout.write(`${name.padEnd(18)} ${(await loadScenario(name)).describe}\n`);
    return;
  }
  if (!options.scenario) {
    throw new TillwatchError('simulator.bad_options', 'name a scenario with --scenario, or see them with --list', {
      status: 400,
    });
  }
  if (!options.record && !options.truth && !options.plot && !options.mqtt) {
    throw new TillwatchError('simulator.bad_options', 'nothing to do: give --record, --truth, --plot or --mqtt', {
      status: 400,
    });
  }
  if (options.speed !== undefined && !options.mqtt) {
    throw new TillwatchError('simulator.bad_options', '--speed paces a run over MQTT: give --mqtt too', {
      status: 400,
    });
  }
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new TillwatchError('simulator.interrupted', 'interrupted'));
  process.once('SIGINT', interrupt);
  const { scenario: name, mqtt, list: _list, json, ...rest } = options;
  try {
    const summary = await runSimulation({
      ...rest,
      scenario: await loadScenario(name),
      ...(mqtt ? { mqtt: { url: mqtt } } : {}),
      log: pino({ level: 'warn' }, pino.destination(2)),
      signal: abort.signal,
      onProgress: ({ done, total, messages }) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${((100 * done) / total).toFixed(0)} %  ${messages} messages `);
      },
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    if (json) {
      process.stdout.write(`${JSON.stringify(summary)}\n`);
      return;
    }
    const days = ((summary.to - summary.from) / 86_400_000).toFixed(1);
    process.stdout.write(
      `${summary.scenario}: ${summary.terminals} terminals, ${days} days, ${summary.messages} messages in ${(summary.elapsedMs / 1000).toFixed(1)} s; ` +
        `${summary.truths} faults, ${summary.failures} of them failed; seed ${summary.seed}\n`,
    );
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}
