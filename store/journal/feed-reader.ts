import type { Counter, Gauge } from 'prom-client';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { decodeReadings } from '../../contract/journal-codec.ts';
import type { ConsumeOptions, JournalEntry, Subscription } from '../../contract/ports/journal.ts';
import type { Reading, ReadingBatch } from '../../contract/reading.ts';
import type { JournalFeedDeps } from './feed.ts';

export interface ReaderMetrics {
  readonly lag: Gauge;
  readonly readBack: Counter;
  readonly damaged: Counter;
  readonly retries: Counter;
}

const LIVE_READINGS = 20_000;
const READ_BYTES = 2 * 2 ** 20;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MOST_MS = 30_000;
// A saved cursor costs the journal a commit: often enough that a restart repeats little, seldom enough to cost nothing.
const CURSOR_MS = 500;

/**
 * One consumer of one shard. Level: batches are handed over as they were published. Behind (at first, or when its queue is full): it
 * reads back from the journal until there is nothing more, and is level again.
 */
export class FeedReader implements Subscription {
  readonly #deps: JournalFeedDeps;
  readonly #metrics: ReaderMetrics;
  readonly #options: ConsumeOptions;
  readonly #tail: () => number;
  readonly #stopping = new AbortController();
  #queue: ReadingBatch[] = [];
  #queued = 0;
  #level = false;
  /** Position that the next live batch must have: anything else means that one was missed. */
  #expected = 0;
  #position: number;
  #wake: (() => void) | undefined;
  #done: Promise<void> = Promise.resolve();
  #failure: TillwatchError | undefined;
  #finished: number;
  #saved: number;
  #saving: Promise<void> | undefined;

  constructor(
    deps: JournalFeedDeps,
    metrics: ReaderMetrics,
    options: ConsumeOptions,
    after: number,
    tail: () => number,
  ) {
    this.#deps = deps;
    this.#metrics = metrics;
    this.#options = options;
    this.#tail = tail;
    this.#position = this.#finished = this.#saved = after;
  }

  get position(): number {
    return this.#position;
  }
  get lag(): number {
    return Math.max(0, this.#tail() - this.#position);
  }
  get failure(): TillwatchError | undefined {
    return this.#failure;
  }

  start(ended: () => void): void {
    this.#done = this.#run().finally(ended);
  }

  /** A batch has just become durable. */
  offer(batch: ReadingBatch): void {
    if (!this.#level) {
      this.#wake?.();
      return;
    }
    if (batch.position < this.#expected) return;
    const most = this.#deps.liveReadings ?? LIVE_READINGS;
    if (batch.position > this.#expected || (this.#queue.length > 0 && this.#queued + batch.readings.length > most)) {
      this.#level = false;
    } else {
      this.#queue.push(batch);
      this.#queued += batch.readings.length;
      this.#expected++;
    }
    this.#wake?.();
  }

  async acknowledge(position: number): Promise<void> {
    if (this.#options.cursor !== 'manual' || this.#options.after === 'end') return;
    this.#finished = Math.max(this.#finished, Math.min(position, this.#position));
    await this.#save();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { log } = this.#deps;
    const { consumer, shard } = this.#options;
    try {
      while (!this.#stopping.signal.aborted) {
        const batch = this.#queue.shift();
        if (batch) {
          this.#queued -= batch.readings.length;
          await this.#handle(batch);
        } else if (this.#level) await this.#more();
        else await this.#readBack();
      }
    } catch (error) {
      this.#failure =
        error instanceof TillwatchError
          ? error
          : new TillwatchError('journal.reader_failed', messageOf(error), { cause: error });
      log.error(
        { consumer, shard, position: this.#position, code: this.#failure.code, err: error },
        'a journal reader stopped: what it reads is kept until it is started again',
      );
    }
    this.#queue = [];
    this.#level = false;
    try {
      await this.#save();
    } catch (error) {
      // A cursor that is behind only repeats batches, which readers must bear.
      log.warn({ consumer, shard, reason: messageOf(error) }, 'a journal cursor was not saved');
    }
  }

  /** What was read back is this reader's alone already; a live batch is shared with the others. */
  #mine(batch: ReadingBatch): ReadingBatch {
    const { tenants } = this.#options;
    if (!tenants || batch.readings.every(({ tenant }) => tenants(tenant))) return batch;
    return { ...batch, readings: batch.readings.filter(({ tenant }) => tenants(tenant)) };
  }

  async #handle(batch: ReadingBatch): Promise<void> {
    const { clock, log } = this.#deps;
    const { consumer, shard } = this.#options;
    const labels = { consumer };
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#options.handle(this.#mine(batch));
        break;
      } catch (error) {
        if (!(error instanceof TillwatchError) || !error.retryable) throw error;
        if (this.#stopping.signal.aborted) return;
        const wait = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 12));
        this.#metrics.retries.inc(labels);
        log.warn(
          { consumer, shard, position: batch.position, attempt, wait, code: error.code, reason: error.message },
          'a journal reader will be given the batch again',
        );
        await this.#pause(wait, clock);
        if (this.#stopping.signal.aborted) return;
      }
    }
    this.#position = batch.position;
    this.#metrics.lag.set({ consumer, shard }, this.lag);
    if (this.#options.cursor !== undefined && this.#options.cursor !== 'handled') return;
    this.#finished = batch.position;
    if (this.#saving) return;
    // Not waited for: the reader goes on, and `stop` saves what is left.
    this.#saving = this.#saveSoon().finally(() => {
      this.#saving = undefined;
    });
  }

  async #saveSoon(): Promise<void> {
    const { clock, log } = this.#deps;
    await this.#pause(CURSOR_MS, clock);
    // Stopping: the run's end saves.
    if (this.#stopping.signal.aborted) return;
    try {
      await this.#save();
    } catch (error) {
      const { consumer, shard } = this.#options;
      log.warn({ consumer, shard, reason: messageOf(error) }, 'a journal cursor was not saved');
    }
  }

  async #save(): Promise<void> {
    if (this.#options.after === 'end' || this.#options.cursor === 'none') return;
    const finished = this.#finished;
    if (finished <= this.#saved) return;
    await this.#deps.journal.commit(this.#options.consumer, this.#options.shard, finished);
    this.#saved = Math.max(this.#saved, finished);
  }

  /** Waits for the next live batch, or for what another process appended. */
  async #more(): Promise<void> {
    const { journal } = this.#deps;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#stopping.signal.aborted) return;
    if (journal.shared) {
      const { shard } = this.#options;
      const over = new AbortController();
      const both = AbortSignal.any([over.signal, this.#stopping.signal]);
      await Promise.race([woken, journal.wait(shard, this.#position, both)]);
      over.abort();
      // What this very process appended wakes the reader a moment before it is offered: then nothing need be read back.
      if (this.#queue.length === 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.#queue.length === 0) this.#level = false;
    } else await woken;
    this.#wake = undefined;
  }

  async #readBack(): Promise<void> {
    const { journal, clock, log } = this.#deps;
    const { consumer, shard } = this.#options;
    let entries: readonly JournalEntry[];
    const tailBefore = this.#tail();
    for (let attempt = 0; ; attempt++) {
      try {
        entries = await journal.read(shard, this.#position, this.#deps.readBytes ?? READ_BYTES);
        break;
      } catch (error) {
        if (!(error instanceof TillwatchError) || !error.retryable) throw error;
        log.warn({ consumer, shard, reason: error.message }, 'the journal cannot be read now; trying again');
        await this.#pause(Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 12)), clock);
        if (this.#stopping.signal.aborted) return;
      }
    }
    if (entries.length === 0) {
      // While it read, a batch may have been published; only when none was is the reader level.
      if (this.#tail() > tailBefore) return;
      // Positions that the journal skipped (after damage) hold nothing.
      this.#position = Math.max(this.#position, tailBefore);
      this.#level = true;
      this.#expected = this.#position + 1;
      return;
    }
    for (const entry of entries) {
      if (this.#stopping.signal.aborted) return;
      if (entry.position > this.#position + 1 && this.#position > 0) {
        log.warn(
          { consumer, shard, after: this.#position, next: entry.position },
          'the journal has nothing between these positions: they were trimmed or damaged',
        );
      }
      const readings = this.#decode(entry);
      this.#metrics.readBack.inc({ consumer });
      if (readings) await this.#handle({ shard, position: entry.position, readings });
      else this.#position = entry.position;
    }
  }

  #decode(entry: JournalEntry): Reading[] | undefined {
    try {
      return decodeReadings(entry.bytes, this.#options.tenants);
    } catch (error) {
      const { consumer, shard } = this.#options;
      this.#metrics.damaged.inc({ consumer });
      this.#deps.log.error(
        { consumer, shard, position: entry.position, reason: messageOf(error) },
        'a journal batch is damaged and is passed over; its messages are lost to this reader',
      );
      return undefined;
    }
  }

  async #pause(ms: number, clock: JournalFeedDeps['clock']): Promise<void> {
    try {
      await clock.sleep(ms, this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
    }
  }
}
