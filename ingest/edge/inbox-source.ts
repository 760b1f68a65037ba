import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Journal, JournalEntry } from '../../contract/ports/journal.ts';
import type { TelemetrySink, TelemetrySource } from '../../contract/ports/telemetry-source.ts';
import type { Check } from '../../contract/room.ts';
import { decodeInbox } from '../core/inbox-codec.ts';

export const INBOX_CONSUMER = 'ingest';

export interface InboxSourceDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly inbox: Journal;
  readonly shard: number;
}

const READ_BYTES = 4 * 2 ** 20;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MOST_MS = 5_000;
const CURSOR_MS = 500;

interface Entry {
  readonly position: number;
  left: number;
}

/**
 * One shard's messages out of the inbox, in order. What was taken and is not durable yet when the worker ends comes again to the next
 * owner, who knows it by what the journal holds.
 */
export class InboxSource implements TelemetrySource {
  readonly name = 'inbox';
  readonly holdsConnections = false;
  readonly #deps: InboxSourceDeps;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #entries: Entry[] = [];
  #finished = 0;
  #saved = 0;
  #savedAt = 0;
  #failure: string | undefined;

  constructor(deps: InboxSourceDeps) {
    this.#deps = deps;
  }

  async start(sink: TelemetrySink): Promise<void> {
    const { inbox, shard } = this.#deps;
    this.#finished = this.#saved = await inbox.cursor(INBOX_CONSUMER, shard);
    await inbox.commit(INBOX_CONSUMER, shard, this.#saved);
    this.#running = this.#run(sink);
  }

  /** Takes no more; entries whose messages have all become durable are counted as read. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    for (let turn = 0; turn < 100 && this.#entries.length > 0; turn++) await this.#deps.clock.sleep(10);
    await this.#save().catch((error: unknown) =>
      this.#deps.log.warn({ shard: this.#deps.shard, reason: messageOf(error) }, 'the inbox cursor was not saved'),
    );
  }

  async publish(): Promise<void> {
    throw new TillwatchError('source.unavailable', 'the inbox is a way up only', { retryable: true, status: 503 });
  }

  check(): Check {
    return { name: 'inbox', ok: this.#failure === undefined, ...(this.#failure ? { detail: this.#failure } : {}) };
  }

  async #run(sink: TelemetrySink): Promise<void> {
    const { inbox, shard, clock, log } = this.#deps;
    const { signal } = this.#stopping;
    let position = this.#finished;
    for (let attempt = 0; !signal.aborted; ) {
      let entries: readonly JournalEntry[];
      try {
        entries = await inbox.read(shard, position, READ_BYTES);
        if (entries.length === 0) await inbox.wait(shard, position, signal);
        this.#failure = undefined;
        attempt = 0;
      } catch (error) {
        this.#failure = messageOf(error);
        if (!(error instanceof TillwatchError) || !error.retryable) {
          if (!signal.aborted) log.error({ shard, err: error }, 'the inbox cannot be read: it is not read any more');
          return;
        }
        const wait = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt++, 10));
        await clock.sleep(wait, signal).catch(() => {});
        continue;
      }
      for (const entry of entries) {
        if (!sink.open) await this.#opened(sink, signal);
        if (signal.aborted) break;
        this.#take(entry, sink);
        position = entry.position;
      }
      if (this.#finished > this.#saved && clock.now() - this.#savedAt >= CURSOR_MS) {
        this.#savedAt = clock.now();
        await this.#save().catch(() => {
          // Behind only means that messages come again, and they are known.
        });
      }
    }
  }

  #take({ position, bytes }: JournalEntry, sink: TelemetrySink): void {
    const { log, shard } = this.#deps;
    let messages: ReturnType<typeof decodeInbox>;
    try {
      messages = decodeInbox(bytes);
    } catch (error) {
      log.error({ shard, position, err: error }, 'an entry of the inbox is damaged: its messages are lost');
      messages = [];
    }
    const entry: Entry = { position, left: messages.length };
    this.#entries.push(entry);
    for (const message of messages) {
      sink.message(message, (error) => {
        // Not durable and never will be here: the next owner is given it again.
        if (error) {
          this.#failure = error.message;
          this.#stopping.abort();
          return;
        }
        entry.left--;
        this.#advance();
      });
    }
    this.#advance();
  }

  #advance(): void {
    let passed = 0;
    while (passed < this.#entries.length && this.#entries[passed]!.left === 0) {
      this.#finished = this.#entries[passed++]!.position;
    }
    if (passed > 0) this.#entries.splice(0, passed);
  }

  async #save(): Promise<void> {
    const { inbox, shard } = this.#deps;
    const finished = this.#finished;
    if (finished <= this.#saved) return;
    await inbox.commit(INBOX_CONSUMER, shard, finished);
    this.#saved = finished;
  }

  #opened(sink: TelemetrySink, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        ends();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const ends = sink.onOpen(done);
      signal.addEventListener('abort', done);
      if (sink.open || signal.aborted) done();
    });
  }
}
