import { expect, it } from 'vitest';
import type { Account } from '../../contract/ports/accounts.ts';
import { createAccountRepository } from '../../store/relational/repositories/accounts.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const olga: Account = {
  username: 'olga',
  role: 'operations',
  tenants: ['acme'],
  provider: null,
  sites: [],
  passwordHash: '$scrypt$…',
  oidcSubject: null,
  locked: false,
  failures: 0,
  failedAt: 0,
  createdAt: 100,
  updatedAt: 100,
};

describeEachRelational('AccountRepository', (open) => {
  it('keeps accounts as they were given, and a name belongs to one', async () => {
    const accounts = createAccountRepository(await open());
    const petr: Account = {
      ...olga,
      username: 'petr',
      role: 'provider',
      provider: 'fix',
      sites: ['s1'],
      oidcSubject: 'p@x',
    };
    await accounts.create(petr);
    await accounts.create(olga);
    expect(await accounts.list()).toEqual([olga, petr]);
    expect(await accounts.bySubject('p@x')).toEqual(petr);
    await expect(accounts.create(olga)).rejects.toMatchObject({ code: 'access.user_exists', status: 409 });
    await expect(accounts.create({ ...olga, username: 'eva', oidcSubject: 'p@x' })).rejects.toMatchObject({
      status: 409,
    });
    expect(await accounts.change('olga', { tenants: '*', locked: true }, 200)).toEqual({
      ...olga,
      tenants: '*',
      locked: true,
      updatedAt: 200,
    });
    await expect(accounts.change('nobody', { locked: true }, 1)).rejects.toMatchObject({ code: 'access.unknown_user' });
  });

  it('counts every one of many failures at the same time', async () => {
    const accounts = createAccountRepository(await open());
    await accounts.create(olga);
    await Promise.all(Array.from({ length: 20 }, (_, i) => accounts.countFailure('olga', 500 + i)));
    expect(await accounts.get('olga')).toMatchObject({ failures: 20 });
  });

  it('sessions end one by one, by person, by age, and with the account', async () => {
    const accounts = createAccountRepository(await open());
    await accounts.create(olga);
    const session = (id: string, createdAt: number, seenAt = createdAt) =>
      accounts.openSession({ id, username: 'olga', createdAt, seenAt });
    await session('a', 100);
    await session('b', 200);
    await session('c', 300);
    await accounts.touchSession('a', 900);
    expect(await accounts.session('a')).toEqual({ id: 'a', username: 'olga', createdAt: 100, seenAt: 900 });
    expect(await accounts.endStaleSessions(50, 250)).toBe(1);
    expect(await accounts.session('b')).toBeUndefined();
    expect(await accounts.endStaleSessions(150, 0)).toBe(1);
    await session('d', 400);
    await accounts.endSessionsOf('olga', 'c');
    expect(await accounts.session('d')).toBeUndefined();
    expect(await accounts.session('c')).toBeDefined();
    await accounts.endSession('c');
    await session('e', 500);
    await accounts.addToken({
      id: 't',
      username: 'olga',
      name: 'ci',
      secretHash: 'h',
      scopes: ['*:read'],
      createdAt: 1,
      expiresAt: null,
      usedAt: null,
    });
    await accounts.remove('olga');
    expect(await accounts.session('e')).toBeUndefined();
    expect(await accounts.token('t')).toBeUndefined();
    await expect(accounts.remove('olga')).rejects.toMatchObject({ code: 'access.unknown_user' });
  });

  it('tokens are kept by id, newest first, and by person', async () => {
    const accounts = createAccountRepository(await open());
    const token = {
      id: 't1',
      username: 'olga',
      name: 'ci',
      secretHash: 'h',
      scopes: ['tickets:read'],
      createdAt: 1,
      expiresAt: 9,
      usedAt: null,
    };
    await accounts.addToken(token);
    await accounts.addToken({ ...token, id: 't2', username: 'petr', createdAt: 2 });
    await accounts.tokenUsed('t1', 5);
    expect(await accounts.token('t1')).toEqual({ ...token, usedAt: 5 });
    expect((await accounts.tokens()).map((one) => one.id)).toEqual(['t2', 't1']);
    expect((await accounts.tokens('olga')).map((one) => one.id)).toEqual(['t1']);
    await accounts.removeToken('t1');
    expect(await accounts.token('t1')).toBeUndefined();
  });
});
