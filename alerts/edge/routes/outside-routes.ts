import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { TICKET_STATES } from '../../../contract/tickets.ts';
import { MIRRORED, type OutsideTool } from '../../core/outside-tools.ts';
import type { OutsideDesk } from '../outside-desk.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';
import { BytesBody, besidesBody, withRawBodies } from './raw-bodies.ts';
import { Nullable } from './ticket-schemas.ts';

const Text = Type.String();
const Word = Type.String({ minLength: 1, maxLength: 100 });
const Secret = Type.String({ pattern: '^whsec_[A-Za-z0-9+/=]{24,}$' });
const States = Type.Record(Type.String({ maxLength: 100 }), Type.Array(Type.Enum([...MIRRORED]), { maxItems: 5 }));
const body = {
  name: Word,
  url: Type.String({ pattern: '^https?://', maxLength: 500 }),
  states: States,
  active: Type.Boolean(),
};
const ToolParams = Type.Object({ tenant: Text, tool: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) });
const Shown = Type.Object({ id: Text, ...body, inbound: Type.String({ description: 'path that the tool posts to' }) });

function shown(tenant: string, { secret: _secret, inboundSecret: _inbound, ...tool }: OutsideTool) {
  return { ...tool, inbound: `/api/v1/outside/${tenant}/${tool.id}/events` };
}

/** Outside ticket tools: whom tickets may be handed over to, and the door by which they say what became of them. */
export function outsideRoutes(root: FastifyInstance, { outside }: { outside: OutsideDesk }): void {
  const http = typed(root);

  http.get(
    '/tenants/:tenant/outside-tools',
    {
      config: { right: 'notices:read' },
      schema: {
        tags: ['outside tools'],
        summary: 'Ticket tools of other houses; secrets go in and are never told again',
        operationId: 'listOutsideTools',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(Shown) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const tenant = tenantOf(request.params);
      return { items: (await outside.tools(tenant)).map((tool) => shown(tenant, tool)) } as never;
    },
  );

  http.put(
    '/tenants/:tenant/outside-tools/:tool',
    {
      config: { right: 'notices:write' },
      schema: {
        tags: ['outside tools'],
        summary: 'Set up a tool: where tickets go, and what its states mean here',
        operationId: 'putOutsideTool',
        params: ToolParams,
        body: Type.Object({ ...body, secret: Secret, inboundSecret: Secret }, { additionalProperties: false }),
        response: { 200: Shown },
      },
    },
    async (request) => {
      need(request.principal, 'administrator', 'operations');
      const tenant = tenantOf(request.params);
      const tool: OutsideTool = { id: request.params.tool, ...request.body };
      await outside.put(tenant, tool);
      return shown(tenant, tool) as never;
    },
  );

  http.delete(
    '/tenants/:tenant/outside-tools/:tool',
    {
      config: { right: 'notices:write' },
      schema: {
        tags: ['outside tools'],
        summary: 'Take a tool away; tickets handed over to it stay as they are',
        operationId: 'removeOutsideTool',
        params: ToolParams,
        response: { 200: Type.Object({ removed: Type.Boolean() }) },
      },
    },
    async (request) => {
      need(request.principal, 'administrator', 'operations');
      const removed = await outside.remove(tenantOf(request.params), request.params.tool);
      if (!removed)
        throw new TillwatchError('outside.unknown_tool', `there is no tool ${request.params.tool}`, { status: 404 });
      return { removed };
    },
  );

  withRawBodies(root, (scope) => {
    typed(scope).post(
      '/outside/:house/:tool/events',
      {
        // Its signature is its credential.
        config: { right: 'public' },
        bodyLimit: 65_536,
        validatorCompiler: besidesBody,
        schema: {
          tags: ['outside tools'],
          summary: 'What a tool says of a ticket, signed after Standard Webhooks',
          description:
            'Body: {"id": "their id", "state": "their state", "ticket"?: "TW-1", "note"?: "…"}. `ticket` is needed once, until their id is known. A delivery sent again (same webhook-id) does nothing.',
          operationId: 'outsideEvent',
          consumes: ['application/json'],
          params: Type.Object({
            house: Type.String({ description: 'the tenant' }),
            tool: ToolParams.properties.tool,
          }),
          headers: Type.Object({
            'webhook-id': Type.String({ minLength: 1, maxLength: 300 }),
            'webhook-timestamp': Type.String({ maxLength: 20, description: 'seconds since 1970 UTC' }),
            'webhook-signature': Type.String({ maxLength: 1_000 }),
          }),
          body: BytesBody,
          response: {
            200: Type.Object({
              ticket: Text,
              taken: Type.Boolean(),
              state: Nullable(Type.Enum([...TICKET_STATES])),
              refused: Nullable(Text),
            }),
          },
        },
      },
      async (request) => {
        const { headers } = request;
        return outside.mirror(tenantOf({ tenant: request.params.house }), request.params.tool, {
          id: headers['webhook-id'],
          timestamp: headers['webhook-timestamp'],
          signature: headers['webhook-signature'],
          body: request.body.toString('utf8'),
        });
      },
    );
  });
}
