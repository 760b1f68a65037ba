import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { METRICS } from '../../../contract/metrics.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { Plan } from '../../core/plans.ts';
import type { Office } from '../office.ts';
import type { Prevention } from '../prevention.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';
import { Nullable, Time } from './ticket-schemas.ts';

export interface PreventionRouteDeps {
  readonly clock: Clock;
  readonly prevention: Prevention;
  readonly office: Office;
}

const Text = Type.String();
const Word = Type.String({ minLength: 1, maxLength: 100 });
const planBody = {
  name: Word,
  models: Type.Array(Word, { maxItems: 100, description: 'empty: all' }),
  rrule: Type.String({
    minLength: 5,
    maxLength: 200,
    description: 'RFC 5545, counted from the last check, e.g. FREQ=YEARLY',
  }),
  use: Nullable(Type.Object({ metric: Word, every: Type.Number({ exclusiveMinimum: 0 }) })),
  checklist: Type.Array(Word, { minItems: 1, maxItems: 50 }),
  minutes: Type.Integer({ minimum: 5, maximum: 480 }),
  active: Type.Boolean(),
};
const PlanSchema = Type.Object({ id: Word, ...planBody });
const PlanParams = Type.Object({ tenant: Text, plan: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });
const TaskSchema = Type.Object({
  kind: Type.Enum(['check', 'repair']),
  terminal: Text,
  site: Text,
  title: Text,
  dueAt: Time,
  minutes: Type.Integer(),
  ticket: Nullable(Text),
  plan: Nullable(Text),
  component: Nullable(Text),
});
const RoundSchema = Type.Object({
  id: Text,
  provider: Text,
  technician: Nullable(Text),
  day: Time,
  minutes: Type.Integer(),
  stops: Type.Array(
    Type.Object({
      site: Text,
      name: Text,
      address: Nullable(Text),
      from: Time,
      to: Time,
      tasks: Type.Array(TaskSchema),
      pinned: Type.Optional(
        Type.Boolean({ description: 'a person put it on this day: planning anew leaves it there' }),
      ),
    }),
  ),
});
const DAY = 86_400_000;

/** Preventive plans, due checks, rounds, and their calendar. */
export function preventionRoutes(root: FastifyInstance, { clock, prevention, office }: PreventionRouteDeps): void {
  const http = typed(root);

  http.get(
    '/tenants/:tenant/plans',
    {
      config: { right: 'plans:read' },
      schema: {
        tags: ['prevention'],
        summary: 'Preventive plans',
        operationId: 'listPlans',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(PlanSchema) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      return {
        items: (await prevention.plans(tenantOf(request.params))) as (Plan & {
          models: string[];
          checklist: string[];
        })[],
      };
    },
  );

  http.put(
    '/tenants/:tenant/plans/:plan',
    {
      config: { right: 'plans:write' },
      schema: {
        tags: ['prevention'],
        summary: 'Enter or change a plan: by date, by use, whichever comes first',
        operationId: 'putPlan',
        params: PlanParams,
        body: Type.Object(planBody, { additionalProperties: false }),
        response: { 200: PlanSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const plan = { id: request.params.plan, ...request.body };
      await prevention.putPlan(tenantOf(request.params), plan, (metric) => METRICS.some((one) => one.key === metric));
      return plan;
    },
  );

  http.get(
    '/tenants/:tenant/checks',
    {
      config: { right: 'plans:read' },
      schema: {
        tags: ['prevention'],
        summary: 'Checks due within some days, soonest first',
        operationId: 'listDueChecks',
        params: TenantParams,
        querystring: Type.Object({
          days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, description: 'default 30' })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                plan: Text,
                name: Text,
                terminal: Text,
                site: Nullable(Text),
                minutes: Type.Integer(),
                dueAt: Time,
                by: Type.Enum(['date', 'use']),
                why: Text,
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      return {
        items: [...(await prevention.due(tenantOf(request.params), clock.now() + (request.query.days ?? 30) * DAY))],
      };
    },
  );

  http.post(
    '/tenants/:tenant/rounds',
    {
      config: { right: 'rounds:write' },
      schema: {
        tags: ['prevention'],
        summary:
          'Plan the rounds of the coming days anew: due checks and predicted failures near each other in one visit',
        operationId: 'planRounds',
        params: TenantParams,
        body: Type.Object({ days: Type.Integer({ minimum: 1, maximum: 90 }) }),
        response: {
          200: Type.Object({
            rounds: Type.Array(RoundSchema),
            left: Type.Array(Type.Object({ task: TaskSchema, why: Text })),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      return (await prevention.planRounds(tenantOf(request.params), request.body.days)) as never;
    },
  );

  http.get(
    '/tenants/:tenant/rounds',
    {
      config: { right: 'rounds:read' },
      schema: {
        tags: ['prevention'],
        summary: 'Planned rounds',
        operationId: 'listRounds',
        params: TenantParams,
        querystring: Type.Object({ provider: Type.Optional(Word) }),
        response: { 200: Type.Object({ items: Type.Array(RoundSchema) }) },
      },
    },
    async (request) => {
      const tenant = tenantOf(request.params);
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      const own =
        request.principal.role === 'provider'
          ? (office.providerOf(tenant, request.principal) ?? '')
          : request.query.provider;
      return { items: (await prevention.rounds(tenant, own)) as never };
    },
  );

  http.post(
    '/tenants/:tenant/rounds/:round/move',
    {
      config: { right: 'rounds:write' },
      schema: {
        tags: ['prevention'],
        summary: 'Put a visit of a round into another day, or into another provider’s round',
        operationId: 'moveRoundStop',
        params: Type.Object({ tenant: Text, round: Type.String({ maxLength: 80 }) }),
        body: Type.Object(
          {
            site: Text,
            day: Type.Integer({ multipleOf: DAY, description: 'midnight UTC of the day, ms' }),
            provider: Word,
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ items: Type.Array(RoundSchema) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const tenant = tenantOf(request.params);
      await prevention.moveStop(tenant, { round: request.params.round, ...request.body });
      return { items: (await prevention.rounds(tenant)) as never };
    },
  );

  http.post(
    '/tenants/:tenant/rounds/:round/book',
    {
      config: { right: 'rounds:write' },
      schema: {
        tags: ['prevention'],
        summary: 'Make a round binding: its tickets are given to the provider and get their appointment',
        operationId: 'bookRound',
        params: Type.Object({ tenant: Text, round: Type.String({ maxLength: 80 }) }),
        response: { 200: Type.Object({ booked: Type.Integer() }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      return { booked: await prevention.book(tenantOf(request.params), request.params.round) };
    },
  );
}
