import type { FastifyInstance } from 'fastify';
import { Gauge } from 'prom-client';
import type { FindingStore } from '../contract/ports/findings.ts';
import type { JournalFeed } from '../contract/ports/journal.ts';
import type { LevelSink } from '../contract/ports/levels.ts';
import type { PresenceView } from '../contract/ports/presence.ts';
import type { RegistryRepository } from '../contract/ports/registry.ts';
import type { TelemetryStore } from '../contract/ports/telemetry-store.ts';
import type { TicketReader, TicketRepository } from '../contract/ports/tickets.ts';
import type { Health, Room, RoomDeps } from '../contract/room.ts';
import type { TenantId } from '../contract/topics.ts';
import { FleetModels } from './core/fleet-models.ts';
import { Feeder } from './edge/feeder.ts';
import { fleetRoutes } from './edge/fleet-routes.ts';
import { LevelTeller } from './edge/level-teller.ts';
import { siteRoutes } from './edge/site-routes.ts';
import { StreamHub } from './edge/stream-hub.ts';
import { streamRoutes } from './edge/stream-routes.ts';
import { terminalRoutes } from './edge/terminal-routes.ts';

export interface DashboardsDeps extends RoomDeps {
  readonly feed: JournalFeed;
  /** Shards of the journal behind the feed. */
  readonly shards: number;
  readonly telemetry: TelemetryStore;
  readonly findings: FindingStore;
  readonly tickets: TicketReader & Pick<TicketRepository, 'load'>;
  readonly registry: RegistryRepository;
  readonly presence: PresenceView;
  /** Tells this process's stream ids from another's; any string that no earlier run had. */
  readonly run: string;
  /** Where the fleets' levels are stated for Grafana; left out: nowhere. */
  readonly levels?: LevelSink | undefined;
  /** Streams open at once; default 1000. */
  readonly maxStreams?: number;
}

const TICK_MS = 500;
/** How old an order or an overview may be; below the two seconds within which a message must show. */
const VIEW_AGE_MS = 1000;
/** Feeding that has not succeeded for this long means that people are shown the past. */
const STALE_MS = 30_000;
const LEVELS_MS = 60_000;

/** The dashboards room: read models of the fleet, the API that people's clients read, and the stream of what moved. */
export function createDashboards(deps: DashboardsDeps): Room {
  const { clock } = deps;
  const models = new FleetModels(VIEW_AGE_MS);
  const feeder = new Feeder({ ...deps, models });
  const hub = new StreamHub({ clock, maxClients: deps.maxStreams ?? 1000, run: deps.run });
  const teller = deps.levels && new LevelTeller({ ...deps, models, sink: deps.levels });
  let stopTicking: (() => void) | undefined;

  const tick = () => {
    for (const tenant of models.tenants()) tellChanges(tenant);
    hub.beat(clock.now());
  };
  const tellChanges = (tenant: TenantId) => {
    const { change, latest, fleet } = models.takeChanges(tenant);
    hub.publish(tenant, change);
    for (const terminal of hub.watched(tenant)) {
      const row = fleet.row(terminal);
      if (row === undefined || !latest.has(row)) continue;
      hub.publishLatest(tenant, terminal, {
        at: clock.now(),
        terminal,
        ts: fleet.gauges.ts(row),
        values: fleet.gauges.values(row),
      });
    }
  };
  new Gauge({
    name: 'tillwatch_dashboards_streams',
    help: 'Open event streams.',
    registers: [deps.metrics],
    collect() {
      this.set(hub.size);
    },
  });

  return {
    name: 'dashboards',
    async start() {
      await feeder.start();
      stopTicking = clock.every(TICK_MS, tick);
    },
    async stop() {
      stopTicking?.();
      hub.close();
      await feeder.stop();
    },
    jobs: teller ? [{ name: 'fleet-levels', every: LEVELS_MS, run: (now) => teller.tell(now) }] : [],
    health: () => healthOf(feeder.state, clock.now()),
    routes: (http: FastifyInstance) => {
      fleetRoutes(http, { ...deps, models });
      terminalRoutes(http, { ...deps, models });
      siteRoutes(http, { ...deps, models });
      streamRoutes(http, hub);
    },
  };
}

function healthOf(state: { failure: string | null; at: number | null }, now: number): Health {
  const fresh = state.at !== null && now - state.at < STALE_MS;
  return {
    ok: true,
    ready: fresh,
    checks: [
      {
        name: 'read models',
        ok: fresh,
        detail: state.failure ?? (fresh ? 'level with the tables' : 'not brought up to date lately'),
      },
    ],
  };
}
