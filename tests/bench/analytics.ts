import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { asTenantId } from '../../contract/topics.ts';
import { wildFleet } from '../support/wild-fleet.ts';
import { type Bench, median, row } from './bench.ts';

/** Tenants with the same fleet each, in two engines: what the larger one takes more is its terminals', and no code or cache of the program. */
const FEW = 2;
const MANY = 12;
/** Rounds before those that count, and those that do. */
const WARM = 2;
const ROUNDS = 5;
/** ms of the fleet's time that they are given. */
const WHILE = 3 * 86_400_000;

/** Cost of evaluation with every detector on: time a heartbeat, memory a terminal, and from the message that completes the evidence to its finding. */
export const run: Bench = async ({ quick, say }) => {
  const fleet = wildFleet({
    seed: 9101,
    sites: 12,
    perSite: 8,
    days: quick ? 7 : 12,
    beatS: 300,
    faulty: 0.3,
    nuisances: true,
  });
  const readings: Reading[] = [...fleet.readings];
  const heartbeats = readings.filter((r) => r.channel === 'heartbeat').length;
  const cold: number[] = [];
  const costs: number[] = [];
  // What a bare program does with the same messages: machines are slow and fast by the minute.
  const texts = readings.map(({ payload }) => JSON.stringify(payload));
  const parsing: number[] = [];
  let bytes = 0;
  let parts = '';
  // A worker runs for months: while its code is still being compiled, on other threads of this process, a heartbeat costs three times as much.
  for (let round = -WARM; round < ROUNDS; round++) {
    say(`${round < 0 ? 'to warm up' : `round ${round + 1} of ${ROUNDS}`}: ${readings.length} messages`);
    const engine = new Engine();
    const bare = process.cpuUsage();
    for (const text of texts) JSON.parse(text);
    const parsed = process.cpuUsage(bare);
    // Processor time: what else runs on the machine is no cost of evaluation.
    const began = process.cpuUsage();
    for (const reading of readings) engine.process(reading);
    const { user, system } = process.cpuUsage(began);
    if (round < 0) cold.push((user + system) / heartbeats);
    else {
      costs.push((user + system) / heartbeats);
      parsing.push((parsed.user + parsed.system) / heartbeats);
    }
    const { terminals } = engine.stats;
    bytes = engine.stats.bytes / terminals;
    parts = engine.memory.map((part) => `${part.part} ${Math.round(part.bytes / terminals)}`).join(', ');
  }
  const delays = delaysOf(readings);
  say(`${FEW} and ${MANY} tenants in one engine, for their memory`);
  const first = readings.filter((reading) => reading.receivedAt < readings[0]!.receivedAt + WHILE);
  // What the engine's code compiles to comes with the first of many messages, and is counted no second time.
  await ofProcess(first, MANY);
  const few = await ofProcess(first, FEW);
  const many = await ofProcess(first, MANY);
  const whole = (many.bytes - few.bytes) / (many.terminals - few.terminals);
  return {
    rows: [
      row('analytics.us_per_heartbeat', median(costs), 'µs', 'lower', { bar: 12, baseline: median(parsing) }),
      row('analytics.us_per_heartbeat_cold', cold[0]!, 'µs', 'lower'),
      row('analytics.bytes_per_terminal', bytes, 'bytes', 'lower', { bar: 1500 }),
      row('analytics.process_bytes_per_terminal', whole, 'bytes', 'lower', { bar: 1500 }),
      row('analytics.finding_delay_ms', delays.length > 0 ? median(delays) : 0, 'ms', 'lower', { bar: 2000 }),
    ],
    notes: [
      `µs of processor a heartbeat, the counters, births and events that come with it and the collector included: middle of ${costs.map((cost) => cost.toFixed(1)).join(', ')} after ${WARM} rounds that warm up`,
      'baseline: µs of processor to parse the same messages out of JSON, round by round with the others',
      'cold: the first of those, compiling the code included',
      `${delays.length} transitions timed`,
      `bytes a terminal: ${parts}`,
      `bytes of the process: heap (compiled code left out) and buffers after a collection, what ${many.terminals} terminals take more than ${few.terminals}: strings, maps and findings that stand included`,
    ],
  };
};

/** ms of each message that caused a transition. */
function delaysOf(readings: readonly Reading[]): number[] {
  const engine = new Engine();
  return readings.flatMap((reading) => {
    const began = performance.now();
    return engine.process(reading).length > 0 ? [performance.now() - began] : [];
  });
}

/** What an engine adds to the memory of this process. */
async function ofProcess(readings: readonly Reading[], tenants: number): Promise<{ bytes: number; terminals: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = async (): Promise<number> => {
    // Buffers of what has been collected are given back a turn later.
    for (let i = 0; i < 3; i++) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Compiled code comes and goes with how often it runs, not with terminals: 200 bytes of each, were it counted.
    const spaces = getHeapSpaceStatistics().filter(({ space_name: space }) => !/code|trusted/.test(space));
    return process.memoryUsage().arrayBuffers + spaces.reduce((sum, { space_used_size: used }) => sum + used, 0);
  };
  const before = await used();
  const engine = new Engine();
  for (const reading of readings) {
    for (let i = 0; i < tenants; i++) engine.process({ ...reading, tenant: asTenantId(`t${i}`) });
  }
  const bytes = (await used()) - before;
  return { bytes, terminals: engine.stats.terminals };
}
