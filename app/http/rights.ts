import type { FastifyInstance } from 'fastify';
import { TillwatchError } from '../../contract/errors.ts';
import { isRight, RIGHTS, type Right } from '../../contract/rights.ts';

/** Files, pages and documents that a browser is given before anybody has signed in; everything else declares its right. */
const OPEN_PAGES = /^\/(?:\*|healthz|readyz|api\/openapi\.json|api\/docs(?:\/.*)?)?$/;

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly right: Right;
}

/** Refuses, at the start, routes that do not declare their right; answers the table of those that do. */
export function declareRights(http: FastifyInstance): readonly DeclaredRoute[] {
  const table: DeclaredRoute[] = [];
  http.addHook('onRoute', (route) => {
    const right = route.config?.right;
    const methods = [route.method].flat();
    if (right === undefined && OPEN_PAGES.test(route.url) && methods.every((m) => m === 'GET' || m === 'HEAD')) return;
    if (right === undefined || !isRight(right)) {
      throw new TillwatchError(
        'api.no_right',
        `${methods.join(', ')} ${route.url} ${right === undefined ? 'declares no right' : `declares "${right}", which is no right`}: ` +
          "write config: { right: '…' } beside its schema. " +
          `The rights and who holds them are in contract/rights.ts: ${Object.keys(RIGHTS).join(', ')}`,
      );
    }
    for (const method of methods) if (method !== 'HEAD') table.push({ method, url: route.url, right });
  });
  return table;
}
