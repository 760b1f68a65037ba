import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeclaredRoute } from '../../app/http/rights.ts';
import { ROLES, type Role } from '../../contract/principal.ts';
import { holds, RIGHTS } from '../../contract/rights.ts';
import { fleetLines, startWhole, type WholePlatform } from '../support/whole-platform.ts';

const PEOPLE: Readonly<Partial<Record<Role, object>>> = {
  operations: { role: 'operations', tenants: ['alpha'] },
  provider: { role: 'provider', tenants: ['alpha'], provider: 'fixit', sites: ['AAA-site-1'] },
  auditor: { role: 'auditor', tenants: ['alpha'] },
  administrator: { role: 'administrator', tenants: ['alpha'] },
};

let whole: WholePlatform;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  whole = await startWhole();
  for (const [role, account] of Object.entries(PEOPLE))
    tokens.set(role as Role, await whole.person(`the-${role}`, account));
  const now = Date.now();
  for (const [tenant, mark] of [
    ['alpha', 'AAA'],
    ['beta', 'BBB'],
  ] as const) {
    const answer = await whole.ask('POST', '/import', {
      token: whole.admin,
      body: fleetLines(tenant, mark, now),
      type: 'application/x-ndjson',
    });
    expect(answer.json()).toMatchObject({ accepted: 4 });
  }
});
afterAll(() => whole.stop());

/** The path of a route in a tenant, its other parameters filled with what exists there. */
function pathOf({ url }: DeclaredRoute, tenant: string): string {
  const mark = tenant === 'alpha' ? 'AAA' : 'BBB';
  const values: Record<string, string> = {
    tenant,
    terminal: `${mark}-T2`,
    site: `${mark}-site-1`,
    device: `${mark}-T1`,
    id: url.includes('/tickets/') ? 'TW-1' : `${mark}-T2`,
    username: 'somebody',
    code: 'AAAAA-AAAAA',
    provider: 'fixit',
  };
  return url.replace(/:(\w+)/g, (_all, name: string) => values[name] ?? 'x1');
}

/** Streams do not end: what counts of them is how they begin. */
async function statusOf(route: DeclaredRoute, tenant: string, token: string | undefined): Promise<number> {
  if (!route.url.endsWith('/stream'))
    return (await whole.ask(route.method, pathOf(route, tenant), token ? { token } : {})).status;
  const over = new AbortController();
  const answer = await fetch(whole.platform.httpUrl + pathOf(route, tenant), {
    signal: over.signal,
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  over.abort();
  return answer.status;
}

describe('every route', () => {
  it('declares a right that is one, and the right is held by somebody', () => {
    expect(whole.platform.routes.length).toBeGreaterThan(80);
    for (const { right } of whole.platform.routes) expect(Object.hasOwn(RIGHTS, right)).toBe(true);
    for (const [right, roles] of Object.entries(RIGHTS))
      expect([right, roles === null || roles.length > 0]).toEqual([right, true]);
  });

  it('that changes something asks for a right to write, and none of those is an auditor’s', () => {
    const odd = whole.platform.routes.filter(
      ({ method, right }) =>
        method !== 'GET' && (right.endsWith(':read') || right.endsWith(':list') || right.endsWith(':explain')),
    );
    expect(odd).toEqual([]);
    const auditors = whole.platform.routes.filter(
      ({ method, right }) => method !== 'GET' && right !== 'own' && right !== 'public' && holds('auditor', right),
    );
    expect(auditors).toEqual([]);
  });

  it('is in the OpenAPI document with its right, so that no route hides', async () => {
    const { paths } = (await whole.ask('GET', '/api/openapi.json')).json() as {
      paths: Record<string, Record<string, unknown>>;
    };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = whole.platform.routes
      .filter(({ url }) => url.startsWith('/api/v1'))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    expect(declared.toSorted()).toEqual(documented.toSorted());
  });

  it('answers 401 to who has not signed in, unless it is public', async () => {
    for (const route of whole.platform.routes) {
      const status = await statusOf(route, 'alpha', undefined);
      if (route.right === 'public') expect([route.url, status]).not.toEqual([route.url, 401]);
      else expect([route.method, route.url, status]).toEqual([route.method, route.url, 401]);
    }
  });

  it.each(Object.keys(PEOPLE) as Role[])('lets %s do what the role may, and nothing else', async (role) => {
    const token = tokens.get(role);
    for (const route of whole.platform.routes) {
      // Another's password is refused behind the guard, by the route itself.
      if (route.url === '/api/v1/users/:username/password' || route.right === 'public') continue;
      const may = holds(role, route.right) && !route.right.startsWith('platform:');
      const status = await statusOf(route, 'alpha', token);
      const refused = status === 401 || status === 403;
      expect([role, route.method, route.url, route.right, status, refused]).toEqual([
        role,
        route.method,
        route.url,
        route.right,
        status,
        !may,
      ]);
    }
  });

  it.each(Object.keys(PEOPLE) as Role[])('does not exist for %s in another tenant', async (role) => {
    const token = tokens.get(role);
    for (const route of whole.platform.routes.filter(({ url }) => url.includes(':tenant'))) {
      const status = await statusOf(route, 'beta', token);
      expect([role, route.method, route.url, status]).toEqual([
        role,
        route.method,
        route.url,
        holds(role, route.right) ? 404 : 403,
      ]);
    }
  });

  it('knows no role without its place here', () => {
    expect(ROLES.filter((role) => !PEOPLE[role])).toEqual(['merchant']);
    expect(Object.keys(RIGHTS).filter((right) => holds('merchant', right as keyof typeof RIGHTS))).toEqual([
      'public',
      'own',
    ]);
  });
});

describe('a provider', () => {
  it('reads its own sites and their terminals, in lists, pages, exports and streams, and no others', async () => {
    const token = tokens.get('provider') ?? '';
    const get = async (path: string) => whole.ask('GET', `/tenants/alpha${path}`, { token });
    expect((await get('/terminals')).json().items.map((one: { terminal: string }) => one.terminal)).toEqual(['AAA-T1']);
    expect((await get('/terminals?site=AAA-site-2')).json().items).toEqual([]);
    expect((await get('/sites')).json().items.map((one: { site: string }) => one.site)).toEqual(['AAA-site-1']);
    const csv = (await get('/terminals.csv')).text;
    expect(csv).toContain('AAA-T1');
    expect(csv).not.toContain('AAA-T2');
    expect((await get('/terminals/AAA-T1')).status).toBe(200);
    for (const path of [
      '/terminals/AAA-T2',
      '/sites/AAA-site-2',
      '/terminals/AAA-T2/series?metrics=battery.soc_pct',
      '/terminals/none',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    expect((await get('/stream')).status).toBe(403);
    expect((await whole.ask('GET', '/tenants', { token })).json().items).toEqual([
      { tenant: 'alpha', terminals: 0, critical: 0, warning: 0 },
    ]);
  });

  it('sees the devices in its hands, on its tickets and at its sites, and moves no others', async () => {
    const token = tokens.get('provider') ?? '';
    const put = (id: string, custodian: string, more: object = {}) =>
      whole.ask('PUT', `/tenants/alpha/assets/${id}`, {
        token: whole.admin,
        body: { model: 'AAA-model', owner: 'pool', state: 'stock', custodian, ...more },
      });
    const made = [
      await put('mine', 'fixit'),
      await put('store', 'warehouse'),
      await put('theirs', 'other-provider'),
      await put('at-my-site', 'AAA-site-1', { state: 'installed', terminal: 'AAA-T1' }),
      await put('elsewhere', 'AAA-site-2', { state: 'installed', terminal: 'AAA-T2' }),
    ];
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 200));
    const seen = (await whole.ask('GET', '/tenants/alpha/assets', { token })).json().items as { id: string }[];
    expect(seen.map(({ id }) => id).toSorted()).toEqual(['at-my-site', 'mine']);
    expect((await whole.ask('GET', '/tenants/alpha/assets/mine', { token })).status).toBe(200);
    expect((await whole.ask('GET', '/tenants/alpha/assets/store', { token })).status).toBe(404);
    const moved = await whole.ask('POST', '/tenants/alpha/assets/theirs/moves', { token, body: { action: 'missing' } });
    expect(moved.status).toBeGreaterThanOrEqual(400);
    expect((await whole.ask('GET', '/tenants/alpha/assets/theirs', { token: whole.admin })).json().asset.state).toBe(
      'stock',
    );
  });
});

describe('what is refused or done', () => {
  it('is in the trail, route by route', async () => {
    const { items } = (await whole.ask('GET', '/audit?limit=500&who=the-operations', { token: whole.admin })).json();
    const actions = new Set(items.map((entry: { action: string }) => entry.action));
    for (const action of ['acceptTerminal', 'putSite', 'sendCommand', 'addUser', 'addDevice', 'reportFault'])
      expect(actions).toContain(action);
    expect(items.find((entry: { action: string }) => entry.action === 'addUser')).toMatchObject({
      outcome: '403',
      via: expect.stringMatching(/^token:/),
    });
    const own = (await whole.ask('GET', '/audit?limit=500', { token: tokens.get('auditor') ?? '' })).json().items;
    expect(own.length).toBeGreaterThan(20);
    expect(new Set(own.map((entry: { tenant: string }) => entry.tenant))).toEqual(new Set(['alpha']));
  });
});
