import fc from 'fast-check';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UP_CHANNELS } from '../../contract/topics.ts';
import { HeldClock } from '../support/held-clock.ts';
import { wireHeartbeat } from '../support/payloads.ts';
import { until } from '../support/until.ts';
import { fleetLines, startWhole, type WholePlatform } from '../support/whole-platform.ts';

/** Every name of the other tenant begins with this: an answer that has it in it has leaked. */
const MARK = 'BBB';
const ALPHA_MARK = 'AAA';
const RUNS = Number(process.env.TILLWATCH_RUNS ?? 400);

/** Held while the other tenant is watched: a terminal that falls silent meanwhile, or a ticket that falls due, is nobody's doing. */
const clock = new HeldClock();
let whole: WholePlatform;
/** By role; `'*'`-scoped tokens of people of tenant alpha. */
const tokens: string[] = [];
let device = '';
let gateway = '';

beforeAll(async () => {
  whole = await startWhole({}, clock);
  const { admin, ask } = whole;
  for (const role of ['operations', 'auditor', 'administrator'])
    tokens.push(await whole.person(`a-${role}`, { role, tenants: ['alpha'] }));
  tokens.push(
    await whole.person('a-provider', {
      role: 'provider',
      tenants: ['alpha'],
      provider: `${MARK}-fix`,
      sites: [`${MARK}-site-1`],
    }),
  );
  await whole.person(`bbb-person`, { role: 'operations', tenants: ['beta'] });
  const now = Date.now();
  for (const [tenant, mark] of [
    ['alpha', ALPHA_MARK],
    ['beta', MARK],
  ] as const) {
    await ask('POST', '/import', { token: admin, body: fleetLines(tenant, mark, now), type: 'application/x-ndjson' });
    const at = (path: string) => `/tenants/${tenant}${path}`;
    const made = [
      await ask('POST', at('/reports'), {
        token: admin,
        body: { terminal: `${mark}-T1`, symptom: `${mark}-symptom does not print` },
      }),
      await ask('PUT', at(`/sites/${mark}-site-1`), {
        token: admin,
        body: { name: `${mark} shop`, timezone: 'Europe/Berlin', contact: `${mark}-contact` },
      }),
      await ask('POST', at('/devices'), { token: admin, body: { name: `${mark}-T1` } }),
      await ask('POST', at('/devices'), {
        token: admin,
        body: { name: `${mark}-G1`, kind: 'gateway', terminals: [`${mark}-T1`, `${mark}-T2`] },
      }),
      await ask('POST', at(`/terminals/${mark}-T1/merchant-code`), { token: admin }),
    ];
    expect(made.map((one) => one.status).filter((status) => status >= 300)).toEqual([]);
    if (tenant === 'alpha') [device, gateway] = [made[2]!.json().secret as string, made[3]!.json().secret as string];
  }
  await until('the other fleet to be there, and its ticket to be counted', async () => {
    const { items } = (await ask('GET', '/tenants/beta/terminals', { token: admin })).json();
    return items.length === 2 && items.some((one: { openTickets: number }) => one.openTickets === 1);
  });
});
afterAll(() => whole.stop());

/** What the administrator sees of the other tenant: it must be the same after every attempt. */
async function theOther(): Promise<unknown> {
  const seen = [];
  for (const path of [
    'terminals.csv',
    'sites',
    'tickets',
    'devices',
    'dead-letters',
    'holds',
    'plans',
    'providers',
    'assets',
    'notice-routes',
  ]) {
    seen.push(
      (await whole.ask('GET', `/tenants/beta/${path}`, { token: whole.admin })).text.replace(/"(at|now)":\d+/g, ''),
    );
  }
  return seen;
}

const others = fc.constantFrom(
  `${MARK}-T1`,
  `${MARK}-T2`,
  `${MARK}-site-1`,
  `${MARK}-G1`,
  'TW-1',
  'TW-2',
  '1',
  '2',
  '3',
  'bbb-person',
  `${MARK}-fix`,
  '*',
  '%2e%2e',
);
const tenantWords = fc.constantFrom(
  'beta',
  'beta',
  'beta',
  'alpha',
  'BETA',
  '%62eta',
  'alpha%2F..%2Fbeta',
  'beta%00',
  '*',
  'alpha,beta',
  '..%2fbeta',
  'beta ',
);
const queries = fc.constantFrom(
  '',
  '?tenant=beta',
  `?site=${MARK}-site-1`,
  `?search=${MARK}-T`,
  `?terminal=${MARK}-T1`,
  '?limit=500&from=0',
  '?tenants=beta',
  `?provider=${MARK}-fix`,
);
const bodies = fc.constantFrom<unknown>(
  undefined,
  {},
  { tenant: 'beta' },
  { terminal: `${MARK}-T1`, symptom: 'does not print', tenant: 'beta' },
  { tenants: ['beta'], role: 'operations', username: 'mallory' },
  { site: `${MARK}-site-1` },
  { replacement: `${MARK}-T1` },
  { name: 'reboot' },
  { password: 'a long enough sentence' },
);

describe('two tenants', () => {
  it('no request of one reads or moves anything of the other, whatever route, name, encoding, query and body', async () => {
    clock.hold();
    const before = await theOther();
    const routes = whole.platform.routes.filter(
      ({ url, right }) => url.startsWith('/api/v1') && !url.endsWith('/stream') && right !== 'public',
    );
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.nat(tokens.length - 1),
        tenantWords,
        fc.array(others, { minLength: 6, maxLength: 6 }),
        queries,
        bodies,
        async (route, who, tenant, names, query, body) => {
          let next = 0;
          const path = route.url.replace(/:(\w+)/g, (_all, name: string) =>
            name === 'tenant' ? tenant : (names[next++] ?? 'x'),
          );
          const answer = await whole.ask(route.method, path + query, {
            token: tokens[who] ?? '',
            ...(route.method === 'GET' || body === undefined ? {} : { body }),
          });
          if (answer.status < 300) answered++;
          if (route.url.includes(':tenant') && tenant !== 'alpha') expect(answer.status).toBeGreaterThanOrEqual(400);
          // The answer may say the name that was asked for; anything more of the other tenant it may not.
          const told = [path, query, JSON.stringify(body ?? '')].reduce(
            (text, part) =>
              [...part.matchAll(/BBB-[\w-]+|bbb-person/g)].reduce((rest, [name]) => rest.replaceAll(name, ''), text),
            // Nor is it news to alpha's audit trail which names its own people tried within alpha.
            answer.text.replace(/"subject":"\/api\/v1\/tenants\/alpha\/[^"]*"/g, ''),
          );
          expect(told.replaceAll(`${MARK}-fix`, '').replaceAll(`${MARK}-site-1`, '')).not.toMatch(/BBB|bbb-person/);
        },
      ),
      { numRuns: RUNS, seed: 20_261_126, interruptAfterTimeLimit: 90_000 },
    );
    // A property that never got in would prove nothing.
    expect(answered).toBeGreaterThan(RUNS / 20);
    expect(await theOther()).toEqual(before);
    clock.release();
  });

  it('no stream of one tells of the other', async () => {
    const { platform } = whole;
    const [token = ''] = tokens;
    const refused = await fetch(`${platform.httpUrl}/api/v1/tenants/beta/stream`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(404);
    const over = new AbortController();
    const heard = ['', ''];
    const readings = [MARK, ALPHA_MARK].map(async (mark, i) => {
      const answer = await fetch(`${platform.httpUrl}/api/v1/tenants/alpha/stream?terminal=${mark}-T1`, {
        headers: { authorization: `Bearer ${token}` },
        signal: over.signal,
      });
      for await (const chunk of answer.body ?? []) heard[i] += Buffer.from(chunk).toString();
    });
    await until('both streams to begin', () => heard.every((text) => text.includes('hello')));
    const now = Date.now();
    for (const [tenant, mark] of [
      ['beta', MARK],
      ['alpha', ALPHA_MARK],
    ] as const) {
      const line = {
        received_at: now,
        topic: `pos/v1/${tenant}/${mark}-T1/heartbeat`,
        payload: { ts: now, boot: 'b', seq: 50, battery: { soc_pct: 7 } },
      };
      await whole.ask('POST', '/import', {
        token: whole.admin,
        body: JSON.stringify(line),
        type: 'application/x-ndjson',
      });
    }
    await until('the stream to tell of its own', () => heard[1]?.includes('event: latest'));
    expect(heard.join('').replaceAll(`terminal=${MARK}-T1`, '')).not.toContain(MARK);
    expect(heard[0]).not.toContain('event: latest');
    over.abort();
    await Promise.allSettled(readings);
  });

  it('no device of one speaks or listens in the other, whatever the topic', async () => {
    clock.hold();
    const before = await theOther();
    const url = whole.platform.mqttUrl;
    const connect = async (username: string, password: string): Promise<MqttClient> => {
      const client = await connectAsync(url, { username, password, reconnectPeriod: 0 });
      client.on('error', () => {});
      return client;
    };
    const topic = fc
      .tuple(
        fc.constantFrom('pos/v1', 'pos/v1', 'pos/v1', 'pos/v2', 'pos//v1', '/pos/v1', '$share/g/pos/v1', '$SYS'),
        fc.constantFrom('beta', 'beta', 'alpha', '+', '#', 'alpha/..', ''),
        fc.constantFrom(`${MARK}-T1`, `${MARK}-G1`, `${ALPHA_MARK}-T1`, '+', '#', ''),
        fc.constantFrom(...UP_CHANNELS, 'batch', 'command', '#', '+', 'command/x'),
      )
      .map((parts) => parts.join('/'));
    const own = /^pos\/v1\/alpha\/AAA-/;
    let heard: string[] = [];
    await fc.assert(
      fc.asyncProperty(topic, fc.boolean(), async (where, asGateway) => {
        const name = asGateway ? `alpha/${ALPHA_MARK}-G1` : `alpha/${ALPHA_MARK}-T1`;
        const client = await connect(name, asGateway ? gateway : device);
        client.on('message', (said) => heard.push(said));
        const [grant] = await client.subscribeAsync(where, { qos: 1 }).catch(() => [{ qos: 128 }]);
        if (!where.startsWith('pos/v1/alpha/')) expect([where, grant?.qos ?? 128]).toEqual([where, 128]);
        if (!/[+#]/.test(where) && client.connected) {
          const messages = [
            { terminal: `${MARK}-T1`, channel: 'heartbeat', payload: { ts: Date.now(), boot: 'x', seq: 1 } },
          ];
          const payload = where.endsWith('/batch') ? JSON.stringify({ messages }) : wireHeartbeat(Date.now(), 900);
          const taken = await new Promise<boolean>((resolve) => {
            client.publish(where, payload, { qos: 1 }, (error) => resolve(!error));
            client.once('close', () => resolve(false));
          });
          expect([where, taken && !own.test(where)]).toEqual([where, false]);
        }
        await client.endAsync(true);
      }),
      { numRuns: Math.ceil(RUNS / 4), seed: 20_261_126, interruptAfterTimeLimit: 60_000 },
    );
    heard = heard.filter((said) => !own.test(said));
    expect(heard).toEqual([]);
    expect(await theOther()).toEqual(before);
    clock.release();
  });

  it('no terminal of one stands under the name of another: the same id is two terminals', async () => {
    const { ask, admin } = whole;
    const body = { name: 'SAME' };
    const [here, there] = [
      (await ask('POST', '/tenants/alpha/devices', { token: admin, body })).json().secret as string,
      (await ask('POST', '/tenants/beta/devices', { token: admin, body })).json().secret as string,
    ];
    await expect(
      connectAsync(whole.platform.mqttUrl, { username: 'beta/SAME', password: here, reconnectPeriod: 0 }),
    ).rejects.toThrow(/Not authorized/);
    const client = await connectAsync(whole.platform.mqttUrl, {
      username: 'beta/SAME',
      password: there,
      reconnectPeriod: 0,
    });
    await client.publishAsync('pos/v1/beta/SAME/heartbeat', wireHeartbeat(Date.now(), 1), { qos: 1 });
    await client.endAsync();
    await until(
      'it to be there',
      async () => (await ask('GET', '/tenants/beta/terminals/SAME', { token: admin })).status === 200,
    );
    expect((await ask('GET', '/tenants/alpha/terminals/SAME', { token: admin })).status).toBe(404);
  });
});
