import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const dir = temporaryDir('access-e2e');
const tillwatch = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [join(root, 'app/main.ts'), ...args, '--data', dir.path], { cwd: root })).stdout;
const outside = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find((one) => one.family === 'IPv4' && !one.internal)?.address;
const said = (text: string, name: string) => new RegExp(`${name} +(\\S+) +\\(said this once\\)`).exec(text)?.[1] ?? '';

afterAll(() => dir.remove());

describe('the platform on this machine alone', () => {
  let platform: RunningPlatform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(async () => {
    expect(await platform.stop()).toBe(0);
  });

  it('says the administrator’s password once to whoever starts it, and needs no sign-in', async () => {
    expect(platform.said()).toMatch(/User admin, password \S{20} {3}\(said this once\)/);
    expect(await platform.get('/api/v1/session')).toMatchObject({
      user: { role: 'administrator', tenants: '*' },
      signIn: 'open',
      csrf: '',
    });
  });

  it('does nothing for a page of another site, and trusts nobody who comes through a proxy', async () => {
    const send = (method: string, path: string, headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        request(platform.http + path, { method, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    const retire = '/api/v1/tenants/acme/terminals/T1/retire';
    expect(await send('POST', retire, { origin: 'https://evil.example' })).toBe(403);
    expect(await send('POST', retire, { origin: 'null' })).toBe(403);
    expect(await send('POST', retire, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await send('POST', retire, { origin: platform.http })).toBe(404);
    expect(await send('GET', '/api/v1/users', { host: 'evil.example' })).toBe(403);
    expect(await send('GET', '/api/v1/users', { 'x-forwarded-for': '203.0.113.9' })).toBe(401);
    expect(await send('GET', '/api/v1/users', {})).toBe(200);
  });
});

describe.skipIf(outside === undefined)('the platform beyond this machine', () => {
  const env = {
    TILLWATCH_HTTP_HOST: '0.0.0.0',
    TILLWATCH_MQTT_HOST: '0.0.0.0',
    TILLWATCH_LOG_LEVEL: 'trace',
    TILLWATCH_WEBHOOK_SECRET: 'whsec_c2VjcmV0LW9mLXRoZS13ZWJob29r',
  };
  const secrets = ['whsec_c2VjcmV0LW9mLXRoZS13ZWJob29r', 'a wrong guess at it'];
  let platform: RunningPlatform;

  afterAll(async () => {
    await platform?.stop();
  });

  it('does not start before a terminal has a credential, and says what to do', async () => {
    await expect(startPlatform({ dataDir: dir.path, env })).rejects.toThrow(
      /no terminal has a credential yet.*tillwatch device add/,
    );
  }, 180_000);

  it('asks everybody to sign in and every terminal for its credential, also from this machine', async () => {
    const device = said(await tillwatch('device', 'add', 'acme/T-1'), 'password');
    const olga = said(await tillwatch('user', 'add', 'olga', '--role', 'operations', '--tenants', 'acme'), 'password');
    secrets.push(device, olga);
    platform = await startPlatform({ dataDir: dir.path, env });
    const port = new URL(platform.http).port;
    for (const host of ['127.0.0.1', outside]) {
      const base = `http://${host}:${port}`;
      expect((await fetch(`${base}/api/v1/tenants`)).status).toBe(401);
      expect(await (await fetch(`${base}/api/v1/session`)).json()).toMatchObject({ user: null, signIn: 'required' });
      expect(await (await fetch(`${base}/api/v1/status`)).json()).toMatchObject({ ready: true, mqtt: null, rooms: [] });
      expect((await fetch(`${base}/metrics`)).status).toBe(401);
      expect(await (await fetch(`${base}/readyz`)).json()).toEqual({ ok: true, ready: true });
    }
    const base = `http://${outside}:${port}`;
    const signIn = (password: string) =>
      fetch(`${base}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'olga', password }),
      });
    expect((await signIn('a wrong guess at it')).status).toBe(401);
    const session = await signIn(olga);
    const cookie = session.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const { csrf } = (await session.json()) as { csrf: string };
    secrets.push(cookie.split('=')[1] ?? '', csrf);
    const made = await fetch(`${base}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'x-csrf-token': csrf },
      body: JSON.stringify({ name: 'ci', scopes: ['*:read'] }),
    });
    const { secret } = (await made.json()) as { secret: string };
    secrets.push(secret);
    expect((await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(403);

    const mqtt = `mqtt://${outside}:${new URL(platform.mqtt).port}`;
    await expect(connectAsync(mqtt, { reconnectPeriod: 0 })).rejects.toThrow(/Not authorized/);
    await expect(
      connectAsync(mqtt, { reconnectPeriod: 0, username: 'acme/T-1', password: 'a wrong guess at it' }),
    ).rejects.toThrow(/Not authorized/);
    const client = await connectAsync(mqtt, { reconnectPeriod: 0, username: 'acme/T-1', password: device });
    await client.publishAsync('pos/v1/acme/T-1/heartbeat', JSON.stringify({ ts: Date.now(), boot: 'b', seq: 1 }), {
      qos: 1,
    });
    await until(
      'the terminal',
      async () => (await fetch(`${base}/api/v1/tenants/acme/terminals/T-1`, { headers: { cookie } })).ok,
    );
    // The command line takes it away while the platform runs.
    await tillwatch('device', 'revoke', 'acme/T-1');
    await until('the terminal to be cut off', () => !client.connected, 10_000);
    await tillwatch('user', 'lock', 'olga');
    expect((await fetch(`${base}/api/v1/tokens`, { headers: { cookie } })).status).toBe(401);
  }, 300_000);

  it('writes no secret into its log', async () => {
    const text = platform.log.map((line) => JSON.stringify(line)).join('\n') + platform.said();
    expect(platform.log.length).toBeGreaterThan(1);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(15);
      expect(text).not.toContain(secret);
    }
  });

  it('has a trail of it all that is whole', async () => {
    expect(await tillwatch('audit', 'verify')).toMatch(/^whole: \d+ entries, ending in \d+:[0-9a-f]{64}/);
    const trail = await tillwatch('audit', 'list', '--json');
    for (const action of ['addDevice', 'addUser', 'signIn', 'addToken', 'revokeDevice', 'changeUser'])
      expect(trail).toContain(`"${action}"`);
    for (const secret of secrets) expect(trail).not.toContain(secret);
    await expect(tillwatch('audit', 'verify', '--expect', `1:${'0'.repeat(64)}`)).rejects.toThrow(
      /the trail is broken/,
    );
  });
});
