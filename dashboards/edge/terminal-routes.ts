import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import { metricOf } from '../../contract/metrics.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { PresenceView } from '../../contract/ports/presence.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { TicketReader } from '../../contract/ports/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { FleetModels } from '../core/fleet-models.ts';
import { findingView } from '../core/fleet-overview.ts';
import { stepFor } from '../core/step.ts';
import { terminalRow } from '../core/terminal-list.ts';
import { EventSchema, SeriesSchema, TerminalSchema } from '../core/terminal-views.ts';
import { ticketView } from '../core/ticket-view.ts';
import { list, mayFollow, TerminalParams, tenantOf, typed } from './http.ts';

export interface TerminalRouteDeps {
  readonly clock: Clock;
  readonly models: FleetModels;
  readonly registry: Pick<RegistryRepository, 'get'>;
  readonly presence: PresenceView;
  readonly telemetry: TelemetryStore;
  readonly tickets: TicketReader;
}

const DAY = 86_400_000;
const MAX_METRICS = 16;
const POINTS = 600;

/** One terminal: its page, its series, its events. */
export function terminalRoutes(root: FastifyInstance, deps: TerminalRouteDeps): void {
  const http = typed(root);
  const { clock, models, registry, presence, telemetry, tickets } = deps;

  http.get(
    '/tenants/:tenant/terminals/:terminal',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags: ['fleet'],
        summary: 'A terminal: facts, presence, latest values, standing findings, open tickets',
        operationId: 'getTerminal',
        params: TerminalParams,
        response: { 200: TerminalSchema },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      const id = request.params.terminal;
      const [facts, stored, open] = await Promise.all([
        registry.get(tenant, id),
        telemetry.latest(tenant, [id]),
        tickets.openOf(tenant, [id]),
      ]);
      const fleet = models.of(tenant);
      const row = fleet.row(id);
      if (!facts || row === undefined) throw unknownTerminal(tenant, id);
      const { tenant: _tenant, hardware, ...rest } = facts;
      const link = presence.of(tenant, id);
      const site = facts.site === null ? undefined : fleet.sites.get(facts.site);
      return {
        at: clock.now(),
        row: terminalRow(fleet, row),
        facts: { ...rest, hardware: { ...hardware } },
        site: site
          ? {
              site: site.site,
              name: site.name,
              timezone: site.timezone,
              region: site.region ?? null,
              address: site.address ?? null,
              contact: site.contact ?? null,
            }
          : null,
        presence: link
          ? {
              link: link.link,
              freshness: link.freshness,
              clockOffsetMs: link.clockOffsetMs,
              gaps: link.gaps,
              duplicates: link.duplicates,
            }
          : null,
        latest: latestOf(fleet.gauges.ts(row), fleet.gauges.values(row), stored[0]),
        findings: fleet.findingsOf(row).map(findingView),
        tickets: open.filter(mayFollow(request.principal)).map(ticketView),
      };
    },
  );

  http.get(
    '/tenants/:tenant/terminals/:terminal/series',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags: ['telemetry'],
        summary: "A terminal's metrics over time, in buckets",
        operationId: 'getSeries',
        params: TerminalParams,
        querystring: Type.Object({
          metrics: Type.String({ description: `metric keys by comma, at most ${MAX_METRICS}` }),
          from: Type.Optional(Type.Integer({ description: 'ms UTC, inclusive; default a day before `to`' })),
          to: Type.Optional(Type.Integer({ description: 'ms UTC, exclusive; default now' })),
          step: Type.Optional(
            Type.Integer({
              minimum: 0,
              description: 'bucket width in ms; 0: the samples themselves; default: to fit `points`',
            }),
          ),
          points: Type.Optional(Type.Integer({ minimum: 10, maximum: 5000 })),
          aggregate: Type.Optional(Type.Enum(['mean', 'min', 'max', 'last', 'sum', 'p50', 'p95', 'increase'])),
        }),
        response: { 200: SeriesSchema },
      },
    },
    async (request) => {
      const { query } = request;
      const to = query.to ?? clock.now();
      const from = query.from ?? to - DAY;
      if (from >= to) throw new TillwatchError('telemetry.bad_query', '`from` must be before `to`', { status: 400 });
      const metrics = [...new Set(list(query.metrics))];
      if (metrics.length === 0 || metrics.length > MAX_METRICS) {
        throw new TillwatchError('telemetry.bad_query', `name 1 to ${MAX_METRICS} metrics`, { status: 400 });
      }
      for (const metric of metrics) {
        if (!metricOf(metric)) {
          throw new TillwatchError('telemetry.bad_query', `"${metric}" is not a metric: see /api/v1/metrics`, {
            status: 400,
          });
        }
      }
      const stepMs = query.step === 0 ? undefined : (query.step ?? stepFor(to - from, query.points ?? POINTS));
      const series = await telemetry.range(tenantOf(request.params), {
        terminals: [request.params.terminal],
        metrics,
        from,
        to,
        ...(stepMs === undefined ? {} : { stepMs }),
        ...(query.aggregate === undefined ? {} : { aggregate: query.aggregate as 'mean' }),
      });
      return {
        from,
        to,
        stepMs: stepMs ?? null,
        series: series.map((one) => ({
          metric: one.metric,
          unit: metricOf(one.metric)?.unit ?? '',
          kind: metricOf(one.metric)?.kind ?? 'gauge',
          times: [...one.times],
          values: [...one.values],
        })),
      };
    },
  );

  http.get(
    '/tenants/:tenant/terminals/:terminal/events',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags: ['telemetry'],
        summary: 'Events that a terminal told of, newest first',
        operationId: 'listEvents',
        params: TerminalParams,
        querystring: Type.Object({
          from: Type.Optional(Type.Integer()),
          to: Type.Optional(Type.Integer()),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        }),
        response: { 200: Type.Object({ items: Type.Array(EventSchema) }) },
      },
    },
    async (request) => {
      const to = request.query.to ?? clock.now() + 1;
      const from = request.query.from ?? to - 30 * DAY;
      const readings = await telemetry.events(
        tenantOf(request.params),
        request.params.terminal,
        from,
        to,
        request.query.limit ?? 100,
      );
      return {
        items: readings.flatMap((reading) =>
          reading.channel === 'event'
            ? [
                {
                  at: reading.ts,
                  receivedAt: reading.receivedAt,
                  type: reading.payload.type,
                  component: reading.payload.component ?? null,
                  detail: reading.payload.detail ?? null,
                },
              ]
            : [],
        ),
      };
    },
  );
}

/** Live values win over stored ones where they are newer; counters come from the store alone. */
function latestOf(
  liveAt: number,
  live: Record<string, number | string>,
  stored: { ts: number; values: Readonly<Record<string, number | string>> } | undefined,
) {
  const values = stored && stored.ts > liveAt ? { ...live, ...stored.values } : { ...stored?.values, ...live };
  const ts = Math.max(liveAt, stored?.ts ?? 0);
  return {
    ts: ts || null,
    values: Object.entries(values).map(([metric, value]) => ({ metric, value, unit: metricOf(metric)?.unit ?? '' })),
  };
}

function unknownTerminal(tenant: TenantId, terminal: string): TillwatchError {
  return new TillwatchError('registry.unknown_terminal', `there is no terminal "${terminal}" in ${tenant}`, {
    status: 404,
    context: { tenant, terminal },
  });
}
