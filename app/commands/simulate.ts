import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import pino from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import { loadScenario, runSimulation, scenarioNames } from '../../firmware-sim/service.ts';
import { type LoadCommandOptions, load } from './load.ts';
import { quarter } from './quarter.ts';
import { addExamples, positive, wholeNumber } from './support.ts';

interface SimulateOptions extends LoadCommandOptions {
  readonly scenario?: string;
  readonly list?: boolean;
  readonly load?: boolean;
  readonly quarter?: boolean;
  readonly stories?: string;
  readonly seed?: number;
  readonly days?: number;
  readonly speed?: number;
  readonly record?: string;
  readonly truth?: string;
  readonly plot?: string;
}

/** `tillwatch simulate`: a scenario recorded, plotted or published, or a load on a broker. Truth goes to a file of its own and never over MQTT. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('run simulated terminals: record or plot a scenario, publish it over MQTT, or put load on a broker')
    .option('--list', 'list the scenarios and end')
    .option(
      '--mqtt <url>',
      'the broker: a scenario is told up to now as fast as it is acknowledged, or paced with --speed',
    )
    .option('--username <name>', 'name for the broker')
    .option('--password <text>', 'password for the broker')
    .option('--ca <file>', "PEM of the authority behind the broker's certificate")
    .option('--insecure', 'accept any certificate')
    .option('--json', 'print the summary as JSON');
  command
    .optionsGroup('Scenarios:')
    .option('--scenario <name>', 'a scenario by name, or a path to a .json file')
    .option('--seed <n>', 'another seed than the scenario names', wholeNumber)
    .option('--days <n>', 'another span than the scenario names', positive)
    .option('--record <file>', 'write a recording: .ndjson, .ndjson.gz or .ndjson.zst')
    .option('--truth <file>', 'write the faults and their failures as NDJSON')
    .option('--plot <file>', 'draw the fleet as one self-contained HTML page')
    .option('--speed <n>', 'live from now on, this many times as fast as real time (1: real time)', positive);
  command
    .optionsGroup('A quarter with its people:')
    .option('--quarter', 'terminals, platform and people live through a quarter: which rows of the procedure were seen')
    .option('--stories <file>', 'write the table and three tickets as stories, Markdown');
  command
    .optionsGroup('Load:')
    .option('--load', 'put load on a broker on this machine')
    .option('--tenant <id>', 'tenant that the load speaks for (default load)')
    .option('--terminals <n>', 'terminals (default 1000)', wholeNumber)
    .option('--gateways <n>', 'speak through this many gateways; left out: a connection a terminal', wholeNumber)
    .option('--batch <n>', 'messages in one gateway publish (default 100)', wholeNumber)
    .option('--rate <n>', 'messages a second in all, or max (default: one a minute and terminal)')
    .option('--ramp <s>', 'seconds over which connections are opened (default: 2000 a second)', Number)
    .option('--duration <s>', 'seconds of publishing (default 30)', positive)
    .option('--qos <0|1>', 'quality of service (default 1)')
    .option('--window <n>', 'unacknowledged publishes a connection may have (default 20)', wholeNumber)
    .option('--tls', 'mqtts://127.0.0.1:8883 unless --mqtt says otherwise')
    .option('--storm', 'half-way cut everybody off; all come back at once and flush what they kept')
    .option('--outage <s>', 'seconds that a storm keeps everybody away (default 5)', Number)
    .option('--backlog <n>', 'messages that each terminal keeps meanwhile (default 10)', wholeNumber)
    .option('--processes <n>', 'processes to spread over (default: as the limit of open files asks)', wholeNumber)
    .option('--allow-remote', 'the broker is not on this machine, and yours to load');
  command.action(async (options: SimulateOptions) =>
    options.load ? load(options) : options.quarter ? quarter(options) : simulate(options),
  );
  return addExamples(command, [
    'tillwatch simulate --list',
    'tillwatch simulate --scenario mixed-month --record fleet.ndjson.gz --truth truth.ndjson',
    'tillwatch simulate --scenario battery-knee --plot battery-knee.html',
    'tillwatch simulate --scenario chain-outage --mqtt mqtt://127.0.0.1:1883',
    'tillwatch simulate --quarter --stories stories.md',
    'tillwatch simulate --load --terminals 20000 --rate 2000 --duration 60',
    'tillwatch simulate --load --terminals 1000000 --gateways 200 --rate 50000',
    'tillwatch simulate --load --terminals 5000 --storm --backlog 50 --json',
  ]);
}

function refuse(why: string): never {
  throw new TillwatchError('simulator.bad_options', why, { status: 400 });
}

async function simulate(options: SimulateOptions): Promise<void> {
  if (options.list) {
    for (const name of await scenarioNames()) {
      process.stdout.write(`${name.padEnd(18)} ${(await loadScenario(name)).describe}\n`);
    }
    return;
  }
  const { scenario: name, mqtt, seed, days, speed, record, truth, plot } = options;
  if (!name) refuse('name a scenario with --scenario, see them with --list, or ask for --load');
  if (!record && !truth && !plot && !mqtt) refuse('nothing to do: give --record, --truth, --plot or --mqtt');
  if (speed !== undefined && !mqtt) refuse('--speed paces a run over MQTT: give --mqtt too');
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new TillwatchError('simulator.interrupted', 'interrupted'));
  process.once('SIGINT', interrupt);
  try {
    const { username, password } = options;
    const summary = await runSimulation({
      scenario: await loadScenario(name),
      ...(seed === undefined ? {} : { seed }),
      ...(days === undefined ? {} : { days }),
      ...(speed === undefined ? {} : { speed }),
      ...(record ? { record } : {}),
      ...(truth ? { truth } : {}),
      ...(plot ? { plot } : {}),
      ...(mqtt
        ? {
            mqtt: {
              url: mqtt,
              verify: !options.insecure,
              ...(username === undefined ? {} : { username }),
              ...(password === undefined ? {} : { password }),
              ...(options.ca === undefined ? {} : { ca: await readFile(options.ca, 'utf8') }),
            },
          }
        : {}),
      log: pino({ level: 'warn' }, pino.destination(2)),
      signal: abort.signal,
      onProgress: ({ done, total, messages }) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r${((100 * done) / total).toFixed(0)} %  ${messages} messages `);
      },
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    if (options.json) {
      process.stdout.write(`${JSON.stringify(summary)}\n`);
      return;
    }
    const span = ((summary.to - summary.from) / 86_400_000).toFixed(1);
    process.stdout.write(
      `${summary.scenario}: ${summary.terminals} terminals, ${span} days, ${summary.messages} messages in ${(summary.elapsedMs / 1000).toFixed(1)} s; ` +
        `${summary.truths} faults, ${summary.failures} of them failed; seed ${summary.seed}\n`,
    );
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}
