import { Aedes, type AedesOptions } from 'aedes';

type Publish = (packet: { topic: string; qos: number; retain: boolean }, client: unknown, done: () => void) => void;

/**
 * aedes, spared the work of handing on what nobody listens to. Terminals' messages end in the journal, inside `authorizePublish`; the
 * broker's own routing (persistence look-up, emitter) would cost more than all the rest.
 */
export class QuietBroker extends Aedes {
  /** Subscriptions now held that could match what terminals say. */
  readonly #watchers = new Map<string, Set<string>>();

  constructor(options: AedesOptions) {
    super(options);
    const route = this.publish.bind(this) as unknown as Publish;
    const quiet: Publish = (packet, client, done) => {
      if (client && typeof client === 'object' && !packet.retain && this.quiet) done();
      else route(packet, client, done);
    };
    this.publish = quiet as unknown as Aedes['publish'];
    this.on('subscribe', (subscriptions, client) => {
      for (const { topic } of subscriptions) if (watches(topic)) this.#watch(client.id, topic);
    });
    this.on('unsubscribe', (topics, client) => {
      const held = this.#watchers.get(client.id);
      for (const topic of topics) held?.delete(topic);
      if (held?.size === 0) this.#watchers.delete(client.id);
    });
    this.on('clientDisconnect', (client) => this.#watchers.delete(client.id));
  }

  /** True while nobody listens to what terminals say. */
  get quiet(): boolean {
    return this.#watchers.size === 0;
  }

  #watch(client: string, topic: string): void {
    const held = this.#watchers.get(client) ?? new Set();
    this.#watchers.set(client, held.add(topic));
  }
}

/** False for a terminal's own command topic: nothing that terminals send goes there. */
function watches(filter: string): boolean {
  return !/^pos\/v1\/[^/]+\/[^/]+\/command$/.test(filter) && !filter.startsWith('$SYS');
}
