import type { FastifyInstance } from 'fastify';
import type { Principal } from '../../contract/principal.ts';

/** A guard that lets everybody in as the administrator: for tests of a room's routes, not of who may use them. */
export async function asAdministrator(http: FastifyInstance): Promise<void> {
  const principal: Principal = { name: 'local operator', role: 'administrator', tenants: '*' };
  http.decorateRequest('principal', null as unknown as Principal);
  http.addHook('onRequest', async (request) => {
    request.principal = principal;
  });
}
