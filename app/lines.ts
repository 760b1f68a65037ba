import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createAnalytics } from '../analytics/service.ts';
import type { TillwatchError } from '../contract/errors.ts';
import type { Clock } from '../contract/ports/clock.ts';
import type { CommandSender } from '../contract/ports/commands.ts';
import type { Directory } from '../contract/ports/directory.ts';
import type { PresenceView } from '../contract/ports/presence.ts';
import type { RegistryRepository } from '../contract/ports/registry.ts';
import type { Job, Room } from '../contract/room.ts';
import { stateFile } from '../ingest/edge/state-store.ts';
import { createIngest, type Ingest } from '../ingest/service.ts';
import { createCheckpointStore } from '../store/relational/repositories/checkpoints.ts';
import { createCommandLog } from '../store/relational/repositories/commands.ts';
import { createDeadLetterRepository } from '../store/relational/repositories/dead-letters.ts';
import { createFailureModelStore } from '../store/relational/repositories/failure-models.ts';
import { createFindingStore } from '../store/relational/repositories/findings.ts';
import { createOpinionStore } from '../store/relational/repositories/opinions.ts';
import type { Config } from './config.ts';
import { devicesOf } from './devices.ts';
import type { ImportMessages } from './http/import-routes.ts';
import type { MetricsText } from './http/server.ts';
import { inStep } from './in-step.ts';
import { mqttUrlOf, sourceOf } from './source.ts';
import type { Stores } from './stores.ts';

/** Journal batches of each shard that analytics may be behind before an import waits: enough that it never waits for the next. */
const IMPORT_AHEAD = 3;

export interface LinesDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly stores: Stores;
  readonly registry: RegistryRepository;
}

/** The rooms that read and write the journal by shards, in one process or apart, and what the other rooms ask of them. */
export interface Lines {
  readonly directory: Directory;
  readonly presence: PresenceView;
  readonly commands: CommandSender;
  readonly importMessages?: ImportMessages;
  /** Started before any room, in this order. */
  readonly before: readonly { readonly name: string; start(): Promise<void>; stop(): Promise<void> }[];
  readonly rooms: readonly Room[];
  readonly jobs: readonly Job[];
  readonly metrics: MetricsText;
  /** Journal batches that analytics has not evaluated; undefined where it does not run here whole. */
  behind(): number | undefined;
  /** Why analytics, where it runs here whole, evaluates nothing more. */
  failure(): TillwatchError | undefined;
  /** Where terminals connect, once the rooms are started. */
  mqttUrl(): string;
}

/** Ingest and analytics whole, in this process. */
export function wholeLines({ config, clock, log, metrics, stores, registry }: LinesDeps): Lines {
  const base = (room: string) => ({ clock, metrics, log: log.child({ room }) });
  const { relational, feed, telemetry } = stores;
  const devices = devicesOf(relational, {
    clock,
    log: log.child({ room: 'ingest' }),
    directory: () => ingest.directory,
  });
  const source = sourceOf(config, clock, log.child({ room: 'ingest' }), devices.authority);
  const ingest: Ingest = createIngest({
    ...base('ingest'),
    feed,
    shards: config.shards,
    telemetry,
    registry,
    deadLetters: createDeadLetterRepository(relational),
    commandLog: createCommandLog(relational),
    sources: [source],
    devices,
    state: stateFile(join(config.dataDir, 'ingest.state')),
  });
  const analytics = createAnalytics({
    ...base('analytics'),
    feed,
    shards: Array.from({ length: config.shards }, (_, shard) => shard),
    worker: 'main',
    findings: createFindingStore(relational),
    checkpoints: createCheckpointStore(relational),
    opinions: createOpinionStore(relational),
    failureModels: createFailureModelStore(relational),
    directory: ingest.directory,
  });
  return {
    directory: ingest.directory,
    presence: ingest.presence,
    commands: ingest.commands,
    importMessages: inStep(ingest.importMessages, analytics, IMPORT_AHEAD * config.shards, clock),
    before: [],
    rooms: [ingest, analytics],
    jobs: [],
    metrics,
    behind: () => analytics.behind,
    failure: () => analytics.failure,
    mqttUrl: () => mqttUrlOf(config, source),
  };
}
