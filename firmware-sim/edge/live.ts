import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Fleet } from '../core/fleet.ts';
import { willOf } from '../core/session.ts';
import type { SimMessage } from '../core/terminal.ts';
import { GatewayBatcher } from './gateway.ts';
import { type BrokerTarget, clientOptions, Publisher } from './publisher.ts';

export interface LiveOptions {
  readonly fleet: Fleet;
  readonly target: BrokerTarget;
  readonly clock: Clock;
  readonly log: Logger;
  /** Fleets up to this size have a connection a terminal, with wills and commands; larger ones speak through their stores' gateways. */
  readonly maxConnections?: number;
  readonly tickMs?: number;
}

export interface LiveFleet {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Messages handed to the broker so far. */
  readonly sent: number;
  readonly connections: number;
}

/** Lets a fleet live on at its clock's pace over real MQTT. */
export function createLiveFleet(options: LiveOptions): LiveFleet {
  const { fleet } = options;
  return fleet.terminals.length <= (options.maxConnections ?? 1000)
    ? new DirectLive(options)
    : new GatewayLive(options);
}

class DirectLive implements LiveFleet {
  sent = 0;
  private readonly options: LiveOptions;
  private readonly clients = new Map<number, MqttClient>();
  private stopTicking: (() => void) | undefined;

  constructor(options: LiveOptions) {
    this.options = options;
  }

  get connections(): number {
    return this.clients.size;
  }

  async start(): Promise<void> {
    const { fleet, clock, log } = this.options;
    for (const terminal of fleet.terminals) if (terminal.state.connected) this.connect(terminal.config.index);
    fleet.announce();
    this.stopTicking = clock.every(
      this.options.tickMs ?? 1000,
      () => this.tick(),
      (error) => log.error({ err: error }, 'the simulated fleet stumbled'),
    );
  }

  async stop(): Promise<void> {
    this.stopTicking?.();
    const clients = [...this.clients.values()];
    this.clients.clear();
    // Sessions end cleanly, so that a platform that stays up does not see two hundred wills.
    await Promise.all(clients.map((client) => client.endAsync(!client.connected)));
  }

  private tick(): void {
    const { fleet, clock } = this.options;
    for (const slice of fleet.slices(clock.now(), Number.POSITIVE_INFINITY))
      for (const message of slice) this.pass(message);
  }

  private pass(message: SimMessage): void {
    if (message.kind === 'connect') {
      this.connect(message.terminal);
      return;
    }
    const client = this.clients.get(message.terminal);
    if (message.kind === 'drop' || message.kind === 'goodbye') {
      this.clients.delete(message.terminal);
      client?.end(message.kind === 'drop');
      return;
    }
    // The broker itself sends the will of a session that it lost.
    if (message.kind === 'will' || !client) return;
    const retain = message.channel === 'birth' || message.channel === 'state';
    const body = typeof message.payload === 'string' ? message.payload : Buffer.from(message.payload);
    this.sent++;
    client.publish(message.topic, body, { qos: 1, retain });
  }

  private connect(index: number): void {
    const { fleet, target, clock, log } = this.options;
    const terminal = fleet.terminals[index];
    if (!terminal || this.clients.has(index)) return;
    const { tenant, id } = terminal.config;
    const will = willOf(terminal);
    const client = mqtt.connect(target.url, {
      ...clientOptions(target, `${tenant}/${id}`),
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    });
    client.on('error', (error) => log.debug({ terminal: id, reason: error.message }, 'terminal connection'));
    client.subscribe(`pos/v1/${tenant}/${id}/command`, { qos: 1 });
    client.on('message', (_topic, payload) => fleet.command(index, payload, clock.now()));
    this.clients.set(index, client);
  }
}

class GatewayLive implements LiveFleet {
  sent = 0;
  private readonly options: LiveOptions;
  private publisher: Publisher | undefined;
  private stopTicking: (() => void) | undefined;

  constructor(options: LiveOptions) {
    this.options = options;
  }

  get connections(): number {
    return this.publisher ? 1 : 0;
  }

  async start(): Promise<void> {
    const { fleet, clock, log, target } = this.options;
    const publisher = await Publisher.open(target, `${fleet.scenario.tenant}/gateways`);
    this.publisher = publisher;
    const batcher = new GatewayBatcher(fleet);
    this.stopTicking = clock.every(
      this.options.tickMs ?? 1000,
      async () => {
        for (const slice of fleet.slices(clock.now(), Number.POSITIVE_INFINITY)) {
          for (const message of slice) {
            if (message.kind !== 'message' && message.kind !== 'will') continue;
            this.sent++;
            const full = batcher.add(message);
            if (full) await publisher.publish(full.topic, full.payload);
          }
        }
        for (const batch of batcher.flush()) await publisher.publish(batch.topic, batch.payload);
      },
      (error) => log.error({ err: error }, 'the simulated gateways stumbled'),
    );
  }

  async stop(): Promise<void> {
    this.stopTicking?.();
    await this.publisher?.close();
    this.publisher = undefined;
  }
}
