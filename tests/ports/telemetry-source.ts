import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import type {
  LinkChange,
  SourceMessage,
  TelemetrySink,
  TelemetrySource,
} from '../../contract/ports/telemetry-source.ts';
import { until } from '../support/until.ts';

export interface RunningSource {
  readonly source: TelemetrySource;
  /** Where devices connect. */
  readonly url: string;
  /** Lets go of what carries the source, beside the source itself. */
  close?(): Promise<void>;
}

interface Held {
  readonly message: SourceMessage;
  readonly done: (error?: Error) => void;
}

/** A sink that a test answers by hand. */
class HeldSink implements TelemetrySink {
  readonly held: Held[] = [];
  readonly links: LinkChange[] = [];
  open = true;
  /** Acknowledge as soon as a message comes. */
  prompt = true;
  readonly #listeners = new Set<() => void>();

  message(message: SourceMessage, done: (error?: Error) => void): void {
    this.held.push({ message, done });
    if (this.prompt) done();
  }
  link(change: LinkChange): void {
    this.links.push(change);
  }
  onOpen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  reopen(): void {
    this.open = true;
    for (const listener of this.#listeners) listener();
  }
}

/** What every TelemetrySource must do. `start` answers a source that has not been started, and where devices reach it. */
export function telemetrySourceSuite(name: string, make: () => Promise<RunningSource>): void {
  describe(`TelemetrySource: ${name}`, () => {
    const closing: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close();
    });

    async function begin(): Promise<{
      sink: HeldSink;
      source: TelemetrySource;
      device: MqttClient;
      url: () => string;
    }> {
      const running = await make();
      const sink = new HeldSink();
      if (running.close) closing.push(running.close);
      await running.source.start(sink);
      closing.push(() => running.source.stop());
      const device = await connectAsync(running.url, { reconnectPeriod: 0 });
      closing.push(() => device.endAsync(true));
      return { sink, source: running.source, device, url: () => running.url };
    }
    const topic = 'pos/v1/acme/T1/heartbeat';

    it('hands over topic, bytes and quality of what a device publishes', async () => {
      const { sink, device } = await begin();
      await device.publishAsync(topic, '{"a":"ü"}', { qos: 1 });
      await device.publishAsync('pos/v1/acme/gw/batch', Buffer.alloc(900_000, 97), { qos: 1 });
      await until('both messages', () => sink.held.length === 2);
      expect(sink.held[0]!.message).toMatchObject({ topic, qos: 1, retained: false });
      expect(Buffer.from(sink.held[0]!.message.payload).toString()).toBe('{"a":"ü"}');
      expect(sink.held[1]!.message.payload.byteLength).toBe(900_000);
    });

    it('takes further messages while earlier ones wait for their commit', async () => {
      const { sink, device } = await begin();
      sink.prompt = false;
      for (let i = 0; i < 15; i++) device.publish(topic, String(i), { qos: 1 });
      await until('several to wait at once', () => sink.held.length > 1);
      // How many a source reads ahead of its acknowledgements is its own matter (aedes: what came in one piece): none may be lost by it.
      let done = 0;
      await until('all messages', () => {
        for (const held of sink.held.slice(done).toReversed()) held.done();
        done = sink.held.length;
        return sink.held.length === 15;
      });
      expect(sink.held.map(({ message }) => Buffer.from(message.payload).toString())).toEqual(
        Array.from({ length: 15 }, (_, i) => String(i)),
      );
    });

    it('brings a message again that was not made durable', async () => {
      const { sink, source, device, url } = await begin();
      sink.prompt = false;
      device.publish(topic, 'again', { qos: 1 });
      await until('the message', () => sink.held.length === 1);
      sink.held[0]!.done(new TypeError('not durable'));
      sink.prompt = true;
      // Whoever keeps the message sends it again: the device to an embedded broker, an outside broker to us.
      if (source.name === 'aedes') {
        await until('the device to be cut off', () => !device.connected);
        const back = await connectAsync(url(), { reconnectPeriod: 0 });
        closing.push(() => back.endAsync(true));
        await back.publishAsync(topic, 'again', { qos: 1, dup: true });
      }
      await until('the message again', () => sink.held.length === 2);
      expect(Buffer.from(sink.held[1]!.message.payload).toString()).toBe('again');
    });

    it('reads no more while the sink is closed, and goes on when it opens, losing nothing', async () => {
      const { sink, device } = await begin();
      sink.open = false;
      const payload = Buffer.alloc(20_000, 98);
      const sent = Array.from({ length: 400 }, () => device.publishAsync(topic, payload, { qos: 1 }));
      let seen = -1;
      let still = 0;
      await until('the flow to stand still', () => {
        still = sink.held.length === seen ? still + 1 : 0;
        seen = sink.held.length;
        return still === 10;
      });
      expect(seen).toBeLessThan(400);
      sink.reopen();
      await Promise.all(sent);
      await until('the rest', () => sink.held.length >= 400);
    });

    it('publishes down to whoever subscribed', async () => {
      const { source, device } = await begin();
      await device.subscribeAsync('pos/v1/acme/T1/command', { qos: 1 });
      const heard = new Promise<string>((resolve) => device.once('message', (_t, bytes) => resolve(bytes.toString())));
      await source.publish('pos/v1/acme/T1/command', '{"id":"1"}', { qos: 1, retain: false });
      expect(await heard).toBe('{"id":"1"}');
    });

    it('says how it is', async () => {
      const { source } = await begin();
      expect(source.check()).toMatchObject({ name: 'mqtt', ok: true });
      await source.stop();
      expect(source.check().ok).toBe(false);
      await expect(source.publish(topic, '', { qos: 1, retain: false })).rejects.toMatchObject({
        code: 'source.unavailable',
      });
    });
  });
}
