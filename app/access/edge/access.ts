import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Account, AccountRepository, ApiToken } from '../../../contract/ports/accounts.ts';
import type { AuditEvent, AuditTrail } from '../../../contract/ports/audit.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { Principal } from '../../../contract/principal.ts';
import { ACCOUNT_RULE, ADDRESS_RULE, type Attempts, type LockoutRule, waitMs } from '../core/lockout.ts';
import { isUsername, passwordFault, principalOf } from '../core/rules.ts';
import { Attempted } from './attempted.ts';
import type { Passwords } from './passwords.ts';

export interface AccessDeps {
  readonly accounts: AccountRepository;
  readonly audit: AuditTrail;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly log: Logger;
  readonly randomBytes: (count: number) => Buffer;
  /** How long a session lasts without a request, and in all, ms. */
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** How a request's sender was known. */
export interface Credential {
  readonly kind: 'session' | 'token';
  /** Of the session or token: what `still` is asked with. */
  readonly id: string;
  readonly username: string;
  readonly principal: Principal;
  /** What a token may be used for; null: whatever its owner may. */
  readonly scopes: readonly string[] | null;
  /** What a changing request of a session must carry in x-csrf-token. */
  readonly csrf: string;
}

export interface SignedIn {
  /** The cookie's value. */
  readonly secret: string;
  readonly credential: Credential;
}

const TOUCH_MS = 60_000;
/** Clocks of machines that share the accounts may differ by this much. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const TOKEN_PREFIX = 'twt';

/** Who may come in: passwords, sessions, API tokens, and the first administrator. */
export class Access {
  readonly #deps: AccessDeps;
  readonly #byAddress = new Attempted();
  readonly #unknown = new Attempted();
  readonly #onEnded = new Set<() => void>();

  constructor(deps: AccessDeps) {
    this.#deps = deps;
  }

  get accounts(): AccountRepository {
    return this.#deps.accounts;
  }
  get trail(): AuditTrail {
    return this.#deps.audit;
  }

  /** True where an account administers all tenants. */
  async administered(): Promise<boolean> {
    const accounts = await this.#deps.accounts.list();
    return accounts.some((one) => one.role === 'administrator' && one.tenants === '*');
  }

  /** Makes the administrator where nobody administers all tenants yet, and answers the password, which is said nowhere again. */
  async firstAdministrator(): Promise<string | undefined> {
    const { accounts, clock, passwords } = this.#deps;
    if ((await this.administered()) || (await accounts.get('admin'))) return undefined;
    const password = this.newPassword();
    const now = clock.now();
    await accounts.create({
      username: 'admin',
      role: 'administrator',
      tenants: '*',
      provider: null,
      sites: [],
      passwordHash: await passwords.hash(password),
      oidcSubject: null,
      locked: false,
      failures: 0,
      failedAt: 0,
      createdAt: now,
      updatedAt: now,
    });
    await this.note({
      who: 'tillwatch',
      via: 'command line',
      action: 'firstAdministrator',
      subject: 'admin',
      outcome: 'ok',
    });
    return password;
  }

  /**
   * Opens a session for a name and password. Errors: `access.refused` (401) whatever was wrong with them, `access.wait` (429) after too
   * many wrong ones.
   */
  async signIn(username: string, password: string, address: string): Promise<SignedIn> {
    const { accounts, clock, passwords } = this.#deps;
    const named = isUsername(username) ? username : undefined;
    const account = named === undefined ? undefined : await accounts.get(named);
    const now = clock.now();
    const wait = Math.max(
      this.#wait(account ?? this.#unknown.of(username), ACCOUNT_RULE),
      this.#wait(this.#byAddress.of(address), ADDRESS_RULE),
    );
    if (wait > 0) {
      await this.note({
        who: named ?? '(no user name)',
        via: 'none',
        action: 'signIn',
        subject: 'too many attempts',
        outcome: '429',
        address,
      });
      throw new TillwatchError('access.wait', `too many wrong passwords: try again in ${Math.ceil(wait / 1000)} s`, {
        status: 429,
        retryable: true,
        context: { retryAfterS: Math.ceil(wait / 1000) },
      });
    }
    // Counted before the password is looked at, and taken back if it was right: guesses sent at the same time count each.
    this.#byAddress.count(address, now);
    if (account) await accounts.countFailure(account.username, now);
    else this.#unknown.count(username, now);
    const right = await passwords.verify(password, account?.passwordHash ?? null);
    if (!account || !right || account.locked) {
      const subject = account?.locked ? 'account is locked' : 'wrong name or password';
      await this.note({
        who: named ?? '(no user name)',
        via: 'none',
        action: 'signIn',
        subject,
        outcome: '401',
        address,
      });
      throw new TillwatchError('access.refused', 'the user name or the password is wrong', { status: 401 });
    }
    this.#byAddress.forget(address);
    await accounts.change(account.username, { failures: 0 }, now);
    return this.#open(account, address, 'password');
  }

  /** Opens a session for whom the identity provider vouched; `access.refused` (403) where nobody has an account for that subject. */
  async signInAs(subject: string, address: string): Promise<SignedIn> {
    const account = await this.#deps.accounts.bySubject(subject);
    if (!account || account.locked) {
      await this.note({
        who: account?.username ?? '(no user)',
        via: 'none',
        action: 'signIn',
        subject: 'identity provider',
        outcome: '403',
        address,
      });
      throw new TillwatchError(
        'access.refused',
        `the identity provider calls you "${subject}", and no account here is tied to that: ask an administrator to enter it`,
        { status: 403 },
      );
    }
    return this.#open(account, address, 'identity provider');
  }

  async signOut(credential: Credential): Promise<void> {
    await this.#deps.accounts.endSession(credential.id);
    this.ended();
  }

  /** The session of a cookie's value; undefined where it is none or over. */
  async bySession(secret: string): Promise<Credential | undefined> {
    const { accounts, clock } = this.#deps;
    const id = digest(secret);
    const session = await accounts.session(id);
    const now = clock.now();
    if (!session || this.#isOver(session, now)) return undefined;
    const account = await accounts.get(session.username);
    if (!account || account.locked) return undefined;
    if (now - session.seenAt >= TOUCH_MS) await accounts.touchSession(id, now);
    return credentialOf(account, secret);
  }

  /** Whom an API token stands for; undefined where it is none, over, or its owner locked. */
  async byToken(bearer: string): Promise<Credential | undefined> {
    const { accounts, clock } = this.#deps;
    const [prefix, id, secret] = bearer.split('_', 3);
    if (prefix !== TOKEN_PREFIX || !id || !secret) return undefined;
    const token = await accounts.token(id);
    const now = clock.now();
    if (!token || !sameDigest(secret, token.secretHash)) return undefined;
    if (token.expiresAt !== null && token.expiresAt <= now) return undefined;
    const account = await accounts.get(token.username);
    if (!account || account.locked) return undefined;
    if (token.usedAt === null || now - token.usedAt >= TOUCH_MS) await accounts.tokenUsed(id, now);
    const principal = principalOf(account);
    return { kind: 'token', id, username: account.username, principal, scopes: token.scopes, csrf: '' };
  }

  /** Makes a token; its text is answered here and can never be had again. */
  async issueToken(
    owner: string,
    name: string,
    scopes: readonly string[],
    expiresAt: number | null,
  ): Promise<{ token: ApiToken; text: string }> {
    const { accounts, clock, randomBytes } = this.#deps;
    const id = randomBytes(9).toString('hex');
    const secret = randomBytes(32).toString('hex');
    const token: ApiToken = {
      id,
      username: owner,
      name,
      secretHash: digest(secret),
      scopes,
      createdAt: clock.now(),
      expiresAt,
      usedAt: null,
    };
    await accounts.addToken(token);
    return { token, text: `${TOKEN_PREFIX}_${id}_${secret}` };
  }

  /** A password that is said once: 120 random bits. */
  newPassword(): string {
    return this.#deps.randomBytes(15).toString('base64url');
  }

  /** The hash of a new password; `access.weak_password` (400) says what is wrong with it. */
  async hash(password: string, username: string): Promise<string> {
    const fault = passwordFault(password, username);
    if (fault !== undefined) throw new TillwatchError('access.weak_password', fault, { status: 400 });
    return this.#deps.passwords.hash(password);
  }

  async isPassword(account: Account, password: string): Promise<boolean> {
    return this.#deps.passwords.verify(password, account.passwordHash);
  }

  /** True while the session or token that a long answer was opened with still counts. */
  async still({ kind, id, username }: Credential): Promise<boolean> {
    const { accounts, clock } = this.#deps;
    const account = await accounts.get(username);
    if (!account || account.locked) return false;
    const now = clock.now();
    if (kind === 'token') {
      const token = await accounts.token(id);
      return token !== undefined && (token.expiresAt === null || token.expiresAt > now);
    }
    const session = await accounts.session(id);
    // An open stream is use: only the absolute end counts for it.
    return session !== undefined && now - session.createdAt < this.#deps.absoluteMs;
  }

  /** Calls `listener` when sessions or tokens may have ended; returns what ends that. */
  onEnded(listener: () => void): () => void {
    this.#onEnded.add(listener);
    return () => this.#onEnded.delete(listener);
  }
  ended(): void {
    for (const listener of this.#onEnded) listener();
  }

  async note(
    event: Partial<AuditEvent> & Pick<AuditEvent, 'who' | 'via' | 'action' | 'subject' | 'outcome'>,
  ): Promise<void> {
    await this.#deps.audit.append({ at: this.#deps.clock.now(), tenant: null, address: '', ...event });
  }

  async trim(now: number): Promise<void> {
    const { accounts, absoluteMs, idleMs } = this.#deps;
    if ((await accounts.endStaleSessions(now - absoluteMs, now - idleMs)) > 0) this.ended();
    this.#byAddress.trim(now - ADDRESS_RULE.forgetMs);
    this.#unknown.trim(now - ACCOUNT_RULE.forgetMs);
  }

  async #open(account: Account, address: string, by: string): Promise<SignedIn> {
    const { accounts, clock, randomBytes } = this.#deps;
    const secret = randomBytes(32).toString('base64url');
    const now = clock.now();
    await accounts.openSession({ id: digest(secret), username: account.username, createdAt: now, seenAt: now });
    await this.note({ who: account.username, via: 'session', action: 'signIn', subject: by, outcome: '200', address });
    return { secret, credential: credentialOf(account, secret) };
  }

  #wait(attempts: Attempts | undefined, rule: LockoutRule): number {
    return attempts ? waitMs(attempts, rule, this.#deps.clock.now()) : 0;
  }

  #isOver(session: { createdAt: number; seenAt: number }, now: number): boolean {
    // Opened while our clock was ahead: how old it is, is not known, and it must not live longer for that.
    if (session.createdAt - now > CLOCK_TOLERANCE_MS) return true;
    return now - session.createdAt >= this.#deps.absoluteMs || now - session.seenAt >= this.#deps.idleMs;
  }
}

function credentialOf(account: Account, secret: string): Credential {
  // Bound to the session, and of no use without its cookie.
  const csrf = createHmac('sha256', secret).update('csrf').digest('base64url');
  const principal = principalOf(account);
  return { kind: 'session', id: digest(secret), username: account.username, principal, scopes: null, csrf };
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function sameDigest(secret: string, hash: string): boolean {
  const [a, b] = [Buffer.from(digest(secret)), Buffer.from(hash)];
  return a.length === b.length && timingSafeEqual(a, b);
}
