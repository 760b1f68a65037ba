import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { COMPONENTS } from '../../../contract/modes.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Office } from '../office.ts';
import { need, TenantParams, TicketParams, tenantOf, typed } from './http.ts';
import { Nullable } from './ticket-schemas.ts';

export interface ProviderRouteDeps {
  readonly office: Office;
  readonly tickets: TicketRepository;
}

const Word = Type.String({ minLength: 1, maxLength: 100 });
const Skill = Type.Enum([...COMPONENTS, '*']);
const Hours = Nullable(
  Type.Object({
    opens: Type.Integer({ minimum: 0, maximum: 1440 }),
    closes: Type.Integer({ minimum: 0, maximum: 2880 }),
  }),
);
const ProviderBody = {
  name: Word,
  regions: Type.Array(Word, { maxItems: 200 }),
  skills: Type.Array(Skill),
  capacity: Type.Integer({ minimum: 1, maximum: 100_000 }),
  minutesPerDay: Type.Integer({ minimum: 30, maximum: 100_000 }),
  hours: Type.Array(Hours, { minItems: 7, maxItems: 7, description: 'Monday first, minutes after midnight' }),
  timezone: Word,
  technicians: Type.Array(Type.Object({ name: Word, skills: Type.Array(Skill) }), { maxItems: 1_000 }),
  people: Type.Array(Word, { maxItems: 1_000, description: 'names its people sign in with' }),
  contact: Nullable(Type.String({ maxLength: 500 })),
  active: Type.Boolean(),
};
const ProviderSchema = Type.Object({ id: Word, ...ProviderBody });
const ProviderParams = Type.Object({ tenant: Type.String(), provider: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });

/** Service providers: who they are, how busy they are, and why a ticket went where it went. */
export function providerRoutes(root: FastifyInstance, { office, tickets }: ProviderRouteDeps): void {
  const http = typed(root);

  http.get(
    '/tenants/:tenant/providers',
    {
      config: { right: 'providers:read' },
      schema: {
        tags: ['providers'],
        summary: 'Service providers with their load and marks',
        operationId: 'listProviders',
        params: TenantParams,
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({ id: Word, ...ProviderBody, openTickets: Type.Integer(), mark: Nullable(Type.Number()) }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      const load = office.load(tenant);
      const own = request.principal.role === 'provider' ? office.providerOf(tenant, request.principal) : undefined;
      const items = office
        .providers(tenant)
        .filter((provider) => own === undefined || provider.id === own)
        .map((provider) => ({
          ...provider,
          openTickets: load.open.get(provider.id) ?? 0,
          mark: load.marks.get(provider.id) ?? null,
        }));
      return { items } as never;
    },
  );

  http.put(
    '/tenants/:tenant/providers/:provider',
    {
      config: { right: 'providers:write' },
      schema: {
        tags: ['providers'],
        summary: 'Enter or change a service provider',
        operationId: 'putProvider',
        params: ProviderParams,
        body: Type.Object(ProviderBody, { additionalProperties: false }),
        response: { 200: ProviderSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const provider = { id: request.params.provider, ...request.body };
      await office.putProvider(tenantOf(request.params), provider);
      return provider;
    },
  );

  http.get(
    '/tenants/:tenant/tickets/:id/assignment',
    {
      config: { right: 'tickets:explain' },
      schema: {
        tags: ['providers'],
        summary: 'To whom the ticket would be given now, and why; and why it went to whom it has',
        operationId: 'explainAssignment',
        params: TicketParams,
        response: { 200: Type.Object({ would: Type.String(), did: Nullable(Type.String()) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const [ticket] = await tickets.load(tenantOf(request.params), [request.params.id]);
      if (!ticket)
        throw new TillwatchError('ticket.unknown', `there is no ticket ${request.params.id}`, { status: 404 });
      return { would: office.explain(ticket), did: ticket.assignment?.why ?? null };
    },
  );
}
