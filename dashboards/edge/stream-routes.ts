import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TenantParams, tenantOf, typed } from './http.ts';
import type { StreamHub } from './stream-hub.ts';

/** `GET /tenants/:tenant/stream`: what moved, as server-sent events. */
export function streamRoutes(root: FastifyInstance, hub: StreamHub): void {
  typed(root).get(
    '/tenants/:tenant/stream',
    {
      config: { right: 'fleet:read' },
      schema: {
        tags: ['fleet'],
        summary: 'What moved, as server-sent events: hello, change, latest, reset',
        description:
          'A `change` names terminals, findings and tickets that moved (null: many), at most twice a second; fetch what you show. ' +
          '`latest` carries the newest values of the terminal asked for. `reset` asks to fetch anew. Comments keep idle connections open.',
        operationId: 'stream',
        params: TenantParams,
        querystring: Type.Object({
          terminal: Type.Optional(Type.String({ description: 'also send this terminal’s values as they come' })),
          since: Type.Optional(Type.String({ description: 'as Last-Event-ID, where a header cannot be set' })),
        }),
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      const tenant = tenantOf(request.params);
      const header = request.headers['last-event-id'];
      const lastId = (typeof header === 'string' ? header : request.query.since) ?? null;
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) headers[name] = String(value);
      hub.open(tenant, request.query.terminal ?? null, lastId, reply.raw, headers);
      reply.hijack();
    },
  );
}
