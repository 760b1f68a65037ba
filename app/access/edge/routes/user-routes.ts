import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../../contract/errors.ts';
import type { Account } from '../../../../contract/ports/accounts.ts';
import type { Principal } from '../../../../contract/principal.ts';
import { mayManage } from '../../core/rules.ts';
import type { Access } from '../access.ts';
import type { Users } from '../users.ts';
import { Nullable, RoleSchema, TenantsSchema, Time, UserParams } from './schemas.ts';

const UserSchema = Type.Object({
  username: Type.String(),
  role: RoleSchema,
  tenants: TenantsSchema,
  provider: Nullable(Type.String()),
  sites: Type.Array(Type.String()),
  oidcSubject: Nullable(Type.String()),
  hasPassword: Type.Boolean(),
  locked: Type.Boolean(),
  createdAt: Time,
  updatedAt: Time,
});
const Password = Type.String({ minLength: 1, maxLength: 512 });
const Sites = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 10_000 });
const Named = Type.String({ minLength: 1, maxLength: 128 });

/** `/users`: accounts, for administrators; one's own password, for everybody. */
export function userRoutes(root: FastifyInstance, access: Access, users: Users): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const tags = ['access'];

  http.get(
    '/users',
    {
      config: { right: 'users:read' },
      schema: {
        tags,
        summary: 'Accounts that the asker may see, by name',
        operationId: 'listUsers',
        response: { 200: Type.Object({ items: Type.Array(UserSchema) }) },
      },
    },
    async (request) => ({
      items: (await access.accounts.list()).filter((one) => mayManage(request.principal, one.tenants)).map(shown),
    }),
  );

  http.post(
    '/users',
    {
      config: { right: 'users:write' },
      schema: {
        tags,
        summary: 'Make an account; with neither password nor subject a password is made and answered this once',
        operationId: 'addUser',
        body: Type.Object(
          {
            username: Type.String({ minLength: 1, maxLength: 64 }),
            role: RoleSchema,
            tenants: TenantsSchema,
            provider: Type.Optional(Nullable(Named)),
            sites: Type.Optional(Sites),
            password: Type.Optional(Password),
            oidcSubject: Type.Optional(Nullable(Named)),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ user: UserSchema, password: Nullable(Type.String()) }) },
      },
    },
    async (request, reply) => {
      const { account, password } = await users.add(request.principal, request.body);
      return reply.code(201).send({ user: shown(account), password: password ?? null });
    },
  );

  http.patch(
    '/users/:username',
    {
      config: { right: 'users:write' },
      schema: {
        tags,
        summary: "Change an account's role, reach or lock; its sessions end",
        operationId: 'changeUser',
        params: UserParams,
        body: Type.Object(
          {
            role: Type.Optional(RoleSchema),
            tenants: Type.Optional(TenantsSchema),
            provider: Type.Optional(Nullable(Named)),
            sites: Type.Optional(Sites),
            oidcSubject: Type.Optional(Nullable(Named)),
            locked: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: UserSchema },
      },
    },
    async (request) => shown(await users.change(request.principal, request.params.username, request.body)),
  );

  http.delete(
    '/users/:username',
    {
      config: { right: 'users:write' },
      schema: {
        tags,
        summary: 'Remove an account with its sessions and tokens',
        operationId: 'removeUser',
        params: UserParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await users.remove(request.principal, request.params.username);
      return reply.code(204).send(null);
    },
  );

  http.post(
    '/users/:username/password',
    {
      config: { right: 'own', rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: {
        tags,
        summary:
          'Set a password: one’s own with the present one, or another’s as an administrator. Other sessions end.',
        operationId: 'setPassword',
        params: UserParams,
        body: Type.Object({ password: Password, current: Type.Optional(Password) }, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { principal, credential, params, body } = request;
      const { username } = params;
      if (credential?.kind === 'token' && !credential.scopes?.includes('*')) {
        throw new TillwatchError('api.forbidden', 'this token may not set passwords', { status: 403 });
      }
      const own = credential?.username === username;
      if (!own) administrators(principal);
      await users.setPassword(principal, username, body.password, {
        ...(own ? { current: body.current ?? '', address: request.ip } : {}),
        ...(own && credential.kind === 'session' ? { keepSession: credential.id } : {}),
      });
      return reply.code(204).send(null);
    },
  );
}

function administrators(principal: Principal): void {
  if (principal.role === 'administrator') return;
  throw new TillwatchError('api.forbidden', 'the password of another person is for administrators to set', {
    status: 403,
  });
}

function shown({ passwordHash, failures: _f, failedAt: _at, tenants, sites, ...account }: Account) {
  return {
    ...account,
    tenants: tenants === '*' ? ('*' as const) : [...tenants],
    sites: [...sites],
    hasPassword: passwordHash !== null,
  };
}
