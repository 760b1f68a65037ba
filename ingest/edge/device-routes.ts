import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { DeviceCredential, DeviceCredentialRepository } from '../../contract/ports/devices.ts';
import { asTenantId } from '../../contract/topics.ts';
import { deviceUsername } from '../core/device-names.ts';
import type { CredentialAuthority } from './device-authority.ts';
import type { DeviceBook } from './device-book.ts';
import { TenantParams } from './route-schemas.ts';

export interface DeviceRouteDeps {
  readonly credentials: DeviceCredentialRepository;
  readonly book: DeviceBook;
  readonly authority: CredentialAuthority;
}

const Terminals = Type.Union([Type.Literal('*'), Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10_000 })]);
const DeviceSchema = Type.Object({
  name: Type.String(),
  username: Type.String({ description: 'for the broker; also the common name of a client certificate' }),
  kind: Type.Enum(['terminal', 'gateway']),
  terminals: Terminals,
  password: Type.Boolean(),
  certificate: Type.Boolean(),
  revoked: Type.Boolean(),
  createdAt: Type.Integer(),
  updatedAt: Type.Integer(),
});
const IssuedSchema = Type.Object({
  device: DeviceSchema,
  secret: Type.Union([Type.String(), Type.Null()], { description: 'the password, answered this once' }),
});
const DeviceParams = Type.Object({ tenant: Type.String(), device: Type.String({ maxLength: 64 }) });

/** `/tenants/:tenant/devices`: what terminals and gateways prove themselves with at the broker. */
export function deviceRoutes(root: FastifyInstance, { credentials, book, authority }: DeviceRouteDeps): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const tags = ['devices'];

  /** Takes the change in here at once: a session that it ends does not wait for the next look at the tables. */
  async function took(credential: DeviceCredential): Promise<void> {
    authority.took(credential);
    await authority.look();
  }

  http.get(
    '/tenants/:tenant/devices',
    {
      config: { right: 'devices:read' },
      schema: {
        tags,
        operationId: 'listDevices',
        summary: 'Credentials of terminals and gateways, by name; never their passwords',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(DeviceSchema) }) },
      },
    },
    async (request) => ({ items: (await credentials.list(asTenantId(request.params.tenant))).map(shown) }),
  );
  http.post(
    '/tenants/:tenant/devices',
    {
      config: { right: 'devices:write' },
      schema: {
        tags,
        operationId: 'addDevice',
        summary: 'Give a terminal or gateway a credential',
        params: TenantParams,
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 64 }),
            kind: Type.Optional(Type.Enum(['terminal', 'gateway'], { default: 'terminal' })),
            terminals: Type.Optional(Terminals),
            password: Type.Optional(Type.Boolean({ default: true })),
            certificate: Type.Optional(Type.Boolean({ default: false })),
          },
          { additionalProperties: false },
        ),
        response: { 201: IssuedSchema },
      },
    },
    async (request, reply) => {
      const { kind = 'terminal', ...device } = request.body;
      const issued = await book.add({ ...device, kind, tenant: asTenantId(request.params.tenant) });
      await took(issued.credential);
      return reply.code(201).send({ device: shown(issued.credential), secret: issued.secret });
    },
  );
  http.post(
    '/tenants/:tenant/devices/:device/rotate',
    {
      config: { right: 'devices:write' },
      schema: {
        tags,
        operationId: 'rotateDevice',
        summary: 'Give a device a new password; the former, and connections made with it, end',
        params: DeviceParams,
        response: { 200: IssuedSchema },
      },
    },
    async (request) => {
      const issued = await book.rotate(asTenantId(request.params.tenant), request.params.device);
      await took(issued.credential);
      return { device: shown(issued.credential), secret: issued.secret };
    },
  );
  http.delete(
    '/tenants/:tenant/devices/:device',
    {
      config: { right: 'devices:write' },
      schema: {
        tags,
        operationId: 'revokeDevice',
        summary: "Take a device's credential back; its connection ends",
        params: DeviceParams,
        response: { 200: DeviceSchema },
      },
    },
    async (request) => {
      const revoked = await book.revoke(asTenantId(request.params.tenant), request.params.device);
      await took(revoked);
      return shown(revoked);
    },
  );
}

function shown({ tenant, passwordHash, terminals, ...device }: DeviceCredential) {
  return {
    ...device,
    username: deviceUsername(tenant, device.name),
    terminals: terminals === '*' ? ('*' as const) : [...terminals],
    password: passwordHash !== null,
  };
}
