import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { RegistryRepository } from '../../../contract/ports/registry.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { SiteCareBook } from '../site-care.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';
import { Nullable, Time } from './ticket-schemas.ts';

export interface SiteCareRouteDeps {
  readonly clock: Clock;
  readonly care: SiteCareBook;
  readonly registry: Pick<RegistryRepository, 'sites'>;
}

const Text = Type.String();
const Short = Type.String({ minLength: 1, maxLength: 200 });
const Long = Type.String({ maxLength: 4_000 });
const plan = {
  contacts: Type.Array(Type.Object({ name: Short, phone: Short, role: Short }), { maxItems: 20 }),
  spares: Long,
  offlineSelling: Long,
  notes: Long,
};
export const EmergencySchema = Type.Object({ ...plan, reviewedAt: Time, reviewedBy: Text });
const CareSchema = Type.Object({
  site: Text,
  emergency: Nullable(EmergencySchema),
  emergencyDue: Type.Boolean({ description: 'no plan, or nobody has looked at it for a year' }),
  trainings: Type.Array(Type.Object({ at: Time, who: Text, what: Text, by: Text, ticket: Nullable(Text) })),
  trainingDue: Type.Boolean({ description: 'nobody was trained within a year' }),
});
const SiteParams = Type.Object({ tenant: Text, site: Type.String({ minLength: 1, maxLength: 100 }) });

/** Training of staff and the emergency plan of each site, for the site's page. */
export function siteCareRoutes(root: FastifyInstance, { clock, care, registry }: SiteCareRouteDeps): void {
  const http = typed(root);

  async function known(tenant: TenantId, site: string): Promise<string> {
    if ((await registry.sites(tenant)).some((one) => one.site === site)) return site;
    throw new TillwatchError('registry.unknown_site', `there is no site ${site}`, { status: 404 });
  }

  http.get(
    '/tenants/:tenant/sites/:site/care',
    {
      config: { right: 'plans:read' },
      schema: {
        tags: ['prevention'],
        summary: 'A site’s emergency plan and the trainings of its staff, newest first',
        operationId: 'getSiteCare',
        params: SiteParams,
        response: { 200: CareSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const tenant = tenantOf(request.params);
      return (await care.of(tenant, await known(tenant, request.params.site))) as never;
    },
  );

  http.put(
    '/tenants/:tenant/sites/:site/emergency-plan',
    {
      config: { right: 'plans:write' },
      schema: {
        tags: ['prevention'],
        summary: 'Enter or confirm a site’s emergency plan: who to call, spare terminals, selling offline',
        operationId: 'putEmergencyPlan',
        params: SiteParams,
        body: Type.Object(plan, { additionalProperties: false }),
        response: { 200: CareSchema },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const tenant = tenantOf(request.params);
      const site = await known(tenant, request.params.site);
      await care.putEmergency(tenant, site, request.body, request.principal.name);
      return (await care.of(tenant, site)) as never;
    },
  );

  http.post(
    '/tenants/:tenant/sites/:site/trainings',
    {
      config: { right: 'plans:write' },
      schema: {
        tags: ['prevention'],
        summary: 'Note a training of a site’s staff',
        operationId: 'addSiteTraining',
        params: SiteParams,
        body: Type.Object(
          { who: Short, what: Type.String({ minLength: 1, maxLength: 2_000 }), at: Type.Optional(Time) },
          { additionalProperties: false },
        ),
        response: { 201: CareSchema },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator');
      const tenant = tenantOf(request.params);
      const site = await known(tenant, request.params.site);
      const { who, what, at = clock.now() } = request.body;
      await care.addTraining(tenant, site, { who, what, at, by: request.principal.name });
      return reply.code(201).send((await care.of(tenant, site)) as never);
    },
  );

  http.get(
    '/tenants/:tenant/site-care',
    {
      config: { right: 'plans:read' },
      schema: {
        tags: ['prevention'],
        summary: 'Sites whose emergency plan or training is due',
        operationId: 'listSiteCareDue',
        params: TenantParams,
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({ site: Text, name: Text, emergencyDue: Type.Boolean(), trainingDue: Type.Boolean() }),
            ),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const tenant = tenantOf(request.params);
      const items: { site: string; name: string; emergencyDue: boolean; trainingDue: boolean }[] = [];
      for (const { site, name } of await registry.sites(tenant)) {
        const { emergencyDue, trainingDue } = await care.of(tenant, site);
        if (emergencyDue || trainingDue) items.push({ site, name, emergencyDue, trainingDue });
      }
      return { items };
    },
  );
}
