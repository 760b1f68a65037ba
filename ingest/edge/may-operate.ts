import type { FastifyRequest } from 'fastify';
import { TillwatchError } from '../../contract/errors.ts';
import '../../contract/principal.ts';

/** Throws `api.forbidden` (403) unless the asker runs the fleet. */
export function mayOperate(request: FastifyRequest): void {
  const { role, name } = request.principal;
  if (role === 'operations' || role === 'administrator') return;
  throw new TillwatchError('api.forbidden', `${name} may not change terminals: that is for operations`, {
    status: 403,
  });
}
