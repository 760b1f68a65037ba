import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TelemetrySink, TelemetrySource } from '../../contract/ports/telemetry-source.ts';
import type { Check } from '../../contract/room.ts';
import { TOPIC_ROOT, UP_CHANNELS } from '../../contract/topics.ts';
import { OrderedAcks } from './ordered-acks.ts';

export interface BrokerSourceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** Names this process at the broker: its sessions are kept there under it, so it must be stable and its own. */
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** MQTT 5 (default), or 4 for brokers that know only 3.1.1: then there is one connection and nothing is shared. */
  readonly protocolVersion?: 4 | 5;
  /** Processes with the same group share the messages. Default `tillwatch`. */
  readonly group?: string;
  /** Number of the first connection in its name at the broker. Default 0. */
  readonly first?: number;
  /** Connections over which the broker spreads the messages. Default 2. */
  readonly connections?: number;
  /** Messages that the broker may send ahead of their acknowledgement, a connection. Default 2,000. */
  readonly receiveMaximum?: number;
  /** How long the broker keeps messages for us while we are away, seconds. Default a day. */
  readonly sessionExpiryS?: number;
  /** False: a way down only. */
  readonly subscribe?: boolean;
  readonly keepaliveS?: number;
  /** Waits between attempts to connect grow from the first to the second, ms, each with jitter. */
  readonly reconnectMs?: readonly [number, number];
  /** 0 … 1, for the jitter. */
  readonly random: () => number;
}

/** Tells MQTT.js to go on to the next packet without acknowledging this one: that is ours to do, later. */
const NOT_YET = new TillwatchError('source.ack_held', 'acknowledged when durable');
const MAX_PACKET_BYTES = 2 * 2 ** 20;

/**
 * Messages from a broker of the operator's own. MQTT.js acknowledges a packet before it looks at the next, which would allow one message
 * a commit and connection; so its acknowledgement is left out and ours is written when the commit that holds many is done
 * (docs/decisions). What is not acknowledged comes again after a reconnect.
 */
export class BrokerSource implements TelemetrySource {
  readonly name = 'broker';
  readonly holdsConnections = false;
  readonly #options: BrokerSourceOptions;
  readonly #links: Link[] = [];
  #stopping = false;

  constructor(options: BrokerSourceOptions) {
    if (!/^(mqtts?|wss?):\/\//.test(options.url)) {
      throw new TillwatchError(
        'source.bad_options',
        `"${options.url}" is no broker's address: use mqtt://, mqtts://, ws:// or wss://`,
      );
    }
    this.#options = options;
  }

  async start(sink: TelemetrySink): Promise<void> {
    const { protocolVersion = 5, connections = 2 } = this.#options;
    this.#stopping = false;
    const count = protocolVersion === 5 ? connections : 1;
    for (let i = 0; i < count; i++) this.#links.push(new Link(this.#options, i, sink));
    await Promise.all(this.#links.map((link) => link.tried));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#links.splice(0).map((link) => link.stop()));
  }

  async publish(
    topic: string,
    payload: string,
    options: { readonly qos: 0 | 1; readonly retain: boolean },
  ): Promise<void> {
    const link = this.#links.find((candidate) => candidate.ready);
    if (!link || this.#stopping) {
      throw new TillwatchError('source.unavailable', 'there is no connection to the broker', {
        retryable: true,
        status: 503,
      });
    }
    try {
      await link.client.publishAsync(topic, payload, options);
    } catch (error) {
      throw new TillwatchError('source.unavailable', messageOf(error), { retryable: true, status: 503, cause: error });
    }
  }

  check(): Check {
    const ready = this.#links.filter((link) => link.ready).length;
    const failure = this.#links.find((link) => link.failure !== undefined)?.failure;
    const detail = `${ready} of ${this.#links.length} connections to ${this.#options.url}${failure ? `; ${failure}` : ''}`;
    return { name: 'mqtt', ok: ready > 0, detail };
  }
}

/** One connection with its session, subscriptions and acknowledgements. */
class Link {
  readonly client: MqttClient;
  /** Resolves when it is subscribed, or when the first attempt failed (it goes on trying). */
  readonly tried: Promise<void>;
  failure: string | undefined;
  ready = false;
  readonly #options: BrokerSourceOptions;
  readonly #sink: TelemetrySink;
  readonly #name: string;
  #acks: OrderedAcks | undefined;
  #attempts = 0;
  #stopping = false;
  #waiting: (() => void) | undefined;
  readonly #ends: () => void;

  constructor(options: BrokerSourceOptions, index: number, sink: TelemetrySink) {
    this.#options = options;
    this.#sink = sink;
    this.#name = `${options.clientId}-${(options.first ?? 0) + index}`;
    this.client = connect(options.url, this.#connectOptions());
    this.client.handleMessage = (packet, next) => this.#message(packet as IPublishPacket, next);
    this.#ends = sink.onOpen(() => {
      const go = this.#waiting;
      this.#waiting = undefined;
      go?.();
    });
    this.tried = new Promise((resolve) => {
      this.client.on('connect', () => {
        this.#acks = new OrderedAcks(this.client.stream);
        this.#subscribe().then(
          () => {
            this.#attempts = 0;
            this.failure = undefined;
            this.ready = true;
            resolve();
          },
          (error: unknown) => {
            this.#note(messageOf(error));
            this.client.stream.destroy();
            resolve();
          },
        );
      });
      this.client.on('close', () => {
        this.ready = false;
        this.#acks = undefined;
        // A packet that waited for room belongs to the connection that is gone.
        this.#waiting = undefined;
        this.client.options.reconnectPeriod = this.#backoff();
        resolve();
      });
      this.client.on('error', (error) => this.#note(error.message));
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // No new messages; those under way are acknowledged while the intake drains, or come again next time.
    this.#ends();
    for (let turn = 0; turn < 200 && (this.#acks?.held ?? 0) > 0; turn++) {
      await this.#options.clock.sleep(10);
    }
    this.ready = false;
    await this.client.endAsync();
  }

  #connectOptions(): IClientOptions {
    const { username, password, ca, cert, key, protocolVersion = 5, keepaliveS = 30 } = this.#options;
    const { receiveMaximum = 2000, sessionExpiryS = 86_400, subscribe = true } = this.#options;
    return {
      clientId: this.#name,
      protocolVersion,
      clean: !subscribe,
      keepalive: keepaliveS,
      reconnectPeriod: this.#backoff(),
      connectTimeout: 10_000,
      resubscribe: false,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(protocolVersion === 5
        ? {
            properties: {
              receiveMaximum,
              sessionExpiryInterval: subscribe ? sessionExpiryS : 0,
              maximumPacketSize: MAX_PACKET_BYTES,
            },
          }
        : {}),
    };
  }

  async #subscribe(): Promise<void> {
    const { protocolVersion = 5, group = 'tillwatch', subscribe = true } = this.#options;
    if (!subscribe) return;
    const prefix = protocolVersion === 5 ? `$share/${group}/` : '';
    const filters = [...UP_CHANNELS, 'batch'].map((channel) => `${prefix}${TOPIC_ROOT}+/+/${channel}`);
    const grants = await this.client.subscribeAsync(filters, { qos: 1 });
    const refused = grants.find((grant) => grant.qos >= 128);
    if (refused)
      throw new TillwatchError('source.unavailable', `the broker refuses the subscription to ${refused.topic}`);
  }

  #message(packet: IPublishPacket, next: (error?: Error) => void): void {
    const acks = this.#acks;
    if (this.#stopping || !acks) {
      next(NOT_YET);
      return;
    }
    const { topic, payload, qos, retain, messageId } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const durable = qos === 0 || messageId === undefined ? undefined : acks.hold(messageId);
    this.#sink.message({ topic, payload: bytes, qos, retained: retain }, (error) => {
      if (!error) durable?.();
      // Not acknowledged and never will be on this connection: a new one brings it again.
      else if (this.#acks === acks && !this.#stopping) this.client.stream.destroy();
    });
    if (this.#sink.open) next(NOT_YET);
    else this.#waiting = () => next(NOT_YET);
  }

  #note(problem: string): void {
    if (this.failure !== problem && !this.#stopping) {
      this.#options.log.warn({ client: this.#name, reason: problem }, 'no connection to the broker; trying on');
    }
    this.failure = problem;
  }

  /** Exponential, between half of the step and the whole of it, so that many processes do not come back at once. */
  #backoff(): number {
    const [first, most] = this.#options.reconnectMs ?? [500, 30_000];
    const step = Math.min(most, first * 2 ** Math.min(this.#attempts++, 16));
    return Math.max(1, Math.round(step * (0.5 + this.#options.random() / 2)));
  }
}
