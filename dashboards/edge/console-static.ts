import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const BUILDING = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Tillwatch</title>
<body><p align="center">Tillwatch is preparing its console… 正在准备控制台…</body>`;

/**
 * Serves the built console at `/`: files under `/assets` for a year (their names are digests), everything else that a browser asks for
 * as a page is the app itself, with the nonce of its style elements (`styleNonceOf`) written into it. Until it is built, a page that tries
 * again.
 */
export async function consoleRoutes(
  http: FastifyInstance,
  dist: string,
  styleNonceOf: (response: ServerResponse) => string,
): Promise<void> {
  // Each answer names the folder itself: at the first start it is only being built.
  await http.register(fastifyStatic, {
    serve: false,
    preCompressed: true,
    cacheControl: false,
  });
  http.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = decodedPath(request.url);
    if (path.startsWith('/api/')) return reply.callNotFound();
    const isFile =
      /\.[a-z0-9]+$/i.test(path) && path !== '/index.html' && !path.includes('..') && existsSync(join(dist, path));
    if (isFile) {
      const lasting = path.startsWith('/assets/');
      return reply
        .header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
        .sendFile(path.slice(1), dist);
    }
    if (path.startsWith('/assets/')) return reply.callNotFound();
    if (!existsSync(join(dist, 'index.html')))
      return reply.code(503).header('retry-after', '1').type('text/html').send(BUILDING);
    const page = await readFile(join(dist, 'index.html'), 'utf8');
    // Said to the page, so that the styles which its kit writes are taken for its own (content security policy).
    const nonce = `<meta name="csp-nonce" content="${styleNonceOf(reply.raw)}">`;
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page.replace('<head>', `<head>${nonce}`));
  });
}

function decodedPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '/';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
