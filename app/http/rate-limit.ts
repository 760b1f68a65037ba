import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TillwatchError } from '../../contract/errors.ts';
import { isLoopbackAddress } from '../../contract/loopback.ts';

export interface RateRule {
  /** Requests a minute from one address. */
  readonly perMinute: number;
  /** True where whoever sits at this machine is trusted, and so not counted. */
  readonly trustsLoopback: boolean;
}

/** Counts requests by address before anything else looks at them; routes may ask for less (`config.rateLimit`). */
export async function installRateLimit(http: FastifyInstance, rule: RateRule): Promise<void> {
  await http.register(rateLimit, {
    max: rule.perMinute,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: (request) => network(request.ip),
    allowList: (request: FastifyRequest) =>
      rule.trustsLoopback && isLoopbackAddress(request.raw.socket.remoteAddress ?? ''),
    errorResponseBuilder: (_request, { ttl, max }) =>
      new TillwatchError(
        'api.too_many',
        `more than ${max} requests a minute from this address: try again in ${Math.ceil(ttl / 1000)} s`,
        {
          status: 429,
          retryable: true,
        },
      ),
  });
}

/** An IPv6 customer is given a whole /64: its addresses count as one (RFC 6177). */
function network(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::', 2);
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups.slice(0, 4).join(':');
}
