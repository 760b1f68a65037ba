import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from '../contract/ports/clock.ts';
import type { Directory } from '../contract/ports/directory.ts';
import type { Journal, JournalFeed } from '../contract/ports/journal.ts';
import type { LevelSink } from '../contract/ports/levels.ts';
import type { TelemetryStore } from '../contract/ports/telemetry-store.ts';
import { TELEMETRY_CONSUMER } from '../ingest/edge/telemetry-writer.ts';
import { createJournalFeed } from '../store/journal/feed.ts';
import { createNatsJournal } from '../store/journal/nats/journal.ts';
import { createSqliteJournal } from '../store/journal/sqlite/journal.ts';
import { openRelational } from '../store/relational/open.ts';
import type { Relational } from '../store/relational/relational.ts';
import { createDuckDbTelemetry, type DuckDbTelemetry } from '../store/telemetry/duckdb/store.ts';
import { createInfluxTelemetry } from '../store/telemetry/server/influx.ts';
import { createInfluxLevels, createVictoriaLevels } from '../store/telemetry/server/levels.ts';
import { createVictoriaTelemetry } from '../store/telemetry/server/victoria.ts';
import type { Config } from './config.ts';

export interface Stores {
  readonly relational: Relational;
  readonly journal: Journal;
  readonly feed: JournalFeed;
  readonly telemetry: TelemetryStore;
  /** Where levels are stated for Grafana: the telemetry server; undefined with the embedded engine, which no Grafana reads. */
  readonly levels: LevelSink | undefined;
  /** Copies the telemetry's files, where they are this process's own. */
  readonly copyTelemetry?: (dir: string) => Promise<void>;
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
  const journal = journalOf(config, deps);
  const feed = createJournalFeed({ journal, clock: deps.clock, log: deps.log, metrics: deps.metrics });
  const telemetry = telemetryOf(config, deps, journal);
  return {
    relational,
    journal,
    feed,
    telemetry,
    levels: levelsOf(config),
    ...('copyTo' in telemetry ? { copyTelemetry: (dir: string) => telemetry.copyTo(dir) } : {}),
  };
}

/** Where messages wait, as they came, for the worker that owns their shard: beside the journal, on the same servers. */
export function inboxOf(config: Config): Journal {
  return createNatsJournal({
    url: config.journal,
    shards: config.shards,
    prefix: 'tillwatch_inbox',
    budgetBytes: config.journalBudgetMb * MIB,
  });
}

function journalOf(config: Config, { log }: StoreDeps): Journal {
  const common = { shards: config.shards, budgetBytes: config.journalBudgetMb * MIB };
  if (config.journal.startsWith('sqlite:')) {
    return createSqliteJournal({
      ...common,
      dir: join(config.dataDir, 'journal'),
      onDamage: (damage) => log.error({ damage }, 'a journal file could not be read and was put aside'),
    });
  }
  return createNatsJournal({ ...common, url: config.journal });
}

function levelsOf(config: Config): LevelSink | undefined {
  if (config.telemetry.startsWith('victoria:')) {
    return createVictoriaLevels({ url: config.telemetry.slice('victoria:'.length) });
  }
  if (!config.telemetry.startsWith('influx:')) return undefined;
  return createInfluxLevels({
    url: config.telemetry.slice('influx:'.length),
    token: config.influxToken,
    org: config.influxOrg,
    bucket: config.influxBucket,
  });
}

function telemetryOf(config: Config, deps: StoreDeps, journal: Journal): TelemetryStore | DuckDbTelemetry {
  const { clock, directory, log } = deps;
  const journalCursor = (shard: number): Promise<number> => journal.cursor(TELEMETRY_CONSUMER, shard);
  if (config.telemetry.startsWith('victoria:')) {
    return createVictoriaTelemetry({
      url: config.telemetry.slice('victoria:'.length),
      clock,
      directory,
      journalCursor,
    });
  }
  if (config.telemetry.startsWith('influx:')) {
    return createInfluxTelemetry({
      url: config.telemetry.slice('influx:'.length),
      token: config.influxToken,
      org: config.influxOrg,
      bucket: config.influxBucket,
      clock,
      directory,
      journalCursor,
    });
  }
  return createDuckDbTelemetry({
    dir: join(config.dataDir, 'telemetry'),
    directory,
    retention: { raw: config.rawDays * DAY, '5m': config.fiveMinuteDays * DAY, '1h': config.hourDays * DAY },
    onDamage: (damage) => log.error({ damage }, 'a telemetry file could not be read and was put aside'),
  });
}
