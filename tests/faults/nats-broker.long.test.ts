import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { type Cluster, missingServers, startCluster, type Worker } from '../support/cluster.ts';
import { auditJournal, type JournalAudit } from '../support/journal-audit.ts';
import { type Published, Qos1Publisher } from '../support/qos1-publisher.ts';
import { until } from '../support/until.ts';

const SHARDS = 4;
const TERMINALS = 200;
const BASE = Date.now() - 86_400_000;
const missing = missingServers();
const left = missing.length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1';

function messages(publisher: number): () => Published {
  let n = 0;
  return () => {
    const terminal = `T${publisher}-${n % TERMINALS}`;
    const seq = Math.floor(n++ / TERMINALS);
    const payload = { ts: BASE + seq * 1000, boot: 'b1', seq, battery: { cycles: seq } };
    return { topic: `pos/v1/acme/${terminal}/heartbeat`, payload: JSON.stringify(payload) };
  };
}

const acceptedBy = async (worker: Worker): Promise<number> => {
  const text = await (await fetch(`${worker.http}/metrics`)).text();
  return [...text.matchAll(/^tillwatch_ingest_accepted_total(?:\{[^}]*\})? ([0-9.e+]+)/gm)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
};
const worksOn = (worker: Worker, unit: string, since = 0): boolean =>
  worker.said(/is at work here/).some((line) => String(line.unit) === unit && Date.parse(String(line.time)) >= since);

describe.skipIf(left)('NATS as the broker, which shares no subscription: two ingest workers', () => {
  let cluster: Cluster;
  let audit: JournalAudit;
  const workers: Worker[] = [];
  const publishers = [0, 1].map((i) => new Qos1Publisher(`p${i}`, 20, messages(i)));

  beforeAll(async () => {
    cluster = await startCluster({ shards: SHARDS, natsAsBroker: true });
    audit = await auditJournal(cluster.servers.nats.url, SHARDS);
    for (const name of ['a', 'b']) workers.push(await cluster.serve(`ingest-${name}`, ['ingest']));
    // The second has its share only once the first has given it up.
    await until('both to have shards', () => workers.every((one) => one.said(/is at work here/).length >= 2), 60_000);
    await Promise.all(publishers.map((publisher) => publisher.connect(cluster.mqttPort)));
  }, 180_000);
  afterAll(async () => {
    for (const publisher of publishers) publisher.close();
    await audit?.stop();
    await cluster?.stop();
  });

  it('one session takes all messages, and both workers judge and store their shards of them', async () => {
    await until(
      'both to have stored',
      async () => (await Promise.all(workers.map(acceptedBy))).every((count) => count > 1000),
      60_000,
      200,
    );
    const [a, b] = await Promise.all(workers.map(acceptedBy));
    expect(Math.min(a!, b!) / (a! + b!)).toBeGreaterThan(0.3);
  });

  it('when the one with the session is killed the other has it within ten seconds, with what was not acknowledged', async () => {
    const holder = workers.find((worker) => worksOn(worker, '0'))!;
    const other = workers.find((worker) => worker !== holder)!;
    const began = Date.now();
    await holder.kill();
    await until('the other to take the session over', () => worksOn(other, '0', began), 30_000, 20);
    expect(Date.now() - began).toBeLessThanOrEqual(10_000);
    const before = await acceptedBy(other);
    await until('messages to come again', async () => (await acceptedBy(other)) > before + 500, 30_000, 100);
    process.stdout.write(`  the session moved after ${(Date.now() - began) / 1000} s\n`);
  });

  it('nothing acknowledged is lost and nothing is stored twice', async () => {
    for (const publisher of publishers) publisher.pause();
    await until('every message to be acknowledged', () => publishers.every((p) => p.waiting === 0), 30_000);
    const acknowledged = new Set(
      publishers.flatMap((p) =>
        p.acknowledged.map(({ topic, payload }) => `${topic.split('/')[3]}/${JSON.parse(payload).seq}`),
      ),
    );
    await until(
      'the journal to hold them all',
      async () => (await audit.stored()).size >= acknowledged.size,
      60_000,
      500,
    );
    await systemClock.sleep(2000);
    const stored = await audit.stored();
    expect([...acknowledged].filter((key) => !stored.has(key))).toEqual([]);
    expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
    process.stdout.write(`  ${acknowledged.size} acknowledged, ${stored.size} stored\n`);
  });
});
