import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const BUILDING = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Tillwatch</title>
<body style="font:16px system-ui;margin:15vh auto;max-width:30em;text-align:center">Tillwatch is preparing its console… 正在准备控制台…</body>`;

/**
 * Serves the built console at `/`: files under `/assets` for a year (their names are digests), everything else that a browser asks for
 * as a page is the app itself. Until it is built, a page that tries again.
 */
export async function consoleRoutes(http: FastifyInstance, dist: string): Promise<void> {
  // Each answer names the folder itself: at the first start it is only being built.
  await http.register(fastifyStatic, {
    serve: false,
    preCompressed: true,
    cacheControl: false,
  });
  http.get('/*', { schema: { hide: true } }, (request, reply) => {
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
    return reply.header('cache-control', 'no-cache').sendFile('index.html', dist);
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
