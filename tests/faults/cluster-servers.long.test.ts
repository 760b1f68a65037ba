import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { CLUSTER_SERVERS, type Cluster, missingServers, startCluster, type Worker } from '../support/cluster.ts';
import { auditJournal, type JournalAudit } from '../support/journal-audit.ts';
import { type Published, Qos1Publisher } from '../support/qos1-publisher.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { dice } from '../support/wild-random.ts';

const SHARDS = 2;
const TERMINALS = 200;
const SEED = Number(process.env.TILLWATCH_SEED ?? 7);
const BASE = Date.now() - 3_600_000;
/** Mosquitto writes to disk now and then only: what it holds is in memory. */
const ON_DISKS = ['nats', 'postgres', 'victoria-metrics'] as const;
const left = missingServers().length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1';

function messages(): () => Published {
  let n = 0;
  return () => {
    const seq = Math.floor(n / TERMINALS);
    const payload = { ts: BASE + seq * 1000, boot: 'b1', seq, battery: { cycles: seq } };
    return { topic: `pos/v1/acme/T-${n++ % TERMINALS}/heartbeat`, payload: JSON.stringify(payload) };
  };
}

describe.skipIf(left)(`servers that go and come back under load, seed ${SEED}`, () => {
  const random = dice(SEED);
  const links = new Map<string, TcpProxy>();
  const recovered: Record<string, number> = {};
  // Disks of their own, to be filled; where none can be mounted, that case is left out by its name.
  const disks = new Map(canMount() ? ON_DISKS.map((name) => [name, smallDisk(400)] as const) : []);
  let cluster: Cluster;
  let audit: JournalAudit;
  let worker: Worker;
  let stopped = false;
  const publisher = new Qos1Publisher('p', 20, messages());

  /** A device comes back by itself whenever its broker is there. */
  async function keepConnected(): Promise<void> {
    while (!stopped) {
      const before = publisher.acknowledged.length;
      await systemClock.sleep(3000);
      if (stopped || publisher.acknowledged.length > before || publisher.waiting === 0) continue;
      publisher.close();
      await publisher.connect(cluster.servers.mosquitto.port).catch(() => {});
    }
  }

  beforeAll(async () => {
    cluster = await startCluster({
      shards: SHARDS,
      dirs: Object.fromEntries([...disks].map(([name, disk]) => [name, disk.path])),
      through: async (name, server) => {
        const link = await startProxy(server.port);
        links.set(name, link);
        return server.url.replace(String(server.port), String(link.port));
      },
    });
    audit = await auditJournal(cluster.servers.nats.url, SHARDS);
    worker = await cluster.serve('all-1', ['all']);
    await publisher.connect(cluster.servers.mosquitto.port);
    void keepConnected();
  }, 240_000);
  afterAll(async () => {
    stopped = true;
    publisher.close();
    await audit?.stop();
    await cluster?.stop();
    await Promise.all([...links.values()].map((link) => link.close()));
    for (const disk of disks.values()) disk.remove();
  });

  /** Seconds until the whole platform is ready again and takes messages. */
  async function recovery(what: string): Promise<void> {
    const began = performance.now();
    const before = publisher.acknowledged.length;
    await until(
      `recovery from ${what}`,
      async () => publisher.acknowledged.length > before + 100 && (await fetch(`${worker.http}/readyz`)).status === 200,
      90_000,
      50,
    );
    recovered[what] = Number(((performance.now() - began) / 1000).toFixed(1));
  }

  for (const name of CLUSTER_SERVERS) {
    it(`${name}: killed and started again`, async () => {
      await systemClock.sleep(random.between(200, 1500));
      await cluster.servers[name].kill();
      await systemClock.sleep(random.between(500, 4000));
      await cluster.servers[name].restart();
      await recovery(`${name} killed`);
    });
  }

  for (const name of CLUSTER_SERVERS) {
    it(`${name}: cut off, then silent, then slow`, async () => {
      const link = links.get(name)!;
      link.state = 'cut';
      await systemClock.sleep(random.between(500, 2500));
      link.state = 'open';
      await recovery(`${name} cut off`);
      link.state = 'hang';
      await systemClock.sleep(random.between(500, 6000));
      link.state = 'open';
      await recovery(`${name} silent`);
      link.delayMs = 20;
      await recovery(`${name} 20 ms slower each way`);
      link.delayMs = 0;
    });
  }

  for (const name of ON_DISKS) {
    const disk = disks.get(name);
    it.skipIf(!disk)(
      `${name}: its disk is full, then is not${disk ? '' : ' [left out: no disk may be mounted here]'}`,
      async () => {
        disk?.fill();
        await systemClock.sleep(random.between(2000, 8000));
        disk?.free();
        const server = cluster.servers[name];
        // PostgreSQL ends where it cannot write its log; whoever makes room starts it again.
        const ended = !server.alive;
        if (ended) await server.restart();
        await recovery(`${name} with a full disk${ended ? ', started again' : ''}`);
      },
    );
  }

  it('nothing acknowledged is lost, and nothing is stored twice', async () => {
    publisher.pause();
    await until('every message to be acknowledged', () => publisher.waiting === 0, 60_000);
    stopped = true;
    const acknowledged = new Set(
      publisher.acknowledged.map(
        ({ topic, payload }) => `${topic.split('/')[3]}/${(JSON.parse(payload) as { seq: number }).seq}`,
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
    process.stdout.write(
      `  seed ${SEED}: ${acknowledged.size} acknowledged, ${stored.size} stored; seconds until ready again: ${JSON.stringify(recovered)}\n`,
    );
    expect([...acknowledged].filter((key) => !stored.has(key))).toEqual([]);
    expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
  });
});
