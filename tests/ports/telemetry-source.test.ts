import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { AedesSource } from '../../ingest/edge/aedes-source.ts';
import { BrokerSource } from '../../ingest/edge/broker-source.ts';
import { describeServer, freePort, natsMqtt } from '../support/servers.ts';
import { telemetrySourceSuite } from './telemetry-source.ts';

const log = pino({ level: 'silent' });

telemetrySourceSuite('aedes', async () => {
  const port = await freePort();
  return {
    source: new AedesSource({ clock: systemClock, log, tcp: { host: '127.0.0.1', port } }),
    url: `mqtt://127.0.0.1:${port}`,
  };
});

telemetrySourceSuite('aedes over WebSocket', async () => {
  const port = await freePort();
  return {
    source: new AedesSource({ clock: systemClock, log, ws: { host: '127.0.0.1', port } }),
    url: `ws://127.0.0.1:${port}`,
  };
});

describeServer('mosquitto', 'TelemetrySource', (start) => {
  let made = 0;
  const config = 'max_inflight_messages 0\nmax_queued_messages 0\n';
  for (const protocolVersion of [5, 4] as const) {
    telemetrySourceSuite(`broker, MQTT ${protocolVersion}`, async () => {
      const server = await start({ config });
      const source = new BrokerSource({
        clock: systemClock,
        log,
        url: server.url,
        clientId: `test-${made++}`,
        protocolVersion,
        // In order over one connection; over several the pipeline puts them in order.
        connections: 1,
        reconnectMs: [20, 100],
        random: () => 0.5,
      });
      return { source, url: server.url, close: () => server.stop() };
    });
  }

  it('goes on after the broker was away, and starts without it', async () => {
    const server = await start({ config });
    await server.kill();
    const source = new BrokerSource({
      clock: systemClock,
      log,
      url: server.url,
      clientId: 'late',
      reconnectMs: [20, 100],
      random: () => 0.5,
    });
    const sink = { open: true, message: () => {}, link: () => {}, onOpen: () => () => {} };
    await source.start(sink);
    expect(source.check().ok).toBe(false);
    await server.restart();
    await expect.poll(() => source.check().ok, { timeout: 10_000 }).toBe(true);
    await source.stop();
  });
});

describeServer('nats', 'TelemetrySource', (start) => {
  let made = 0;
  telemetrySourceSuite('broker, MQTT 3.1.1', async () => {
    const port = await freePort();
    const server = await start({ config: natsMqtt(port) });
    const url = `mqtt://127.0.0.1:${port}`;
    const source = new BrokerSource({
      clock: systemClock,
      log,
      url,
      clientId: `test-${made++}`,
      protocolVersion: 4,
      reconnectMs: [20, 100],
      random: () => 0.5,
    });
    return { source, url, close: () => server.stop() };
  });
});
