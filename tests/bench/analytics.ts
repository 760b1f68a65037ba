import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { wildFleet } from '../support/wild-fleet.ts';
import { type Bench, median, row } from './bench.ts';

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
  for (let round = 0; round < 3; round++) {
    say(`round ${round + 1} of 3: ${readings.length} messages`);
    const engine = new Engine();
    const began = performance.now();
    for (const reading of readings) engine.process(reading);
    costs.push(((performance.now() - began) * 1000) / heartbeats);
    bytes = engine.stats.bytes / engine.stats.terminals;
  }
  const engine = new Engine();
  for (const reading of readings) {
    const began = performance.now();
    if (engine.process(reading).length > 0) delays.push(performance.now() - began);
  }
  return {
    rows: [
      row('analytics.us_per_heartbeat', median(costs), 'µs', 'lower', { bar: 12 }),
      row('analytics.bytes_per_terminal', bytes, 'bytes', 'lower', { bar: 1500 }),
      row('analytics.finding_delay_ms', delays.length > 0 ? median(delays) : 0, 'ms', 'lower', { bar: 2000 }),
    ],
    notes: [
      'µs a heartbeat includes the counters, births and events that come with it',
      `${delays.length} transitions timed`,
    ],
  };
};
