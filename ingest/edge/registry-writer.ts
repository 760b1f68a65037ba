import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Announcement, RegistryRepository } from '../../contract/ports/registry.ts';
import type { RegistryDirectory } from './directory.ts';

export interface RegistryWriterDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: RegistryRepository;
  readonly directory: RegistryDirectory;
}

const BATCH = 1_000;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MOST_MS = 10_000;

/** Brings births and first sightings into the registry: only the newest of each terminal waits, so the queue is bounded by the fleet. */
export class RegistryWriter {
  readonly #deps: RegistryWriterDeps;
  readonly #waiting = new Map<string, Announcement>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(deps: RegistryWriterDeps) {
    this.#deps = deps;
  }

  get failure(): string | undefined {
    return this.#failure;
  }
  get waiting(): number {
    return this.#waiting.size;
  }

  announce(announcements: readonly Announcement[]): void {
    for (const announcement of announcements) {
      const key = `${announcement.tenant}/${announcement.terminal}`;
      const waiting = this.#waiting.get(key);
      if (waiting?.birth && (!announcement.birth || waiting.at > announcement.at)) continue;
      this.#waiting.set(key, announcement);
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing waits any more (or the store stays away while stopping). */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async flushed(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log, registry, directory } = this.#deps;
    // Not at once: what arrives in the same turn goes into the same transaction.
    await Promise.resolve();
    for (let attempt = 0; this.#waiting.size > 0; ) {
      const batch: Announcement[] = [];
      for (const [key, announcement] of this.#waiting) {
        batch.push(announcement);
        this.#waiting.delete(key);
        if (batch.length === BATCH) break;
      }
      try {
        for (const terminal of await registry.announce(batch)) directory.put(terminal);
        this.#failure = undefined;
        attempt = 0;
      } catch (error) {
        this.#failure = messageOf(error);
        const retryable = error instanceof TillwatchError && error.retryable;
        if (!retryable) {
          await this.#oneByOne(batch);
          continue;
        }
        for (const a of batch) {
          const key = `${a.tenant}/${a.terminal}`;
          if (!this.#waiting.has(key)) this.#waiting.set(key, a);
        }
        if (this.#stopping.signal.aborted) return;
        const wait = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt++, 10));
        log.warn({ waiting: this.#waiting.size, wait, reason: this.#failure }, 'the registry takes nothing now');
        await clock.sleep(wait, this.#stopping.signal).catch(() => {});
      }
    }
  }

  /** One announcement that the registry cannot take must not cost the others. */
  async #oneByOne(batch: readonly Announcement[]): Promise<void> {
    const { log, registry, directory } = this.#deps;
    for (const announcement of batch) {
      try {
        for (const terminal of await registry.announce([announcement])) directory.put(terminal);
      } catch (error) {
        const { tenant, terminal } = announcement;
        log.error(
          { tenant, terminal, reason: messageOf(error) },
          'the registry refused a terminal: its births are not shown',
        );
      }
    }
  }
}
