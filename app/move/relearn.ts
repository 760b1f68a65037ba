import { join } from 'node:path';
import { Pupil } from '../../analytics/edge/pupil.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import { RegistryDirectory } from '../../ingest/edge/directory.ts';
import { TELEMETRY_CONSUMER } from '../../ingest/edge/telemetry-writer.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createCheckpointStore } from '../../store/relational/repositories/checkpoints.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { createOpinionStore } from '../../store/relational/repositories/opinions.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { readHistory } from '../../store/telemetry/duckdb/history.ts';
import { tenantsOf } from './move.ts';

export interface Relearned {
  readonly readings: number;
  /** Findings that stood and that these detectors do not hold. */
  readonly ended: number;
}

/**
 * Has the detectors of this version learn from the raw readings that a directory holds, in place of a state that they cannot read: what is usual, what
 * was under suspicion, what stands. What only the journal holds is read by the next start. Nothing may run on the directory.
 */
export async function relearn(
  dataDir: string,
  shards: number,
  clock: Pick<Clock, 'now'>,
  progress: (at: number, readings: number) => void,
): Promise<Relearned> {
  const relational = await openRelational({ url: `sqlite:${join(dataDir, 'tillwatch.db')}` });
  const journal = createSqliteJournal({ dir: join(dataDir, 'journal'), shards });
  try {
    await relational.migrate();
    await journal.start();
    const directory = new RegistryDirectory(createRegistryRepository(relational));
    await directory.refresh();
    const pupil = new Pupil({ siteOf: (tenant, terminal) => directory.facts(tenant, terminal)?.site ?? undefined });
    let readings = 0;
    for await (const piece of readHistory(join(dataDir, 'telemetry'))) {
      if (piece.resolution !== 'raw') continue;
      for (const reading of piece.readings) pupil.take(reading);
      readings += piece.readings.length;
      progress(piece.readings.at(-1)?.ts ?? 0, readings);
    }
    await pupil.heed(createOpinionStore(relational));
    const positions: Record<number, number> = {};
    for (let shard = 0; shard < shards; shard++) positions[shard] = await journal.cursor(TELEMETRY_CONSUMER, shard);
    await pupil.save('main', createCheckpointStore(relational), positions);
    const findings = createFindingStore(relational);
    let ended = 0;
    for (const tenant of await tenantsOf(relational)) {
      const gone = pupil.notHeld(await findings.standing(tenant), clock.now());
      await findings.state(gone);
      ended += gone.length;
    }
    return { readings, ended };
  } finally {
    await journal.stop();
    await relational.close();
  }
}
