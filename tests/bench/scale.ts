import { type Cluster, startCluster, type Worker } from '../support/cluster.ts';
import { type BlastOptions, blast } from '../support/mqtt-blaster.ts';
import { startPlatform } from '../support/platform.ts';
import { cpuSeconds } from '../support/processor.ts';
import { until } from '../support/until.ts';
import { type Bench, median, row } from './bench.ts';

const SHARDS = 4;

interface Taker {
  readonly http: string;
  readonly pid: number;
}

/** What one round gave: messages a second, and processor time of those who took them, µs a message. */
interface Round {
  readonly rate: number;
  readonly cpu: number;
}

async function sumOf(bases: readonly string[], metric: string): Promise<number> {
  const texts = await Promise.all(bases.map(async (base) => (await fetch(`${base}/metrics`)).text()));
  const pattern = new RegExp(`^${metric}(?:\\{[^}]*\\})? ([0-9.e+]+)`, 'gm');
  return texts.flatMap((text) => [...text.matchAll(pattern)]).reduce((sum, match) => sum + Number(match[1]), 0);
}

/** A load, from its first publish until all of it is in the journal. */
async function takenBy(takers: readonly Taker[], load: BlastOptions): Promise<Round> {
  const bases = takers.map(({ http }) => http);
  const taken = () => sumOf(bases, 'tillwatch_ingest_accepted_total');
  const spent = () => takers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  const before = await taken();
  const [cpu, began] = [spent(), performance.now()];
  const { messages, preparedMs } = await blast(load);
  await until('all messages to be taken', async () => (await taken()) - before >= messages, 300_000, 20);
  const seconds = (performance.now() - began - preparedMs) / 1000;
  return { rate: messages / seconds, cpu: ((spent() - cpu) / messages) * 1e6 };
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
  const rounded = { one: [] as Round[], two: [] as Round[], whole: [] as Round[] };
  let takeover = Number.NaN;
  try {
    let n = 0;
    const measure = async (name: string, into: Round[], takers: readonly Taker[]): Promise<void> => {
      // The first round compiles and opens what the others use.
      for (let round = 0; round <= rounds; round++) {
        const answer = await takenBy(takers, next());
        if (round > 0) into.push(answer);
        say(`${name}: ${Math.round(answer.rate)}/s, ${Math.round(answer.cpu)} µs of processor a message`);
      }
    };
    const next = (): BlastOptions => ({ ...load, port, run: `s${n++}`, at: Date.now() - 86_400_000 });
    const whole = await startPlatform({ env: cluster.env });
    await measure('one process, no inbox', rounded.whole, [whole]);
    await whole.stop();
    const first = await cluster.serve('ingest-1', ['ingest']);
    await until('all shards at the first', () => worksOn(first, 0) >= SHARDS, 60_000);
    await measure('one worker', rounded.one, [first]);
    const second = await cluster.serve('ingest-2', ['ingest']);
    await until('half of the shards at the second', () => worksOn(second, 0) >= SHARDS / 2, 60_000);
    await measure('two workers', rounded.two, [first, second]);
    const killed = Date.now();
    await second.kill();
    await until('the first to take over', () => worksOn(first, killed) >= SHARDS / 2, 30_000, 10);
    takeover = (Date.now() - killed) / 1000;
    say(`taken over after ${takeover} s`);
    await first.stop();
  } finally {
    await cluster.stop();
  }
  const of = (part: keyof typeof rounded, what: keyof Round): number => median(rounded[part].map((one) => one[what]));
  const [one, two, whole] = [of('one', 'rate'), of('two', 'rate'), of('whole', 'rate')];
  const [cpuOne, cpuTwo, cpuWhole] = [of('one', 'cpu'), of('two', 'cpu'), of('whole', 'cpu')];
  return {
    rows: [
      row('scale.msgs_per_s_1', one, 'messages/s', 'higher'),
      row('scale.msgs_per_s_2', two, 'messages/s', 'higher', { baseline: one }),
      row('scale.cpu_us_per_message_whole', cpuWhole, 'µs', 'lower'),
      row('scale.cpu_us_per_message_1', cpuOne, 'µs', 'lower', { baseline: cpuWhole }),
      row('scale.cpu_us_per_message_2', cpuTwo, 'µs', 'lower', { baseline: cpuOne }),
      row('scale.takeover_s', takeover, 's', 'lower', { bar: 10 }),
      row('scale.handoff_cost', 1 - one / whole, 'of the throughput', 'lower', { baseline: 0 }),
    ],
    notes: [
      'cpu: user and system time of the workers alone, all their threads, from /proc: what sharing costs whoever else uses the cores; the rates are what is left on them here',
      `the same servers with ingest in one process, without the inbox: ${Math.round(whole)} messages/s`,
      'broker, JetStream, PostgreSQL, VictoriaMetrics, senders and workers share the cores of this machine: two workers have no more of them than one',
    ],
  };
};
