import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const nonces = new WeakMap<object, string>();

/** Of one answer: style elements that carry it are taken for the page's own. The same for the header and for the page itself. */
export function styleNonceOf(response: Pick<ServerResponse, 'getHeader'>): string {
  const known = nonces.get(response);
  if (known !== undefined) return known;
  const made = randomBytes(18).toString('base64');
  nonces.set(response, made);
  return made;
}
