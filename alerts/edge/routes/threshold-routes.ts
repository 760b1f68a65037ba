import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Policy } from '../../core/policy.ts';
import type { Thresholds } from '../../core/thresholds.ts';
import type { Office } from '../office.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';

const Hours = Type.Number({ minimum: 0.25, maximum: 24 * 30 });
const ThresholdsSchema = Type.Object(
  {
    ticketFrom: Type.Enum(['warning', 'critical'], {
      description: 'the least severity of a finding that opens a ticket',
    }),
    minProbability: Type.Number({
      minimum: 0,
      maximum: 0.99,
      description: 'the least probability of a forecast that opens a ticket; what has failed already always does',
    }),
    settleMinutes: Type.Number({
      minimum: 1,
      maximum: 14 * 1_440,
      description: 'how long a fault must stay away before its ticket resolves by itself',
    }),
    flappingOpenings: Type.Integer({ minimum: 2, maximum: 20 }),
    flappingHours: Type.Number({ minimum: 1, maximum: 24 * 14 }),
    warnAtShare: Type.Number({
      minimum: 0.1,
      maximum: 0.99,
      description: 'share of a service level after which it is escalated',
    }),
    healthyHours: Type.Object(
      { printer: Hours, battery: Hours, network: Hours, reader: Hours, system: Hours, other: Hours },
      { description: 'how long a repaired part must be healthy before the repair is accepted' },
    ),
    followUpDays: Type.Number({ minimum: 1, maximum: 90 }),
    badMarkBelow: Type.Number({
      minimum: 1,
      maximum: 5,
      description: 'mean mark below which a rating reopens the ticket',
    }),
  },
  { additionalProperties: false },
);

export interface ThresholdRouteDeps {
  readonly office: Office;
  readonly policy: Policy;
  /** Looks again at faults without a ticket. */
  readonly again: () => Promise<unknown>;
}

/** From where on a tenant wants a ticket, an escalation, an acceptance. */
export function thresholdRoutes(root: FastifyInstance, { office, policy, again }: ThresholdRouteDeps): void {
  const http = typed(root);

  http.get(
    '/tenants/:tenant/thresholds',
    {
      config: { right: 'incidents:read' },
      schema: {
        tags: ['incidents'],
        summary: 'From where on a fault gets a ticket, a clock warns, a repair is accepted',
        operationId: 'getThresholds',
        params: TenantParams,
        response: { 200: ThresholdsSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      return office.thresholds(policy, tenantOf(request.params));
    },
  );

  http.put(
    '/tenants/:tenant/thresholds',
    {
      config: { right: 'incidents:write' },
      schema: {
        tags: ['incidents'],
        summary: 'Set the thresholds; faults without a ticket are looked at again at once',
        operationId: 'putThresholds',
        params: TenantParams,
        body: ThresholdsSchema,
        response: { 200: ThresholdsSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const set: Thresholds = request.body;
      await office.putThresholds(tenantOf(request.params), set);
      await again();
      return set;
    },
  );
}
