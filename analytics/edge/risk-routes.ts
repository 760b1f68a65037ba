import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { FailureModelStore } from '../../contract/ports/failure-models.ts';
import { asTenantId } from '../../contract/topics.ts';
import { matched } from '../core/learn/columns.ts';
import { readModel } from '../core/learn/model.ts';
import type { RiskWatch } from '../core/learn/risk-watch.ts';

/** Largest model file taken in: `tillwatch learn` writes tens of kB. */
const MOST_BYTES = 4 << 20;
const tags = ['findings'];
const Tenant = Type.Object({ tenant: Type.String() });
const Version = Type.Object({ tenant: Type.String(), version: Type.Integer({ minimum: 1 }) });
const Model = Type.Object({
  version: Type.Integer(),
  name: Type.String(),
  addedAt: Type.Number(),
  by: Type.String(),
  enabled: Type.Boolean(),
});

/** Learned models of a tenant: given, listed, run one at a time. */
export function failureModelRoutes(
  root: FastifyInstance,
  deps: { readonly clock: Clock; readonly models: FailureModelStore },
): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const { models, clock } = deps;

  http.post(
    '/tenants/:tenant/failure-models',
    {
      config: { right: 'findings:write' },
      bodyLimit: MOST_BYTES,
      schema: {
        tags,
        summary: 'Give a model file of `tillwatch learn`; it runs once it is enabled',
        operationId: 'addFailureModel',
        params: Tenant,
        body: Type.Object({
          name: Type.String({ minLength: 1, maxLength: 80 }),
          model: Type.Object({}, { additionalProperties: true, description: 'the file as it is' }),
        }),
        response: {
          200: Type.Object({
            version: Type.Integer(),
            known: Type.Array(Type.String(), { description: 'its columns that terminals send' }),
            unknown: Type.Array(Type.String(), {
              description: 'its columns that they do not: unknown to it on every terminal',
            }),
          }),
        },
      },
    },
    async (request) => {
      const text = JSON.stringify(request.body.model);
      const columns = matched(readModel(text, request.body.name));
      if (columns.known.length === 0) {
        throw new TillwatchError(
          'learn.no_columns',
          `none of the model's columns is a metric (${columns.unknown.slice(0, 5).join(', ')}): learn it from the platform's own export, or name columns as metrics are, such as battery.voltage_mv`,
          { status: 400 },
        );
      }
      const version = await models.add({
        tenant: asTenantId(request.params.tenant),
        name: request.body.name,
        addedAt: clock.now(),
        by: request.principal.name,
        text,
      });
      return { version, ...columns };
    },
  );

  http.get(
    '/tenants/:tenant/failure-models',
    {
      config: { right: 'findings:read' },
      schema: {
        tags,
        summary: 'Learned models, newest first, and which of them runs',
        operationId: 'listFailureModels',
        params: Tenant,
        response: { 200: Type.Object({ items: Type.Array(Model) }) },
      },
    },
    async (request) => {
      const list = await models.list(asTenantId(request.params.tenant));
      return { items: list.map(({ tenant: _tenant, ...rest }) => rest) };
    },
  );

  for (const [verb, on] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    http.post(
      `/tenants/:tenant/failure-models/:version/${verb}`,
      {
        config: { right: 'findings:write' },
        schema: {
          tags,
          summary: on ? 'Run this model beside the detectors, and no other' : 'Run no learned model',
          operationId: on ? 'enableFailureModel' : 'disableFailureModel',
          params: Version,
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async (request) => {
        const tenant = asTenantId(request.params.tenant);
        const { version } = request.params;
        const known = (await models.list(tenant)).find((one) => one.version === version);
        if (!known) {
          throw new TillwatchError('learn.unknown_version', `there is no model of version ${version}`, { status: 404 });
        }
        if (on || known.enabled) await models.enable(tenant, on ? version : null);
        return { ok: true };
      },
    );
  }
}

/** What the model that runs holds of a terminal. */
export function riskRoutes(root: FastifyInstance, watch: RiskWatch): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  http.get(
    '/tenants/:tenant/terminals/:id/risk',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags,
        summary: "A terminal's risk of failure by the learned model that runs, with what makes most of it",
        operationId: 'getTerminalRisk',
        params: Type.Object({ tenant: Type.String(), id: Type.String() }),
        response: {
          200: Type.Object({
            risk: Type.Union([
              Type.Object({
                version: Type.Integer({ description: 'of the model' }),
                at: Type.Number({ description: 'event time of the last look, ms UTC' }),
                horizonH: Type.Number(),
                risk: Type.Number({ description: 'of failure within horizonH' }),
                alarmRisk: Type.Number(),
                alarm: Type.Boolean(),
                reasons: Type.Array(
                  Type.Object({
                    feature: Type.String(),
                    value: Type.Union([Type.Number(), Type.String(), Type.Null()]),
                    added: Type.Number({ description: 'to the log-odds' }),
                  }),
                ),
              }),
              Type.Null({ description: 'no model runs, or it was not looked at yet' }),
            ]),
          }),
        },
      },
    },
    (request) => {
      const risk = watch.of(asTenantId(request.params.tenant), request.params.id);
      return Promise.resolve({ risk: risk ? { ...risk, reasons: [...risk.reasons] } : null });
    },
  );
}
