import { isReadable, Pupil } from '../../analytics/edge/pupil.ts';
import { TillwatchError } from '../../contract/errors.ts';
import { shardOf } from '../../contract/shard.ts';
import type { TenantId } from '../../contract/topics.ts';
import { RegistryDirectory } from '../../ingest/edge/directory.ts';
import { ingestCheckpoint } from '../../ingest/edge/fleet-view.ts';
import { assertUnused, type CopiedTable, copyTables } from '../../store/relational/copy-tables.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { createCheckpointStore } from '../../store/relational/repositories/checkpoints.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { createOpinionStore } from '../../store/relational/repositories/opinions.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { type HistoryOptions, moveHistory } from './history.ts';
import { openSource, type Source } from './source.ts';

export interface MoveOptions extends HistoryOptions {
  readonly shards: number;
}

export interface Moved {
  readonly readings: number;
  readonly tables: readonly CopiedTable[];
  /** Parts of analytics that go on from the old state as it was, and those that were taught from stored readings. */
  readonly carried: readonly number[];
  readonly taught: readonly number[];
  /** Findings that the taught detectors did not hold any more. */
  readonly ended: number;
}

/**
 * Takes a platform that has run in one process to servers: stored readings, all tables, what ingest remembers of terminals and what detectors
 * have learned. The directory is only read, but for its tables, which are brought to this version. Tables come last and whole, so that a move that was
 * interrupted is begun again. Errors: `move.*`, `tables.*`, `telemetry.*`.
 */
export async function move(options: MoveOptions, to: Relational): Promise<Moved> {
  const { dataDir, shards, clock } = options;
  // Looked at first too: history may take hours.
  await assertUnused(to.db);
  const source = await openSource(dataDir, shards);
  try {
    const tenants = await tenantsOf(source.relational);
    const partOf = (tenant: TenantId): number => shardOf(tenant, '', shards);
    const parts = [...new Set(tenants.map(partOf))].sort((a, b) => a - b);
    const pupils = await pupilsOf(source, parts);
    const readings = await moveHistory(options, pupils.size > 0 ? (tenant) => pupils.get(partOf(tenant)) : undefined);
    const checkpoints = createCheckpointStore(to);
    const opinions = createOpinionStore(source.relational);
    for (const [part, pupil] of pupils) {
      await pupil.heed(opinions);
      await pupil.save(`part-${part}`, checkpoints);
    }
    const carried = pupils.size === 0 && source.detectors.length > 0 ? parts : [];
    for (const part of carried) {
      for (const { worker, state, at } of source.detectors) {
        await checkpoints.save({ worker: worker.replace('main', `part-${part}`), positions: {}, state: [state], at });
      }
    }
    for (const [shard, pieces] of source.ingest.shards.entries()) {
      await checkpoints.save({ worker: ingestCheckpoint(shard), positions: { 0: 0 }, state: pieces, at: clock.now() });
    }
    const tables = await copyTables(source.relational, to);
    const findings = createFindingStore(to);
    let ended = 0;
    for (const tenant of tenants) {
      const gone = pupils.get(partOf(tenant))?.notHeld(await findings.standing(tenant), clock.now()) ?? [];
      await findings.state(gone);
      ended += gone.length;
    }
    return { readings, tables, carried, taught: [...pupils.keys()], ended };
  } finally {
    await source.relational.close();
  }
}

/** Tenants that have a terminal. */
export async function tenantsOf({ db }: Relational): Promise<TenantId[]> {
  const rows = await db.selectFrom('terminal').select('tenant').distinct().execute();
  return rows.map(({ tenant }) => tenant as TenantId);
}

/**
 * Detectors that have to be taught: where all tenants fall into one part, and this version can read their state, it goes on as it is. The
 * state of several tenants cannot be taken apart, as they are told apart everywhere in it; what taught it is stored.
 */
async function pupilsOf(source: Source, parts: readonly number[]): Promise<ReadonlyMap<number, Pupil>> {
  const main = source.detectors.find(({ worker }) => worker === 'main');
  if (!main || (parts.length === 1 && isReadable(main.state))) return new Map();
  const directory = new RegistryDirectory(createRegistryRepository(source.relational));
  await directory.refresh();
  const siteOf = (tenant: TenantId, terminal: string) => directory.facts(tenant, terminal)?.site ?? undefined;
  return new Map(parts.map((part) => [part, new Pupil({ siteOf })]));
}

/** Refuses a journal in which there is something already: it is somebody's. Error: `move.journal_in_use`. */
export async function assertEmpty(journal: {
  readonly shards: number;
  last(shard: number): Promise<number>;
}): Promise<void> {
  for (let shard = 0; shard < journal.shards; shard++) {
    const last = await journal.last(shard);
    if (last === 0) continue;
    throw new TillwatchError(
      'move.journal_in_use',
      `the journal already holds ${last} batches in shard ${shard}: give an empty one. Nothing was changed`,
      { status: 400 },
    );
  }
}
