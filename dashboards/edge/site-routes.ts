import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import { metricOf } from '../../contract/metrics.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { FleetModels } from '../core/fleet-models.ts';
import { siteList, sitePage } from '../core/site-list.ts';
import { stepFor } from '../core/step.ts';
import { SitePageSchema, SiteSchema } from '../core/terminal-views.ts';
import { Nullable } from '../core/views.ts';
import { mayFollow, TenantParams, tenantOf, typed } from './http.ts';

export interface SiteRouteDeps {
  readonly clock: Clock;
  readonly models: FleetModels;
  readonly telemetry: Pick<TelemetryStore, 'aggregate'>;
}

const DAY = 86_400_000;

/** Sites, and sums over groups of terminals. */
export function siteRoutes(root: FastifyInstance, deps: SiteRouteDeps): void {
  const http = typed(root);
  const { clock, models, telemetry } = deps;

  http.get(
    '/tenants/:tenant/sites',
    {
      config: { right: 'fleet:list' },
      schema: {
        tags: ['sites'],
        summary: 'Sites with what their terminals are like, worst first',
        operationId: 'listSites',
        params: TenantParams,
        querystring: Type.Object({
          search: Type.Optional(Type.String({ maxLength: 200, description: 'part of id, name, region or address' })),
          region: Type.Optional(Type.String()),
          sort: Type.Optional(Type.Enum(['worst', 'name'])),
          offset: Type.Optional(Type.Integer({ minimum: 0 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'default 100' })),
        }),
        response: {
          200: Type.Object({
            at: Type.Number(),
            items: Type.Array(SiteSchema),
            total: Type.Number(),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      const { search, region, sort, offset = 0, limit = 100 } = request.query;
      const wanted = search?.toLowerCase().trim() ?? '';
      const all = siteList(models.of(tenant), models.tickets(tenant), clock.now()).filter(
        (site) =>
          (request.principal.sites?.includes(site.site) ?? true) &&
          (region === undefined || site.region === region) &&
          (wanted === '' ||
            [site.site, site.name, site.region, site.address].some((text) => text?.toLowerCase().includes(wanted))),
      );
      if (sort === 'name') all.sort((a, b) => a.name.localeCompare(b.name));
      const items = all.slice(offset, offset + limit);
      const next = offset + items.length;
      return { at: clock.now(), items, total: all.length, ...(next < all.length ? { next: String(next) } : {}) };
    },
  );

  http.get(
    '/tenants/:tenant/sites/:site',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags: ['sites'],
        summary: 'A site with its terminals, findings and open tickets',
        operationId: 'getSite',
        params: Type.Object({ tenant: Type.String(), site: Type.String() }),
        response: { 200: SitePageSchema },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      const { site } = request.params;
      const page = sitePage(
        models.of(tenant),
        models.lister(tenant),
        models.tickets(tenant),
        site,
        clock.now(),
        mayFollow(request.principal),
      );
      if (!page) {
        throw new TillwatchError('registry.unknown_site', `there is no site "${site}" in ${tenant}`, {
          status: 404,
          context: { tenant, site },
        });
      }
      return page;
    },
  );

  http.get(
    '/tenants/:tenant/aggregates',
    {
      config: { right: 'fleet:read' },
      schema: {
        tags: ['telemetry'],
        summary: 'A metric over groups of terminals and time',
        operationId: 'getAggregates',
        params: TenantParams,
        querystring: Type.Object({
          by: Type.Enum(['site', 'model', 'firmware', 'carrier', 'tenant']),
          metric: Type.String(),
          from: Type.Optional(Type.Integer()),
          to: Type.Optional(Type.Integer()),
          step: Type.Optional(Type.Integer({ minimum: 1000 })),
          aggregate: Type.Optional(Type.Enum(['mean', 'min', 'max', 'last', 'sum', 'p50', 'p95', 'increase'])),
        }),
        response: {
          200: Type.Object({
            from: Type.Number(),
            to: Type.Number(),
            stepMs: Type.Number(),
            unit: Type.String(),
            groups: Type.Array(
              Type.Object({
                group: Type.String(),
                terminals: Type.Number(),
                times: Type.Array(Type.Number()),
                values: Type.Array(Nullable(Type.Number())),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { query } = request;
      const metric = metricOf(query.metric);
      if (!metric || metric.kind === 'text') {
        throw new TillwatchError(
          'telemetry.bad_query',
          `"${query.metric}" is not a metric with numbers: see /api/v1/metrics`,
          { status: 400 },
        );
      }
      const to = query.to ?? clock.now();
      const from = query.from ?? to - 7 * DAY;
      if (from >= to) throw new TillwatchError('telemetry.bad_query', '`from` must be before `to`', { status: 400 });
      const stepMs = query.step ?? stepFor(to - from, 200);
      const groups = await telemetry.aggregate(tenantOf(request.params), {
        by: query.by as 'site',
        metric: query.metric,
        from,
        to,
        stepMs,
        aggregate: (query.aggregate as 'mean' | undefined) ?? (metric.kind === 'counter' ? 'increase' : 'mean'),
      });
      return {
        from,
        to,
        stepMs,
        unit: metric.unit,
        groups: groups.map((group) => ({ ...group, times: [...group.times], values: [...group.values] })),
      };
    },
  );
}
