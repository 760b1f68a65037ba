import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { TillwatchError } from '../../contract/errors.ts';
import type { Health, Room } from '../../contract/room.ts';
import { version } from '../version.ts';
import { HTTP_LIMITS, type HttpLimits, installLimits } from './limits.ts';
import { installProblems } from './problem.ts';
import { installRateLimit, type RateRule } from './rate-limit.ts';
import { type DeclaredRoute, declareRights } from './rights.ts';
import { styleNonceOf } from './style-nonce.ts';

/** Swagger UI writes a style element of its own, without a nonce: its pages alone may. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** What `/metrics` answers. */
export type MetricsText = Pick<Registry, 'contentType' | 'metrics'>;

export interface HttpDeps {
  readonly log: Logger;
  readonly metrics: MetricsText;
  /** Rooms whose routes are served. */
  readonly rooms: readonly Room[];
  /** False while the stores and rooms are starting: only status, health and the console answer then. */
  ready(): boolean;
  health(): Health;
  /** Puts the guard before every route: who asks, and may they. */
  readonly guard: (http: FastifyInstance) => Promise<void>;
  /** Puts a span around every request; left out: none. */
  readonly traced?: (http: FastifyInstance) => void;
  /** How many requests one address may send; left out: as many as it likes. */
  readonly rate?: RateRule;
  readonly limits?: Partial<HttpLimits>;
  /** True where browsers come by TLS alone: they are told to remember it. */
  readonly secure?: boolean;
  /** PEM; left out: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Addresses of proxies whose X-Forwarded-… headers are believed. */
  readonly trustedProxies?: readonly string[];
  /** Adds the platform's own routes (status, access) under `/api/v1`. */
  readonly routes: (http: FastifyInstance) => void | Promise<void>;
  /** The platform's own routes that need its rooms: they answer once it is ready. */
  readonly guardedRoutes?: (http: FastifyInstance) => void | Promise<void>;
  /** Serves the console at `/`. */
  readonly console?: (http: FastifyInstance) => void | Promise<void>;
}

/** The HTTP edge: API under `/api/v1`, its OpenAPI document and page, health, metrics, and the console. */
export async function createHttp(deps: HttpDeps): Promise<{ http: FastifyInstance; routes: readonly DeclaredRoute[] }> {
  const limits = { ...HTTP_LIMITS, ...deps.limits };
  const http = fastify({
    serverFactory: (handler) => {
      // Looked at this often: a connection that is too slow may last a little longer than its limit.
      const options = { connectionsCheckingInterval: Math.min(5_000, limits.headersMs) };
      return deps.tls ? createHttpsServer({ ...options, ...deps.tls }, handler) : createHttpServer(options, handler);
    },
    trustProxy: deps.trustedProxies && deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    routerOptions: { maxParamLength: 256 },
    forceCloseConnections: true,
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler);
  deps.traced?.(http as unknown as FastifyInstance);
  installProblems(http as unknown as FastifyInstance);
  const routes = declareRights(http as unknown as FastifyInstance);
  installLimits(http as unknown as FastifyInstance, limits);
  if (deps.rate) await installRateLimit(http as unknown as FastifyInstance, deps.rate);
  await deps.guard(http as unknown as FastifyInstance);
  await http.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Style elements that the console's kit writes carry the page's own nonce.
        styleSrc: ["'self'", (_request, response) => `'nonce-${styleNonceOf(response)}'`],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    hsts: deps.secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
  });
  http.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    return payload;
  });
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tillwatch',
        version: version(),
        description:
          'Fleet telemetry and predictive maintenance for payment terminals. Errors are problem details (RFC 9457).',
      },
    },
  });
  await http.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: DOCS_POLICY });

  http.get('/healthz', { schema: { hide: true } }, async (request, reply) =>
    answer(request, reply, deps.health(), 'ok'),
  );
  http.get('/readyz', { schema: { hide: true } }, async (request, reply) =>
    answer(request, reply, deps.health(), 'ready'),
  );
  http.get('/metrics', { config: { right: 'platform:read' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
  http.get('/api/openapi.json', { schema: { hide: true } }, async () => http.swagger());

  await http.register(
    async (api) => {
      await deps.routes(api as unknown as FastifyInstance);
      await api.register(async (guarded) => {
        guarded.addHook('onRequest', async () => {
          if (!deps.ready()) {
            throw new TillwatchError(
              'platform.starting',
              'the platform is starting or stopping; try again in a moment',
              {
                status: 503,
                retryable: true,
              },
            );
          }
        });
        if (deps.guardedRoutes) await deps.guardedRoutes(guarded as unknown as FastifyInstance);
        for (const room of deps.rooms) if (room.routes) await room.routes(guarded as unknown as FastifyInstance);
      });
    },
    { prefix: '/api/v1' },
  );
  if (deps.console) await deps.console(http as unknown as FastifyInstance);
  return { http: http as unknown as FastifyInstance, routes };
}

/** Whoever is not on this machine is told whether it is well, and not how it is built. */
function answer(request: FastifyRequest, reply: FastifyReply, health: Health, which: 'ok' | 'ready'): FastifyReply {
  return reply.code(health[which] ? 200 : 503).send(request.local ? health : { ok: health.ok, ready: health.ready });
}
