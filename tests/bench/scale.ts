import { type Cluster, startCluster, type Worker } from '../support/cluster.ts';
import { type BlastOptions, blast } from '../support/mqtt-blaster.ts';
import { startPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';
import { type Bench, median, row } from './bench.ts';

const SHARDS = 4;

async function sumOf(bases: readonly string[], metric: string): Promise<number> {
  const texts = await Promise.all(bases.map(async (base) => (await fetch(`${base}/metrics`)).text()));
  const pattern = new RegExp(`^${metric}(?:\\{[^}]*\\})? ([0-9.e+]+)`, 'gm');
  return texts.flatMap((text) => [...text.matchAll(pattern)]).reduce((sum, match) => sum + Number(match[1]), 0);
}

/** Messages a second from the first publish until all are in the journal. */
async function rate(bases: readonly string[], load: BlastOptions): Promise<number> {
  const taken = () => sumOf(bases, 'tillwatch_ingest_accepted_total');
  const before = await taken();
  const began = performance.now();
  const { messages, preparedMs } = await blast(load);
  await until('all messages to be taken', async () => (await taken()) - before >= messages, 300_000, 20);
  return messages / ((performance.now() - began - preparedMs) / 1000);
}

const worksOn = (worker: Worker, since: number): number =>
  new Set(
    worker
      .said(/is at work here/)
      .filter((line) => Date.parse(String(line.time)) >= since)
      .map((line) => line.unit),
  ).size;

/**
 * Ingest apart on Mosquitto, JetStream, PostgreSQL and VictoriaMetrics: one worker, two workers, and the same servers with everything in
 * one process and no inbox between, for what the hand-off costs. Broker, servers, senders and workers share this machine.
 */
export const run: Bench = async ({ quick, say }) => {
  const rounds = quick ? 2 : 4;
  const load = { connections: 16, terminals: 40, window: 100, messages: quick ? 800 : 2000 };
  const cluster: Cluster = await startCluster({ shards: SHARDS, env: { TILLWATCH_JOURNAL_BUDGET_MB: '1024' } });
  const port = cluster.servers.mosquitto.port;
  const rates = { one: [] as number[], two: [] as number[], whole: [] as number[] };
  let takeover = Number.NaN;
  try {
    let n = 0;
    const next = (): BlastOptions => ({ ...load, port, run: `s${n++}`, at: Date.now() - 86_400_000 });
    const whole = await startPlatform({ env: cluster.env });
    for (let round = 0; round <= rounds; round++) {
      const answer = await rate([whole.http], next());
      if (round > 0) rates.whole.push(answer);
      say(`one process, no inbox: ${Math.round(answer)}/s`);
    }
    await whole.stop();
    const first = await cluster.serve('ingest-1', ['ingest']);
    await until('all shards at the first', () => worksOn(first, 0) >= SHARDS, 60_000);
    for (let round = 0; round <= rounds; round++) {
      const answer = await rate([first.http], next());
      if (round > 0) rates.one.push(answer);
      say(`one worker: ${Math.round(answer)}/s`);
    }
    const second = await cluster.serve('ingest-2', ['ingest']);
    await until('half of the shards at the second', () => worksOn(second, 0) >= SHARDS / 2, 60_000);
    for (let round = 0; round <= rounds; round++) {
      const answer = await rate([first.http, second.http], next());
      if (round > 0) rates.two.push(answer);
      say(`two workers: ${Math.round(answer)}/s`);
    }
    const killed = Date.now();
    await second.kill();
    await until('the first to take over', () => worksOn(first, killed) >= SHARDS / 2, 30_000, 10);
    takeover = (Date.now() - killed) / 1000;
    say(`taken over after ${takeover} s`);
    await first.stop();
  } finally {
    await cluster.stop();
  }
  const [one, two, whole] = [median(rates.one), median(rates.two), median(rates.whole)];
  return {
    rows: [
      row('scale.msgs_per_s_1', one, 'messages/s', 'higher'),
      row('scale.msgs_per_s_2', two, 'messages/s', 'higher', { baseline: one }),
      row('scale.takeover_s', takeover, 's', 'lower', { bar: 10 }),
      row('scale.handoff_cost', 1 - one / whole, 'of the throughput', 'lower', { baseline: 0 }),
    ],
    notes: [
      `the same servers with ingest in one process, without the inbox: ${Math.round(whole)} messages/s`,
      'broker, JetStream, PostgreSQL, VictoriaMetrics, senders and workers share the cores of this machine: two workers have no more of them than one',
    ],
  };
};
