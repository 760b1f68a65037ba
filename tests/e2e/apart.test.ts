import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, missingServers, startCluster, type Worker } from '../support/cluster.ts';
import { describeServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const missing = missingServers();

describeServer('mosquitto', 'rooms apart, on Mosquitto, JetStream, PostgreSQL and VictoriaMetrics', () => {
  const needed = it.skipIf(missing.length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1');
  let cluster: Cluster;
  let ingest: Worker;
  let dashboards: Worker;
  let alerts: Worker;
  beforeAll(async () => {
    if (missing.length > 0) return;
    cluster = await startCluster({ shards: 4 });
    [ingest, , alerts, dashboards] = (await Promise.all(
      ['ingest', 'analytics', 'alerts', 'dashboards'].map((room) => cluster.serve(`${room}-1`, [room])),
    )) as [Worker, Worker, Worker, Worker];
  }, 120_000);
  afterAll(() => cluster?.stop());

  needed('a heartbeat goes from the broker to the console of another process', async () => {
    const client = await mqtt.connectAsync(cluster.servers.mosquitto.url);
    const ts = Date.now();
    const say = (channel: string, seq: number, body: object) =>
      client.publishAsync(`pos/v1/acme/T-9/${channel}`, JSON.stringify({ ts: ts + seq, boot: 'b', seq, ...body }), {
        qos: 1,
      });
    await say('birth', 0, { serial: 'S', model: 'M', firmware: '1', site: 'S1' });
    await say('heartbeat', 1, { battery: { soc_pct: 62 } });
    const page = await until('the terminal at the dashboards', async () => {
      const found = await dashboards.get<{
        facts: { site: string };
        presence: { link: { online: boolean } };
        latest: { values: { metric: string; value: number }[] } | null;
      }>('/api/v1/tenants/acme/terminals/T-9');
      return found.latest && found.facts.site ? found : undefined;
    });
    expect(page.latest?.values).toContainEqual(expect.objectContaining({ metric: 'battery.soc_pct', value: 62 }));
    expect(page).toMatchObject({ facts: { site: 'S1' } });
    await client.endAsync();
  });

  needed('an ingest worker is ready only once the broker hears of it', () => {
    const of = (message: RegExp) => ingest.log.findIndex((line) => message.test(String(line.msg)));
    const shards = [0, 1, 2, 3].map((shard) => of(new RegExp(`^ingest ${shard} is at work here$`)));
    expect(Math.min(...shards)).toBeGreaterThan(-1);
    expect(of(/^ready$/)).toBeGreaterThan(Math.max(...shards));
  });

  needed('each process serves its own health, metrics and routes, and no others', async () => {
    for (const worker of [ingest, alerts, dashboards]) {
      expect((await fetch(`${worker.http}/healthz`)).status).toBe(200);
      await until(`${worker.name} to be ready`, async () => (await fetch(`${worker.http}/readyz`)).ok);
    }
    const text = await (await fetch(`${ingest.http}/metrics`)).text();
    expect(text).toMatch(/tillwatch_ingest_received_total [1-9]/);
    expect((await fetch(`${alerts.http}/api/v1/tenants/acme/tickets`)).status).toBe(200);
    expect((await fetch(`${ingest.http}/api/v1/tenants/acme/tickets`)).status).toBe(404);
  });
});
