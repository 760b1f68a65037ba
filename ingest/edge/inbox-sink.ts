import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Journal } from '../../contract/ports/journal.ts';
import type { SourceMessage, TelemetrySink } from '../../contract/ports/telemetry-source.ts';
import { encodeInbox, type InboxMessage, inboxBytes } from '../core/inbox-codec.ts';
import { sortByShard } from '../core/sort-by-shard.ts';

export interface InboxSinkDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly inbox: Journal;
  /** Bytes taken and not yet durable above which sources stop reading; they go on below half of it. */
  readonly inFlightBytes: number;
}

const BACKOFF_FIRST_MS = 50;
const BACKOFF_MOST_MS = 5_000;
/** Entries of this size share commits well and are read back quickly. */
const ENTRY_BYTES = 512 * 1024;

interface Waiting {
  readonly message: InboxMessage;
  readonly done: (error?: Error) => void;
}

/** Puts messages into the inbox of the shard that owns their terminal, and has them acknowledged once they are durable there. */
export class InboxSink implements TelemetrySink {
  readonly #deps: InboxSinkDeps;
  readonly #waiting: Waiting[][];
  readonly #busy: boolean[];
  readonly #openers = new Set<() => void>();
  readonly #stopping = new AbortController();
  #bytes = 0;
  #open = true;
  #scheduled = false;
  #failure: string | undefined;

  constructor(deps: InboxSinkDeps) {
    this.#deps = deps;
    this.#waiting = Array.from({ length: deps.inbox.shards }, () => []);
    this.#busy = new Array<boolean>(deps.inbox.shards).fill(false);
  }

  get open(): boolean {
    return this.#open;
  }
  /** Why the inbox takes nothing now. */
  get failure(): string | undefined {
    return this.#failure;
  }
  get inFlightBytes(): number {
    return this.#bytes;
  }

  onOpen(listener: () => void): () => void {
    this.#openers.add(listener);
    return () => {
      this.#openers.delete(listener);
    };
  }

  /** An outside broker tells of links by messages. */
  link(): void {}

  message(message: SourceMessage, done: (error?: Error) => void): void {
    if (!this.#open && message.qos === 0) {
      done();
      return;
    }
    const taken: InboxMessage = { ...message, receivedAt: message.receivedAt ?? this.#deps.clock.now() };
    const parts = sortByShard(taken, this.#waiting.length);
    let left = parts.length;
    let failed: Error | undefined;
    const settle = (error?: Error): void => {
      failed ??= error;
      if (--left === 0) done(failed);
    };
    for (const [shard, part] of parts) {
      this.#bytes += inboxBytes(part);
      this.#waiting[shard]!.push({ message: part, done: settle });
    }
    if (this.#bytes > this.#deps.inFlightBytes) this.#open = false;
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After everything that this turn of the loop reads from its sockets: one entry for all of it.
    setImmediate(() => {
      this.#scheduled = false;
      for (let shard = 0; shard < this.#waiting.length; shard++) void this.#flush(shard);
    });
  }

  /** Gives up what is being tried again; it is not acknowledged and comes again. */
  abort(): void {
    this.#stopping.abort();
  }

  async #flush(shard: number): Promise<void> {
    if (this.#busy[shard]) return;
    this.#busy[shard] = true;
    const waiting = this.#waiting[shard]!;
    const most = Math.min(ENTRY_BYTES, this.#deps.inbox.maxEntryBytes - 64);
    while (waiting.length > 0) {
      let count = 0;
      let size = 0;
      while (count < waiting.length && (count === 0 || size + inboxBytes(waiting[count]!.message) <= most)) {
        size += inboxBytes(waiting[count++]!.message);
      }
      const taken = waiting.splice(0, count);
      const error = await this.#append(
        shard,
        taken.map(({ message }) => message),
      );
      for (const { done } of taken) done(error);
      this.#bytes -= size;
      if (!this.#open && this.#bytes < this.#deps.inFlightBytes / 2) {
        this.#open = true;
        for (const listener of this.#openers) listener();
      }
    }
    this.#busy[shard] = false;
  }

  async #append(shard: number, messages: readonly InboxMessage[]): Promise<Error | undefined> {
    const { inbox, clock, log } = this.#deps;
    for (let attempt = 0; ; attempt++) {
      try {
        await inbox.append(shard, encodeInbox(messages));
        this.#failure = undefined;
        return undefined;
      } catch (error) {
        const retryable = error instanceof TillwatchError && error.retryable;
        this.#failure = messageOf(error);
        if (!retryable || this.#stopping.signal.aborted) {
          if (!retryable)
            log.error({ shard, err: error }, 'the inbox refused messages for good: they are not acknowledged');
          return error as Error;
        }
        if (attempt % 20 === 0) {
          log.warn({ shard, attempt, reason: this.#failure }, 'the inbox takes nothing now: senders are held back');
        }
        const wait = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10));
        await clock.sleep(wait, this.#stopping.signal).catch(() => {});
      }
    }
  }
}
