import type { FastifyInstance } from 'fastify';
import { Counter, Gauge } from 'prom-client';
import type { TillwatchError } from '../contract/errors.ts';
import type { Directory } from '../contract/ports/directory.ts';
import type { FailureModelStore } from '../contract/ports/failure-models.ts';
import type { CheckpointStore, FindingStore, OpinionStore } from '../contract/ports/findings.ts';
import type { JournalFeed } from '../contract/ports/journal.ts';
import type { Reading } from '../contract/reading.ts';
import type { Room, RoomDeps } from '../contract/room.ts';
import type { TenantId } from '../contract/topics.ts';
import { Engine } from './core/engine.ts';
import { GaugeWatch } from './core/gauges.ts';
import { RiskWatch } from './core/learn/risk-watch.ts';
import { Follower } from './edge/follower.ts';
import { GaugeKeeper } from './edge/gauge-keeper.ts';
import { gaugeRoutes } from './edge/gauge-routes.ts';
import { qualityRoutes } from './edge/quality-routes.ts';
import { RiskKeeper } from './edge/risk-keeper.ts';
import { failureModelRoutes, riskRoutes } from './edge/risk-routes.ts';
import { analyticsRoutes } from './edge/routes.ts';

export interface AnalyticsDeps extends RoomDeps {
  readonly feed: JournalFeed;
  /** Shards of the journal that this worker owns. */
  readonly shards: readonly number[];
  /** Name of this worker's checkpoint; workers that share shards by turns share it. */
  readonly worker: string;
  /** Tenants that are this worker's; left out: all. */
  readonly tenants?: (tenant: TenantId) => boolean;
  readonly findings: FindingStore;
  readonly checkpoints: CheckpointStore;
  readonly opinions: OpinionStore;
  readonly failureModels: FailureModelStore;
  readonly directory: Directory;
  /** ms between checkpoints; default 60 s. */
  readonly checkpointMs?: number;
}

export interface Analytics extends Room {
  /** What closed tickets have taught of a tenant's modes. */
  learned(tenant: TenantId): ReturnType<Engine['learned']>;
  /** Journal batches not yet evaluated. */
  readonly behind: number;
  /** Why nothing more is evaluated until the room is started again. */
  readonly failure: TillwatchError | undefined;
}

const TICK_MS = 1000;
const RESTATE_MS = 5 * 60_000;
const HEED_MS = 5000;
/** The state of a large fleet takes seconds to write, in which nothing is evaluated: that may be one part in so many of the time. */
const SAVING_SHARE = 30;
const MODELS_MS = 10_000;

/** The analytics room: reads the journal, keeps what it has learned, and states what it holds to be true of every part. */
export function createAnalytics(deps: AnalyticsDeps): Analytics {
  const { clock, log, directory } = deps;
  const engine = new Engine({ siteOf: (tenant, terminal) => directory.facts(tenant, terminal)?.site ?? undefined });
  const gauges = new GaugeWatch();
  const gaugeKeeper = new GaugeKeeper({ ...deps, watch: gauges });
  const anomalies = new Counter({
    name: 'tillwatch_gauge_anomalies_total',
    help: 'Samples of custom gauges that were out of the ordinary.',
    labelNames: ['tenant'],
    registers: [deps.metrics],
  });
  const risks = new RiskWatch({
    holds: (tenant, terminal, component) => engine.holds(tenant, terminal, component),
    opinions: engine.opinions,
    facts: (tenant, terminal) => directory.facts(tenant, terminal),
  });
  const riskKeeper = new RiskKeeper({ ...deps, watch: risks, models: deps.failureModels });
  const hear = (reading: Reading) => {
    const found = gauges.take(reading);
    if (found > 0) anomalies.inc({ tenant: reading.tenant }, found);
    return risks.take(reading);
  };
  const follower = new Follower({ ...deps, engine, hear });
  const stops: (() => void)[] = [];
  let heeded = 0;
  let saveAgainAt = 0;

  const complain = (what: string) => (err: unknown) => log.warn({ err }, what);
  const heed = async () => {
    for (;;) {
      const opinions = await deps.opinions.after(heeded, 500);
      for (const opinion of opinions) {
        // A ticket does not always know its device's model: the directory does.
        const model = opinion.model ?? directory.facts(opinion.tenant, opinion.terminal)?.model ?? null;
        await follower.ask(() => [...engine.heed({ ...opinion, model }), ...risks.heed(opinion)]);
        heeded = opinion.id;
      }
      if (opinions.length < 500) return;
    }
  };
  const models = async () => {
    const ended = await riskKeeper.refresh(engine.now);
    await follower.ask(() => ended);
  };
  const tick = async () => {
    // While behind, time is what the readings say: silence in what has not been read yet is no silence.
    if (follower.lag === 0) await follower.ask(() => engine.advance(clock.now()));
  };
  new Gauge({
    name: 'tillwatch_analytics_findings',
    help: 'Findings that stand.',
    registers: [deps.metrics],
    collect() {
      this.set(engine.stats.standing);
    },
  });
  new Gauge({
    name: 'tillwatch_analytics_state_bytes',
    help: 'Memory of detector state.',
    registers: [deps.metrics],
    collect() {
      this.set(engine.stats.bytes);
    },
  });
  new Gauge({
    name: 'tillwatch_analytics_lag_batches',
    help: 'Journal batches not yet evaluated.',
    registers: [deps.metrics],
    collect() {
      this.set(follower.lag);
    },
  });
  new Counter({
    name: 'tillwatch_analytics_readings_total',
    help: 'Readings evaluated.',
    registers: [deps.metrics],
    collect() {
      this.reset();
      this.inc(follower.evaluated);
    },
  });

  return {
    name: 'analytics',
    learned: (tenant) => engine.learned(tenant),
    get behind() {
      return follower.lag;
    },
    get failure() {
      return follower.failure;
    },
    async start() {
      await follower.restore();
      await gaugeKeeper.restore();
      await models();
      await riskKeeper.restore();
      await heed();
      await follower.start();
      stops.push(
        clock.every(TICK_MS, tick, complain('analytics could not state findings and will try again')),
        clock.every(HEED_MS, heed, complain('analytics could not read opinions and will try again')),
        clock.every(MODELS_MS, models, complain('analytics could not read learned models and will try again')),
        clock.every(
          RESTATE_MS,
          () => follower.ask(() => [...engine.standing(), ...risks.standing()]),
          complain('analytics could not restate findings'),
        ),
        clock.every(
          deps.checkpointMs ?? 60_000,
          async () => {
            if (clock.now() < saveAgainAt) return;
            const began = clock.now();
            await follower.checkpoint();
            await gaugeKeeper.save(clock.now());
            await riskKeeper.save(clock.now());
            saveAgainAt = clock.now() + (clock.now() - began) * SAVING_SHARE;
          },
          complain('analytics could not save its state'),
        ),
      );
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      await follower.stop();
      await gaugeKeeper.save(clock.now());
      await riskKeeper.save(clock.now());
    },
    health() {
      const { failure } = follower;
      return {
        ok: failure === undefined,
        ready: failure === undefined,
        checks: [
          {
            name: 'analytics reader',
            ok: failure === undefined,
            detail: failure?.message ?? `${follower.lag} batches behind, ${engine.stats.terminals} terminals`,
          },
        ],
      };
    },
    routes: (http: FastifyInstance) => {
      analyticsRoutes(http, { ...deps, heed });
      gaugeRoutes(http, gauges);
      failureModelRoutes(http, { clock, models: deps.failureModels });
      riskRoutes(http, risks);
      qualityRoutes(http, { ...deps, learned: (tenant) => engine.learned(tenant) });
    },
  };
}
