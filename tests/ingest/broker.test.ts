import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { BrokerSource } from '../../ingest/edge/broker-source.ts';
import { startLine } from '../support/ingest-line.ts';
import { wireHeartbeat } from '../support/payloads.ts';
import { Qos1Publisher } from '../support/qos1-publisher.ts';
import { describeServer, freePort, natsMqtt, type RunningServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const NOW = Date.now() - 86_400_000;

interface Broker {
  readonly server: RunningServer;
  readonly port: number;
  readonly url: string;
}

function brokerThatFails(protocolVersion: 4 | 5, begin: () => Promise<Broker>): void {
  describe('that fails', () => {
    it('kill -9 of the broker, again and again: what ingest acknowledged is stored once, and it comes back by itself', async () => {
      const { server, port, url } = await begin();
      const source = new BrokerSource({
        clock: systemClock,
        log: pino({ level: 'silent' }),
        url,
        clientId: 'ingest',
        protocolVersion,
        connections: 2,
        reconnectMs: [20, 200],
        random: () => 0.5,
      });
      const line = await startLine({ sources: [source] });
      let seq = 0;
      const publisher = new Qos1Publisher('store', 50, () => {
        const n = seq++;
        const topic = `pos/v1/acme/T${n % 7}/heartbeat`;
        const at = Math.floor(n / 7);
        return { topic, payload: wireHeartbeat(NOW + at * 1000, at).toString() };
      });
      for (let kill = 0; kill < 4; kill++) {
        await publisher.connect(port);
        const wanted = line.telemetry.readings.length + 200;
        await until('messages to flow', () => line.telemetry.readings.length >= wanted);
        await server.kill();
        publisher.close();
        expect(await until('ingest to notice', () => !source.check().ok)).toBe(true);
        await server.restart();
        await until('ingest to be back', () => source.check().ok);
      }
      await publisher.connect(port);
      publisher.pause();
      await until('the rest', () => publisher.waiting === 0);
      await line.ingest.flushed();
      // What the broker itself forgot when it was killed is the broker's to answer for; nothing is there twice.
      const keys = line.telemetry.readings.map((r) => `${r.terminal}/${r.seq}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBeGreaterThan(800);
      await line.stop();
    });

    it('messages that came while ingest was away wait at the broker', async () => {
      const { port, url } = await begin();
      const make = () =>
        new BrokerSource({
          clock: systemClock,
          log: pino({ level: 'silent' }),
          url,
          clientId: 'ingest',
          protocolVersion,
          random: () => 0.5,
        });
      const first = await startLine({ sources: [make()] });
      await first.stop();
      let seq = 0;
      const publisher = new Qos1Publisher('store', 20, () => {
        const n = seq++;
        if (n === 99) publisher.pause();
        return { topic: 'pos/v1/acme/T1/heartbeat', payload: wireHeartbeat(NOW + n * 1000, n).toString() };
      });
      await publisher.connect(port);
      await until('all to be with the broker', () => publisher.acknowledged.length === 100);
      publisher.close();
      const second = await startLine({ sources: [make()] });
      await until('all of them', () => second.telemetry.readings.length === 100);
      await second.stop();
    });
  });
}

describeServer('mosquitto', 'a broker in front', (start) => {
  brokerThatFails(5, async () => {
    const server = await start({ config: 'max_inflight_messages 0\nmax_queued_messages 0\npersistence true\n' });
    return { server, port: server.port, url: server.url };
  });
});

describeServer('nats', 'a broker in front', (start) => {
  brokerThatFails(4, async () => {
    const port = await freePort();
    const server = await start({ config: natsMqtt(port) });
    return { server, port, url: `mqtt://127.0.0.1:${port}` };
  });
});
