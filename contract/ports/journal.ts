import type { TillwatchError } from '../errors.ts';
import type { Reading, ReadingBatch } from '../reading.ts';
import type { TenantId } from '../topics.ts';

export interface JournalEntry {
  readonly shard: number;
  /** From 1, rising by 1 within the shard. */
  readonly position: number;
  /** A batch as `encodeReadings` wrote it. */
  readonly bytes: Uint8Array;
}

export interface JournalStats {
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly shards: readonly { readonly shard: number; readonly first: number; readonly last: number }[];
}

/**
 * The ordered, durable hand-off between ingest and its readers. Suite: `tests/ports/journal.ts`.
 * Errors: `journal.full` (disk budget spent, retryable), `journal.unavailable` (retryable), `journal.moved`, `journal.closed`.
 */
export interface Journal {
  readonly shards: number;
  /** Largest entry that `append` takes, bytes. */
  readonly maxEntryBytes: number;
  /** True where other processes append too: a reader that is level must `wait` for them. */
  readonly shared: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Resolves with the position once the bytes are durable; many appends in flight share one commit. Order of calls is kept per shard.
   * The bytes are taken over: their memory may move to another thread, so the caller must not use them again. With `after`: only where
   * that is still the shard's last position, `journal.moved` otherwise, so that a writer that was replaced stores nothing.
   */
  append(shard: number, bytes: Uint8Array, after?: number): Promise<number>;
  /** Entries after `position`, oldest first, at most `maxBytes` together (at least one when there is one). Trimmed ones are passed over. */
  read(shard: number, after: number, maxBytes: number): Promise<readonly JournalEntry[]>;
  /** Resolves once there may be an entry after `after`, or when the signal aborts. */
  wait(shard: number, after: number, signal: AbortSignal): Promise<void>;
  /** Last position of a shard, 0 when empty. */
  last(shard: number): Promise<number>;
  /** Position up to which a durable consumer has finished; 0 for one never seen. */
  cursor(consumer: string, shard: number): Promise<number>;
  /** Moves a cursor (never back) and so makes its consumer known; entries that all known consumers have passed may be trimmed. */
  commit(consumer: string, shard: number, position: number): Promise<void>;
  /** Forgets a consumer, so that it holds back trimming no more. */
  forget(consumer: string): Promise<void>;
  /**
   * Deletes what every consumer has passed, in the pieces that the adapter deletes by, and gives disk back; with no consumer known,
   * nothing. Returns the number of entries deleted.
   */
  trim(): Promise<number>;
  stats(): Promise<JournalStats>;
}

export interface Subscription {
  /** Position of the last batch handed over and finished. */
  readonly position: number;
  /** Journal positions that this reader is behind. */
  readonly lag: number;
  /** Why it hands over no more, once a batch was rejected for good: the reader must be started again after the cause is mended. */
  readonly failure: TillwatchError | undefined;
  /** With `cursor: 'manual'`: says that everything up to `position` is done for good, so that it need not be kept. */
  acknowledge(position: number): Promise<void>;
  /** Waits until the batch under way is finished, then hands over no more. */
  stop(): Promise<void>;
}

export interface ConsumeOptions {
  readonly consumer: string;
  readonly shard: number;
  /** Start after this position; left out: after the consumer's committed cursor; `'end'`: only what comes from now on. */
  readonly after?: number | 'end';
  /**
   * Called with one batch at a time, in order; the next comes when it resolves. A rejection is retried with backoff for as long as it
   * is retryable; otherwise the subscription stops with its `failure`.
   */
  readonly handle: (batch: ReadingBatch) => Promise<void> | void;
  /** Only these tenants' readings are handed over; left out: all. A batch without any comes empty. */
  readonly tenants?: (tenant: TenantId) => boolean;
  /**
   * `handled` (default): a batch is finished when `handle` resolves. `manual`: when the reader acknowledges it, for readers that
   * checkpoint later (with `after` from their checkpoint). `none`, and always for `after: 'end'`: not kept at all, so nothing is kept for
   * this reader either. Cursors are saved a little behind, so a reader that must not see a batch twice keeps its own position.
   */
  readonly cursor?: 'handled' | 'manual' | 'none';
}

/** Publishing and tailing over a journal: a reader that keeps up is handed the decoded batch itself, one that is behind reads back. */
export interface JournalFeed {
  /** Appends one batch and hands it to the readers that are level; resolves with its position once durable. `after` as with `append`. */
  publish(shard: number, readings: readonly Reading[], after?: number): Promise<number>;
  consume(options: ConsumeOptions): Promise<Subscription>;
  /** Stops all readers and saves their cursors; the journal itself is its opener's to stop. */
  stop(): Promise<void>;
}
