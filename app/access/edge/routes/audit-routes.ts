import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { AuditTrail } from '../../../../contract/ports/audit.ts';
import { Nullable, Time } from './schemas.ts';

const EntrySchema = Type.Object({
  seq: Type.Integer(),
  at: Time,
  who: Type.String(),
  via: Type.String({ description: 'session, token:…, local, command line, none' }),
  action: Type.String({ description: 'operationId of the route, or what else was done' }),
  tenant: Nullable(Type.String()),
  subject: Type.String(),
  outcome: Type.String(),
  address: Type.String(),
  previous: Type.String(),
  hash: Type.String({ description: 'SHA-256 over this entry and the hash before it' }),
});

/** `GET /audit`: who did what, when, from where. */
export function auditRoutes(root: FastifyInstance, trail: AuditTrail): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  http.get(
    '/audit',
    {
      config: { right: 'audit:read' },
      schema: {
        tags: ['access'],
        summary: 'The audit trail, newest first',
        operationId: 'listAudit',
        querystring: Type.Object({
          who: Type.Optional(Type.String({ maxLength: 64 })),
          action: Type.Optional(Type.String({ maxLength: 64 })),
          from: Type.Optional(Time),
          to: Type.Optional(Time),
          before: Type.Optional(Type.Integer({ minimum: 1, description: 'the `next` of the page before' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
        }),
        response: { 200: Type.Object({ items: Type.Array(EntrySchema), next: Nullable(Type.Integer()) }) },
      },
    },
    async (request) => {
      const { tenants } = request.principal;
      const limit = request.query.limit ?? 100;
      const items = await trail.list({ ...request.query, ...(tenants === '*' ? {} : { tenants }), limit });
      return { items: [...items], next: items.length === limit ? (items.at(-1)?.seq ?? null) : null };
    },
  );
}
