import type { ServerResponse } from 'node:http';
import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TenantId } from '../../contract/topics.ts';
import { type Change, ChangeLog, isQuiet } from '../core/change-log.ts';

const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for one slow reader before it is told to fetch anew instead. */
const QUEUE_BYTES = 256 * 1024;

interface Client {
  readonly tenant: TenantId;
  readonly terminal: string | null;
  readonly response: ServerResponse;
  behind: boolean;
}

export interface StreamHubOptions {
  readonly clock: Clock;
  readonly maxClients: number;
  /** Tells this run's event ids from another's. */
  readonly run: string;
}

/**
 * Server-sent events: `hello` once, `change` when something moved, `latest` with the values of the one terminal being looked at,
 * `reset` when the client must fetch anew. Each client's queue is bounded: one that reads too slowly misses changes and is reset.
 */
export class StreamHub {
  readonly #options: StreamHubOptions;
  readonly #clients = new Set<Client>();
  readonly #logs = new Map<TenantId, ChangeLog>();
  #beatAt = 0;

  constructor(options: StreamHubOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Terminals of a tenant that somebody looks at now. */
  watched(tenant: TenantId): Set<string> {
    const terminals = new Set<string>();
    for (const client of this.#clients) {
      if (client.tenant === tenant && client.terminal !== null) terminals.add(client.terminal);
    }
    return terminals;
  }

  /** Takes over a response whose headers are not sent yet. Throws `stream.too_many` (503). */
  open(
    tenant: TenantId,
    terminal: string | null,
    lastId: string | null,
    response: ServerResponse,
    headers: Record<string, string>,
  ): void {
    if (this.#clients.size >= this.#options.maxClients) {
      throw new TillwatchError('stream.too_many', `there are already ${this.#options.maxClients} open streams`, {
        status: 503,
        retryable: true,
      });
    }
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    });
    response.socket?.setNoDelay(true);
    const client: Client = { tenant, terminal, response, behind: false };
    this.#clients.add(client);
    response.on('close', () => this.#clients.delete(client));
    response.on('error', () => this.#clients.delete(client));
    const log = this.#log(tenant);
    response.write('retry: 2000\n\n');
    this.#send(client, 'hello', log.lastId, JSON.stringify({ at: this.#options.clock.now() }));
    if (lastId !== null && lastId !== log.lastId) {
      const missed = log.since(lastId);
      if (missed) this.#send(client, 'change', log.lastId, this.#changeText(missed));
      else this.#send(client, 'reset', log.lastId, this.#resetText('too_long_away'));
    }
  }

  /** Tells a tenant's clients what moved, and keeps it for those that come back. */
  publish(tenant: TenantId, change: Change): void {
    if (isQuiet(change)) return;
    const id = this.#log(tenant).add(change);
    const text = this.#changeText(change);
    for (const client of this.#clients) if (client.tenant === tenant) this.#send(client, 'change', id, text);
  }

  /** Sends a watched terminal's newest values; never replayed, as the page fetches them anyhow. */
  publishLatest(tenant: TenantId, terminal: string, data: object): void {
    const text = JSON.stringify(data);
    for (const client of this.#clients) {
      if (client.tenant === tenant && client.terminal === terminal) this.#send(client, 'latest', null, text);
    }
  }

  /** Keeps idle connections open through proxies, and gives readers that caught up their reset. */
  beat(now: number): void {
    for (const client of this.#clients) {
      if (client.behind && client.response.writableLength === 0) {
        client.behind = false;
        this.#send(client, 'reset', this.#log(client.tenant).lastId, this.#resetText('too_slow'));
      }
    }
    if (now - this.#beatAt < HEARTBEAT_MS) return;
    this.#beatAt = now;
    for (const client of this.#clients) if (!client.behind) client.response.write(': beat\n\n');
  }

  close(): void {
    for (const client of this.#clients) client.response.end();
    this.#clients.clear();
  }

  #log(tenant: TenantId): ChangeLog {
    let log = this.#logs.get(tenant);
    if (!log) this.#logs.set(tenant, (log = new ChangeLog(this.#options.run)));
    return log;
  }

  #changeText(change: Change): string {
    return JSON.stringify({ at: this.#options.clock.now(), ...change });
  }

  #resetText(why: 'too_long_away' | 'too_slow'): string {
    return JSON.stringify({ at: this.#options.clock.now(), why });
  }

  #send(client: Client, event: string, id: string | null, data: string): void {
    if (client.behind) return;
    if (client.response.writableLength > QUEUE_BYTES) {
      client.behind = true;
      return;
    }
    client.response.write(`event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${data}\n\n`);
  }
}
