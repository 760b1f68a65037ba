import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAlerts } from '../alerts/service.ts';
import { TillwatchError } from '../contract/errors.ts';
import type { Clock } from '../contract/ports/clock.ts';
import type { RegistryRepository } from '../contract/ports/registry.ts';
import type { Health, Job, Room } from '../contract/room.ts';
import { CONSOLE_DIST } from '../dashboards/console/build.ts';
import { consoleRoutes } from '../dashboards/edge/console-static.ts';
import { createDashboards } from '../dashboards/service.ts';
import { createAccountRepository } from '../store/relational/repositories/accounts.ts';
import { createAssetRepository } from '../store/relational/repositories/assets.ts';
import { createAttachmentStore } from '../store/relational/repositories/attachments.ts';
import { createAuditTrail } from '../store/relational/repositories/audit.ts';
import { createDeviceCredentialRepository } from '../store/relational/repositories/devices.ts';
import { createFindingStore } from '../store/relational/repositories/findings.ts';
import { createHoldRepository } from '../store/relational/repositories/holds.ts';
import { createOpinionStore } from '../store/relational/repositories/opinions.ts';
import { createOutbox } from '../store/relational/repositories/outbox.ts';
import { createOutcomeLog } from '../store/relational/repositories/outcomes.ts';
import { createRegistryRepository } from '../store/relational/repositories/registry.ts';
import { createDocumentShelf } from '../store/relational/repositories/shelf.ts';
import { createTicketRepository } from '../store/relational/repositories/tickets.ts';
import { createWorkerBoard } from '../store/relational/repositories/workers.ts';
import { createAccessRoom } from './access/access-room.ts';
import { gateOf, givenTo } from './access-wiring.ts';
import { backup } from './backup/backup.ts';
import { clusterLines } from './cluster/lines.ts';
import type { RoomName } from './cluster/rooms.ts';
import type { Config } from './config.ts';
import { backupRoutes } from './http/backup-routes.ts';
import { importRoutes } from './http/import-routes.ts';
import type { DeclaredRoute } from './http/rights.ts';
import { createHttp } from './http/server.ts';
import { type DemoProgress, type PlatformStatus, statusRoutes } from './http/status-routes.ts';
import { styleNonceOf } from './http/style-nonce.ts';
import { type Lines, wholeLines } from './lines.ts';
import { notifiersOf } from './notifiers.ts';
import { createOwnMetrics } from './own-metrics.ts';
import { createScheduler, untilAborted } from './scheduler.ts';
import { checkDeviceCredentials } from './source.ts';
import { openStores } from './stores.ts';
import { openTracing } from './tracing.ts';
import { version } from './version.ts';

export interface PlatformDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** What the status says of a demonstration fleet, where one runs. */
  readonly demo: () => DemoProgress | null;
  /** Rooms that run here while others run elsewhere, and this worker's name; left out: all of them, here alone. */
  readonly apart?: { readonly rooms: ReadonlySet<RoomName>; readonly worker: string };
}

export interface Platform {
  readonly http: FastifyInstance;
  /** Address of the console and API once `listen` was called. */
  readonly httpUrl: string;
  readonly mqttUrl: string;
  /** Serves the console, status and health; everything else answers 503 until `start` is through. */
  listen(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Resolves once everything stored so far is evaluated here and its tickets are open; at once where analytics runs elsewhere. Rejects
   * (`platform.not_level`) where it never will be.
   */
  level(): Promise<void>;
  readonly registry: RegistryRepository;
  /** Every route with the right that it declares. */
  readonly routes: readonly DeclaredRoute[];
  /** Makes the first administrator where there is no account yet; answers the password that is said this once. */
  firstAdministrator(): Promise<string | undefined>;
  /** True where somebody can sign in as administrator. */
  administered(): Promise<boolean>;
}

const TRIM_MS = 30_000;
/** Longer than analytics waits between looks at what time alone brings about. */
const LEVEL_MS = 1_500;
const MAINTAIN_MS = 10 * 60_000;

/** The platform, or some of its rooms: opens the stores, builds the rooms, and starts them in the order in which data walks. */
export async function createPlatform(deps: PlatformDeps): Promise<Platform> {
  const { config, clock, log } = deps;
  const startedAt = clock.now();
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, prefix: 'tillwatch_' });
  const base = (room: string) => ({ clock, metrics, log: log.child({ room }) });

  // The telemetry store asks the directory, which ingest owns, which writes to the telemetry store: the knot is tied here.
  let lines: Lines | undefined;
  const { apart } = deps;
  const instance = apart?.worker ?? config.mqttClientId;
  const tracing = await openTracing(config, instance);
  const opened = await openStores(config, {
    ...base('store'),
    directory: { facts: (tenant, terminal) => lines?.directory.facts(tenant, terminal) },
  });
  const stores = tracing ? { ...opened, feed: tracing.feed(opened.feed) } : opened;
  const { relational, journal, feed, telemetry, levels, copyTelemetry } = stores;
  const registry = createRegistryRepository(relational);
  const findings = createFindingStore(relational);
  const tickets = createTicketRepository(relational);
  const opinions = createOpinionStore(relational);
  lines = apart
    ? clusterLines({ ...deps, ...apart, metrics, stores, registry })
    : wholeLines({ ...deps, metrics, stores, registry });
  const parts = lines;
  const { directory, presence, commands, importMessages } = parts;
  const here = (room: RoomName): boolean => apart === undefined || apart.rooms.has(room);
  const alerts = () =>
    createAlerts({
      ...base('alerts'),
      feed,
      shards: config.shards,
      findings,
      opinions,
      tickets,
      outbox: createOutbox(relational),
      holds: createHoldRepository(relational),
      outcomes: createOutcomeLog(relational),
      assets: createAssetRepository(relational),
      shelf: createDocumentShelf(relational),
      files: createAttachmentStore(relational),
      telemetry,
      registry,
      directory,
      commands,
      // An embedded store has one process; on a server others may serve beside this one.
      worker: apart?.worker ?? (relational.engine === 'sqlite' ? 'main' : randomUUID()),
      workers: createWorkerBoard(relational),
      notifiers: notifiersOf(config, base('alerts')),
      random: Math.random,
      newId: randomUUID,
      randomBytes,
      consoleUrl: config.consoleUrl === '' ? `http://${config.httpHost}:${config.httpPort}` : config.consoleUrl,
      mail: config.smtpUrl === '' ? undefined : { url: config.smtpUrl, from: config.smtpFrom },
    });
  const dashboards = (): Room =>
    createDashboards({
      ...base('dashboards'),
      feed,
      shards: config.shards,
      telemetry,
      findings,
      tickets,
      registry,
      presence,
      levels,
      run: randomUUID(),
    });
  const alertsRoom = here('alerts') ? alerts() : undefined;
  const rooms: readonly Room[] = [
    ...parts.rooms,
    ...(alertsRoom ? [alertsRoom] : []),
    ...(here('dashboards') ? [dashboards()] : []),
  ];
  const scheduler = createScheduler({ clock, log, tracing });
  const housekeeping: readonly Job[] = here('ingest')
    ? [
        { name: 'journal-trim', every: TRIM_MS, run: async () => void (await journal.trim()) },
        {
          name: 'telemetry-maintain',
          every: MAINTAIN_MS,
          // A stop does not wait for a large fleet's rollups: the store ends them after the piece under way, and they go on after the next start.
          run: (now, signal) => untilAborted(telemetry.maintain(now), signal),
        },
      ]
    : [];
  const ownMetrics = createOwnMetrics({
    registry: metrics,
    text: parts.metrics,
    dataDir: config.dataDir,
    journal,
    telemetry,
    ready: () => health().ready,
    levels,
    instance,
  });

  let ready = false;
  const started: { readonly name: string; stop(): Promise<void> }[] = [];
  const health = (): Health => {
    const each = rooms.map((room) => ({ room, health: room.health() }));
    return {
      ok: !ready || each.every((one) => one.health.ok),
      ready: ready && each.every((one) => one.health.ready),
      checks: ready
        ? each.flatMap(({ room, health }) =>
            health.checks.map((check) => ({ ...check, name: `${room.name}: ${check.name}` })),
          )
        : [{ name: 'platform', ok: true, detail: 'starting' }],
    };
  };
  const status = (): PlatformStatus => ({
    name: 'tillwatch',
    version: version(),
    startedAt,
    ready,
    demo: deps.demo(),
    behind: ready ? (parts.behind() ?? null) : null,
    mqtt: ready ? { url: mqttUrl } : null,
    rooms: ready ? rooms.map((room) => ({ name: room.name, ...room.health() })) : [],
  });
  const gate = gateOf(config);
  const secure = config.tlsCert !== '' || config.consoleUrl.startsWith('https:');
  const accessRoom = createAccessRoom({
    ...base('access'),
    accounts: createAccountRepository(relational),
    audit: createAuditTrail(relational),
    idleMs: config.sessionIdleMin * 60_000,
    absoluteMs: config.sessionHours * 3_600_000,
    gate,
    secure,
    siteOf: (tenant, terminal) => directory.facts(tenant, terminal)?.site,
    given: givenTo(tickets, clock),
    publicUrl: config.consoleUrl,
    ...(config.oidcIssuer === ''
      ? {}
      : {
          oidc: {
            issuer: config.oidcIssuer,
            clientId: config.oidcClientId,
            clientSecret: config.oidcClientSecret,
            claim: config.oidcClaim,
          },
        }),
  });
  const { http, routes } = await createHttp({
    log,
    metrics: parts.metrics,
    rooms,
    guard: accessRoom.guard,
    secure,
    ...(tracing ? { traced: tracing.http } : {}),
    rate: { perMinute: config.httpRate, trustsLoopback: gate.signIn === 'auto' },
    ...(config.tlsCert === ''
      ? {}
      : { tls: { key: readFileSync(config.tlsKey, 'utf8'), cert: readFileSync(config.tlsCert, 'utf8') } }),
    trustedProxies: config.trustedProxies,
    ready: () => ready,
    health,
    routes: (api) => {
      statusRoutes(status)(api);
      accessRoom.routes(api);
    },
    guardedRoutes: (api) => {
      if (importMessages) importRoutes(importMessages)(api);
      if (copyTelemetry && !apart) {
        const facts = { version: version(), shards: config.shards };
        backupRoutes((to) => backup(config.dataDir, to, { ...facts, now: clock.now() }, { journal, copyTelemetry }))(
          api,
        );
      }
    },
    ...(here('dashboards')
      ? { console: (server: FastifyInstance) => consoleRoutes(server, CONSOLE_DIST, styleNonceOf) }
      : {}),
  });
  let httpUrl = '';
  let mqttUrl = '';

  return {
    http,
    get httpUrl() {
      return httpUrl;
    },
    get mqttUrl() {
      return mqttUrl;
    },
    registry,
    routes,
    firstAdministrator: () => accessRoom.access.firstAdministrator(),
    administered: () => accessRoom.access.administered(),
    async listen() {
      httpUrl = await http.listen({ host: config.httpHost, port: config.httpPort });
      started.push({ name: 'http', stop: () => http.close() });
    },
    async start() {
      if (tracing) started.push({ name: 'traces', stop: () => tracing.stop() });
      started.push({ name: 'relational', stop: () => relational.close() });
      if (!apart) await checkDeviceCredentials(config, createDeviceCredentialRepository(relational));
      if (levels) started.push({ name: 'levels', stop: () => levels.close() });
      for (const [name, part] of Object.entries({ journal, telemetry })) {
        await part.start();
        started.push({ name, stop: () => part.stop() });
      }
      started.push({ name: 'feed', stop: () => feed.stop() });
      for (const part of parts.before) {
        await part.start();
        started.push(part);
      }
      for (const room of rooms) {
        await room.start();
        started.push(room);
      }
      mqttUrl = parts.mqttUrl();
      scheduler.start([
        ...housekeeping,
        ...ownMetrics,
        ...parts.jobs,
        ...accessRoom.jobs,
        ...rooms.flatMap((room) => room.jobs ?? []),
      ]);
      started.push({ name: 'jobs', stop: () => scheduler.stop() });
      ready = true;
    },
    async level() {
      for (;;) {
        const failure = parts.failure();
        if (failure) {
          throw new TillwatchError(
            'platform.not_level',
            `analytics has stopped and evaluates nothing more until the platform is started again: ${failure.message}`,
            { cause: failure },
          );
        }
        if ((parts.behind() ?? 0) === 0) break;
        await clock.sleep(100);
      }
      await clock.sleep(LEVEL_MS);
      await alertsRoom?.pass();
    },
    async stop() {
      ready = false;
      for (const part of started.reverse()) {
        await part.stop().catch((error: unknown) => log.error({ err: error }, `${part.name} did not stop well`));
      }
    },
  };
}
