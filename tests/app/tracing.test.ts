import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const spans: Span[] = [];
const services = new Set<string>();
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/v1/traces') {
      const sent = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Sent;
      for (const { resource, scopeSpans } of sent.resourceSpans) {
        const name = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
        services.add(String(name));
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterAll(() => collector.close());

it('sends a span for a request under its caller’s, for what the journal’s readers did; without ids in names', async () => {
  const platform = await startPlatform({ env: { TILLWATCH_OTLP_URL: url, TILLWATCH_TRACE_SHARE_PCT: '100' } });
  const line = {
    received_at: Date.now(),
    topic: 'pos/v1/acme/T-1/heartbeat',
    payload: { ts: Date.now(), boot: 'b', seq: 1 },
  };
  await fetch(`${platform.http}/api/v1/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${JSON.stringify(line)}\n`,
  });
  await fetch(`${platform.http}/api/v1/tenants/acme/terminals/T-1`, {
    headers: { traceparent: `00-${TRACE}-${PARENT}-01` },
  });
  await platform.stop();
  await until('the spans', () => spans.some(({ name }) => name.startsWith('GET ')));

  expect(services).toEqual(new Set(['tillwatch']));
  const page = spans.find(({ name }) => name === 'GET /api/v1/tenants/:tenant/terminals/:terminal');
  expect(page).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
  expect(page?.attributes.find(({ key }) => key === 'http.response.status_code')).toBeDefined();
  const names = new Set(spans.map(({ name }) => name));
  expect(names).toContain('journal publish');
  expect([...names].filter((name) => name.startsWith('handle analytics'))).toHaveLength(1);
  expect([...names].filter((name) => /T-1|acme/.test(name))).toEqual([]);
}, 60_000);

it('stops in time when the collector is away', async () => {
  const platform = await startPlatform({
    env: { TILLWATCH_OTLP_URL: 'http://127.0.0.1:9', TILLWATCH_TRACE_SHARE_PCT: '100' },
  });
  await fetch(`${platform.http}/api/v1/status`);
  expect(await platform.stop()).toBe(0);
  expect(platform.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
}, 60_000);
