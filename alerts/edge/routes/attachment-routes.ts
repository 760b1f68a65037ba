import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { ACCEPTED } from '../../core/file-type.ts';
import { type FileRoom, MOST_BYTES } from '../file-room.ts';
import type { Person } from '../office.ts';
import { actorOf, TicketParams, tenantOf, typed } from './http.ts';
import { BytesBody, besidesBody, sendFile, withRawBodies } from './raw-bodies.ts';
import { mayRead } from './ticket-routes.ts';
import { AttachmentSchema } from './ticket-schemas.ts';

export interface AttachmentRouteDeps {
  readonly tickets: TicketRepository;
  readonly files: FileRoom;
  readonly providerOf: (tenant: TenantId, person: Person) => string | null;
}

export const FileName = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 300, description: 'name of the file on the sender’s side' })),
});
export const FileId = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'id of the attachment' });

/** Photos and files of tickets: put in as bytes, handed out with headers under which a browser runs nothing. */
export function attachmentRoutes(root: FastifyInstance, { tickets, files, providerOf }: AttachmentRouteDeps): void {
  async function read(principal: Principal, tenant: TenantId, id: string) {
    const [ticket] = await tickets.load(tenant, [id]);
    const provider = principal.role === 'provider' ? providerOf(tenant, principal) : null;
    if (!ticket || !mayRead(principal, ticket, provider))
      throw new TillwatchError('ticket.unknown', `there is no ticket ${id}`, { status: 404 });
    return ticket;
  }

  withRawBodies(root, (scope) => {
    typed(scope).post(
      '/tenants/:tenant/tickets/:id/attachments',
      {
        config: { right: 'tickets:write' },
        bodyLimit: MOST_BYTES,
        validatorCompiler: besidesBody,
        schema: {
          tags: ['tickets'],
          summary: 'Attach a file: the body is its bytes',
          description: `At most 10 MiB: ${ACCEPTED}. What it is, its bytes say.`,
          operationId: 'attachFile',
          consumes: ['application/octet-stream'],
          params: TicketParams,
          querystring: FileName,
          body: BytesBody,
          response: { 201: AttachmentSchema },
        },
      },
      async (request, reply) => {
        const tenant = tenantOf(request.params);
        const { id } = await read(request.principal, tenant, request.params.id);
        const added = await files.attach(tenant, id, request.query.name, request.body, actorOf(request.principal));
        return reply.code(201).send(added);
      },
    );
  });

  typed(root).get(
    '/tenants/:tenant/tickets/:id/attachments/:file',
    {
      config: { right: 'tickets:read' },
      schema: {
        tags: ['tickets'],
        summary: 'An attached file',
        operationId: 'getAttachment',
        params: Type.Object({ ...TicketParams.properties, file: FileId }),
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(request.params);
      const ticket = await read(request.principal, tenant, request.params.id);
      return sendFile(reply, await files.fetch(tenant, ticket, request.params.file));
    },
  );
}
