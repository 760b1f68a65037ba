import { AggregatorRegistry, Registry } from 'prom-client';
import { qualityRoutes } from '../../analytics/edge/quality-routes.ts';
import { failureModelRoutes } from '../../analytics/edge/risk-routes.ts';
import { analyticsRoutes } from '../../analytics/edge/routes.ts';
import { type Analytics, createAnalytics } from '../../analytics/service.ts';
import type { JournalFeed } from '../../contract/ports/journal.ts';
import type { Lease } from '../../contract/ports/leases.ts';
import type { SourceMessage } from '../../contract/ports/telemetry-source.ts';
import type { Check, Health, Room } from '../../contract/room.ts';
import { shardOf } from '../../contract/shard.ts';
import type { TenantId } from '../../contract/topics.ts';
import { BrokerSource } from '../../ingest/edge/broker-source.ts';
import { Commands } from '../../ingest/edge/commands.ts';
import { deadLetterRoutes } from '../../ingest/edge/dead-letter-routes.ts';
import { deviceRoutes } from '../../ingest/edge/device-routes.ts';
import { RegistryDirectory } from '../../ingest/edge/directory.ts';
import { FleetView, ingestCheckpoint } from '../../ingest/edge/fleet-view.ts';
import { InboxSink } from '../../ingest/edge/inbox-sink.ts';
import { InboxSource } from '../../ingest/edge/inbox-source.ts';
import { ingestRoutes } from '../../ingest/edge/routes.ts';
import { stateCheckpoint } from '../../ingest/edge/state-store.ts';
import { createIngest, DEFAULT_INGEST_LIMITS } from '../../ingest/service.ts';
import { createCheckpointStore } from '../../store/relational/repositories/checkpoints.ts';
import { createCommandLog } from '../../store/relational/repositories/commands.ts';
import { createDeadLetterRepository } from '../../store/relational/repositories/dead-letters.ts';
import { createFailureModelStore } from '../../store/relational/repositories/failure-models.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { createLeaseStore, fenced } from '../../store/relational/repositories/leases.ts';
import { createOpinionStore } from '../../store/relational/repositories/opinions.ts';
import { devicesOf } from '../devices.ts';
import type { ImportMessages } from '../http/import-routes.ts';
import type { MetricsText } from '../http/server.ts';
import type { Lines, LinesDeps } from '../lines.ts';
import { createScheduler } from '../scheduler.ts';
import { inboxOf } from '../stores.ts';
import { LeaseKeeper, type Unit } from './lease-keeper.ts';
import type { RoomName } from './rooms.ts';

interface ClusterDeps extends LinesDeps {
  readonly rooms: ReadonlySet<RoomName>;
  readonly worker: string;
}

interface LeasedRoom extends Unit {
  readonly metrics: Registry;
}

const REFRESH_MS = 2_000;
const TRIM_MS = 30_000;
const ANALYTICS = 'analytics';

/** Ingest and analytics by shards that are held by lease, and what the other rooms ask of them, followed from the journal. */
export function clusterLines(deps: ClusterDeps): Lines {
  const { config, clock, log, metrics, stores, registry, rooms, worker } = deps;
  const { relational, feed, telemetry } = stores;
  const checkpoints = createCheckpointStore(relational);
  const deadLetters = createDeadLetterRepository(relational);
  const commandLog = createCommandLog(relational);
  const opinions = createOpinionStore(relational);
  const failureModels = createFailureModelStore(relational);
  const leases = createLeaseStore(relational);
  const directory = new RegistryDirectory(registry);
  const devices = devicesOf(relational, { clock, log: log.child({ room: 'ingest' }), directory: () => directory });
  const shards = Array.from({ length: config.shards }, (_, shard) => String(shard));
  const talks = rooms.has('ingest') || rooms.has('alerts');
  const broker = {
    clock,
    log: log.child({ room: 'ingest' }),
    url: config.mqttUrl,
    ...(config.mqttUsername === '' ? {} : { username: config.mqttUsername, password: config.mqttPassword }),
    random: Math.random,
    protocolVersion: config.mqttVersion === '5' ? (5 as const) : (4 as const),
  };
  const down = new BrokerSource({
    ...broker,
    clientId: `${config.mqttClientId}-${worker}-down`,
    subscribe: false,
    connections: 1,
  });
  const commands = new Commands({ clock, log, directory, sources: talks ? [down] : [], commandLog });
  const view = new FleetView({
    clock,
    log: log.child({ room: 'dashboards' }),
    feed,
    shards: config.shards,
    directory,
    checkpoints,
  });
  const keepers: LeaseKeeper<LeasedRoom>[] = [];

  const keeper = (
    group: string,
    units: readonly string[],
    open: (unit: string, lease: Lease, reg: Registry) => Room & { extra?: never },
  ) => {
    const made = new LeaseKeeper<LeasedRoom>({
      clock,
      log: log.child({ room: group }),
      leases,
      group,
      worker,
      units,
      ttlMs: config.leaseMs,
      open: (unit, lease) => {
        const own = new Registry();
        return leased(open(unit, lease, own), own);
      },
    });
    keepers.push(made);
    return made;
  };
  const leased = (room: Room, own: Registry): LeasedRoom => {
    const scheduler = createScheduler({ clock, log });
    return {
      metrics: own,
      async start() {
        await room.start();
        scheduler.start(room.jobs ?? []);
      },
      async stop() {
        await scheduler.stop();
        await room.stop();
      },
      health: () => room.health(),
    };
  };

  let importMessages: ImportMessages | undefined;
  const ingest = (): Room => {
    const inbox = inboxOf(config);
    const sink = new InboxSink({
      clock,
      log: log.child({ room: 'ingest' }),
      inbox,
      inFlightBytes: DEFAULT_INGEST_LIMITS.inFlightBytes,
    });
    const put = (message: SourceMessage): Promise<void> =>
      new Promise((resolve, reject) => {
        sink.message(message, (error) => (error ? reject(error) : resolve()));
      });
    // What is a repeat or of no use is told apart behind the inbox: all count as taken here.
    importMessages = async (messages) => {
      await Promise.all(messages.map((message) => put({ ...message, qos: 1, retained: false })));
      return { accepted: messages.length, duplicates: 0, rejected: {} };
    };
    const fronts = new Map<string, BrokerSource>();
    const held = keeper('ingest', shards, (unit, lease, own) => {
      const shard = Number(unit);
      const store = fenced(relational, lease);
      const line = createIngest({
        clock,
        log: log.child({ room: 'ingest', shard }),
        metrics: own,
        feed: feedOf(feed, shard),
        shards: 1,
        telemetry: {
          writeAll: (batches) => telemetry.writeAll(batches),
          position: () => telemetry.position(shard),
        },
        registry,
        directory,
        deadLetters,
        commandLog,
        devices,
        sources: [new InboxSource({ clock, log: log.child({ room: 'ingest', shard }), inbox, shard })],
        state: stateCheckpoint(createCheckpointStore(store), ingestCheckpoint(shard), clock),
        exclusive: true,
      });
      // A broker's session goes with the shard of its number, so that what it holds for a worker that died is taken over too. Brokers of
      // MQTT 3.1.1 share nothing: there one session takes all.
      const sessions = config.mqttVersion === '5' ? (shards.length === 1 ? 2 : 1) : shard === 0 ? 1 : 0;
      const front =
        sessions === 0
          ? undefined
          : new BrokerSource({ ...broker, clientId: config.mqttClientId, first: shard, connections: sessions });
      return {
        ...line,
        async start() {
          await line.start();
          await front?.start(sink);
          if (front) fronts.set(unit, front);
        },
        async stop() {
          fronts.delete(unit);
          await front?.stop();
          await line.stop();
        },
        health: () => line.health(),
      };
    });
    return {
      name: 'ingest',
      async start() {
        await inbox.start();
        await held.start();
        // Only then is it ready: a broker keeps nothing for a session that has never been there, so what comes before is lost.
        await held.begun();
      },
      async stop() {
        await held.stop();
        sink.abort();
        await inbox.stop();
      },
      health: () => {
        const checks = [...fronts.values()].map((front) => front.check());
        const inboxCheck = { name: 'inbox', ok: sink.failure === undefined, detail: sink.failure ?? 'takes messages' };
        return healthOf(held, [inboxCheck, ...checks]);
      },
      routes: async (http) => {
        // Connections are the broker's own here: what is revoked is shut out by its files (tillwatch device acl).
        await ingestRoutes({ clock, registry, directory, commands, noticed: () => {} })(http);
        deviceRoutes(http, devices);
        await deadLetterRoutes({
          clock,
          deadLetters,
          replay: (topic, payload) => put({ topic, payload, qos: 1, retained: false }),
        })(http);
      },
      jobs: [{ name: 'inbox-trim', every: TRIM_MS, run: async () => void (await inbox.trim()) }],
    };
  };

  const analytics = (): Room => {
    const findings = createFindingStore(relational);
    const engines = new Map<string, Analytics>();
    // What analytics learns it learns by comparing the terminals of a tenant, so it is shared out by tenants and not by terminals.
    const held = keeper(ANALYTICS, shards, (unit, lease, own) => {
      const store = fenced(relational, lease);
      const room = createAnalytics({
        clock,
        log: log.child({ room: ANALYTICS, part: Number(unit) }),
        metrics: own,
        feed,
        shards: shards.map(Number),
        tenants: (tenant) => shardOf(tenant, '', shards.length) === Number(unit),
        worker: `part-${unit}`,
        findings: createFindingStore(store),
        checkpoints: createCheckpointStore(store),
        opinions,
        failureModels,
        directory,
      });
      engines.set(unit, room);
      return room;
    });
    return {
      name: ANALYTICS,
      async start() {
        // The reader of a former run in one process would hold back what is trimmed.
        await stores.journal.forget(`${ANALYTICS}-main`);
        await held.start();
      },
      stop: () => held.stop(),
      health: () => healthOf(held, []),
      routes: (http) => {
        // Opinions are read by whoever owns the tenant, within seconds.
        analyticsRoutes(http, { clock, findings, opinions, directory, heed: async () => {} });
        failureModelRoutes(http, { clock, models: failureModels });
        const learned = (tenant: TenantId) => engines.values().next().value?.learned(tenant) ?? [];
        qualityRoutes(http, { clock, findings, opinions, directory, learned });
      },
    };
  };

  const leasedRooms = [...(rooms.has('ingest') ? [ingest()] : []), ...(rooms.has('analytics') ? [analytics()] : [])];
  return {
    directory,
    presence: view,
    commands,
    before: [
      { name: 'directory', start: () => directory.refresh(), stop: async () => {} },
      ...(talks ? [downPart(down), answersPart(feed, config.shards, commands)] : []),
      ...(rooms.has('dashboards') ? [{ name: 'fleet view', start: () => view.start(), stop: () => view.stop() }] : []),
    ],
    rooms: leasedRooms,
    ...(importMessages ? { importMessages } : {}),
    jobs: [{ name: 'directory', every: REFRESH_MS, run: () => directory.refresh() }],
    metrics: together(metrics, () => keepers.flatMap((one) => one.all.map((unit) => unit.metrics))),
    behind: () => undefined,
    failure: () => undefined,
    mqttUrl: () => config.mqttUrl,
  };
}

/** The one shard of a feed, as if it were the only one. */
function feedOf(feed: JournalFeed, shard: number): JournalFeed {
  return {
    publish: (_only, readings, after) => feed.publish(shard, readings, after),
    consume: (options) => feed.consume({ ...options, shard }),
    stop: async () => {},
  };
}

function healthOf(keeper: LeaseKeeper<LeasedRoom>, more: readonly Check[]): Health {
  const units = [...keeper.running].map(([name, unit]) => ({ name, health: unit.health() }));
  const checks = [
    keeper.check(),
    ...more,
    ...units.flatMap(({ name, health }) => health.checks.map((check) => ({ ...check, name: `${name} ${check.name}` }))),
  ];
  // A unit that fails is started anew by the keeper: the process itself needs no restart.
  return { ok: true, ready: checks.every((check) => check.ok), checks };
}

function downPart(down: BrokerSource): Lines['before'][number] {
  const nobody = { message: () => {}, link: () => {}, open: true, onOpen: () => () => {} };
  return { name: 'way down', start: () => down.start(nobody), stop: () => down.stop() };
}

/** Answers of terminals to commands that were sent from here. */
function answersPart(feed: JournalFeed, shards: number, commands: Commands): Lines['before'][number] {
  const stops: (() => Promise<void>)[] = [];
  return {
    name: 'answers',
    async start() {
      for (let shard = 0; shard < shards; shard++) {
        const subscription = await feed.consume({
          consumer: 'answers-here',
          shard,
          after: 'end',
          handle: ({ readings }) => {
            for (const reading of readings) commands.seen(reading);
          },
        });
        stops.push(() => subscription.stop());
      }
    },
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

/** The process's own metrics, and those of all shards here added up. */
function together(own: Registry, parts: () => readonly Registry[]): MetricsText {
  return {
    contentType: own.contentType,
    async metrics() {
      const each = await Promise.all(parts().map((part) => part.getMetricsAsJSON()));
      const sums = each.length === 0 ? '' : await AggregatorRegistry.aggregate(each).metrics();
      return `${await own.metrics()}\n${sums}`;
    },
  };
}
