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

const unitsOf = (worker: Worker, group: string, since = 0): Set<unknown> =>
  new Set(
    worker
      .said(/is at work here/)
      .filter((line) => line.group === group && Date.parse(String(line.time)) >= since)
      .map((line) => line.unit),
  );

describe.skipIf(left)('two workers of each room, on Mosquitto, JetStream, PostgreSQL and VictoriaMetrics', () => {
  let cluster: Cluster;
  let audit: JournalAudit;
  const publishers = [0, 1].map((i) => new Qos1Publisher(`p${i}`, 20, messages(i)));
  const workers = new Map<string, Worker>();
  const recoveries: Record<string, number> = {};

  beforeAll(async () => {
    cluster = await startCluster({ shards: SHARDS });
    audit = await auditJournal(cluster.servers.nats.url, SHARDS);
    const names = ['ingest', 'analytics', 'alerts', 'dashboards'].flatMap((room) => [`${room}-a`, `${room}-b`]);
    await Promise.all(
      names.map(async (name) => workers.set(name, await cluster.serve(name, [name.replace(/-.$/, '')]))),
    );
    await Promise.all(publishers.map((publisher) => publisher.connect(cluster.servers.mosquitto.port)));
  }, 180_000);
  afterAll(async () => {
    for (const publisher of publishers) publisher.close();
    await audit?.stop();
    await cluster?.stop();
  });

  const at = (name: string): Worker => workers.get(name)!;
  /** Seconds from now until `worker` works on `count` units of a group. */
  const takeover = async (worker: Worker, group: string, count: number): Promise<number> => {
    const began = Date.now();
    await until(
      `${worker.name} to take over ${count} of ${group}`,
      () => unitsOf(worker, group, began).size >= count,
      30_000,
    );
    return (Date.now() - began) / 1000;
  };

  it('each holds its share', async () => {
    for (const [group, units] of [
      ['ingest', SHARDS],
      ['analytics', SHARDS],
    ] as const) {
      const [a, b] = [at(`${group}-a`), at(`${group}-b`)];
      await until(`${group} to be shared out`, async () => {
        const here = await Promise.all(
          [a, b].map(async (worker) => {
            const { checks } = (await (await fetch(`${worker.http}/healthz`)).json()) as {
              checks: { name: string; detail: string }[];
            };
            return Number(/^(\d+) of/.exec(checks.find(({ name }) => name.endsWith('leases'))?.detail ?? '')?.[1]);
          }),
        );
        return here[0]! + here[1]! === units && Math.abs(here[0]! - here[1]!) <= 1;
      });
    }
  });

  it('a killed worker of ingest and of analytics is taken over from within ten seconds', async () => {
    for (const group of ['ingest', 'analytics'] as const) {
      await at(`${group}-a`).kill();
      recoveries[`${group} killed`] = await takeover(at(`${group}-b`), group, 2);
      expect(recoveries[`${group} killed`]).toBeLessThanOrEqual(10);
    }
  });

  it('one that joins gets its share, and one that was frozen writes nothing when it thaws', async () => {
    for (const group of ['ingest', 'analytics'] as const) {
      const joined = await cluster.serve(`${group}-c`, [group]);
      workers.set(`${group}-c`, joined);
      const share = 2;
      recoveries[`${group} joined`] = await takeover(joined, group, share);
      const began = Date.now();
      joined.signal('SIGSTOP');
      const other = at(`${group}-b`);
      await until(
        `${other.name} to take over from the frozen one`,
        () => unitsOf(other, group, began).size >= share,
        30_000,
      );
      recoveries[`${group} frozen`] = (Date.now() - began) / 1000;
      await systemClock.sleep(1000);
      joined.signal('SIGCONT');
      await until(
        `${joined.name} to notice that it was frozen`,
        () => joined.said(/has gone to another worker|failed: it starts anew/).length > 0,
        30_000,
      ).catch((error: unknown) => {
        throw new Error(
          `${String(error)}\n${joined.log
            .slice(-12)
            .map((line) => JSON.stringify(line))
            .join('\n')}`,
        );
      });
    }
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
    process.stdout.write(
      `  ${acknowledged.size} acknowledged, ${stored.size} stored; seconds: ${JSON.stringify(recoveries)}\n`,
    );
  });
});
