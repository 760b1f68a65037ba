import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import type { Principal } from '../../contract/principal.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';

/** The instance that routes are added to, with types from their schemas. */
export function typed(http: FastifyInstance) {
  return http.withTypeProvider<TypeBoxTypeProvider>();
}

export const TenantParams = Type.Object({ tenant: Type.String({ description: 'tenant id' }) });
export const TerminalParams = Type.Object({ tenant: Type.String(), terminal: Type.String() });

/** A comma-separated list in a query string, e.g. `health=critical,warning`. */
export const WordList = (describe: string) =>
  Type.Optional(Type.String({ description: `${describe}; several by comma` }));

/** Splits a word list, and checks each word against those allowed. Throws `api.bad_filter` (400) that names them. */
export function words<T extends string>(name: string, text: string | undefined, allowed: readonly T[]): T[] {
  return list(text).map((word) => {
    if ((allowed as readonly string[]).includes(word)) return word as T;
    throw new TillwatchError('api.bad_filter', `"${word}" is not a ${name}: use ${allowed.join(', ')}`, {
      status: 400,
    });
  });
}

/** Splits free words at commas; names of sites, models and carriers hold none on the wire that we know of. */
export function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

export function tenantOf(params: { tenant: string }): TenantId {
  return asTenantId(params.tenant);
}

/** Which tickets the asker may follow: a provider's person its own organisation's, whoever sees all sites all of them. */
export function mayFollow({
  name,
  provider,
  sites,
}: Principal): (ticket: { readonly provider: string | null }) => boolean {
  return (ticket) => sites === undefined || ticket.provider === (provider ?? name);
}
