import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { ReadingBatch } from '../../contract/reading.ts';
import type { Check } from '../../contract/room.ts';
import type { Meters } from './meters.ts';

export const TELEMETRY_CONSUMER = 'telemetry';

export interface TelemetryWriterDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly feed: JournalFeed;
  readonly telemetry: Pick<TelemetryStore, 'writeAll' | 'position'>;
  readonly shards: number;
  readonly meters: Meters;
  /** When a batch came, whose oldest message says `receivedAt`. */
  readonly cameAt: (shard: number, position: number, receivedAt: number) => number;
  /** Readings gathered before a write is started at once. */
  readonly batchReadings: number;
  /** How long fewer than that wait for more, ms: one large write costs the store far less than many small ones. */
  readonly lingerMs: number;
}

/** Readings that may wait for the store before the journal's reader is held back. */
const QUEUE_FACTOR = 4;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MOST_MS = 15_000;

/** The journal's reader that writes time series: batches of a shard are gathered and written together, cursors follow the writes. */
export class TelemetryWriter {
  readonly #deps: TelemetryWriterDeps;
  readonly #shards: ShardWriter[];

  constructor(deps: TelemetryWriterDeps) {
    this.#deps = deps;
    this.#shards = Array.from({ length: deps.shards }, (_, shard) => new ShardWriter(deps, shard));
  }

  async start(): Promise<void> {
    for (const shard of this.#shards) await shard.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.stop()));
  }

  check(): Check {
    const failure = this.#shards.map((shard) => shard.failure).find((f) => f !== undefined);
    const lag = this.#shards.reduce((sum, shard) => sum + shard.lag, 0);
    return failure === undefined
      ? { name: 'telemetry-writer', ok: true, detail: `${lag} journal batches behind` }
      : { name: 'telemetry-writer', ok: false, detail: `${failure}; the journal keeps ${lag} batches for it` };
  }

  /** Resolves when everything journaled so far can be queried. */
  async flushed(): Promise<void> {
    while (this.#shards.some((shard) => shard.lag > 0 && shard.failure === undefined)) await this.#deps.clock.sleep(10);
  }
}

class ShardWriter {
  readonly #deps: TelemetryWriterDeps;
  readonly #shard: number;
  readonly #stopping = new AbortController();
  #subscription: Subscription | undefined;
  #queue: ReadingBatch[] = [];
  #queued = 0;
  #written = 0;
  #room: (() => void) | undefined;
  #more: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(deps: TelemetryWriterDeps, shard: number) {
    this.#deps = deps;
    this.#shard = shard;
  }

  get lag(): number {
    const s = this.#subscription;
    return s ? s.position + s.lag - this.#written : 0;
  }
  get failure(): string | undefined {
    return this.#failure ?? this.#subscription?.failure?.message;
  }

  async start(): Promise<void> {
    const { feed, telemetry, batchReadings } = this.#deps;
    this.#written = await telemetry.position(this.#shard);
    this.#subscription = await feed.consume({
      consumer: TELEMETRY_CONSUMER,
      shard: this.#shard,
      after: this.#written,
      cursor: 'manual',
      handle: async (batch) => {
        this.#queue.push(batch);
        this.#queued += batch.readings.length;
        this.#more?.();
        if (this.#queued > batchReadings * QUEUE_FACTOR) await new Promise<void>((resolve) => (this.#room = resolve));
      },
    });
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#more?.();
    this.#room?.();
    await this.#subscription?.stop();
    this.#more?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, batchReadings, lingerMs } = this.#deps;
    const { signal } = this.#stopping;
    for (;;) {
      if (this.#queue.length === 0) {
        if (signal.aborted) return;
        await new Promise<void>((resolve) => (this.#more = resolve));
        this.#more = undefined;
        continue;
      }
      if (this.#queued < batchReadings && !signal.aborted) await clock.sleep(lingerMs, signal).catch(() => {});
      const batches: ReadingBatch[] = [];
      let readings = 0;
      while (
        this.#queue.length > 0 &&
        (readings === 0 || readings + this.#queue[0]!.readings.length <= batchReadings)
      ) {
        const batch = this.#queue.shift()!;
        batches.push(batch);
        readings += batch.readings.length;
      }
      this.#queued -= readings;
      if (!(await this.#write(batches))) return;
      this.#room?.();
      this.#room = undefined;
    }
  }

  /** False: given up, because of stopping or an error that trying again does not mend; the journal keeps what was not written. */
  async #write(batches: readonly ReadingBatch[]): Promise<boolean> {
    const { clock, log, telemetry, meters, cameAt } = this.#deps;
    for (let attempt = 0; ; attempt++) {
      try {
        await telemetry.writeAll(batches);
        break;
      } catch (error) {
        const retryable = error instanceof TillwatchError && error.retryable;
        this.#failure = messageOf(error);
        if (!retryable) {
          log.error(
            { shard: this.#shard, position: batches[0]!.position, reason: this.#failure },
            'the telemetry store refused a write for good: nothing is lost, the journal keeps it; mend the store and restart',
          );
          return false;
        }
        if (this.#stopping.signal.aborted) return false;
        const wait = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10));
        log.warn({ shard: this.#shard, attempt, wait, reason: this.#failure }, 'the telemetry store takes nothing now');
        await clock.sleep(wait, this.#stopping.signal).catch(() => {});
      }
    }
    this.#failure = undefined;
    const now = clock.now();
    for (const { position, readings } of batches) {
      if (!readings[0]) continue;
      const came = cameAt(this.#shard, position, readings[0].receivedAt);
      meters.queryable.observe(Math.max(0, now - came) / 1000);
    }
    this.#written = batches.at(-1)!.position;
    try {
      // A server may still hold the last writes in memory: the journal keeps what the store does not yet vouch for.
      const sure = await telemetry.position(this.#shard);
      await this.#subscription?.acknowledge(Math.min(this.#written, sure));
    } catch (error) {
      // A cursor that is behind only keeps the journal longer: the store knows its own position.
      log.warn({ shard: this.#shard, reason: messageOf(error) }, 'the telemetry cursor was not saved');
    }
    return true;
  }
}
