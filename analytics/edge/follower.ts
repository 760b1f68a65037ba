import type { Logger } from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/findings.ts';
import type { CheckpointStore, FindingStore } from '../../contract/ports/findings.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { Reading, ReadingBatch } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { Engine } from '../core/engine.ts';

export interface FollowerDeps {
  readonly log: Logger;
  readonly feed: JournalFeed;
  /** Shards that this worker owns. */
  readonly shards: readonly number[];
  readonly worker: string;
  /** Tenants that are this worker's; left out: all. */
  readonly tenants?: (tenant: TenantId) => boolean;
  readonly engine: Engine;
  /** Hears every new reading too, before the engine: operators' own gauges, learned models. */
  readonly hear?: (reading: Reading) => readonly Finding[];
  readonly findings: FindingStore;
  readonly checkpoints: CheckpointStore;
}

/**
 * Feeds the engine from the journal and writes what it says. State and positions move together: a batch that comes again after a
 * failed write is not evaluated again, and a checkpoint is only kept once every finding before it is.
 */
export class Follower {
  readonly #deps: FollowerDeps;
  readonly #positions: Record<number, number> = {};
  #subscriptions: Subscription[] = [];
  #pending: Finding[] = [];
  #writing: Promise<void> | undefined;
  #saving: Promise<void> | undefined;
  /** Under way while the engine's own memory is being written: nothing may change it. */
  #still: Promise<void> | undefined;
  #evaluated = 0;
  #saved = 0;

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
  }

  /** Takes the last checkpoint back. One of another version is left aside, with a warning, and the journal read from where it begins. */
  async restore(): Promise<void> {
    const { checkpoints, worker, engine, log } = this.#deps;
    const checkpoint = await checkpoints.load(worker);
    if (!checkpoint) return;
    try {
      engine.restore(checkpoint.state);
      Object.assign(this.#positions, checkpoint.positions);
    } catch (error) {
      if (!(error instanceof TillwatchError) || error.code !== 'analytics.bad_snapshot') throw error;
      log.warn(
        { err: error },
        'analytics state is of another version: what was learned is learned anew ("tillwatch relearn" takes it from stored readings)',
      );
    }
  }

  /** Begins to read after the state that was restored. */
  async start(): Promise<void> {
    const { worker, feed, shards, tenants } = this.#deps;
    for (const shard of shards) {
      const after = this.#positions[shard];
      this.#subscriptions.push(
        await feed.consume({
          consumer: `analytics-${worker}`,
          shard,
          cursor: 'manual',
          ...(tenants ? { tenants } : {}),
          ...(after === undefined ? {} : { after }),
          handle: (batch) => this.#take(batch),
        }),
      );
    }
  }

  /** Stops reading, writes what is pending and saves a last checkpoint. */
  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
    await this.checkpoint();
    this.#subscriptions = [];
  }

  get lag(): number {
    return this.#subscriptions.reduce((sum, s) => sum + s.lag, 0);
  }

  get failure(): TillwatchError | undefined {
    return this.#subscriptions.find((s) => s.failure)?.failure;
  }

  get evaluated(): number {
    return this.#evaluated;
  }

  /** Lets the engine answer to something other than a reading, and states what it says in order with what readings caused. */
  async ask(question: () => readonly Finding[]): Promise<void> {
    while (this.#still) await this.#still;
    const findings = question();
    if (findings.length > 0) this.#pending.push(...findings);
    await this.#write();
  }

  /** Saves state and positions together, once all findings before them are written; two never run at a time. */
  checkpoint(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #take(batch: ReadingBatch): Promise<void> {
    while (this.#still) await this.#still;
    if (batch.position > (this.#positions[batch.shard] ?? 0)) {
      const { engine, hear } = this.#deps;
      for (const reading of batch.readings) {
        const heard = hear?.(reading) ?? [];
        if (heard.length > 0) this.#pending.push(...heard);
        const told = engine.process(reading);
        if (told.length > 0) this.#pending.push(...told);
      }
      this.#evaluated += batch.readings.length;
      this.#positions[batch.shard] = batch.position;
    }
    await this.#write();
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0 || this.#writing) {
      if (this.#writing) {
        await this.#writing;
        continue;
      }
      const findings = this.#pending;
      this.#pending = [];
      this.#writing = this.#deps.findings.state(findings).catch((error: unknown) => {
        this.#pending = [...findings, ...this.#pending];
        throw error;
      });
      try {
        await this.#writing;
      } finally {
        this.#writing = undefined;
      }
    }
  }

  async #save(): Promise<void> {
    const { engine, checkpoints, worker } = this.#deps;
    if (this.#evaluated === this.#saved) return;
    const evaluated = this.#evaluated;
    const positions = { ...this.#positions };
    // A copy of a large fleet's state would be as large again: the engine stands still instead, and the journal waits.
    const saving = this.#write().then(() =>
      checkpoints.save({ worker, positions, state: engine.parts(), at: engine.now }),
    );
    this.#still = saving
      .catch(() => {})
      .then(() => {
        this.#still = undefined;
      });
    await saving;
    this.#saved = evaluated;
    await Promise.all(
      this.#subscriptions.map((subscription, i) => {
        const position = positions[this.#deps.shards[i]!];
        return position === undefined ? undefined : subscription.acknowledge(position);
      }),
    );
  }
}
