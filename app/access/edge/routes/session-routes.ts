import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../../contract/errors.ts';
import type { Access, SignedIn } from '../access.ts';
import { cookieName } from '../guard.ts';
import { RoleSchema, TenantsSchema } from './schemas.ts';

export interface SessionRouteDeps {
  readonly access: Access;
  readonly secure: boolean;
  readonly absoluteMs: number;
  /** True where an identity provider is configured: `GET /api/v1/session/oidc` begins there. */
  readonly oidc: boolean;
}

const SessionSchema = Type.Object({
  user: Type.Union([
    Type.Object({
      username: Type.String(),
      role: RoleSchema,
      tenants: TenantsSchema,
      provider: Type.Optional(Type.String()),
      sites: Type.Optional(Type.Array(Type.String())),
    }),
    Type.Null(),
  ]),
  signIn: Type.Enum(['required', 'open'], {
    description: 'open: this machine is trusted, and a request without a session acts as the local administrator',
  }),
  csrf: Type.String({
    description: 'for the header x-csrf-token of every request but GET; empty where there is no session',
  }),
  oidc: Type.Boolean({
    description: 'an identity provider is configured: GET /api/v1/session/oidc begins a sign-in there',
  }),
});

/** The cookie of a session, for an answer that opens one. */
export function setSessionCookie(reply: FastifyReply, { secret }: SignedIn, secure: boolean, absoluteMs: number): void {
  void reply.setCookie(cookieName(secure), secret, {
    httpOnly: true,
    sameSite: 'strict',
    secure,
    path: '/',
    maxAge: Math.floor(absoluteMs / 1000),
  });
}

/** `/session`: sign in, who am I, sign out. */
export function sessionRoutes(root: FastifyInstance, deps: SessionRouteDeps): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const { access, secure } = deps;
  const name = cookieName(secure);

  function shown(request: FastifyRequest, signedIn?: SignedIn) {
    const credential = signedIn?.credential ?? request.credential;
    const principal = credential?.principal ?? (request.local ? request.principal : undefined);
    return {
      user: principal
        ? {
            username: principal.name,
            role: principal.role,
            tenants: principal.tenants === '*' ? ('*' as const) : [...principal.tenants],
            ...(principal.provider ? { provider: principal.provider } : {}),
            ...(principal.sites ? { sites: [...principal.sites] } : {}),
          }
        : null,
      signIn: request.local ? ('open' as const) : ('required' as const),
      csrf: credential?.csrf ?? '',
      oidc: deps.oidc,
    };
  }

  http.get(
    '/session',
    {
      config: { right: 'public' },
      schema: {
        tags: ['access'],
        summary: 'Who is asking, and whether they have to sign in',
        operationId: 'getSession',
        response: { 200: SessionSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return shown(request);
    },
  );

  http.post(
    '/session',
    {
      config: { right: 'public', audited: 'self', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        tags: ['access'],
        summary: 'Sign in: answers a session cookie',
        operationId: 'signIn',
        body: Type.Object(
          {
            username: Type.String({ minLength: 1, maxLength: 128 }),
            password: Type.String({ minLength: 1, maxLength: 512 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: SessionSchema },
      },
    },
    async (request, reply) => {
      const { username, password } = request.body;
      const signedIn = await access
        .signIn(username.trim().toLowerCase(), password, request.ip)
        .catch((error: unknown) => {
          const wait = error instanceof TillwatchError ? error.context.retryAfterS : undefined;
          if (typeof wait === 'number') reply.header('retry-after', String(wait));
          throw error;
        });
      // A session that was open in this browser ends: its value may be known to others.
      if (request.credential?.kind === 'session') await access.signOut(request.credential);
      setSessionCookie(reply, signedIn, secure, deps.absoluteMs);
      reply.header('cache-control', 'no-store');
      return shown(request, signedIn);
    },
  );

  http.delete(
    '/session',
    {
      config: { right: 'own' },
      schema: {
        tags: ['access'],
        summary: 'Sign out',
        operationId: 'signOut',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (request.credential?.kind === 'session') await access.signOut(request.credential);
      void reply.clearCookie(name, { path: '/', secure, httpOnly: true, sameSite: 'strict' });
      return reply.code(204).send(null);
    },
  );
}
