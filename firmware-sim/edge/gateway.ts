import { formatTopic } from '../../contract/topics.ts';
import type { Fleet } from '../core/fleet.ts';
import type { SimMessage } from '../core/terminal.ts';

/** What a store's gateway publishes: one MQTT message for many. */
export interface GatewayBatch {
  readonly topic: string;
  readonly payload: string;
  readonly messages: number;
}

/** Entries above this are sent on: half of the contract's 1 MiB, so that a long last entry still fits. */
const MAX_CHARS = 500_000;

/** Gathers messages by store and turns them into batch publishes; each terminal's order is kept. */
export class GatewayBatcher {
  private readonly fleet: Fleet;
  private readonly stores = new Map<number, { texts: string[]; chars: number }>();

  constructor(fleet: Fleet) {
    this.fleet = fleet;
  }

  /** Adds a message; answers a batch when its store's is full. Payloads that are no text (spoiled ones) cannot ride in JSON and are left out. */
  add(message: SimMessage): GatewayBatch | undefined {
    if (typeof message.payload !== 'string') return undefined;
    const terminal = this.fleet.terminals[message.terminal];
    if (!terminal) return undefined;
    const store = terminal.state.store;
    let open = this.stores.get(store);
    if (!open) this.stores.set(store, (open = { texts: [], chars: 0 }));
    const text = `{"terminal":"${terminal.config.id}","channel":"${message.channel}","payload":${message.payload}}`;
    open.texts.push(text);
    open.chars += text.length;
    if (open.chars < MAX_CHARS) return undefined;
    this.stores.delete(store);
    return this.close(store, open.texts);
  }

  /** Closes all open batches. */
  flush(): GatewayBatch[] {
    const batches = [...this.stores].map(([store, { texts }]) => this.close(store, texts));
    this.stores.clear();
    return batches;
  }

  private close(store: number, texts: readonly string[]): GatewayBatch {
    const site = this.fleet.stores[store]?.site ?? 'S000';
    return {
      topic: formatTopic(this.fleet.scenario.tenant, `GW-${site}`, 'batch'),
      payload: `{"messages":[${texts.join(',')}]}`,
      messages: texts.length,
    };
  }
}
