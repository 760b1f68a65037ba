import { existsSync } from 'node:fs';
import { GenericContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, describe, it } from 'vitest';

export interface InfluxServer {
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
}

const IMAGE = 'influxdb:2.7-alpine';
const TOKEN = 'tillwatch-test-token';

/**
 * A suite against InfluxDB 2: the server at TILLWATCH_TEST_INFLUX_URL (with TILLWATCH_TEST_INFLUX_TOKEN, _ORG and _BUCKET), else one in
 * Docker; without either it is left out by name. It is in no Debian package, so it is never required.
 */
export function describeInflux(title: string, suite: (server: () => InfluxServer) => void): void {
  const url = process.env.TILLWATCH_TEST_INFLUX_URL;
  const docker = existsSync('/var/run/docker.sock') || process.env.DOCKER_HOST !== undefined;
  if (!url && !docker) {
    it.skip(`${title} [left out: InfluxDB 2 needs TILLWATCH_TEST_INFLUX_URL or Docker]`, () => {});
    return;
  }
  describe(`${title} [influxdb]`, () => {
    let server: InfluxServer | undefined;
    let stop: (() => Promise<unknown>) | undefined;
    beforeAll(async () => {
      if (url) {
        server = {
          url,
          token: process.env.TILLWATCH_TEST_INFLUX_TOKEN ?? '',
          org: process.env.TILLWATCH_TEST_INFLUX_ORG ?? 'tillwatch',
          bucket: process.env.TILLWATCH_TEST_INFLUX_BUCKET ?? 'tillwatch',
        };
        return;
      }
      const container = await new GenericContainer(IMAGE)
        .withExposedPorts(8086)
        .withEnvironment({
          DOCKER_INFLUXDB_INIT_MODE: 'setup',
          DOCKER_INFLUXDB_INIT_USERNAME: 'tillwatch',
          DOCKER_INFLUXDB_INIT_PASSWORD: 'tillwatch-test',
          DOCKER_INFLUXDB_INIT_ORG: 'tillwatch',
          DOCKER_INFLUXDB_INIT_BUCKET: 'tillwatch',
          DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: TOKEN,
        })
        .withWaitStrategy(Wait.forHttp('/health', 8086))
        .start();
      stop = () => container.stop();
      server = {
        url: `http://${container.getHost()}:${container.getMappedPort(8086)}`,
        token: TOKEN,
        org: 'tillwatch',
        bucket: 'tillwatch',
      };
    }, 180_000);
    afterAll(async () => {
      await stop?.();
    });
    suite(() => server!);
  });
}
