import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TillwatchError } from '../../../../contract/errors.ts';
import type { Access } from '../access.ts';
import type { Oidc, OidcFlow } from '../oidc.ts';
import { setSessionCookie } from './session-routes.ts';

export interface OidcRouteDeps {
  readonly access: Access;
  readonly oidc: Oidc;
  readonly secure: boolean;
  readonly absoluteMs: number;
  /** Address of the console as browsers know it; empty: as they ask for it. */
  readonly publicUrl: string;
}

const COOKIE = 'tillwatch_oidc';
const PATH = '/api/v1/session/oidc';

/** `/session/oidc`: to the identity provider and back. */
export function oidcRoutes(http: FastifyInstance, deps: OidcRouteDeps): void {
  const { access, oidc, secure } = deps;
  // Lax: the browser comes back from another site, and must bring it.
  const cookie = { path: PATH, httpOnly: true, sameSite: 'lax', secure } as const;

  http.get(
    '/session/oidc',
    {
      config: { right: 'public', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: { tags: ['access'], summary: 'Begin a sign-in at the identity provider', operationId: 'beginOidc' },
    },
    async (request, reply) => {
      const { url, flow } = await oidc.begin(`${origin(request)}${PATH}/callback`);
      void reply.setCookie(COOKIE, Buffer.from(JSON.stringify(flow)).toString('base64url'), { ...cookie, maxAge: 600 });
      return reply.header('cache-control', 'no-store').redirect(url.href, 303);
    },
  );

  http.get(
    '/session/oidc/callback',
    {
      config: { right: 'public', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        tags: ['access'],
        summary: 'Where the identity provider sends the browser back',
        operationId: 'finishOidc',
      },
    },
    async (request, reply) => {
      const flow = flowOf(request.cookies[COOKIE]);
      void reply.clearCookie(COOKIE, cookie).header('cache-control', 'no-store');
      const subject = await oidc.finish(new URL(`${origin(request)}${request.url}`), flow);
      const signedIn = await access.signInAs(subject, request.ip);
      setSessionCookie(reply, signedIn, secure, deps.absoluteMs);
      return reply.redirect('/', 303);
    },
  );

  function origin(request: FastifyRequest): string {
    return deps.publicUrl === '' ? `${request.protocol}://${request.host}` : new URL(deps.publicUrl).origin;
  }
}

function flowOf(cookie: string | undefined): OidcFlow {
  try {
    const flow = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()) as Partial<OidcFlow>;
    const { state, nonce, verifier } = flow;
    if (typeof state === 'string' && typeof nonce === 'string' && typeof verifier === 'string')
      return { state, nonce, verifier };
  } catch {
    // Said below.
  }
  throw new TillwatchError(
    'oidc.refused',
    'this sign-in did not begin in this browser, or took longer than ten minutes: begin again',
    {
      status: 403,
    },
  );
}
