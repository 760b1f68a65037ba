import { TillwatchError } from '../../../contract/errors.ts';
import type { Account, AccountChange, AccountRepository } from '../../../contract/ports/accounts.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { Principal } from '../../../contract/principal.ts';
import { checkAccount, leavesNobody, mayManage } from '../core/rules.ts';
import type { Access } from './access.ts';

export interface UsersDeps {
  readonly access: Access;
  readonly accounts: AccountRepository;
  readonly clock: Clock;
}

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };
export type NewUser = Pick<Account, 'username' | 'role' | 'tenants'> &
  Given<Pick<Account, 'provider' | 'sites' | 'oidcSubject'>> & { readonly password?: string | undefined };
export type UserChange = Given<Pick<Account, 'role' | 'tenants' | 'provider' | 'sites' | 'oidcSubject' | 'locked'>>;

/** What administrators do with accounts, over HTTP and from the command line. */
export class Users {
  readonly #deps: UsersDeps;

  constructor(deps: UsersDeps) {
    this.#deps = deps;
  }

  /** Makes an account. Errors: `access.bad_user`, `access.weak_password` (400), `access.user_exists` (409), `api.forbidden`. */
  async add(asker: Principal, given: NewUser): Promise<{ account: Account; password?: string }> {
    const { access, accounts, clock } = this.#deps;
    const { username, role, tenants, provider = null, sites = [], oidcSubject = null } = given;
    checkAccount({ username, role, tenants, provider });
    this.#mayManage(asker, tenants);
    const made = given.password === undefined && oidcSubject === null ? access.newPassword() : undefined;
    const password = given.password ?? made;
    const now = clock.now();
    const account: Account = {
      username,
      role,
      tenants,
      provider,
      sites,
      passwordHash: password === undefined ? null : await access.hash(password, username),
      oidcSubject,
      locked: false,
      failures: 0,
      failedAt: 0,
      createdAt: now,
      updatedAt: now,
    };
    await accounts.create(account);
    return made === undefined ? { account } : { account, password: made };
  }

  /** Changes an account and ends its sessions. Errors: as `add`, `access.unknown_user` (404), `access.last_administrator` (409). */
  async change(asker: Principal, username: string, given: UserChange): Promise<Account> {
    const { access, accounts, clock } = this.#deps;
    const before = await this.#managed(asker, username);
    const change = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as AccountChange;
    const after = { ...before, ...change };
    checkAccount(after);
    this.#mayManage(asker, after.tenants);
    await this.#keepsOne(username, after);
    const unlocked = before.locked && !after.locked ? { failures: 0 } : {};
    const changed = await accounts.change(username, { ...change, ...unlocked }, clock.now());
    await accounts.endSessionsOf(username);
    access.ended();
    return changed;
  }

  async remove(asker: Principal, username: string): Promise<void> {
    const { access, accounts } = this.#deps;
    await this.#managed(asker, username);
    await this.#keepsOne(username, undefined);
    await accounts.remove(username);
    access.ended();
  }

  /** Sets a password and ends the person's other sessions. Error: `access.refused` (403) where `current` is given and wrong. */
  async setPassword(
    asker: Principal,
    username: string,
    password: string,
    options: { readonly current?: string; readonly address?: string; readonly keepSession?: string } = {},
  ): Promise<void> {
    const { access, accounts, clock } = this.#deps;
    const own = options.current !== undefined;
    const account = own ? await accounts.get(username) : await this.#managed(asker, username);
    if (!account) throw unknown(username);
    if (own && !(await access.isPassword(account, options.current ?? ''))) {
      await accounts.countFailure(username, clock.now());
      throw new TillwatchError('access.refused', 'current is not the present password', { status: 403 });
    }
    const passwordHash = await access.hash(password, username);
    await accounts.change(username, { passwordHash, failures: 0 }, clock.now());
    await accounts.endSessionsOf(username, options.keepSession);
    access.ended();
  }

  async #managed(asker: Principal, username: string): Promise<Account> {
    const account = await this.#deps.accounts.get(username);
    // Who may not manage an account is not told that there is one.
    if (!account || !mayManage(asker, account.tenants)) throw unknown(username);
    return account;
  }

  #mayManage(asker: Principal, tenants: Account['tenants']): void {
    if (mayManage(asker, tenants)) return;
    throw new TillwatchError('api.forbidden', 'an account may reach no further than yours: name tenants of your own', {
      status: 403,
    });
  }

  async #keepsOne(username: string, after: Account | undefined): Promise<void> {
    if (!leavesNobody(await this.#deps.accounts.list(), username, after)) return;
    throw new TillwatchError(
      'access.last_administrator',
      `"${username}" is the last administrator of all tenants: make another first`,
      {
        status: 409,
      },
    );
  }
}

function unknown(username: string): TillwatchError {
  return new TillwatchError('access.unknown_user', `there is no user "${username}"`, { status: 404 });
}
