import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { COMPONENTS } from '../../../contract/modes.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Principal } from '../../../contract/principal.ts';
import { TICKET_KINDS, TICKET_STATES, type TicketSummary } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { allowed } from '../../core/machine.ts';
import { story } from '../../core/story.ts';
import { EVENTS, type TicketEvent } from '../../core/ticket-events.ts';
import type { Person } from '../office.ts';
import type { TicketDesk } from '../ticket-desk.ts';
import { actorOf, list, need, TenantParams, TicketParams, tenantOf, typed, words } from './http.ts';
import { TicketPageSchema, TicketSchema, TicketSummarySchema } from './ticket-schemas.ts';

export interface TicketRouteDeps {
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  /** The organisation that a provider's person works for. */
  readonly providerOf: (tenant: TenantId, person: Person) => string | null;
}

const Words = (describe: string) =>
  Type.Optional(Type.String({ maxLength: 2_000, description: `${describe}; several by comma` }));
const Flag = (describe: string) => Type.Optional(Type.Boolean({ description: describe }));
// A file comes by its own route, which looks at its bytes.
const { attach_file: _attach, ...SENT } = EVENTS;
const AnyEvent = Type.Union(Object.values(SENT));

/** What a ticket's asker may see of it: providers theirs, merchants none by this door (they have their own page). */
export function mayRead(principal: Principal, ticket: TicketSummary, provider: string | null): boolean {
  if (principal.role === 'provider') return provider !== null && ticket.provider === provider;
  return principal.role !== 'merchant';
}

/** Tickets: list and search, one with its history, and the one endpoint that feeds the state machine. */
export function ticketRoutes(root: FastifyInstance, deps: TicketRouteDeps): void {
  const http = typed(root);
  const { tickets, desk, providerOf } = deps;

  async function read(principal: Principal, tenant: TenantId, id: string) {
    const found = await tickets.get(tenant, id);
    const provider = principal.role === 'provider' ? providerOf(tenant, principal) : null;
    // One that may not be seen answers as one that is not there, so that ids cannot be tried out.
    if (!found || !mayRead(principal, found.ticket, provider)) {
      throw new TillwatchError('ticket.unknown', `there is no ticket ${id}`, { status: 404 });
    }
    return found;
  }

  http.get(
    '/tenants/:tenant/tickets',
    {
      config: { right: 'tickets:read' },
      schema: {
        tags: ['tickets'],
        summary: 'Tickets: filters, search over the whole archive, page by page',
        operationId: 'listTickets',
        params: TenantParams,
        querystring: Type.Object({
          search: Type.Optional(
            Type.String({
              maxLength: 200,
              description: 'words of any language, all must be there; answers come newest first',
            }),
          ),
          open: Flag('only open (true) or only ended (false) ones'),
          state: Words('states'),
          kind: Words('kinds'),
          severity: Words('severities'),
          component: Words('components'),
          terminal: Words('terminals'),
          site: Words('sites'),
          provider: Words('providers'),
          parent: Type.Optional(Type.String({ description: 'tickets gathered in this one' })),
          attached: Flag('false leaves out tickets that are worked on in a wider one'),
          openedFrom: Type.Optional(Type.Integer({ minimum: 0 })),
          openedTo: Type.Optional(Type.Integer({ minimum: 0 })),
          order: Type.Optional(Type.Enum(['worst', 'newest', 'updated'])),
          count: Flag('also answer how many there are'),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'default 50' })),
          after: Type.Optional(Type.String({ maxLength: 500, description: 'the `next` of the page before' })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(TicketSummarySchema),
            total: Type.Optional(Type.Number()),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async (request) => {
      const { principal, query } = request;
      need(principal, 'operations', 'administrator', 'auditor', 'provider');
      const tenant = tenantOf(request.params);
      const { state, kind, severity, component, terminal, site, provider, ...rest } = query;
      const own = principal.role === 'provider' ? [providerOf(tenant, principal) ?? ''] : list(provider);
      const page = await tickets.list(tenant, {
        ...rest,
        ...given('state', words('state', state, TICKET_STATES)),
        ...given('kind', words('kind', kind, TICKET_KINDS)),
        ...given('severity', words('severity', severity, ['watch', 'warning', 'critical'] as const)),
        ...given('component', words('component', component, COMPONENTS)),
        ...given('terminal', list(terminal)),
        ...given('site', list(site)),
        ...given('provider', own),
      });
      return page as MutablePage;
    },
  );

  http.get(
    '/tenants/:tenant/tickets/:id',
    {
      config: { right: 'tickets:read' },
      schema: {
        tags: ['tickets'],
        summary: 'One ticket with its history, and what the asker may do with it now',
        operationId: 'getTicket',
        params: TicketParams,
        response: { 200: TicketPageSchema },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      const { ticket, history } = await read(request.principal, tenant, request.params.id);
      const events = allowed(ticket, desk.context(tenant, actorOf(request.principal), ticket.site));
      return { ticket, history, allowed: events } as never;
    },
  );

  http.get(
    '/tenants/:tenant/tickets/:id/story',
    {
      config: { right: 'tickets:read' },
      schema: {
        tags: ['tickets'],
        summary: "A ticket's history as a story, plain text",
        operationId: 'getTicketStory',
        params: TicketParams,
        querystring: Type.Object({ timezone: Type.Optional(Type.String({ description: 'IANA zone, default UTC' })) }),
        produces: ['text/plain'],
        response: { 200: Type.String() },
      },
    },
    async (request, reply) => {
      const { ticket, history } = await read(request.principal, tenantOf(request.params), request.params.id);
      return reply.type('text/plain; charset=utf-8').send(story(ticket, history, request.query.timezone ?? 'utc'));
    },
  );

  http.post(
    '/tenants/:tenant/tickets/:id/events',
    {
      config: { right: 'tickets:write' },
      schema: {
        tags: ['tickets'],
        summary: 'Feed one event to the ticket; a refusal says why (403 by role, 409 by state or condition)',
        operationId: 'sendTicketEvent',
        params: TicketParams,
        body: Type.Object(
          {
            event: AnyEvent,
            version: Type.Optional(
              Type.Integer({ minimum: 1, description: 'the version that was read: refused when it has changed' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: TicketSchema },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      await read(request.principal, tenant, request.params.id);
      const { event, version } = request.body;
      return (await desk.act(
        tenant,
        request.params.id,
        event as TicketEvent,
        actorOf(request.principal),
        version,
      )) as never;
    },
  );
}

type MutablePage = { items: never[]; total?: number; next?: string };

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
