import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import Type from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp, type HttpDeps } from '../../app/http/server.ts';
import { asAdministrator } from '../support/principals.ts';
import { until } from '../support/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(deps: Partial<HttpDeps> = {}, host = '127.0.0.1') {
  const { http } = await createHttp({
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    rooms: [],
    ready: () => true,
    health: () => ({ ok: true, ready: true, checks: [] }),
    guard: async (server) => {
      server.decorateRequest('local', true);
      await asAdministrator(server);
    },
    routes: (api) => {
      api.post(
        '/echo',
        { config: { right: 'own' }, schema: { body: Type.Object({ text: Type.String() }) } },
        async (request) => request.body,
      );
    },
    ...deps,
  });
  closing.push(() => http.close());
  const url = await http.listen({ host, port: 0 });
  return { http, url, port: Number(new URL(url).port) };
}

/** A bare connection that says what it is told to; answers what came back and whether it was ended. */
function dial(port: number, host = '127.0.0.1') {
  const seen = { text: '', closed: false };
  const socket: Socket = connect(port, host);
  socket.on('data', (chunk) => (seen.text += chunk.toString()));
  socket.on('error', () => {});
  socket.on('close', () => (seen.closed = true));
  closing.push(() => socket.destroy());
  return { socket, seen };
}

describe('what one sender may ask of the API', () => {
  it('a body over a mebibyte is refused, and its length is believed before it is read', async () => {
    const { url, port } = await serve();
    const answer = await fetch(`${url}/api/v1/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'x'.repeat(1_100_000) }),
    });
    expect(answer.status).toBe(413);
    const { socket, seen } = dial(port);
    socket.write(
      'POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{',
    );
    await until('the refusal', () => seen.text.startsWith('HTTP/1.1 413'));
  });

  it('a head that comes drop by drop is not waited for', async () => {
    const { port } = await serve({ limits: { headersMs: 300 } });
    const { socket, seen } = dial(port);
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write('X-A: 1\r\n'), 50);
    closing.push(() => clearInterval(drip));
    await until('the connection to end', () => seen.closed);
    expect(seen.text).toMatch(/^HTTP\/1\.1 408|^$/);
  });

  it('nor a body', async () => {
    const { port } = await serve({ limits: { bodyMs: 300 } });
    const { socket, seen } = dial(port);
    socket.write(
      'POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    const drip = setInterval(() => socket.write(' '), 50);
    closing.push(() => clearInterval(drip));
    await until('the connection to end', () => seen.closed);
  });

  it('requests over the rate are answered with when to come again', async () => {
    const { url } = await serve({ rate: { perMinute: 3, trustsLoopback: false } });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await fetch(`${url}/healthz`)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await fetch(`${url}/api/v1/echo`, { method: 'POST' });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused.json()).toMatchObject({ code: 'api.too_many', retryable: true });
  });

  it('who sits at this machine is not counted where that is trusted', async () => {
    const { url } = await serve({ rate: { perMinute: 1, trustsLoopback: true } });
    for (let i = 0; i < 5; i++) expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find((one) => one.family === 'IPv4' && !one.internal)?.address;
  it.skipIf(outside === undefined)('connections from one address are counted', async () => {
    const { port } = await serve({ limits: { connectionsPerAddress: 2 } }, '0.0.0.0');
    const three = [1, 2, 3].map(() => dial(port, outside));
    await until('the third to be ended', () => three.some((one) => one.seen.closed));
    for (const { socket } of three) socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(
      'the others to be answered',
      () => three.filter((one) => one.seen.text.includes('200 OK')).length === 2,
    );
    expect(three.filter((one) => one.seen.closed)).toHaveLength(1);
  });

  it('answers with headers that let a page load nothing from elsewhere and be framed by nobody', async () => {
    const { url } = await serve();
    const { headers } = await fetch(`${url}/healthz`);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
      "script-src-attr 'none'",
    ]) {
      expect(policy.split(';')).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    const nonce = async () =>
      /style-src 'self' 'nonce-([^']{20,})'/.exec(
        (await fetch(`${url}/healthz`)).headers.get('content-security-policy') ?? '',
      )?.[1];
    expect(await nonce()).toBeDefined();
    expect(await nonce()).not.toBe(await nonce());
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    expect(headers.get('strict-transport-security')).toBeNull();
    const safe = await serve({ secure: true });
    expect((await fetch(`${safe.url}/healthz`)).headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});
