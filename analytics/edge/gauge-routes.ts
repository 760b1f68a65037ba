import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { asTenantId } from '../../contract/topics.ts';
import type { GaugeWatch } from '../core/gauges.ts';

const anomaly = {
  terminal: Type.String(),
  gauge: Type.String({ description: 'as the heartbeat names it, without `custom.`' }),
  at: Type.Number({ description: 'event time, ms UTC' }),
  value: Type.Number(),
  usual: Type.Number({ description: 'what the hour of the day usually has' }),
  score: Type.Number({ description: '0 (usual) to 1' }),
};

/** Custom gauges: what was out of the ordinary, and how each is now. */
export function gaugeRoutes(root: FastifyInstance, watch: GaugeWatch): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  http.get(
    '/tenants/:tenant/anomalies',
    {
      config: { right: 'findings:read' },
      schema: {
        tags: ['findings'],
        summary: 'Custom gauges that were out of the ordinary, newest first',
        operationId: 'listGaugeAnomalies',
        params: Type.Object({ tenant: Type.String() }),
        querystring: Type.Object({
          terminal: Type.Optional(Type.String()),
          gauge: Type.Optional(Type.String()),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'default 100' })),
        }),
        response: { 200: Type.Object({ items: Type.Array(Type.Object(anomaly)) }) },
      },
    },
    (request) => {
      const { limit = 100, ...filter } = request.query;
      return Promise.resolve({ items: watch.anomalies(asTenantId(request.params.tenant), filter, limit) });
    },
  );

  http.get(
    '/tenants/:tenant/terminals/:id/gauges',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags: ['findings'],
        summary: "A terminal's custom gauges as they are now",
        operationId: 'listTerminalGauges',
        params: Type.Object({ tenant: Type.String(), id: Type.String() }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                ...anomaly,
                samples: Type.Integer({ description: 'heard so far: nothing is said before sixty' }),
              }),
            ),
          }),
        },
      },
    },
    (request) => Promise.resolve({ items: watch.of(asTenantId(request.params.tenant), request.params.id) }),
  );
}
