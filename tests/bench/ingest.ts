import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { forgetfulTelemetry } from '../support/forgetful-telemetry.ts';
import { startLine } from '../support/ingest-line.ts';
import { blast } from '../support/mqtt-blaster.ts';
import { type Bench, median, row } from './bench.ts';

async function bareAedes(): Promise<{ port: number; stop(): Promise<void> }> {
  const broker = await Aedes.createBroker({
    concurrency: 1000,
    authorizePublish: (_client, packet, done) => {
      JSON.parse(packet.payload.toString());
      done(null);
    },
  });
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    async stop() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** QoS 1 messages a second through decode, validate, commit and acknowledgement, over a bare aedes that only parses and acknowledges. */
export const run: Bench = async ({ quick, say }) => {
  const load = { connections: 50, terminals: 20, window: 250, messages: quick ? 800 : 3000 };
  const rounds = quick ? 3 : 5;
  const line = await startLine({ telemetry: forgetfulTelemetry() });
  const bare = await bareAedes();
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    // The first round of each warms up its code and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const at = Date.now() - 86_400_000;
      const one = await blast({ ...load, port: bare.port, run: `a${round}`, at });
      const two = await blast({ ...load, port: line.source.ports.tcp ?? 0, run: `b${round}`, at });
      const rates = [one, two].map(({ messages, ms }) => messages / (ms / 1000)) as [number, number];
      say(`round ${round}: bare ${Math.round(rates[0])}/s, ingest ${Math.round(rates[1])}/s`);
      if (round === 0) continue;
      theirs.push(rates[0]);
      ours.push(rates[1]);
    }
  } finally {
    await line.stop();
    await bare.stop();
  }
  return {
    rows: [
      row('ingest.msgs_per_s', Math.round(median(ours)), '1/s', 'higher', { baseline: Math.round(median(theirs)) }),
      row('ingest.ratio', Number((median(ours) / median(theirs)).toFixed(3)), '', 'higher', { bar: 0.6 }),
    ],
    notes: [
      `${load.connections} connections, ${load.messages} heartbeats each a round, ${load.window} in flight, ${rounds} rounds`,
    ],
  };
};
