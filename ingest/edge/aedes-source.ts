import type { Duplex } from 'node:stream';
import type { AuthenticateError, Client } from 'aedes';
import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { isLoopbackAddress } from '../../contract/loopback.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type {
  DeviceAuthority,
  DeviceIdentity,
  TelemetrySink,
  TelemetrySource,
} from '../../contract/ports/telemetry-source.ts';
import type { Check } from '../../contract/room.ts';
import { parseTopic, type Topic } from '../../contract/topics.ts';
import { QuietBroker } from './aedes-broker.ts';
import {
  type ListenAddress,
  type Listener,
  listenTcp,
  listenTls,
  listenWebSocket,
  type Peer,
  type TlsAddress,
} from './listeners.ts';
import { OrderedAcks } from './ordered-acks.ts';
import { limitPackets } from './packet-limit.ts';
import { gateReads } from './read-gate.ts';

export interface AedesSourceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly tcp?: ListenAddress;
  readonly tls?: TlsAddress;
  readonly ws?: ListenAddress;
  /** Who may connect. Left out: anybody on this machine, nobody from elsewhere. */
  readonly authority?: DeviceAuthority;
  /** With an authority: whoever is on this machine and gives no credentials may connect all the same. */
  readonly openLoopback?: boolean;
  readonly limits?: Partial<BrokerLimits>;
  /** How long `stop` waits for acknowledgements under way, ms. Default 5,000. */
  readonly stopWithinMs?: number;
}

/** What one connection may ask of the broker. */
export interface BrokerLimits {
  /** How long a connection may stay without its CONNECT, ms. */
  readonly connectMs: number;
  /** Bytes of a packet: a batch, its topic and header; before the CONNECT is answered, much less. */
  readonly packetBytes: number;
  readonly firstPacketBytes: number;
  readonly topicBytes: number;
  readonly topicLevels: number;
  readonly subscriptions: number;
  /** Connections of each listener. */
  readonly connections: number;
}

const BROKER_LIMITS: BrokerLimits = {
  connectMs: 10_000,
  packetBytes: 1_048_576 + 1_024,
  firstPacketBytes: 131_072,
  topicBytes: 256,
  topicLevels: 8,
  subscriptions: 100,
  connections: 200_000,
};

/** What is remembered of a connection. */
interface Session {
  readonly peer: Peer;
  identity: DeviceIdentity | undefined;
  /** The one terminal that it spoke for so far; `'many'` for a gateway. */
  speaksFor: Topic | 'many' | undefined;
  acks: OrderedAcks | undefined;
}

/** A PUBLISH as aedes hands it over; it goes on with the same object afterwards. */
interface IncomingPublish {
  readonly topic: string;
  readonly payload: Buffer | string;
  qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly messageId?: number;
}

const REFUSED = 5;
/** A device that was shut out is refused every message at once; the connection stays this long, so that it hears its lock command, ms. */
const LAST_WORD_MS = 2_000;

/**
 * The embedded broker: MQTT 3.1.1 over TCP, TLS and WebSocket. `authorizePublish` is the one hook that comes before PUBACK, so the
 * journal's commit happens inside it and the acknowledgement follows (docs/decisions).
 */
export class AedesSource implements TelemetrySource {
  readonly name = 'aedes';
  readonly holdsConnections = true;
  readonly #options: AedesSourceOptions;
  readonly #limits: BrokerLimits;
  readonly #listeners: Listener[] = [];
  readonly #sessions = new WeakMap<object, Session>();
  /** Connections of devices that proved who they are. */
  readonly #proven = new Map<Client, Session>();
  /** The newest session of each terminal that is connected by itself: the end of an older one says nothing. */
  readonly #newest = new Map<string, Session>();
  #broker: QuietBroker | undefined;
  #sink: TelemetrySink | undefined;
  #stopping = false;
  #underWay = 0;
  #idle: (() => void) | undefined;
  #unlisten: (() => void) | undefined;

  constructor(options: AedesSourceOptions) {
    if (!options.tcp && !options.tls && !options.ws) {
      throw new TillwatchError(
        'source.bad_options',
        'the embedded broker needs an address to listen on: tcp, tls or ws',
      );
    }
    this.#options = options;
    this.#limits = { ...BROKER_LIMITS, ...options.limits };
  }

  /** Where it listens, with the ports it was given. */
  get listeners(): readonly Listener[] {
    return this.#listeners;
  }
  /** Ports it was given, by kind of listener. */
  get ports(): Readonly<Partial<Record<Listener['kind'], number>>> {
    return Object.fromEntries(this.#listeners.map(({ kind, port }) => [kind, port]));
  }
  get connections(): number {
    return this.#broker?.connectedClients ?? 0;
  }

  async start(sink: TelemetrySink): Promise<void> {
    const { tcp, tls, ws } = this.#options;
    this.#sink = sink;
    const broker = new QuietBroker({
      concurrency: 1000,
      queueLimit: 1000,
      connectTimeout: this.#limits.connectMs,
      authenticate: (client, username, password, done) => {
        this.#authenticate(client, username, password).then(
          (identity) => {
            if (identity === undefined) {
              done(
                Object.assign(new TillwatchError('source.refused', 'not authorised'), {
                  returnCode: REFUSED,
                }) as AuthenticateError,
                false,
              );
            } else done(null, true);
          },
          (error: unknown) => {
            this.#options.log.warn({ reason: messageOf(error) }, 'credentials of a device could not be checked');
            done(
              Object.assign(new TillwatchError('source.unavailable', messageOf(error)), {
                returnCode: 3,
              }) as AuthenticateError,
              false,
            );
          },
        );
      },
      authorizePublish: (client, packet, done) => this.#publish(client, packet, done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#maySubscribe(client, subscription.topic) ? subscription : null),
    });
    // The d.ts declares `listen` on the class; it opens persistence and timers, not a port.
    await broker.listen();
    broker.on('clientDisconnect', (client) => this.#disconnected(client));
    broker.on('clientError', (client, error) =>
      this.#options.log.debug({ client: client.id, reason: error.message }, 'a connection broke'),
    );
    broker.on('connectionError', (_client, error) =>
      this.#options.log.debug({ reason: error.message }, 'a connection was refused'),
    );
    (broker as unknown as NodeJS.EventEmitter).on('error', (error: Error) =>
      this.#options.log.error({ reason: error.message }, 'the embedded broker met an error of its own'),
    );
    this.#broker = broker;
    this.#unlisten = this.#options.authority?.onChange(() => this.#shutOut());
    const accept = (stream: Duplex, peer: Peer): void => {
      const client = broker.handle(stream);
      gateReads(stream, sink, () => client.connected);
      limitPackets(client, () => (client.connected ? this.#limits.packetBytes : this.#limits.firstPacketBytes));
      this.#sessions.set(client, { peer, identity: undefined, speaksFor: undefined, acks: undefined });
    };
    if (tcp) this.#listeners.push(await listenTcp(tcp, accept, this.#limits));
    if (tls) this.#listeners.push(await listenTls(tls, accept, this.#limits));
    if (ws) this.#listeners.push(await listenWebSocket(ws, accept, this.#limits));
  }

  async stop(): Promise<void> {
    const { clock, stopWithinMs = 5_000 } = this.#options;
    this.#unlisten?.();
    const listeners = this.#listeners.splice(0);
    const closing = listeners.map((listener) => listener.close());
    // From here on wills and messages are left to the next run: the terminals did not go away, we did.
    this.#stopping = true;
    if (this.#underWay > 0) {
      const over = new AbortController();
      const idle = new Promise<void>((resolve) => (this.#idle = resolve));
      await Promise.race([idle, clock.sleep(stopWithinMs, over.signal).catch(() => {})]);
      over.abort();
      // The last acknowledgements are written in this turn of the loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const broker = this.#broker;
    if (broker) await new Promise<void>((resolve) => broker.close(() => resolve()));
    await Promise.all(closing);
    this.#broker = undefined;
  }

  publish(topic: string, payload: string, options: { readonly qos: 0 | 1; readonly retain: boolean }): Promise<void> {
    const broker = this.#broker;
    if (!broker || this.#stopping) {
      return Promise.reject(
        new TillwatchError('source.unavailable', 'the embedded broker is not running', { retryable: true }),
      );
    }
    return new Promise((resolve, reject) => {
      broker.publish({ cmd: 'publish', topic, payload, dup: false, ...options }, (error?: Error) => {
        if (error) reject(new TillwatchError('source.unavailable', error.message, { retryable: true, cause: error }));
        else resolve();
      });
    });
  }

  check(): Check {
    const where = this.#listeners.map((l) => `${l.kind} ${l.host}:${l.port}`).join(', ');
    const ok = this.#broker !== undefined && !this.#stopping;
    return {
      name: 'mqtt',
      ok,
      detail: ok ? `${where}; ${this.connections} connections` : 'the embedded broker is not running',
    };
  }

  async #authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
  ): Promise<DeviceIdentity | 'anybody' | undefined> {
    const session = this.#sessions.get(client);
    if (!session) return undefined;
    const { authority, openLoopback = false } = this.#options;
    const { address, certificate } = session.peer;
    const nameless = username === undefined && certificate === undefined;
    if (!authority || (openLoopback && nameless)) return isLoopbackAddress(address) ? 'anybody' : undefined;
    session.identity = await authority.authenticate({ clientId: client.id, username, password, address, certificate });
    if (!session.identity) return undefined;
    // The same client id ends the other's session (MQTT 3.1.1, 3.1.4): within a device's own name that is right, beyond it a weapon.
    const { tenant, name } = session.identity;
    (client as { id: string }).id = `${tenant}/${name}/${client.id}`;
    this.#proven.set(client, session);
    return session.identity;
  }

  /** Ends the connections of devices that were let in and may speak no longer. */
  #shutOut(): void {
    const { authority, clock } = this.#options;
    for (const [client, { identity }] of this.#proven) {
      if (!identity || authority?.admits(identity) !== false) continue;
      this.#proven.delete(client);
      void clock
        .sleep(LAST_WORD_MS)
        .catch(() => {})
        .then(() => client.close());
    }
  }

  #publish(client: Client | null, packet: IncomingPublish, done: (error?: Error | null) => void): void {
    const session = client ? this.#sessions.get(client) : undefined;
    const why = packet.topic.startsWith('$SYS/')
      ? "$SYS is the broker's own"
      : this.#stopping || !this.#sink
        ? 'the broker is stopping'
        : packet.topic.length > this.#limits.topicBytes
          ? 'its topic is too long'
          : session && !this.#mayPublish(session, packet.topic)
            ? 'not a topic of this device'
            : undefined;
    if (why !== undefined || !this.#sink) {
      done(refusal(why ?? 'the broker is stopping'));
      return;
    }
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const acknowledge = client && session ? this.#ownAck(client, session, packet) : undefined;
    this.#underWay++;
    this.#sink.message({ topic: packet.topic, payload, qos: packet.qos, retained: false }, (error) => {
      this.#underWay--;
      if (acknowledge && !error) {
        acknowledge();
        // Acknowledged: what is left for aedes to do is what it does for QoS 0.
        packet.qos = 0;
      }
      done(error ?? null);
      if (this.#underWay === 0) this.#idle?.();
    });
  }

  /**
   * Where aedes has nothing to hand on, its PUBACK is left out and ours are written: many in one piece, in the order of the messages.
   * aedes writes each by itself, in three pieces, which costs more than the rest of its work. Not for a client that reads nothing.
   */
  #ownAck(client: Client, session: Session, packet: IncomingPublish): (() => void) | undefined {
    const { qos, retain, messageId } = packet;
    if (qos !== 1 || retain || messageId === undefined || !this.#broker?.quiet) return undefined;
    if (client.conn.writableNeedDrain) return undefined;
    session.acks ??= new OrderedAcks(client.conn);
    return session.acks.hold(messageId);
  }

  #mayPublish(session: Session, topic: string): boolean {
    const { identity } = session;
    // The usual case of a gateway, kept short: what it sends is looked at closely in the pipeline.
    if (identity === undefined && session.speaksFor === 'many') return !topic.endsWith('/command');
    const parsed = parseTopic(topic);
    if (!parsed) return identity === undefined;
    if (parsed.channel === 'command') return false;
    if (identity) {
      if (identity.tenant !== parsed.tenant || this.#options.authority?.admits(identity) === false) return false;
      if (parsed.channel === 'batch') {
        // Whom the entries of the array may speak for is looked at in the pipeline.
        if (identity.gateway !== true || parsed.terminal !== identity.name) return false;
      } else if (identity.terminals !== '*' && !identity.terminals.includes(parsed.terminal)) return false;
    }
    const one = session.speaksFor;
    if (parsed.channel === 'batch') session.speaksFor = 'many';
    else if (one === undefined) {
      session.speaksFor = parsed;
      this.#newest.set(`${parsed.tenant}/${parsed.terminal}`, session);
    } else if (one !== 'many' && (one.terminal !== parsed.terminal || one.tenant !== parsed.tenant)) {
      session.speaksFor = 'many';
      this.#newest.delete(`${one.tenant}/${one.terminal}`);
    }
    return true;
  }

  #maySubscribe(client: Client, filter: string): boolean {
    const { topicBytes, topicLevels, subscriptions } = this.#limits;
    const held = Object.keys((client as unknown as { readonly subscriptions?: object }).subscriptions ?? {}).length;
    if (filter.length > topicBytes || filter.split('/').length > topicLevels || held >= subscriptions) return false;
    const identity = this.#sessions.get(client)?.identity;
    // Anonymous clients are on this machine, where whoever may connect may also read the files.
    if (!identity) return !filter.startsWith('$SYS/');
    const [root, version, tenant, terminal, channel, ...rest] = filter.split('/');
    if (`${root}/${version}` !== 'pos/v1' || tenant !== identity.tenant || channel !== 'command' || rest.length > 0)
      return false;
    return identity.terminals === '*' || identity.terminals.includes(terminal ?? '');
  }

  #disconnected(client: Client): void {
    const session = this.#sessions.get(client);
    this.#proven.delete(client);
    const one = session?.speaksFor;
    if (this.#stopping || one === undefined || one === 'many') return;
    const key = `${one.tenant}/${one.terminal}`;
    if (this.#newest.get(key) !== session) return;
    this.#newest.delete(key);
    // aedes notes a clean DISCONNECT there, and says it nowhere else.
    const clean = (client as unknown as { readonly _disconnected?: boolean })._disconnected === true;
    const { tenant, terminal } = one;
    this.#sink?.link({ tenant, terminal, online: false, reason: clean ? 'shutdown' : 'keepalive' });
  }
}

function refusal(why: string): TillwatchError {
  return new TillwatchError('source.refused', `the message is refused: ${why}`);
}
