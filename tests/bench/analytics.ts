import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { asTenantId } from '../../contract/topics.ts';
import { wildFleet } from '../support/wild-fleet.ts';
import { type Bench, median, row } from './bench.ts';

/** Tenants with the same fleet each, in one engine whose memory is measured from outside. */
const TENANTS = 4;

/** Cost of evaluation with every detector on: time a heartbeat, memory a terminal, and from the message that completes the evidence to its finding. */
export const run: Bench = async ({ quick, say }) => {
  const fleet = wildFleet({
    seed: 9101,
    sites: 12,
    perSite: 8,
    days: quick ? 5 : 12,
    beatS: 300,
    faulty: 0.3,
    nuisances: true,
  });
  const readings: Reading[] = [...fleet.readings];
  const heartbeats = readings.filter((r) => r.channel === 'heartbeat').length;
  const costs: number[] = [];
  const delays: number[] = [];
  let bytes = 0;
  let parts = '';
  for (let round = 0; round < 3; round++) {
    say(`round ${round + 1} of 3: ${readings.length} messages`);
    const engine = new Engine();
    const began = performance.now();
    for (const reading of readings) engine.process(reading);
    costs.push(((performance.now() - began) * 1000) / heartbeats);
    const { terminals } = engine.stats;
    bytes = engine.stats.bytes / terminals;
    parts = engine.memory.map((part) => `${part.part} ${Math.round(part.bytes / terminals)}`).join(', ');
  }
  const engine = new Engine();
  for (const reading of readings) {
    const began = performance.now();
    if (engine.process(reading).length > 0) delays.push(performance.now() - began);
  }
  say(`${TENANTS} tenants in one engine, for their memory`);
  const whole = ofProcess(readings);
  return {
    rows: [
      row('analytics.us_per_heartbeat', median(costs), 'µs', 'lower', { bar: 12 }),
      row('analytics.bytes_per_terminal', bytes, 'bytes', 'lower', { bar: 1500 }),
      row('analytics.process_bytes_per_terminal', whole.bytes, 'bytes', 'lower', { bar: 1500 }),
      row('analytics.finding_delay_ms', delays.length > 0 ? median(delays) : 0, 'ms', 'lower', { bar: 2000 }),
    ],
    notes: [
      'µs a heartbeat includes the counters, births and events that come with it',
      `${delays.length} transitions timed`,
      `bytes a terminal: ${parts}`,
      `bytes of the process: heap and buffers after a collection, strings, maps and findings that stand included, of ${whole.terminals} terminals`,
    ],
  };
};

/** What an engine adds to the memory of this process, a terminal. */
function ofProcess(readings: readonly Reading[]): { bytes: number; terminals: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const engine = new Engine();
  for (const reading of readings) {
    for (let i = 0; i < TENANTS; i++) engine.process({ ...reading, tenant: asTenantId(`t${i}`) });
  }
  const bytes = used() - before;
  const { terminals } = engine.stats;
  return { bytes: bytes / terminals, terminals };
}
