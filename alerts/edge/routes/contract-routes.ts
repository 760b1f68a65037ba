import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { faultOfHours } from '../../core/service-hours.ts';
import type { ServiceContract } from '../../core/service-levels.ts';
import type { Office } from '../office.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';
import { Nullable } from './ticket-schemas.ts';

const Text = Type.String();
const Word = Type.String({ minLength: 1, maxLength: 100 });
const Minutes = Type.Integer({ minimum: 1, maximum: 525_600 });
const Level = Type.Object({ responseMinutes: Minutes, repairMinutes: Minutes });
const Day = Type.Object({
  opens: Type.Integer({ minimum: 0, maximum: 1_439 }),
  closes: Type.Integer({ minimum: 1, maximum: 2_880 }),
});
const Hours = Nullable(
  Type.Object({
    week: Type.Array(Nullable(Day), { minItems: 7, maxItems: 7, description: 'Monday first; minutes after midnight' }),
    timezone: Type.String({ minLength: 1, maxLength: 64 }),
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 400 }),
  }),
);
const body = {
  name: Word,
  sites: Type.Array(Word, { maxItems: 20_000 }),
  regions: Type.Array(Word, { maxItems: 500 }),
  levels: Type.Object({ critical: Level, warning: Level, watch: Level }),
  hours: Type.Optional(Hours),
  active: Type.Boolean(),
};
const Contract = Type.Object({ id: Text, ...body });
const Params = Type.Object({ tenant: Text, contract: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });

/** Service levels by contract: how soon somebody answers, and how soon it is repaired. */
export function contractRoutes(root: FastifyInstance, { office }: { office: Office }): void {
  const http = typed(root);

  http.get(
    '/tenants/:tenant/service-contracts',
    {
      config: { right: 'providers:read' },
      schema: {
        tags: ['providers'],
        summary: 'Service levels by contract; sites that none names have the platform’s own times',
        operationId: 'listServiceContracts',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(Contract) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor', 'provider');
      return { items: office.contracts(tenantOf(request.params)) } as never;
    },
  );

  http.put(
    '/tenants/:tenant/service-contracts/:contract',
    {
      config: { right: 'providers:write' },
      schema: {
        tags: ['providers'],
        summary: 'Enter or change a contract; it holds for tickets opened, raised or reopened from now on',
        operationId: 'putServiceContract',
        params: Params,
        body: Type.Object(body, { additionalProperties: false }),
        response: { 200: Contract },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      for (const [severity, level] of Object.entries(request.body.levels)) {
        if (level.responseMinutes > level.repairMinutes)
          throw new TillwatchError(
            'contract.bad_level',
            `levels.${severity}: the answer comes no later than the repair`,
            {
              status: 400,
            },
          );
      }
      const { hours = null } = request.body;
      const bad = hours && faultOfHours(hours);
      if (bad) throw new TillwatchError('contract.bad_hours', bad, { status: 400 });
      const contract: ServiceContract = { id: request.params.contract, ...request.body, hours };
      await office.putContract(tenantOf(request.params), contract);
      return contract as never;
    },
  );
}
