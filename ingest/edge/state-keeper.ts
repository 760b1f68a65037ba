import type { Logger } from 'pino';
import { messageOf } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { Announcement } from '../../contract/ports/registry.ts';
import type { Reading } from '../../contract/reading.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { TerminalTable } from '../core/terminal-table.ts';
import type { StateStore } from './state-store.ts';

export const STATE_CONSUMER = 'ingest-state';

interface SavedBeside {
  readonly positions: readonly number[];
}

/** Fills the table with what an earlier run saved and answers the positions it stands at. What cannot be read is put aside and counts as none. */
async function load(store: StateStore, table: TerminalTable, log: Logger): Promise<readonly number[] | undefined> {
  const bytes = await store.load();
  if (!bytes) return undefined;
  try {
    return (table.restore(bytes) as SavedBeside).positions;
  } catch (error) {
    log.warn(
      { kept: await store.putAside(), reason: messageOf(error) },
      'the saved state of ingest could not be read and was put aside: what the journal still holds is read instead',
    );
    return undefined;
  }
}

export interface StateKeeperDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly feed: JournalFeed;
  readonly pipeline: Pipeline;
  readonly shards: number;
  readonly store: StateStore;
  /** Tells the registry what it may not have been told before the end of the last run. */
  readonly announce: (announcements: readonly Announcement[]) => void;
  /** True for a batch that this process published: its table knows it. Others share the journal in a larger installation. */
  readonly isOwn: (readings: readonly Reading[]) => boolean;
  /** Positions of this process's own last commits, 0 for a shard without one. */
  readonly committed: () => readonly number[];
  /** Resolves when what is in flight now is durable; false when it never will be. */
  readonly settled: () => Promise<boolean>;
}

/**
 * Carries the table over restarts: a file every now and then, and the journal's tail since. The journal is kept as far back as the file
 * is old (a consumer of its own with a manual cursor), so a redelivery is known for what it is after `kill -9` too.
 */
export class StateKeeper {
  readonly #deps: StateKeeperDeps;
  readonly #subscriptions: Subscription[] = [];
  readonly #positions: number[];
  #saving: Promise<void> | undefined;
  recovered = 0;

  constructor(deps: StateKeeperDeps) {
    this.#deps = deps;
    this.#positions = new Array<number>(deps.shards).fill(0);
  }

  /** Loads the file and reads back what the journal holds beyond it; nothing may be accepted before this resolves. */
  async recover(): Promise<void> {
    const { feed, clock, pipeline, store, log, shards, announce, isOwn } = this.#deps;
    const saved = await load(store, pipeline.table, log);
    for (let shard = 0; shard < shards; shard++) {
      let recovering = true;
      let progressed: () => void = () => {};
      const subscription = await feed.consume({
        consumer: STATE_CONSUMER,
        shard,
        cursor: 'manual',
        ...(saved ? { after: saved[shard] ?? 0 } : {}),
        handle: (batch) => {
          if (!recovering && isOwn(batch.readings)) return;
          for (const reading of batch.readings) {
            const { announcements } = pipeline.recover(reading);
            if (announcements.length > 0) announce(announcements);
          }
          if (recovering) this.recovered += batch.readings.length;
          progressed();
        },
      });
      this.#subscriptions.push(subscription);
      const enough = subscription.position + subscription.lag;
      while (subscription.position < enough && !subscription.failure) {
        const waiting = new AbortController();
        // Damaged batches are passed over without a call, so look again now and then.
        const again = clock.sleep(20, waiting.signal).catch(() => {});
        await Promise.race([new Promise<void>((resolve) => (progressed = resolve)), again]);
        waiting.abort();
      }
      recovering = false;
      this.#positions[shard] = Math.max(subscription.position, enough);
      if (subscription.failure) throw subscription.failure;
    }
  }

  /** Positions that the table stood at when it was recovered or last saved. */
  get positions(): readonly number[] {
    return this.#positions;
  }

  /** Saves the table as it is now, once everything it has seen is durable; one save at a time. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #save(): Promise<void> {
    const { pipeline, committed, settled, store } = this.#deps;
    // Taken together, in one turn of the loop: all that these positions hold is in the table. The table may hold more, which must
    // become durable before the file does, or a message could be taken for a repeat that was never stored.
    committed().forEach((position, shard) => {
      // Also where it is lower: a journal that was begun anew counts from 1 again.
      if (position > 0) this.#positions[shard] = position;
    });
    const positions = [...this.#positions];
    const pieces = [...pipeline.table.snapshot({ positions } satisfies SavedBeside)];
    if (!(await settled())) return;
    await store.save(pieces, positions);
    await Promise.all(this.#subscriptions.map((subscription, shard) => subscription.acknowledge(positions[shard]!)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
  }
}
