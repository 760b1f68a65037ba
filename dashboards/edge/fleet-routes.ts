import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import { COMPONENTS } from '../../contract/modes.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { Principal } from '../../contract/principal.ts';
import type { FleetModels } from '../core/fleet-models.ts';
import { type TerminalQuery, terminalRow } from '../core/terminal-list.ts';
import { SORTS } from '../core/terminal-order.ts';
import { FleetSchema, METRIC_VIEWS, MetricSchema, TerminalRowSchema } from '../core/views.ts';
import { HEALTH, LIFECYCLES, LINKS } from '../core/words.ts';
import { list, TenantParams, tenantOf, typed, WordList, words } from './http.ts';

export interface FleetRouteDeps {
  readonly clock: Clock;
  readonly models: FleetModels;
  readonly registry: Pick<RegistryRepository, 'tenants'>;
}

export const TerminalFilters = {
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'part of id, serial, site, model or firmware; all words must be found',
    }),
  ),
  health: WordList(`one of ${HEALTH.join(', ')}`),
  lifecycle: WordList(`one of ${LIFECYCLES.join(', ')}; retired ones only when asked for`),
  site: WordList('site ids'),
  model: WordList('models'),
  firmware: WordList('firmware versions'),
  carrier: WordList('carriers'),
  component: WordList(`components with a finding: ${COMPONENTS.join(', ')}`),
  tickets: Type.Optional(Type.Enum(['open', 'none'], { description: 'with or without an open ticket' })),
  link: WordList(`one of ${LINKS.join(', ')}`),
  fails: Type.Optional(Type.Enum(['week'], { description: 'forecast to fail within seven days' })),
  sort: Type.Optional(Type.Enum([...SORTS], { description: 'default: worst' })),
  descending: Type.Optional(Type.Boolean()),
};
const Filters = Type.Object(TerminalFilters);
const ListQuery = Type.Object({
  ...TerminalFilters,
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'default 50' })),
});

const EXPORT_CHUNK = 2000;
const EXPORT_COLUMNS = [
  'terminal',
  'site',
  'siteName',
  'model',
  'firmware',
  'carrier',
  'lifecycle',
  'health',
  'link',
  'freshness',
  'lastAt',
  'failsAt',
  'openTickets',
  'component',
  'mode',
  'probability',
  'why',
] as const;

/** Tenants, the metric catalogue, the fleet at a glance, and the list of terminals. */
export function fleetRoutes(root: FastifyInstance, deps: FleetRouteDeps): void {
  const http = typed(root);
  const { clock, models } = deps;

  http.get(
    '/tenants',
    {
      config: { right: 'own' },
      schema: {
        tags: ['fleet'],
        summary: 'Tenants that you may see',
        operationId: 'listTenants',
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                tenant: Type.String(),
                terminals: Type.Number(),
                critical: Type.Number(),
                warning: Type.Number(),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { tenants } = request.principal;
      const known = await deps.registry.tenants();
      const visible = known.filter((tenant) => tenants === '*' || tenants.includes(tenant));
      return {
        items: visible.map((tenant) => {
          // How the whole fleet is doing is not for those who may see a part of it.
          if (request.principal.sites) return { tenant, terminals: 0, critical: 0, warning: 0 };
          const { health } = models.overview(tenant, clock.now());
          return { tenant, terminals: health.total, critical: health.critical, warning: health.warning };
        }),
      };
    },
  );

  http.get(
    '/metrics',
    {
      config: { right: 'own' },
      schema: {
        tags: ['telemetry'],
        summary: 'The metric catalogue: every number and word that a terminal may report',
        operationId: 'listMetrics',
        response: { 200: Type.Object({ items: Type.Array(MetricSchema) }) },
      },
    },
    async () => ({ items: [...METRIC_VIEWS] }),
  );

  http.get(
    '/tenants/:tenant/fleet',
    {
      config: { right: 'fleet:read' },
      schema: {
        tags: ['fleet'],
        summary: 'The fleet at a glance, worst first',
        operationId: 'getFleet',
        params: TenantParams,
        response: { 200: FleetSchema },
      },
    },
    async (request) => models.overview(tenantOf(request.params), clock.now()),
  );

  http.get(
    '/tenants/:tenant/terminals',
    {
      config: { right: 'fleet:list' },
      schema: {
        tags: ['fleet'],
        summary: 'Terminals, searched, filtered, sorted and paged; the worst first unless asked otherwise',
        operationId: 'listTerminals',
        params: TenantParams,
        querystring: ListQuery,
        response: {
          200: Type.Object({
            at: Type.Number(),
            items: Type.Array(TerminalRowSchema),
            total: Type.Number(),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      const now = clock.now();
      const query = { ...queryOf(request.query), ...within(request.principal) };
      const { rows, total } = models.lister(tenant).list(query, now);
      const fleet = models.of(tenant);
      const next = query.offset + rows.length;
      return {
        at: now,
        items: rows.map((row) => terminalRow(fleet, row)),
        total,
        ...(next < total ? { next: String(next) } : {}),
      };
    },
  );

  http.get(
    '/tenants/:tenant/terminals.csv',
    {
      config: { right: 'fleet:list' },
      schema: {
        tags: ['fleet'],
        summary: 'The same list as a CSV file, whole',
        operationId: 'exportTerminals',
        params: TenantParams,
        querystring: Filters,
        produces: ['text/csv'],
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(request.params);
      const now = clock.now();
      const fleet = models.of(tenant);
      const { rows } = models
        .lister(tenant)
        .list({ ...queryOf(request.query), ...within(request.principal), offset: 0, limit: fleet.size }, now);
      void reply
        .type('text/csv; charset=utf-8')
        .header(
          'content-disposition',
          `attachment; filename="terminals-${tenant}-${new Date(now).toISOString().slice(0, 10)}.csv"`,
        );
      return reply.send(Readable.from(chunks(rows, (row) => terminalRow(fleet, row))));
    },
  );
}

/** What narrows a list to the sites of those who may not see all. */
function within({ sites }: Principal): { within?: readonly string[] } {
  return sites ? { within: sites } : {};
}

async function* chunks(
  rows: readonly number[],
  view: (row: number) => ReturnType<typeof terminalRow>,
): AsyncGenerator<string> {
  // The mark tells spreadsheets that the text is UTF-8.
  yield `\ufeff${EXPORT_COLUMNS.join(',')}\r\n`;
  for (let at = 0; at < rows.length; at += EXPORT_CHUNK) {
    let text = '';
    for (const row of rows.slice(at, at + EXPORT_CHUNK)) {
      const one = view(row);
      const flat = {
        ...one,
        component: one.worst?.component,
        mode: one.worst?.mode,
        probability: one.worst?.probability,
        why: one.worst?.why,
      };
      text += `${EXPORT_COLUMNS.map((name) => csvCell(name.endsWith('At') ? isoTime(flat[name] as number | null) : flat[name])).join(',')}\r\n`;
    }
    yield text;
  }
}

function isoTime(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}

/** Quotes where needed, and defuses what a spreadsheet would run as a formula. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type ListQueryValue = { readonly [K in keyof typeof TerminalFilters]?: unknown } & { offset?: number; limit?: number };

function queryOf(query: ListQueryValue): TerminalQuery {
  const given = query as { [K in keyof typeof TerminalFilters]?: string } & {
    descending?: boolean;
    offset?: number;
    limit?: number;
  };
  const sort = SORTS.find((one) => one === (given.sort ?? 'worst'));
  if (!sort)
    throw new TillwatchError('api.bad_filter', `"${given.sort}" is not a sort: use ${SORTS.join(', ')}`, {
      status: 400,
    });
  return {
    ...(given.search === undefined ? {} : { search: given.search }),
    health: words('health', given.health, HEALTH),
    lifecycle: words('lifecycle', given.lifecycle, LIFECYCLES),
    component: words('component', given.component, COMPONENTS),
    link: words('link', given.link, LINKS),
    ...(given.fails === undefined ? {} : { fails: 'week' as const }),
    site: list(given.site),
    model: list(given.model),
    firmware: list(given.firmware),
    carrier: list(given.carrier),
    ...(given.tickets === undefined ? {} : { tickets: given.tickets as 'open' | 'none' }),
    sort,
    descending: given.descending ?? false,
    offset: given.offset ?? 0,
    limit: given.limit ?? 50,
  };
}
