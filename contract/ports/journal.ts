import type { Reading, ReadingBatch } from '../reading.ts';

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
 * Errors: `journal.full` (disk budget spent, retryable), `journal.unavailable` (retryable), `journal.closed`.
 */
export interface Journal {
  readonly shards: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves with the position once the bytes are durable; many appends in flight share one commit. Order of calls is kept per shard. */
  append(shard: number, bytes: Uint8Array): Promise<number>;
  /** Entries after `position`, oldest first, at most `maxBytes` together (at least one when there is one). */
  read(shard: number, after: number, maxBytes: number): Promise<readonly JournalEntry[]>;
  /** Last position of a shard, 0 when empty. */
  last(shard: number): Promise<number>;
  /** Position up to which a durable consumer has finished; 0 for one never seen. */
  cursor(consumer: string, shard: number): Promise<number>;
  /** Moves a cursor; entries that all known consumers have passed may be trimmed. */
  commit(consumer: string, shard: number, position: number): Promise<void>;
  /** Forgets a consumer, so that it holds back trimming no more. */
  forget(consumer: string): Promise<void>;
  /** Deletes what every consumer has passed and gives disk back; returns the number of entries deleted. */
  trim(): Promise<number>;
  stats(): Promise<JournalStats>;
}

export interface Subscription {
  /** Position of the last batch handed over and finished. */
  readonly position: number;
  /** Journal positions that this reader is behind. */
  readonly lag: number;
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
   * is retryable; otherwise the subscription stops and reports itself unhealthy.
   */
  readonly handle: (batch: ReadingBatch) => Promise<void> | void;
}

/** Publishing and tailing over a journal: a reader that keeps up is handed the decoded batch itself, one that is behind reads back. */
export interface JournalFeed {
  /** Appends one batch and hands it to the readers that are level; resolves with its position once durable. */
  publish(shard: number, readings: readonly Reading[]): Promise<number>;
  consume(options: ConsumeOptions): Promise<Subscription>;
  stop(): Promise<void>;
}
