import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { messageOf } from '../contract/errors.ts';
import type { JournalFeed } from '../contract/ports/journal.ts';
import type { Config } from './config.ts';
import { version } from './version.ts';

/** Spans of what this process does, sent to an OpenTelemetry collector. */
export interface Tracing {
  /** A span for each request to a route, under the caller's where it sent a `traceparent`. */
  http(server: FastifyInstance): void;
  /** Runs work within a span of its own. */
  within<T>(name: string, attributes: Readonly<Record<string, string | number>>, work: () => Promise<T>): Promise<T>;
  /** The feed with a span for each batch published and for each that a reader handles. */
  feed(feed: JournalFeed): JournalFeed;
  /** Sends what is waiting. */
  stop(): Promise<void>;
}

const STOP_MS = 3000;
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** Tracing where a collector is named; else undefined, and none of its libraries are loaded. */
export async function openTracing(
  config: Pick<Config, 'otlpUrl' | 'traceSharePct'>,
  instance: string,
): Promise<Tracing | undefined> {
  if (config.otlpUrl === '') return undefined;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'tillwatch',
      'service.version': version(),
      'service.instance.id': instance,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(config.traceSharePct / 100) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${config.otlpUrl.replace(/\/$/, '')}/v1/traces` }),
      }),
    ],
  });
  return tracingOf(api, provider.getTracer('tillwatch', version()), async () => {
    // A collector that is away must not hold up the end.
    await Promise.race([
      provider.shutdown().catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, STOP_MS).unref()),
    ]);
  });
}

function tracingOf(api: typeof import('@opentelemetry/api'), tracer: Tracer, stop: () => Promise<void>): Tracing {
  const spans = new WeakMap<FastifyRequest, Span>();

  const parentOf = (header: string | string[] | undefined): Context => {
    const [, traceId, spanId, flags] = TRACEPARENT.exec(String(header)) ?? [];
    if (!traceId || !spanId || !flags) return api.ROOT_CONTEXT;
    const traceFlags = Number.parseInt(flags, 16);
    return api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
  };

  const within: Tracing['within'] = async (name, attributes, work) => {
    const span = tracer.startSpan(name, { attributes }, api.ROOT_CONTEXT);
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: api.SpanStatusCode.ERROR, message: messageOf(error) });
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    http(server) {
      server.addHook('onRequest', async (request) => {
        const route = request.routeOptions.url ?? 'unknown';
        const span = tracer.startSpan(
          `${request.method} ${route}`,
          {
            kind: api.SpanKind.SERVER,
            // https://opentelemetry.io/docs/specs/semconv/http/http-spans/: the route, never the path with its ids and codes.
            attributes: { 'http.request.method': request.method, 'http.route': route },
          },
          parentOf(request.headers.traceparent),
        );
        spans.set(request, span);
      });
      server.addHook('onResponse', async (request, reply) => {
        const span = spans.get(request);
        span?.setAttribute('http.response.status_code', reply.statusCode);
        if (reply.statusCode >= 500) span?.setStatus({ code: api.SpanStatusCode.ERROR });
        span?.end();
      });
    },
    within,
    feed: (feed) => ({
      publish: (shard, readings, ...more) =>
        within('journal publish', { shard, readings: readings.length }, () => feed.publish(shard, readings, ...more)),
      consume: (options) =>
        feed.consume({
          ...options,
          handle: (batch) => {
            const facts = { shard: batch.shard, position: batch.position, readings: batch.readings.length };
            return within(`handle ${options.consumer}`, facts, async () => options.handle(batch));
          },
        }),
      stop: () => feed.stop(),
    }),
    stop,
  };
}
