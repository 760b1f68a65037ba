import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { waitMs } from '../../app/access/core/lockout.ts';
import { createPasswords } from '../../app/access/edge/passwords.ts';
import { type AccessWorld, accessWorld } from '../support/access-world.ts';
import { until } from '../support/until.ts';

let world: AccessWorld | undefined;
const make = async (...options: Parameters<typeof accessWorld>): Promise<AccessWorld> =>
  (world = await accessWorld(...options));
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const GOOD = 'a long enough sentence';
const person = (username: string, role: string, more: object = {}) => ({
  username,
  role,
  tenants: ['acme'],
  password: GOOD,
  ...more,
});

describe('the first start', () => {
  it('makes an administrator and answers the password once', async () => {
    const { room, adminPassword, browser } = await make();
    expect(adminPassword).toMatch(/^[\w-]{20}$/);
    expect(await room.access.firstAdministrator()).toBeUndefined();
    const answer = await browser().signIn('admin', adminPassword);
    expect(answer).toMatchObject({
      status: 200,
      body: { user: { username: 'admin', role: 'administrator', tenants: '*' }, signIn: 'required' },
    });
  });
});

describe('passwords', () => {
  it('are kept as scrypt hashes, each with a salt of its own', async () => {
    const passwords = createPasswords();
    const [a, b] = await Promise.all([passwords.hash(GOOD), passwords.hash(GOOD)]);
    expect(a).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(a).not.toBe(b);
    expect(await passwords.verify(GOOD, a)).toBe(true);
    expect(await passwords.verify(`${GOOD}!`, a)).toBe(false);
    expect(await passwords.verify(GOOD, null)).toBe(false);
    expect(await passwords.verify(GOOD, 'plain')).toBe(false);
  });

  it('are looked at a few at a time, and a crowd is told to come back', async () => {
    const passwords = createPasswords({ cost: { ln: 4, r: 8, p: 1 }, atOnce: 1, line: 2 });
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => passwords.hash(GOOD)));
    expect(answers.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(answers[4]).toMatchObject({ reason: { code: 'access.busy', status: 503 } });
  });

  it('that are short, repeated or guessed first are refused with the reason', async () => {
    const admin = await (await make()).admin();
    for (const [password, why] of [
      ['short', /12 or more/],
      ['aaaaaaaaaaaaaa', /repeated/],
      ['password12345', /first guesses/],
      ['olga-is-my-name', /user name/],
    ] as const) {
      const answer = await admin.call('POST', '/users', person('olga', 'operations', { password }));
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'access.weak_password', detail: expect.stringMatching(why) },
      });
    }
  });
});

describe('a session', () => {
  it('is a cookie that scripts and other sites cannot use, and over TLS travels over TLS alone', async () => {
    const plain = await make();
    const { cookie } = await plain.browser().signIn('admin', plain.adminPassword);
    expect(cookie).toMatch(/^tillwatch=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    await plain.close();
    const safe = await make({ secure: true });
    expect((await safe.browser().signIn('admin', safe.adminPassword)).cookie).toMatch(/^__Host-tillwatch=.*; Secure/);
  });

  it('is asked for its csrf value by every request that changes something', async () => {
    const admin = await (await make()).admin();
    const { csrf } = admin;
    for (const wrong of ['', 'guess']) {
      admin.csrf = wrong;
      expect(await admin.call('POST', '/users', person('olga', 'operations'))).toMatchObject({
        status: 403,
        body: { code: 'api.bad_csrf' },
      });
    }
    expect((await admin.call('GET', '/session')).body.csrf).toBe(csrf);
    admin.csrf = csrf;
    expect((await admin.call('POST', '/users', person('olga', 'operations'))).status).toBe(201);
  });

  it('ends with the sign-out, and its cookie opens nothing any more', async () => {
    const { admin: signedIn } = { admin: await (await make()).admin() };
    const { cookie } = signedIn;
    expect((await signedIn.call('DELETE', '/session')).status).toBe(204);
    signedIn.cookie = cookie;
    expect((await signedIn.call('GET', '/users')).status).toBe(401);
    expect((await signedIn.call('GET', '/session')).body).toMatchObject({ user: null, signIn: 'required', csrf: '' });
  });

  it('ends after an hour without a request, and twelve hours after the sign-in whatever happens', async () => {
    const one = await make();
    const idle = await one.admin();
    await one.clock.advance(59 * 60_000);
    expect((await idle.call('GET', '/users')).status).toBe(200);
    await one.clock.advance(60 * 60_000);
    expect((await idle.call('GET', '/users')).status).toBe(401);
    const busy = await one.admin();
    for (let i = 0; i < 23; i++) {
      await one.clock.advance(30 * 60_000);
      expect((await busy.call('GET', '/users')).status).toBe(200);
    }
    await one.clock.advance(30 * 60_000);
    expect((await busy.call('GET', '/users')).status).toBe(401);
    await one.room.access.trim(one.clock.now());
  });

  it('has another value after each sign-in, and the one before is over', async () => {
    const one = await make();
    const admin = await one.admin();
    const before = admin.cookie;
    await admin.signIn('admin', one.adminPassword);
    expect(admin.cookie).not.toBe(before);
    const old = one.browser();
    old.cookie = before;
    expect((await old.call('GET', '/users')).status).toBe(401);
  });

  it('of others end when the password is changed, and all when the role is', async () => {
    const one = await make();
    const admin = await one.admin();
    await admin.call('POST', '/users', person('olga', 'operations'));
    const [here, there] = [one.browser(), one.browser()];
    for (const browser of [here, there]) expect((await browser.signIn('olga', GOOD)).status).toBe(200);
    expect(
      (await here.call('POST', '/users/olga/password', { password: 'quite another sentence', current: 'wrong' }))
        .status,
    ).toBe(403);
    expect(
      (await here.call('POST', '/users/olga/password', { password: 'quite another sentence', current: GOOD })).status,
    ).toBe(204);
    expect((await here.call('GET', '/tokens')).status).toBe(200);
    expect((await there.call('GET', '/tokens')).status).toBe(401);
    expect((await admin.call('PATCH', '/users/olga', { role: 'auditor' })).body.role).toBe('auditor');
    expect((await here.call('GET', '/tokens')).status).toBe(401);
    expect((await there.signIn('olga', GOOD)).status).toBe(401);
    expect((await there.signIn('olga', 'quite another sentence')).status).toBe(200);
  });

  it('takes its open streams with it', async () => {
    const one = await make({
      routes: (http) => {
        http.get('/stream', { config: { right: 'own' } }, (_request, reply) => {
          reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
          reply.raw.write('event: hello\n\n');
          reply.hijack();
        });
      },
    });
    const admin = await one.admin();
    await one.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = one.http.server.address() as AddressInfo;
    let ended = false;
    const answered = await new Promise<number>((resolve, reject) => {
      request(
        { port, host: '127.0.0.1', path: '/api/v1/stream', headers: { cookie: admin.cookie ?? '' } },
        (answer) => {
          resolve(answer.statusCode ?? 0);
          answer
            .on('error', () => {})
            .on('close', () => (ended = true))
            .resume();
        },
      )
        .on('error', reject)
        .end();
    });
    expect(answered).toBe(200);
    expect(ended).toBe(false);
    expect((await admin.call('DELETE', '/session')).status).toBe(204);
    await until('the stream to end', () => ended);
  });
});

describe('guessing', () => {
  it('of one password waits longer each time, for everybody, and ends with the right one', async () => {
    const one = await make();
    const guesser = one.browser('203.0.113.5');
    for (let i = 0; i < 5; i++) expect((await guesser.signIn('admin', `guess number ${i}`)).status).toBe(401);
    const held = await guesser.signIn('admin', one.adminPassword);
    expect(held).toMatchObject({
      status: 429,
      headers: { 'retry-after': '30' },
      body: { code: 'access.wait', retryable: true },
    });
    await one.clock.advance(30_000);
    expect((await guesser.signIn('admin', 'guess number 6')).status).toBe(401);
    expect((await guesser.signIn('admin', 'x')).headers['retry-after']).toBe('60');
    await one.clock.advance(60_000);
    expect((await guesser.signIn('admin', one.adminPassword)).status).toBe(200);
    expect((await guesser.signIn('admin', 'guess number 7')).status).toBe(401);
  });

  it('of names nobody has is answered alike', async () => {
    const one = await make();
    const guesser = one.browser('203.0.113.5');
    const bodies = [];
    for (const name of ['admin', 'nobody']) {
      for (let i = 0; i < 6; i++) bodies.push((await guesser.signIn(name, 'guess')).body.code);
    }
    expect(bodies.slice(0, 6)).toEqual(bodies.slice(6));
  });

  it('sent all at once counts each: twenty guesses at a time are not twenty looks', async () => {
    const one = await make();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => one.browser(`198.51.100.${i}`).signIn('admin', `guess ${i}`)),
    );
    expect((await one.browser('203.0.113.9').signIn('admin', one.adminPassword)).status).toBe(429);
    expect(answers.every((answer) => answer.status === 401 || answer.status === 429)).toBe(true);
  });

  it('over many names from one address is held too', async () => {
    const one = await make();
    const sprayer = one.browser('203.0.113.6');
    const statuses = [];
    for (let i = 0; i < 22; i++) statuses.push((await sprayer.signIn(`user${i}`, 'guess')).status);
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20)).toEqual([429, 429]);
  });

  it('is forgotten after its time', () => {
    const rule = { free: 5, firstMs: 30_000, longestMs: 900_000, forgetMs: 86_400_000 };
    expect(waitMs({ failures: 4, failedAt: 0 }, rule, 0)).toBe(0);
    expect(waitMs({ failures: 5, failedAt: 0 }, rule, 0)).toBe(30_000);
    expect(waitMs({ failures: 8, failedAt: 0 }, rule, 1_000)).toBe(239_000);
    expect(waitMs({ failures: 5_000, failedAt: 0 }, rule, 0)).toBe(900_000);
    expect(waitMs({ failures: 5_000, failedAt: 0 }, rule, 86_400_000)).toBe(0);
    // Our clock was three hours ahead when it was given: nobody waits three hours for that.
    expect(waitMs({ failures: 8, failedAt: 3 * 3_600_000 }, rule, 0)).toBe(0);
  });
});

describe('accounts', () => {
  it('are made, changed, locked and removed by administrators; a locked one signs in no more', async () => {
    const one = await make();
    const admin = await one.admin();
    const made = await admin.call('POST', '/users', {
      username: 'petr',
      role: 'provider',
      tenants: ['acme'],
      provider: 'fix',
      sites: ['site-1'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { user: { username: 'petr', hasPassword: true, provider: 'fix' } },
    });
    expect(JSON.stringify(made.body.user)).not.toContain('scrypt');
    const petr = one.browser();
    const signedIn = await petr.signIn('petr', made.body.password);
    expect(signedIn.body.user).toEqual({
      username: 'petr',
      role: 'provider',
      tenants: ['acme'],
      provider: 'fix',
      sites: ['site-1'],
    });
    expect((await admin.call('PATCH', '/users/petr', { locked: true })).body.locked).toBe(true);
    expect((await petr.call('GET', '/tokens')).status).toBe(401);
    expect((await petr.signIn('petr', made.body.password)).status).toBe(401);
    expect((await admin.call('GET', '/users')).body.items.map((user: { username: string }) => user.username)).toEqual([
      'admin',
      'petr',
    ]);
    expect((await admin.call('DELETE', '/users/petr')).status).toBe(204);
    expect((await admin.call('DELETE', '/users/petr')).status).toBe(404);
  });

  it('that do not fit together are refused with what is wrong', async () => {
    const admin = await (await make()).admin();
    for (const [body, why] of [
      [person('Olga!', 'operations'), /is no user name/],
      [person('olga', 'merchant'), /no account/],
      [person('olga', 'provider'), /provider is missing/],
      [person('olga', 'provider', { provider: 'fix', tenants: '*' }), /one tenant/],
      [person('olga', 'operations', { tenants: [] }), /tenants is empty/],
      [person('olga', 'operations', { tenants: ['Not OK'] }), /not a tenant id/],
    ] as const) {
      expect(await admin.call('POST', '/users', body)).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(why) },
      });
    }
    expect((await admin.call('POST', '/users', { ...person('olga', 'operations'), admin: true })).status).toBe(400);
  });

  it('the last administrator cannot be removed, demoted or locked', async () => {
    const admin = await (await make()).admin();
    for (const attempt of [
      admin.call('DELETE', '/users/admin'),
      admin.call('PATCH', '/users/admin', { role: 'auditor' }),
      admin.call('PATCH', '/users/admin', { locked: true }),
      admin.call('PATCH', '/users/admin', { tenants: ['acme'] }),
    ]) {
      expect(await attempt).toMatchObject({ status: 409, body: { code: 'access.last_administrator' } });
    }
  });

  it("a tenant's administrator manages the accounts of its tenants and no other, and reaches no further", async () => {
    const one = await make();
    const admin = await one.admin();
    await admin.call('POST', '/users', person('anna', 'administrator'));
    await admin.call('POST', '/users', person('bert', 'operations', { tenants: ['other'] }));
    const anna = one.browser();
    await anna.signIn('anna', GOOD);
    expect((await anna.call('GET', '/users')).body.items.map((user: { username: string }) => user.username)).toEqual([
      'anna',
    ]);
    expect((await anna.call('POST', '/users', person('olga', 'operations'))).status).toBe(201);
    for (const tenants of ['*', ['other'], ['acme', 'other']]) {
      expect((await anna.call('POST', '/users', person('eve', 'operations', { tenants }))).status).toBe(403);
      expect((await anna.call('PATCH', '/users/anna', { tenants })).status).toBe(403);
    }
    for (const attempt of [
      anna.call('PATCH', '/users/bert', { locked: true }),
      anna.call('DELETE', '/users/admin'),
      anna.call('POST', '/users/admin/password', { password: 'taken over by anna' }),
    ]) {
      expect((await attempt).status).toBe(404);
    }
  });
});

describe('API tokens', () => {
  it('do what their scopes say and no more than their person may', async () => {
    const one = await make();
    const admin = await one.admin();
    await admin.call('POST', '/users', person('olga', 'operations'));
    const olga = one.browser();
    await olga.signIn('olga', GOOD);
    const made = await olga.call('POST', '/tokens', { name: 'ci', scopes: ['*:read', 'users:write'] });
    expect(made.body.secret).toMatch(/^twt_[0-9a-f]{18}_[0-9a-f]{64}$/);
    const program = one.browser();
    const bearer = { authorization: `Bearer ${made.body.secret}` };
    expect((await program.call('GET', '/tokens', undefined, bearer)).body.items).toHaveLength(1);
    expect((await program.call('GET', '/users', undefined, bearer)).status).toBe(403);
    expect((await program.call('POST', '/users', person('eve', 'operations'), bearer)).status).toBe(403);
    expect((await program.call('POST', '/tokens', { name: 'more', scopes: ['*'] }, bearer)).status).toBe(403);
    expect((await program.call('DELETE', `/tokens/${made.body.token.id}`, undefined, bearer)).status).toBe(403);
    expect((await olga.call('DELETE', `/tokens/${made.body.token.id}`)).status).toBe(204);
    expect((await program.call('GET', '/tokens', undefined, bearer)).status).toBe(401);
  });

  it('end with their time, with a lock, and are refused where they are no tokens', async () => {
    const one = await make();
    const admin = await one.admin();
    await admin.call('POST', '/users', person('olga', 'operations'));
    const token = async (more: object) =>
      `Bearer ${(await admin.call('POST', '/tokens', { name: 'ci', scopes: ['*'], username: 'olga', ...more })).body.secret}`;
    const [short, long] = [await token({ expiresInDays: 1 }), await token({ expiresInDays: null })];
    const program = one.browser();
    const status = async (authorization: string) =>
      (await program.call('GET', '/tokens', undefined, { authorization })).status;
    expect([await status(short), await status(long)]).toEqual([200, 200]);
    await one.clock.advance(86_400_000);
    expect([await status(short), await status(long)]).toEqual([401, 200]);
    const again = await one.admin();
    await again.call('PATCH', '/users/olga', { locked: true });
    expect(await status(long)).toBe(401);
    for (const wrong of ['Bearer twt_x_y', 'Bearer', 'Basic YWRtaW46YWRtaW4=', `${long}0`])
      expect(await status(wrong)).toBe(401);
    expect((await again.call('POST', '/tokens', { name: 'x', scopes: ['all'] })).body.detail).toMatch(
      /"all" is no scope/,
    );
  });
});

describe('the audit trail', () => {
  it('says who did what, when and from where, with every attempt, and never a secret', async () => {
    const one = await make();
    const admin = await one.admin();
    await admin.call('POST', '/users', person('olga', 'operations'));
    const olga = one.browser('192.0.2.44');
    await olga.signIn('olga', 'not the sentence');
    await olga.signIn('olga', GOOD);
    await olga.call('POST', '/users', person('eve', 'administrator'));
    const { items } = (await admin.call('GET', '/audit')).body;
    expect(
      items.map((entry: Record<string, unknown>) => [entry.who, entry.action, entry.outcome, entry.address]),
    ).toEqual([
      ['olga', 'addUser', '403', '192.0.2.44'],
      ['olga', 'signIn', '200', '192.0.2.44'],
      ['olga', 'signIn', '401', '192.0.2.44'],
      ['admin', 'addUser', '201', '10.0.0.7'],
      ['admin', 'signIn', '200', '10.0.0.7'],
      ['tillwatch', 'firstAdministrator', 'ok', ''],
    ]);
    const text = JSON.stringify(items);
    for (const secret of [GOOD, 'not the sentence', one.adminPassword, admin.csrf]) expect(text).not.toContain(secret);
  });
});
