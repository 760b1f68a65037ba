import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../../contract/errors.ts';
import type { Principal } from '../../../contract/principal.ts';
import { holds } from '../../../contract/rights.ts';
import { asTenantId, type TenantId } from '../../../contract/topics.ts';
import { type GateRule, isReading, passage } from '../core/gate.ts';
import { covers } from '../core/rules.ts';
import type { Access, Credential } from './access.ts';
import { OpenAnswers } from './open-answers.ts';

export interface GuardDeps {
  readonly access: Access;
  readonly log: Logger;
  readonly gate: GateRule;
  /** True where the cookie may travel over TLS alone. */
  readonly secure: boolean;
  /** The site of a terminal that the path names; undefined: there is no such terminal. */
  readonly siteOf: (tenant: TenantId, terminal: string) => string | null | undefined;
  /** Sites and terminals of the tickets that a provider has now. */
  readonly given: (
    tenant: TenantId,
    provider: string,
  ) => Promise<{ readonly sites: ReadonlySet<string>; readonly terminals: ReadonlySet<string> }>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** null: nobody signed in; the sender is whoever sits at this machine, or nobody. */
    credential: Credential | null;
    /** True for whoever sits at this machine, where that needs no sign-in. */
    local: boolean;
  }
}

const LOCAL: Principal = { name: 'local operator', role: 'administrator', tenants: '*' };
const NOBODY: Principal = { name: 'nobody', role: 'merchant', tenants: [] };
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];

export function cookieName(secure: boolean): string {
  // The prefix makes browsers refuse the cookie unless it is Secure and of this host alone.
  return secure ? '__Host-tillwatch' : 'tillwatch';
}

/** Establishes who asks, holds it against the right that the route declares, and writes what changes anything into the audit trail. */
export async function installGuard(http: FastifyInstance, deps: GuardDeps): Promise<void> {
  const { access, log, gate, secure } = deps;
  const answers = new OpenAnswers(access, log);
  await http.register(cookie);
  http.decorateRequest('principal', null as unknown as Principal);
  http.decorateRequest('credential', null);
  http.decorateRequest('local', false);

  http.addHook('onRequest', async (request, reply) => {
    const through = passage(
      {
        method: request.method,
        host: request.host,
        remoteAddress: request.raw.socket.remoteAddress ?? '',
        origin: request.headers.origin,
        fetchSite: header(request, 'sec-fetch-site'),
        forwarded: PROXY_HEADERS.some((name) => request.headers[name] !== undefined),
      },
      gate,
    );
    if (!through.ok) throw new TillwatchError(through.code, through.why, { status: 403 });
    // Pages and their files ask for nothing, and are worth no look into the tables.
    const credential = request.routeOptions.config.right === undefined ? undefined : await credentialOf(request);
    request.credential = credential ?? null;
    request.local = through.local && !credential;
    request.principal = credential?.principal ?? (request.local ? LOCAL : NOBODY);
    await allow(request);
    if (credential) answers.watch(credential, reply.raw);
  });

  http.addHook('onSend', async (request, reply, payload) => {
    const { right, audited } = request.routeOptions.config;
    if (isReading(request.method) || right === undefined || audited === 'self') return payload;
    // A stranger who is turned away must not fill the trail.
    if (!request.principal || (request.principal === NOBODY && right !== 'public')) return payload;
    const { tenant } = (request.params ?? {}) as { tenant?: string };
    await access
      .note({
        who: request.principal.name,
        via: viaOf(request),
        action:
          request.routeOptions.schema && 'operationId' in request.routeOptions.schema
            ? String(request.routeOptions.schema.operationId)
            : request.method,
        tenant: tenant ?? null,
        subject: shownPath(request),
        outcome: String(reply.statusCode),
        address: request.ip,
      })
      .catch((error: unknown) =>
        log.error({ err: error }, `the audit trail could not be written: ${messageOf(error)}`),
      );
    return payload;
  });
  http.addHook('onClose', async () => answers.stop());

  async function credentialOf(request: FastifyRequest): Promise<Credential | undefined> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      const found = bearer === undefined ? undefined : await access.byToken(bearer);
      if (found) return found;
      throw new TillwatchError(
        'access.bad_token',
        'the token is not known, or over: give "Authorization: Bearer twt_…"',
        {
          status: 401,
        },
      );
    }
    const secret = request.cookies[cookieName(secure)];
    const session = secret === undefined ? undefined : await access.bySession(secret);
    if (!session || isReading(request.method) || request.headers['x-csrf-token'] === session.csrf) return session;
    throw new TillwatchError(
      'api.bad_csrf',
      'the header x-csrf-token is missing or old: take the csrf value of GET /api/v1/session',
      { status: 403 },
    );
  }

  async function allow(request: FastifyRequest): Promise<void> {
    const { right } = request.routeOptions.config;
    if (right === undefined || right === 'public') return;
    const { principal, credential } = request;
    if (principal === NOBODY)
      throw new TillwatchError('access.sign_in', 'sign in first (POST /api/v1/session), or give an API token', {
        status: 401,
      });
    const platformWide = right.startsWith('platform:') && principal.tenants !== '*';
    const narrower = credential?.scopes && !covers(credential.scopes, right, isReading(request.method));
    if (!holds(principal.role, right) || platformWide || narrower) {
      const who = narrower ? `this token (${credential.scopes?.join(', ')})` : `${principal.name} (${principal.role})`;
      throw new TillwatchError('api.forbidden', `${who} may not do this: it takes the right ${right}`, {
        status: 403,
        context: { right },
      });
    }
    const { tenant, terminal, site, id } = (request.params ?? {}) as Record<string, string | undefined>;
    if (tenant === undefined) return;
    const checked = asTenantId(tenant);
    if (principal.tenants !== '*' && !principal.tenants.includes(tenant)) {
      throw new TillwatchError('api.not_found', `there is no tenant "${tenant}"`, { status: 404 });
    }
    if (!principal.sites) return;
    const given = await deps.given(checked, principal.provider ?? principal.name);
    request.principal = { ...principal, sites: [...new Set([...principal.sites, ...given.sites])] };
    if (right !== 'terminal:read') return;
    const named = terminal ?? id;
    const place = site ?? (named === undefined ? undefined : deps.siteOf(checked, named));
    if (place != null && request.principal.sites?.includes(place)) return;
    if (named !== undefined && given.terminals.has(named)) return;
    throw new TillwatchError(
      'api.not_found',
      `there is no ${site === undefined ? `terminal ${named}` : `site ${site}`} among yours`,
      { status: 404 },
    );
  }
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function viaOf({ credential, local }: FastifyRequest): string {
  if (credential) return credential.kind === 'token' ? `token:${credential.id}` : 'session';
  return local ? 'local' : 'none';
}

/** The path without its query, and without what in it is a credential. */
function shownPath(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '';
  return path.replace(/(\/merchant\/)[^/]+/, '$1…').slice(0, 500);
}
