import mqtt from 'mqtt';
import { expect, it } from 'vitest';
import { startPlatform } from '../support/platform.ts';
import { binaryOf, describeServer, startServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const NEEDED = ['nats', 'victoria-metrics', 'postgres'] as const;
const missing = NEEDED.filter((name) => !binaryOf(name));

describeServer('mosquitto', 'the platform on Mosquitto, NATS JetStream, VictoriaMetrics and PostgreSQL', (start) => {
  it.skipIf(missing.length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1')(
    missing.length > 0
      ? `is left out: ${missing.join(', ')} not installed`
      : 'takes a heartbeat from the broker to the API',
    async () => {
      const broker = await start();
      const [nats, victoria, postgres] = await Promise.all([
        startServer('nats'),
        startServer('victoria-metrics', { args: ['-dedup.minScrapeInterval=1ms'] }),
        startServer('postgres'),
      ]);
      try {
        const platform = await startPlatform({
          env: {
            TILLWATCH_MQTT_URL: broker.url,
            TILLWATCH_JOURNAL_URL: nats.url,
            TILLWATCH_TELEMETRY_URL: `victoria:${victoria.url}`,
            TILLWATCH_RELATIONAL_URL: postgres.url,
            TILLWATCH_JOURNAL_BUDGET_MB: '256',
          },
        });
        expect(platform.mqtt).toBe(broker.url);
        const client = await mqtt.connectAsync(broker.url);
        const ts = Date.now();
        await client.publishAsync(
          'pos/v1/acme/T-9/birth',
          JSON.stringify({ ts, boot: 'b', seq: 0, serial: 'S', model: 'M', firmware: '1', site: 'S1' }),
          { qos: 1 },
        );
        await client.publishAsync(
          'pos/v1/acme/T-9/heartbeat',
          JSON.stringify({ ts, boot: 'b', seq: 1, battery: { soc_pct: 62 } }),
          { qos: 1 },
        );
        const page = await until('the terminal in the API', async () => {
          const found = await platform.get<{
            facts: { site: string };
            latest: { values: { metric: string; value: number }[] } | null;
          }>('/api/v1/tenants/acme/terminals/T-9');
          return found.latest && found.facts.site ? found : undefined;
        });
        expect(page.latest?.values).toContainEqual(expect.objectContaining({ metric: 'battery.soc_pct', value: 62 }));
        expect(page.facts.site).toBe('S1');
        await client.endAsync();
        expect(await platform.stop()).toBe(0);
      } finally {
        await Promise.all([nats, victoria, postgres].map((server) => server.stop()));
      }
    },
    120_000,
  );
});
