import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from '../contract/ports/clock.ts';
import type { Directory } from '../contract/ports/directory.ts';
import type { Journal, JournalFeed } from '../contract/ports/journal.ts';
import type { TelemetryStore } from '../contract/ports/telemetry-store.ts';
import { createJournalFeed } from '../store/journal/feed.ts';
import { createSqliteJournal } from '../store/journal/sqlite/journal.ts';
import { openRelational } from '../store/relational/open.ts';
import type { Relational } from '../store/relational/relational.ts';
import { createDuckDbTelemetry } from '../store/telemetry/duckdb/store.ts';
import type { Config } from './config.ts';

export interface Stores {
  readonly relational: Relational;
  readonly journal: Journal;
  readonly feed: JournalFeed;
  readonly telemetry: TelemetryStore;
}

export interface StoreDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly directory: Directory;
}

const DAY = 86_400_000;
const MIB = 2 ** 20;

/** Opens the adapters that the configuration names; journal and telemetry are started by the platform. */
export async function openStores(config: Config, deps: StoreDeps): Promise<Stores> {
  const relational = await openRelational({
    url: config.relational === 'sqlite:' ? `sqlite:${join(config.dataDir, 'tillwatch.db')}` : config.relational,
    onIdleError: (error) => deps.log.warn({ err: error }, 'a PostgreSQL connection was lost while idle'),
  });
  await relational.migrate();
  const journal = createSqliteJournal({
    dir: join(config.dataDir, 'journal'),
    shards: config.shards,
    budgetBytes: config.journalBudgetMb * MIB,
    onDamage: (damage) => deps.log.error({ damage }, 'a journal file could not be read and was put aside'),
  });
  const feed = createJournalFeed({ journal, clock: deps.clock, log: deps.log, metrics: deps.metrics });
  const telemetry = createDuckDbTelemetry({
    dir: join(config.dataDir, 'telemetry'),
    directory: deps.directory,
    retention: { raw: config.rawDays * DAY, '5m': config.fiveMinuteDays * DAY, '1h': config.hourDays * DAY },
    onDamage: (damage) => deps.log.error({ damage }, 'a telemetry file could not be read and was put aside'),
  });
  return { relational, journal, feed, telemetry };
}
