import { TillwatchError } from '../../../contract/errors.ts';
import type { Account } from '../../../contract/ports/accounts.ts';
import type { Principal } from '../../../contract/principal.ts';
import { isRight, type Right } from '../../../contract/rights.ts';
import { isTenantId } from '../../../contract/topics.ts';

const USERNAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/;
const PASSWORD_MIN = 12;
const PASSWORD_MAX = 256;

export function isUsername(text: string): boolean {
  return USERNAME.test(text);
}

/** What is wrong with a password, as a sentence; undefined where nothing is. NIST SP 800-63B: length counts, composition does not. */
export function passwordFault(password: string, username: string): string | undefined {
  if (password.length < PASSWORD_MIN)
    return `the password has ${password.length} characters: use ${PASSWORD_MIN} or more`;
  if (password.length > PASSWORD_MAX)
    return `the password has ${password.length} characters: at most ${PASSWORD_MAX} are taken`;
  if (new Set(password).size < 5) return 'the password is a few characters repeated: use more different ones';
  const plain = password.toLowerCase();
  if (plain.includes(username) && username.length >= 4) return 'the password contains the user name';
  if (/^(password|passwort|qwert|tillwatch|letmein|1234|abcd)/.test(plain) && password.length < 20)
    return 'the password begins as the first guesses do: use another';
  return undefined;
}

/** Who the account's person is to the routes. */
export function principalOf(account: Account): Principal {
  const { username: name, role, tenants, provider, sites } = account;
  return { name, role, tenants, ...(role === 'provider' ? { provider, sites } : {}) };
}

/** True where the asker may manage an account of these tenants: a tenant's administrator only those within its own. */
export function mayManage(asker: Principal, tenants: Account['tenants']): boolean {
  if (asker.tenants === '*') return true;
  const own = asker.tenants;
  return tenants !== '*' && tenants.length > 0 && tenants.every((tenant) => own.includes(tenant));
}

/** Throws `access.bad_user` (400) that names what does not fit together in an account. */
export function checkAccount({
  username,
  role,
  tenants,
  provider,
}: Pick<Account, 'username' | 'role' | 'tenants' | 'provider'>): void {
  const bad = (why: string): TillwatchError => new TillwatchError('access.bad_user', why, { status: 400 });
  if (!isUsername(username)) {
    throw bad(
      `"${username}" is no user name: use 1–64 of a–z, 0–9, ".", "_", "@" and "-", beginning with a letter or digit`,
    );
  }
  if (role === 'merchant') {
    throw bad(
      "a merchant has no account: give the terminal's code or a link instead (POST …/terminals/{terminal}/merchant-code)",
    );
  }
  if (tenants !== '*') {
    const wrong = tenants.find((tenant) => !isTenantId(tenant));
    if (wrong !== undefined) throw bad(`"${wrong}" is not a tenant id: use 1–32 of a–z, 0–9 and "-"`);
    if (tenants.length === 0) throw bad('tenants is empty: name at least one, or "*" for all');
  }
  if (role === 'provider') {
    if (!provider) throw bad('provider is missing: name the service provider that this person works for');
    if (tenants === '*' || tenants.length !== 1) throw bad('a provider belongs to one tenant: name it in tenants');
  }
}

/** True where these administrators would leave the platform without one who can sign in. */
export function leavesNobody(accounts: readonly Account[], username: string, after: Account | undefined): boolean {
  const administers = (account: Account): boolean =>
    account.role === 'administrator' && account.tenants === '*' && !account.locked;
  const was = accounts.some((account) => account.username === username && administers(account));
  if (!was || (after && administers(after))) return false;
  return !accounts.some((account) => account.username !== username && administers(account));
}

/** Throws `access.bad_scope` (400) naming the scope that is none. */
export function checkScopes(scopes: readonly string[]): void {
  const wrong = scopes.find((scope) => scope !== '*' && scope !== '*:read' && !isRight(scope));
  if (wrong === undefined && scopes.length > 0) return;
  throw new TillwatchError(
    'access.bad_scope',
    wrong === undefined
      ? 'scopes is empty: name at least one right'
      : `"${wrong}" is no scope: use a right (contract/rights.ts), "*:read" or "*"`,
    { status: 400 },
  );
}

/** True where one of a token's scopes covers the right, for a request that reads or one that changes something. */
export function covers(scopes: readonly string[], right: Right, reading: boolean): boolean {
  return scopes.some((scope) => scope === '*' || scope === right || (scope === '*:read' && reading));
}
