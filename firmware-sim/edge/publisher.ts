import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { messageOf, TillwatchError } from '../../contract/errors.ts';

/** How to reach a broker. */
export interface BrokerTarget {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate. */
  readonly ca?: string;
  /** False accepts any certificate. */
  readonly verify?: boolean;
}

/** Options of `mqtt` for a target. */
export function clientOptions(target: BrokerTarget, clientId: string): IClientOptions {
  return {
    clientId,
    clean: true,
    keepalive: 60,
    reconnectPeriod: 2000,
    connectTimeout: 15_000,
    protocolVersion: 4,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    rejectUnauthorized: target.verify ?? true,
  };
}

/** One QoS 1 connection that keeps a bounded number of publishes under way. Errors: `simulator.broker` (retryable). */
export class Publisher {
  private readonly client: MqttClient;
  private readonly window: number;
  private inFlight = 0;
  private failure: TillwatchError | undefined;
  private wake: (() => void)[] = [];

  private constructor(client: MqttClient, window: number) {
    this.client = client;
    this.window = window;
    client.on('error', (error) => this.fail(error));
  }

  static async open(target: BrokerTarget, clientId: string, window = 32): Promise<Publisher> {
    try {
      const client = await mqtt.connectAsync(target.url, clientOptions(target, clientId));
      return new Publisher(client, window);
    } catch (cause) {
      throw new TillwatchError('simulator.broker', `cannot connect to ${target.url}: ${messageOf(cause)}`, {
        cause,
        retryable: true,
      });
    }
  }

  /** Queues a publish; resolves when there is room for another. */
  async publish(topic: string, payload: string | Uint8Array, retain = false): Promise<void> {
    while (this.inFlight >= this.window && !this.failure) await this.settled();
    if (this.failure) throw this.failure;
    this.inFlight++;
    const body =
      typeof payload === 'string' ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    this.client.publish(topic, body, { qos: 1, retain }, (error) => {
      this.inFlight--;
      if (error) this.fail(error);
      this.release();
    });
  }

  /** Resolves once everything published has been acknowledged. */
  async drained(): Promise<void> {
    while (this.inFlight > 0 && !this.failure) await this.settled();
    if (this.failure) throw this.failure;
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }

  private settled(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private release(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const resolve of waiting) resolve();
  }

  private fail(cause: unknown): void {
    this.failure ??= new TillwatchError('simulator.broker', `publishing failed: ${messageOf(cause)}`, {
      cause,
      retryable: true,
    });
    this.release();
  }
}
