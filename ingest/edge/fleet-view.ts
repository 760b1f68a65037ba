import type { Logger } from 'pino';
import type { Clock } from '../../contract/ports/clock.ts';
import type { CheckpointStore } from '../../contract/ports/findings.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { PresenceView } from '../../contract/ports/presence.ts';
import type { Presence } from '../../contract/registry.ts';
import { shardOf } from '../../contract/shard.ts';
import type { TenantId } from '../../contract/topics.ts';
import { createPipeline, type Pipeline } from '../core/pipeline.ts';
import type { RegistryDirectory } from './directory.ts';
import { TablePresence } from './presence-view.ts';

export interface FleetViewDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly feed: JournalFeed;
  readonly shards: number;
  readonly directory: RegistryDirectory;
  /** Where the owners of shards keep their tables: what happened before this process began is taken from there. */
  readonly checkpoints: CheckpointStore;
}

/** Name of the checkpoint of a shard's table of terminals. */
export const ingestCheckpoint = (shard: number): string => `ingest-${shard}`;

/**
 * Presence for a process that takes no messages itself: follows the journal with the same pipeline that ingest uses, from ingest's own
 * checkpoints on.
 */
export class FleetView implements PresenceView {
  readonly #deps: FleetViewDeps;
  readonly #pipelines: readonly Pipeline[];
  readonly #presences: readonly TablePresence[];
  readonly #subscriptions: Subscription[] = [];
  #stopSweeping: (() => void) | undefined;

  constructor(deps: FleetViewDeps) {
    this.#deps = deps;
    this.#pipelines = Array.from({ length: deps.shards }, () => createPipeline());
    this.#presences = this.#pipelines.map(({ table }) => new TablePresence(table, deps.directory, deps.clock));
  }

  async start(): Promise<void> {
    const { clock, log } = this.#deps;
    for (let shard = 0; shard < this.#deps.shards; shard++) this.#subscriptions.push(await this.#follow(shard));
    this.#stopSweeping = clock.every(5_000, async () => {
      for (const presence of this.#presences) await presence.sweep();
    });
    log.info({ terminals: this.#pipelines.reduce((sum, { table }) => sum + table.size, 0) }, 'the fleet is known');
  }

  async stop(): Promise<void> {
    this.#stopSweeping?.();
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
  }

  of(tenant: TenantId, terminal: string): Presence | undefined {
    return this.#presences[shardOf(tenant, terminal, this.#presences.length)]!.of(tenant, terminal);
  }

  *all(tenant: TenantId): Iterable<Presence> {
    for (const presence of this.#presences) yield* presence.all(tenant);
  }

  onChange(listener: (presence: Presence) => void): () => void {
    const ends = this.#presences.map((presence) => presence.onChange(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  async #follow(shard: number): Promise<Subscription> {
    const { feed, checkpoints, log } = this.#deps;
    const pipeline = this.#pipelines[shard]!;
    const saved = await checkpoints.load(ingestCheckpoint(shard));
    let after = 0;
    if (saved) {
      try {
        pipeline.table.restore(saved.state);
        after = saved.positions[0] ?? 0;
      } catch (error) {
        log.warn(
          { shard, err: error },
          'what ingest saved of a shard cannot be read here: the journal is read from its beginning',
        );
      }
    }
    return feed.consume({
      consumer: 'presence',
      shard,
      after,
      cursor: 'none',
      handle: ({ readings }) => {
        for (const reading of readings) {
          const { linkChanges } = pipeline.recover(reading);
          if (linkChanges.length > 0) this.#presences[shard]!.changed(linkChanges);
        }
      },
    });
  }
}
