import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TillwatchError } from '../../contract/errors.ts';
import type { Checkpoint } from '../../contract/ports/findings.ts';
import { type DividedState, divideState } from '../../ingest/edge/divide-state.ts';
import { TELEMETRY_CONSUMER } from '../../ingest/edge/telemetry-writer.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { openRelational } from '../../store/relational/open.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { createCheckpointStore } from '../../store/relational/repositories/checkpoints.ts';

/** What a platform in one process has left in its data directory. */
export interface Source {
  readonly relational: Relational;
  /** State of ingest, divided among the new shards. */
  readonly ingest: DividedState;
  /** State of the detectors and their kin, by name; none where nothing was learned yet. */
  readonly detectors: readonly Checkpoint[];
}

/** Names under which one process keeps what analytics has learned: detectors, custom gauges, learned models. */
const LEARNED = ['main', 'main/gauges', 'main/risk'] as const;

/**
 * Opens a data directory that nobody uses, brings its tables to this version, and sees that nothing in its journal waits to be read.
 * Errors: `move.no_platform`, `move.behind`.
 */
export async function openSource(dataDir: string, shards: number): Promise<Source> {
  const tables = join(dataDir, 'tillwatch.db');
  const state = join(dataDir, 'ingest.state');
  if (!existsSync(tables) || !existsSync(state)) {
    throw new TillwatchError(
      'move.no_platform',
      `${dataDir} holds no platform that has run in one process (${existsSync(tables) ? 'ingest.state' : 'tillwatch.db'} is missing): give the directory that "tillwatch up --data" was given`,
      { status: 400 },
    );
  }
  const ingest = divideState(await readFile(state), shards);
  const relational = await openRelational({ url: `sqlite:${tables}` });
  try {
    await relational.migrate();
    const checkpoints = createCheckpointStore(relational);
    const detectors: Checkpoint[] = [];
    for (const name of LEARNED) {
      const checkpoint = await checkpoints.load(name);
      if (checkpoint) detectors.push(checkpoint);
    }
    const main = detectors.find(({ worker }) => worker === 'main');
    await assertLevel(join(dataDir, 'journal'), ingest.positions.length, main);
    return { relational, ingest, detectors };
  } catch (error) {
    await relational.close();
    throw error;
  }
}

/** What is in the journal only would stay behind. */
async function assertLevel(dir: string, shards: number, main: Checkpoint | undefined): Promise<void> {
  const journal = createSqliteJournal({ dir, shards });
  await journal.start();
  try {
    for (let shard = 0; shard < shards; shard++) {
      const last = await journal.last(shard);
      const stored = await journal.cursor(TELEMETRY_CONSUMER, shard);
      const judged = main?.positions[shard] ?? 0;
      if (stored >= last && judged >= last) continue;
      throw new TillwatchError(
        'move.behind',
        `of ${last} batches in the journal ${stored} are stored and ${judged} judged: start "tillwatch up" on the directory once more, wait until it ` +
          'says "live" (no batch behind), and stop it in order. Nothing was changed',
        { context: { shard, last, stored, judged } },
      );
    }
  } finally {
    await journal.stop();
  }
}
