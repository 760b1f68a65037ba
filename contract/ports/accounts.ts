import type { Role } from '../principal.ts';

/** A person's account. Passwords are kept as hashes only, and a hash never leaves the access code. */
export interface Account {
  /** `[a-z0-9][a-z0-9._@-]{0,63}`. */
  readonly username: string;
  readonly role: Role;
  /** Tenants it may see; `'*'` for the platform's own people. */
  readonly tenants: '*' | readonly string[];
  /** The service provider that a person of role `provider` works for. */
  readonly provider: string | null;
  /** Sites that a person of role `provider` may see, besides those of its tickets. */
  readonly sites: readonly string[];
  /** null: signs in through the identity provider only. */
  readonly passwordHash: string | null;
  /** The identity provider's name for this person; null: signs in by password only. */
  readonly oidcSubject: string | null;
  readonly locked: boolean;
  /** Wrong passwords since the last right one, and when the last was given, ms. */
  readonly failures: number;
  readonly failedAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type AccountChange = Partial<Omit<Account, 'username' | 'createdAt' | 'updatedAt'>>;

/** A signed-in browser. The cookie's value itself is kept nowhere: only its SHA-256. */
export interface Session {
  readonly id: string;
  readonly username: string;
  readonly createdAt: number;
  readonly seenAt: number;
}

/** A key for programs: what its owner may do, narrowed to its scopes. The secret is kept as its SHA-256 only. */
export interface ApiToken {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly secretHash: string;
  /** Rights (contract/rights.ts), `*:read` or `*`. */
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly usedAt: number | null;
}

/**
 * Accounts, sessions and API tokens. Suite: `tests/ports/accounts.test.ts`.
 * Errors: `access.user_exists` (409), `access.unknown_user` (404).
 */
export interface AccountRepository {
  create(account: Account): Promise<void>;
  get(username: string): Promise<Account | undefined>;
  /** The account that the identity provider calls so. */
  bySubject(subject: string): Promise<Account | undefined>;
  /** Sorted by name. */
  list(): Promise<readonly Account[]>;
  change(username: string, change: AccountChange, at: number): Promise<Account>;
  /** Counts one wrong password, safely against others at the same time; answers the account after it. */
  countFailure(username: string, at: number): Promise<void>;
  /** Removes the account with its sessions and tokens. */
  remove(username: string): Promise<void>;

  openSession(session: Session): Promise<void>;
  session(id: string): Promise<Session | undefined>;
  touchSession(id: string, at: number): Promise<void>;
  endSession(id: string): Promise<void>;
  /** Ends all sessions of a person, but for one where that is named. */
  endSessionsOf(username: string, except?: string): Promise<void>;
  /** Ends sessions made before one time or last seen before another; answers how many. */
  endStaleSessions(createdBefore: number, seenBefore: number): Promise<number>;

  addToken(token: ApiToken): Promise<void>;
  token(id: string): Promise<ApiToken | undefined>;
  /** All tokens, or one person's; newest first. */
  tokens(username?: string): Promise<readonly ApiToken[]>;
  tokenUsed(id: string, at: number): Promise<void>;
  removeToken(id: string): Promise<void>;
}
