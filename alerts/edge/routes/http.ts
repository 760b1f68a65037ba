import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Principal, Role } from '../../../contract/principal.ts';
import type { Actor } from '../../../contract/ticket-parts.ts';
import { asTenantId, type TenantId } from '../../../contract/topics.ts';

/** The instance that routes are added to, with types from their schemas. */
export function typed(http: FastifyInstance) {
  return http.withTypeProvider<TypeBoxTypeProvider>();
}

export const TenantParams = Type.Object({ tenant: Type.String({ description: 'tenant id' }) });
export const TicketParams = Type.Object({ tenant: Type.String(), id: Type.String({ pattern: '^TW-\\d{1,12}$' }) });

export function tenantOf(params: { tenant: string }): TenantId {
  return asTenantId(params.tenant);
}

export function actorOf(principal: Principal): Actor {
  const { name, role, provider } = principal;
  return { name, role, ...(provider ? { provider } : {}) };
}

/** Throws `api.forbidden` (403) unless the asker has one of the roles. */
export function need(principal: Principal, ...roles: readonly Role[]): void {
  if (roles.includes(principal.role)) return;
  throw new TillwatchError('api.forbidden', `this is for ${roles.join(' or ')}`, { status: 403 });
}

/** Splits a comma-separated list and checks each word. Throws `api.bad_filter` (400) that names what is allowed. */
export function words<T extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly T[],
): T[] | undefined {
  const given = list(text);
  if (!given) return undefined;
  return given.map((word) => {
    if ((allowed as readonly string[]).includes(word)) return word as T;
    throw new TillwatchError('api.bad_filter', `"${word}" is not a ${name}: use ${allowed.join(', ')}`, {
      status: 400,
    });
  });
}

/** Splits a comma-separated list; undefined when nothing is in it. */
export function list(text: string | undefined): string[] | undefined {
  const given = (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  return given.length > 0 ? given : undefined;
}
