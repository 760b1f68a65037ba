import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../../contract/errors.ts';
import type { ApiToken } from '../../../../contract/ports/accounts.ts';
import type { Clock } from '../../../../contract/ports/clock.ts';
import type { Principal } from '../../../../contract/principal.ts';
import { checkScopes, mayManage } from '../../core/rules.ts';
import type { Access } from '../access.ts';
import { Nullable, Time } from './schemas.ts';

const TokenSchema = Type.Object({
  id: Type.String(),
  username: Type.String({
    description: 'whose token it is: it can do no more than that person, and ends with the account',
  }),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Time,
  expiresAt: Nullable(Time),
  usedAt: Nullable(Time),
});
const DAY = 86_400_000;

/** `/tokens`: keys for programs. Everybody has their own; administrators see and end those of the people they manage. */
export function tokenRoutes(root: FastifyInstance, access: Access, clock: Clock): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const tags = ['access'];

  /** The accounts whose tokens the asker may see. */
  async function seen(principal: Principal): Promise<ReadonlySet<string>> {
    if (principal.role !== 'administrator') return new Set([principal.name]);
    const accounts = await access.accounts.list();
    return new Set(accounts.filter((one) => mayManage(principal, one.tenants)).map((one) => one.username));
  }

  http.get(
    '/tokens',
    {
      config: { right: 'own' },
      schema: {
        tags,
        summary: 'API tokens, newest first',
        operationId: 'listTokens',
        response: { 200: Type.Object({ items: Type.Array(TokenSchema) }) },
      },
    },
    async (request) => {
      const names = await seen(request.principal);
      return { items: (await access.accounts.tokens()).filter((token) => names.has(token.username)).map(shown) };
    },
  );

  http.post(
    '/tokens',
    {
      config: { right: 'own' },
      schema: {
        tags,
        summary: 'Make an API token; its text is answered this once',
        operationId: 'addToken',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 100 }),
            scopes: Type.Array(Type.String({ maxLength: 40 }), {
              maxItems: 60,
              description: 'rights, "*:read" or "*"',
            }),
            expiresInDays: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 3_650, default: 90 }))),
            username: Type.Optional(Type.String({ maxLength: 64, description: 'whose token; for administrators' })),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ token: TokenSchema, secret: Type.String() }) },
      },
    },
    async (request, reply) => {
      const { principal, credential, body } = request;
      if (credential?.kind === 'token') {
        throw new TillwatchError('api.forbidden', 'a token cannot make tokens: sign in for that', { status: 403 });
      }
      checkScopes(body.scopes);
      const username = body.username ?? credential?.username;
      if (username === undefined) {
        throw new TillwatchError(
          'access.bad_token',
          'username is missing: name the account that the token belongs to',
          { status: 400 },
        );
      }
      const known = await access.accounts.get(username);
      if (!known || !(await seen(principal)).has(username)) {
        throw new TillwatchError('access.unknown_user', `there is no user "${username}"`, { status: 404 });
      }
      const days = body.expiresInDays === undefined ? 90 : body.expiresInDays;
      const expiresAt = days === null ? null : clock.now() + days * DAY;
      const { token, text } = await access.issueToken(username, body.name, body.scopes, expiresAt);
      return reply.code(201).send({ token: shown(token), secret: text });
    },
  );

  http.delete(
    '/tokens/:id',
    {
      config: { right: 'own' },
      schema: {
        tags,
        summary: 'End an API token at once',
        operationId: 'removeToken',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const token = await access.accounts.token(request.params.id);
      if (!token || !(await seen(request.principal)).has(token.username)) {
        throw new TillwatchError('access.unknown_token', `there is no token "${request.params.id}"`, { status: 404 });
      }
      await access.accounts.removeToken(token.id);
      access.ended();
      return reply.code(204).send(null);
    },
  );
}

function shown({ secretHash: _hidden, scopes, ...token }: ApiToken) {
  return { ...token, scopes: [...scopes] };
}
