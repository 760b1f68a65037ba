import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccessWorld, accessWorld, type Browser } from '../support/access-world.ts';

const CALLBACK = 'http://tillwatch.example/api/v1/session/oidc/callback';
let provider: Server;
let issuer = '';
let world: AccessWorld;

/** A real OpenID provider on this machine, with its own login and consent pages. */
beforeEach(async () => {
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const oidc = new Provider(issuer, {
    clients: [{ client_id: 'tillwatch', client_secret: 'of the client', redirect_uris: [CALLBACK] }],
    cookies: { keys: ['k'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, email: `${sub}@shop.example`, email_verified: sub !== 'unverified' }),
    }),
  });
  provider.on('request', oidc.callback());
});
afterEach(async () => {
  await world?.close();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

const make = async (claim = 'sub'): Promise<AccessWorld> =>
  (world = await accessWorld({ oidc: { issuer, clientId: 'tillwatch', clientSecret: 'of the client', claim } }));

/** Goes through the provider's pages as `login`; answers the address that it sends the browser back to. */
async function atProvider(start: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  for (let hop = 0; hop < 20; hop++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = answer.headers.get('location');
    form = undefined;
    if (location) {
      url = new URL(location, url).href;
      if (url.startsWith(CALLBACK)) return url;
      continue;
    }
    const page = await answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!prompt) throw new Error(`the provider stopped at ${url}: ${answer.status} ${page.slice(0, 300)}`);
    url = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? '', url).href;
    form = new URLSearchParams({ prompt, login, password: 'any' });
  }
  throw new Error('the provider never sent the browser back');
}

async function begin(browser: Browser): Promise<string> {
  const begun = await browser.call('GET', '/session/oidc');
  expect(begun).toMatchObject({ status: 303, headers: { 'cache-control': 'no-store' } });
  expect(begun.cookie).toMatch(/^tillwatch_oidc=.*HttpOnly; SameSite=Lax/);
  return String(begun.headers.location);
}
const back = (browser: Browser, returned: string) =>
  browser.call('GET', returned.slice(returned.indexOf('/session/oidc')));

describe('sign-in at an identity provider', () => {
  it('opens a session for the account that is tied to the provider’s subject', async () => {
    const admin = await (await make()).admin();
    const user = { username: 'olga', role: 'operations', tenants: ['acme'], oidcSubject: 'olga-at-idp' };
    expect((await admin.call('POST', '/users', user)).body).toMatchObject({
      password: null,
      user: { hasPassword: false },
    });
    const browser = world.browser();
    expect((await browser.call('GET', '/session')).body).toMatchObject({ user: null, oidc: true });
    const start = await begin(browser);
    expect(start).toMatch(/code_challenge_method=S256/);
    const done = await back(browser, await atProvider(start, 'olga-at-idp'));
    expect(done).toMatchObject({ status: 303, headers: { location: '/' } });
    const session = [done.headers['set-cookie']].flat().find((one) => String(one).startsWith('tillwatch='));
    expect(session).toMatch(/HttpOnly; SameSite=Strict/);
    browser.cookie = String(session).split(';', 1)[0];
    expect((await browser.call('GET', '/session')).body.user).toMatchObject({ username: 'olga', role: 'operations' });
    expect((await world.browser().signIn('olga', 'no password at all')).status).toBe(401);
  });

  it('lets nobody in whom no account is tied to, and none that is locked', async () => {
    const admin = await (await make()).admin();
    await admin.call('POST', '/users', { username: 'eve', role: 'operations', tenants: ['acme'], oidcSubject: 'eve' });
    await admin.call('PATCH', '/users/eve', { locked: true });
    for (const subject of ['stranger', 'eve']) {
      const browser = world.browser();
      const refused = await back(browser, await atProvider(await begin(browser), subject));
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'access.refused', detail: expect.stringContaining(subject) },
      });
    }
  });

  it('does not take an answer that this browser did not ask for, nor one twice, nor a forged one', async () => {
    const admin = await (await make()).admin();
    await admin.call('POST', '/users', {
      username: 'olga',
      role: 'operations',
      tenants: ['acme'],
      oidcSubject: 'olga',
    });
    const [mine, other] = [world.browser(), world.browser()];
    const returned = await atProvider(await begin(mine), 'olga');
    expect((await back(world.browser(), returned)).body.code).toBe('oidc.refused');
    await begin(other);
    expect((await back(other, returned)).body.code).toBe('oidc.refused');
    const flow = mine.cookie;
    expect((await back(mine, returned.replace(/state=[^&]+/, 'state=forged'))).body.code).toBe('oidc.refused');
    mine.cookie = flow;
    expect((await back(mine, returned)).status).toBe(303);
    mine.cookie = flow;
    expect((await back(mine, returned)).body.code).toBe('oidc.refused');
  });

  it('takes an e-mail address only where the provider has verified it', async () => {
    const admin = await (await make('email')).admin();
    for (const name of ['olga', 'unverified']) {
      await admin.call('POST', '/users', {
        username: name,
        role: 'auditor',
        tenants: ['acme'],
        oidcSubject: `${name}@shop.example`,
      });
    }
    const [olga, other] = [world.browser(), world.browser()];
    expect((await back(olga, await atProvider(await begin(olga), 'olga'))).status).toBe(303);
    expect((await back(other, await atProvider(await begin(other), 'unverified'))).body.detail).toMatch(/not verified/);
  });

  it('says so where the provider cannot be reached, and goes on once it can', async () => {
    await make();
    const { port } = provider.address() as AddressInfo;
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
    expect(await world.browser().call('GET', '/session/oidc')).toMatchObject({
      status: 503,
      body: { code: 'oidc.unavailable', retryable: true },
    });
    await new Promise<void>((resolve) => provider.listen(port, '127.0.0.1', resolve));
    await begin(world.browser());
  });
});
