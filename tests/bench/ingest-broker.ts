import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { systemClock } from '../../app/system-clock.ts';
import { BrokerSource } from '../../ingest/edge/broker-source.ts';
import { forgetfulTelemetry } from '../support/forgetful-telemetry.ts';
import { startLine } from '../support/ingest-line.ts';
import { type BlastOptions, blast } from '../support/mqtt-blaster.ts';
import { startServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { type Bench, median, row } from './bench.ts';

/** Messages a second from the first publish until the last was taken by the consumer. */
async function rate(load: BlastOptions, taken: () => number | Promise<number>): Promise<number> {
  const began = performance.now();
  const { messages, preparedMs } = await blast(load);
  await until('the consumer to take all', async () => (await taken()) >= messages, 120_000, 5);
  return messages / ((performance.now() - began - preparedMs) / 1000);
}

async function bare(url: string, load: BlastOptions): Promise<number> {
  const client = await connectAsync(url, { protocolVersion: 5, properties: { receiveMaximum: 65_535 } });
  let taken = 0;
  client.on('message', (_topic, payload) => {
    JSON.parse(payload.toString());
    taken++;
  });
  await client.subscribeAsync('pos/v1/+/+/heartbeat', { qos: 1 });
  const answer = await rate(load, () => taken);
  await client.endAsync();
  return answer;
}

async function ours(url: string, load: BlastOptions, connections: number): Promise<number> {
  const source = new BrokerSource({
    clock: systemClock,
    log: pino({ level: 'silent' }),
    url,
    clientId: `bench-${load.run}`,
    connections,
    sessionExpiryS: 0,
    random: Math.random,
  });
  const line = await startLine({ sources: [source], telemetry: forgetfulTelemetry() });
  const accepted = line.metrics.getSingleMetric('tillwatch_ingest_in_flight_messages');
  const received = line.metrics.getSingleMetric('tillwatch_ingest_accepted_total');
  const reading = async (metric: typeof accepted): Promise<number> => (await metric?.get())?.values[0]?.value ?? 0;
  const answer = await rate(load, async () => ((await reading(accepted)) > 0 ? 0 : reading(received)));
  await line.stop();
  return answer;
}

/** The line from Mosquitto, commit before acknowledgement, over a bare MQTT.js subscriber that parses and acknowledges at once. */
export const run: Bench = async ({ quick, say }) => {
  const server = await startServer('mosquitto', { config: 'max_inflight_messages 0\nmax_queued_messages 0\n' });
  const rounds = quick ? 3 : 5;
  const counts = [1, 2, 4];
  const theirs: number[] = [];
  const byConnections = new Map<number, number[]>(counts.map((count) => [count, []]));
  try {
    for (let round = 0; round <= rounds; round++) {
      const load = { connections: 20, terminals: 20, window: 200, messages: quick ? 800 : 2500, port: server.port };
      const at = Date.now() - 86_400_000;
      const one = await bare(server.url, { ...load, run: `a${round}`, at });
      if (round > 0) theirs.push(one);
      const others: string[] = [];
      for (const count of counts) {
        const answer = await ours(server.url, { ...load, run: `b${round}-${count}`, at }, count);
        if (round > 0) byConnections.get(count)?.push(answer);
        others.push(`${Math.round(answer)}/s by ${count}`);
      }
      say(`round ${round}: bare ${Math.round(one)}/s, ingest ${others.join(', ')}`);
    }
  } finally {
    await server.stop();
  }
  const product = median(byConnections.get(2) ?? []);
  return {
    rows: [
      row('ingest_broker.msgs_per_s', Math.round(product), '1/s', 'higher', { baseline: Math.round(median(theirs)) }),
      row('ingest_broker.ratio', Number((product / median(theirs)).toFixed(3)), '', 'higher', { bar: 0.6 }),
    ],
    notes: [
      'measured with 2 connections, the default',
      ...counts.map(
        (count) => `${count} connections: ${Math.round(median(byConnections.get(count) ?? []))} messages a second`,
      ),
    ],
  };
};
