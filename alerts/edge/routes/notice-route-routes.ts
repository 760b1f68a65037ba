import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { COMPONENTS } from '../../../contract/modes.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import { CHAT_FLAVOURS, type NoticeRoute } from '../../core/notice-routes.ts';
import type { Switchboard } from '../switchboard.ts';
import { need, TenantParams, TicketParams, tenantOf, typed } from './http.ts';
import { Nullable, Severity, Time } from './ticket-schemas.ts';

const Text = Type.String();
const Word = Type.String({ minLength: 1, maxLength: 200 });
const Url = Type.String({ pattern: '^https?://', maxLength: 500 });
const Audience = Type.Enum(['operator', 'provider', 'merchant']);
const Minutes = Type.Integer({ minimum: 0, maximum: 1439 });
const ChannelSchema = Type.Union([
  Type.Object({
    type: Type.Literal('email'),
    to: Type.Array(Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$' }), { minItems: 1, maxItems: 50 }),
  }),
  Type.Object({
    type: Type.Literal('webhook'),
    url: Url,
    secret: Type.String({ pattern: '^whsec_[A-Za-z0-9+/=]{24,}$' }),
  }),
  Type.Object({ type: Type.Literal('alertmanager'), url: Url }),
  Type.Object({
    type: Type.Literal('tool'),
    tool: Type.String({
      pattern: '^[a-z0-9-]{1,40}$',
      description: 'id of an outside tool: the ticket is handed over',
    }),
  }),
  Type.Object({
    type: Type.Literal('chat'),
    flavour: Type.Enum([...CHAT_FLAVOURS]),
    url: Url,
    secret: Type.Optional(Nullable(Word)),
  }),
]);
const body = {
  audience: Audience,
  templates: Type.Array(Word, { maxItems: 50 }),
  severities: Type.Array(Severity),
  sites: Type.Array(Word, { maxItems: 500 }),
  components: Type.Array(Type.Enum([...COMPONENTS])),
  providers: Type.Array(Word, { maxItems: 100 }),
  quiet: Nullable(Type.Object({ timezone: Word, from: Minutes, to: Minutes, exceptCritical: Type.Boolean() })),
  language: Type.Enum(['en', 'zh']),
  active: Type.Boolean(),
};
const RouteParams = Type.Object({ tenant: Text, route: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });
/** Secrets go in and are never told again. */
const Shown = Type.Object({ id: Text, ...body, channels: Type.Array(Type.Object({ type: Text, to: Text })) });

function shown(route: NoticeRoute) {
  return {
    ...route,
    channels: route.channels.map((channel) => ({
      type: channel.type === 'chat' ? channel.flavour : channel.type,
      to:
        channel.type === 'email'
          ? channel.to.join(', ')
          : channel.type === 'tool'
            ? channel.tool
            : new URL(channel.url).origin,
    })),
  };
}

/** Routes of notices, and why somebody was told or not. */
export function noticeRouteRoutes(
  root: FastifyInstance,
  deps: { switchboard: Switchboard; tickets: TicketRepository },
): void {
  const http = typed(root);
  const { switchboard, tickets } = deps;

  http.get(
    '/tenants/:tenant/notice-routes',
    {
      config: { right: 'notices:read' },
      schema: {
        tags: ['notices'],
        summary: 'Who hears of what, by which channels, and when not',
        operationId: 'listNoticeRoutes',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(Shown) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      return { items: switchboard.routes(tenantOf(request.params)).map(shown) } as never;
    },
  );

  http.put(
    '/tenants/:tenant/notice-routes/:route',
    {
      config: { right: 'notices:write' },
      schema: {
        tags: ['notices'],
        summary: 'Enter or change a route; empty lists fit everything',
        operationId: 'putNoticeRoute',
        params: RouteParams,
        body: Type.Object(
          { ...body, channels: Type.Array(ChannelSchema, { minItems: 1, maxItems: 10 }) },
          { additionalProperties: false },
        ),
        response: { 200: Shown },
      },
    },
    async (request) => {
      need(request.principal, 'administrator', 'operations');
      const route = { id: request.params.route, ...request.body } as NoticeRoute;
      await switchboard.put(tenantOf(request.params), route);
      return shown(route) as never;
    },
  );

  http.delete(
    '/tenants/:tenant/notice-routes/:route',
    {
      config: { right: 'notices:write' },
      schema: {
        tags: ['notices'],
        summary: 'Take a route away',
        operationId: 'removeNoticeRoute',
        params: RouteParams,
        response: { 200: Type.Object({ removed: Type.Boolean() }) },
      },
    },
    async (request) => {
      need(request.principal, 'administrator', 'operations');
      const removed = await switchboard.remove(tenantOf(request.params), request.params.route);
      if (!removed)
        throw new TillwatchError('alerts.unknown_route', `there is no route ${request.params.route}`, { status: 404 });
      return { removed };
    },
  );

  http.get(
    '/tenants/:tenant/tickets/:id/told',
    {
      config: { right: 'tickets:explain' },
      schema: {
        tags: ['notices'],
        summary: 'Why was I told, or not: each route with its decision on a notice of this ticket',
        operationId: 'explainNotice',
        params: TicketParams,
        querystring: Type.Object({ template: Type.Optional(Word), audience: Type.Optional(Audience) }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Object({ route: Text, told: Type.Boolean(), at: Time, why: Text })),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const [ticket] = await tickets.load(tenantOf(request.params), [request.params.id]);
      if (!ticket)
        throw new TillwatchError('ticket.unknown', `there is no ticket ${request.params.id}`, { status: 404 });
      const { template = 'opened', audience = 'operator' } = request.query;
      return { items: [...switchboard.decide(ticket, { template, audience })] };
    },
  );
}
