import type { CommandLog } from '../contract/ports/command-log.ts';
import type { CommandSender } from '../contract/ports/commands.ts';
import type { DeadLetterRepository } from '../contract/ports/dead-letters.ts';
import type { Directory } from '../contract/ports/directory.ts';
import type { JournalFeed } from '../contract/ports/journal.ts';
import type { PresenceView } from '../contract/ports/presence.ts';
import type { RegistryRepository } from '../contract/ports/registry.ts';
import type { TelemetrySource } from '../contract/ports/telemetry-source.ts';
import type { TelemetryStore } from '../contract/ports/telemetry-store.ts';
import type { Reading } from '../contract/reading.ts';
import type { Check, Job, Room, RoomDeps } from '../contract/room.ts';
import { Arrivals } from './core/arrivals.ts';
import { DEFAULT_LIMITS, type PayloadLimits } from './core/decode.ts';
import { createPipeline } from './core/pipeline.ts';
import { TerminalTable } from './core/terminal-table.ts';
import { Commands } from './edge/commands.ts';
import { deadLetterRoutes } from './edge/dead-letter-routes.ts';
import { DeadLetterWriter } from './edge/dead-letter-writer.ts';
import { type DeviceRouteDeps, deviceRoutes } from './edge/device-routes.ts';
import { RegistryDirectory } from './edge/directory.ts';
import { type ImportCounts, Intake, type RecordedMessage } from './edge/intake.ts';
import { createMeters } from './edge/meters.ts';
import { TablePresence } from './edge/presence-view.ts';
import { RegistryWriter } from './edge/registry-writer.ts';
import { ingestRoutes } from './edge/routes.ts';
import { StateKeeper } from './edge/state-keeper.ts';
import type { StateStore } from './edge/state-store.ts';
import { TelemetryWriter } from './edge/telemetry-writer.ts';

export interface IngestLimits {
  readonly payload: PayloadLimits;
  /** Messages a terminal may send: `perSecond` in the long run, `burst` at once (a buffer of days fits in it). */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** Terminals remembered at the most. */
  readonly terminals: number;
  /** Bytes taken and not yet durable above which senders are pushed back. */
  readonly inFlightBytes: number;
  /** Readings in one commit of a shard. */
  readonly commitReadings: number;
  /** Readings written to the telemetry store at once, and how long fewer wait, ms. */
  readonly writeReadings: number;
  readonly writeLingerMs: number;
  /** Dead letters kept for each tenant, and for how long, ms. */
  readonly deadLettersKept: number;
  readonly deadLettersMs: number;
  /** How long `stop` waits for what is under way, ms. */
  readonly stopWithinMs: number;
}

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  payload: DEFAULT_LIMITS,
  rate: { perSecond: 50, burst: 20_000 },
  terminals: 4_000_000,
  inFlightBytes: 64 * 2 ** 20,
  commitReadings: 4_096,
  writeReadings: 20_000,
  writeLingerMs: 250,
  deadLettersKept: 10_000,
  deadLettersMs: 30 * 86_400_000,
  stopWithinMs: 5_000,
};

export interface IngestDeps extends RoomDeps {
  readonly feed: JournalFeed;
  /** Shards of the feed's journal. */
  readonly shards: number;
  readonly telemetry: Pick<TelemetryStore, 'writeAll' | 'position'>;
  readonly registry: RegistryRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly commandLog: CommandLog;
  readonly sources: readonly TelemetrySource[];
  /** Credentials of devices; left out: this process knows of none. */
  readonly devices?: DeviceRouteDeps;
  /** Where identity and presence outlive the process. */
  readonly state: StateStore;
  /** A directory that is kept up to date elsewhere; left out: its own. */
  readonly directory?: RegistryDirectory;
  /** True where shards change hands: a commit fails for good (and the room with it) once another worker has appended. */
  readonly exclusive?: boolean;
  readonly limits?: Partial<IngestLimits>;
}

export interface Ingest extends Room {
  readonly directory: Directory;
  readonly presence: PresenceView;
  readonly commands: CommandSender;
  /** Puts recorded messages through the line with their own times of arrival; resolves once they are durable. */
  importMessages(messages: readonly RecordedMessage[]): Promise<ImportCounts>;
  /** Resolves when everything that is durable now can also be queried, and the registry knows of every birth. */
  flushed(): Promise<void>;
  /** What coming back took: readings read back from the journal, and ms. */
  readonly recovery: { readonly readings: number; readonly ms: number };
}

/** MQTT in, readings out (see README.md). `start` recovers, then opens the sources. */
export function createIngest(deps: IngestDeps): Ingest {
  const { clock, log, metrics, feed, shards, registry, sources } = deps;
  const limits: IngestLimits = { ...DEFAULT_INGEST_LIMITS, ...deps.limits };
  const table = new TerminalTable();
  const own = new WeakSet<readonly Reading[]>();
  const authority = deps.devices?.authority;
  const pipeline = createPipeline({
    ...(authority ? { speaksFor: (tenant, gateway) => authority.speaksFor(tenant, gateway) } : {}),
    limits: limits.payload,
    rate: limits.rate,
    maxTerminals: limits.terminals,
    table,
  });
  const directory = deps.directory ?? new RegistryDirectory(registry);
  const ends = new Array<number>(shards).fill(0);
  let arrivals = new Arrivals(clock.now(), ends);
  const presence = new TablePresence(table, directory, clock);
  const registryWriter = new RegistryWriter({ clock, log, registry, directory });
  const meters = createMeters(metrics, {
    inFlightBytes: () => intake.inFlightBytes,
    inFlightMessages: () => intake.inFlightMessages,
    terminals: () => table.size,
    gaps: () => table.columns.gaps.subarray(0, table.size).reduce((sum, n) => sum + n, 0),
  });
  const letters = new DeadLetterWriter({ clock, log, meters, repository: deps.deadLetters, queue: 20_000 });
  const commands = new Commands({ clock, log, directory, sources, commandLog: deps.commandLog });
  const intake = new Intake({
    clock,
    log,
    pipeline,
    shards,
    publish: async (shard, readings) => {
      own.add(readings);
      if (!deps.exclusive) return feed.publish(shard, readings);
      return (ends[shard] = await feed.publish(shard, readings, ends[shard]!));
    },
    meters,
    inFlightBytes: limits.inFlightBytes,
    batchReadings: limits.commitReadings,
    recorded: (shard, after, upTo, at) => arrivals.recorded(shard, after, upTo, at),
    keep: (rejected) => letters.keep(rejected),
    announce: (announcements) => registryWriter.announce(announcements),
    linksChanged: (ids) => presence.changed(ids),
    seen: (reading) => commands.seen(reading),
  });
  const keeper = new StateKeeper({
    clock,
    log,
    feed,
    pipeline,
    shards,
    store: deps.state,
    announce: (announcements) => registryWriter.announce(announcements),
    isOwn: (readings) => own.has(readings),
    committed: () => intake.positions,
    settled: async () => {
      await intake.idleLanes();
      await registryWriter.flushed();
      return intake.failure === undefined && registryWriter.failure === undefined;
    },
  });
  const writer = new TelemetryWriter({
    clock,
    log,
    feed,
    telemetry: deps.telemetry,
    shards,
    meters,
    cameAt: (shard, position, receivedAt) => arrivals.of(shard, position, receivedAt),
    batchReadings: limits.writeReadings,
    lingerMs: limits.writeLingerMs,
  });
  let started = false;
  let recovery = { readings: 0, ms: 0 };

  async function within(ms: number, work: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    await Promise.race([work, clock.sleep(ms, over.signal).catch(() => {})]);
    over.abort();
  }

  const replay = (topic: string, payload: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      intake.message({ topic, payload, qos: 1, retained: false }, (error) => (error ? reject(error) : resolve()));
    });

  const jobs: readonly Job[] = [
    { name: 'ingest-state', every: 60_000, run: () => keeper.save() },
    { name: 'ingest-presence', every: 5_000, run: () => presence.sweep() },
    ...(deps.directory ? [] : [{ name: 'ingest-registry', every: 2_000, run: () => directory.refresh() }]),
    ...(authority ? [{ name: 'ingest-devices', every: 2_000, run: () => authority.look() }] : []),
    {
      name: 'ingest-trim',
      every: 600_000,
      run: async (now) => {
        await commands.trim();
        await deps.deadLetters.trim(now - limits.deadLettersMs, limits.deadLettersKept);
      },
    },
  ];

  return {
    name: 'ingest',
    directory,
    presence,
    commands,
    jobs,
    routes: async (http) => {
      await ingestRoutes({ clock, registry, directory, commands, noticed: () => authority?.noticed() })(http);
      if (deps.devices) deviceRoutes(http, deps.devices);
      await deadLetterRoutes({ clock, deadLetters: deps.deadLetters, replay })(http);
    },
    get recovery() {
      return recovery;
    },
    importMessages: (messages) => intake.import(messages),
    async flushed() {
      await intake.idleLanes();
      await Promise.all([writer.flushed(), registryWriter.flushed()]);
    },
    async start() {
      const began = clock.now();
      await directory.refresh();
      await authority?.start();
      await keeper.recover();
      keeper.positions.forEach((position, shard) => {
        ends[shard] = position;
      });
      recovery = { readings: keeper.recovered, ms: clock.now() - began };
      arrivals = new Arrivals(began, [...ends]);
      await writer.start();
      if (sources.some((source) => source.holdsConnections)) presence.resumed(clock.now());
      for (const source of sources) await source.start(intake);
      started = true;
      log.info({ terminals: table.size, ...recovery }, 'ingest is taking messages');
    },
    async stop() {
      started = false;
      for (const source of [...sources].reverse()) await source.stop();
      await within(limits.stopWithinMs, intake.idle());
      intake.abort();
      await within(limits.stopWithinMs, registryWriter.stop());
      await within(
        limits.stopWithinMs,
        keeper
          .save()
          .catch((error: unknown) => log.warn({ err: error }, 'the state of ingest was not saved at its end')),
      );
      await keeper.stop();
      await writer.stop();
    },
    health() {
      const checks: Check[] = [
        ...sources.map((source) => source.check()),
        {
          name: 'ingest',
          ok: intake.failure === undefined,
          detail: intake.failure?.message ?? `${table.size} terminals, ${intake.inFlightMessages} messages in flight`,
        },
        {
          name: 'registry',
          ok: registryWriter.failure === undefined,
          ...(registryWriter.failure ? { detail: registryWriter.failure } : {}),
        },
        writer.check(),
      ];
      // A commit refused for good is mended by a restart; everything else by waiting.
      return { ok: intake.failure === undefined, ready: started && checks.every((check) => check.ok), checks };
    },
  };
}
