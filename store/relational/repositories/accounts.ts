import { type Selectable, sql } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Account, AccountChange, AccountRepository, ApiToken } from '../../../contract/ports/accounts.ts';
import type { Role } from '../../../contract/principal.ts';
import type { Database } from '../database.ts';
import type { Relational } from '../relational.ts';
import { flag, json } from '../sql.ts';

/** Accounts, sessions and tokens on Kysely, for both engines. */
export function createAccountRepository(relational: Relational): AccountRepository {
  const { db } = relational;

  async function get(username: string): Promise<Account | undefined> {
    const row = await db.selectFrom('account').selectAll().where('username', '=', username).executeTakeFirst();
    return row && toAccount(row);
  }

  return {
    async create(account) {
      try {
        await db
          .insertInto('account')
          .values({
            username: account.username,
            created_at: account.createdAt,
            updated_at: account.updatedAt,
            ...columns(account),
          } as Database['account'])
          .execute();
      } catch (error) {
        if (!(error instanceof TillwatchError) || error.code !== 'relational.conflict') throw error;
        throw new TillwatchError(
          'access.user_exists',
          `there is a user "${account.username}" already, or one with the same name at the identity provider`,
          { status: 409, cause: error },
        );
      }
    },
    get,
    async bySubject(subject) {
      const row = await db.selectFrom('account').selectAll().where('oidc_subject', '=', subject).executeTakeFirst();
      return row && toAccount(row);
    },
    async list() {
      return (await db.selectFrom('account').selectAll().orderBy('username').execute()).map(toAccount);
    },
    async change(username, change, at) {
      await db
        .updateTable('account')
        .set({ ...columns(change), updated_at: at })
        .where('username', '=', username)
        .execute();
      const changed = await get(username);
      if (!changed) throw unknownUser(username);
      return changed;
    },
    async countFailure(username, at) {
      await db
        .updateTable('account')
        .set({ failures: sql<number>`failures + 1`, failed_at: at })
        .where('username', '=', username)
        .execute();
    },
    async remove(username) {
      await relational.transaction(async (trx) => {
        await trx.deleteFrom('session').where('username', '=', username).execute();
        await trx.deleteFrom('api_token').where('username', '=', username).execute();
        const { numDeletedRows } = await trx
          .deleteFrom('account')
          .where('username', '=', username)
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) throw unknownUser(username);
      });
    },

    async openSession({ id, username, createdAt, seenAt }) {
      await db.insertInto('session').values({ id, username, created_at: createdAt, seen_at: seenAt }).execute();
    },
    async session(id) {
      const row = await db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst();
      return row && { id: row.id, username: row.username, createdAt: row.created_at, seenAt: row.seen_at };
    },
    async touchSession(id, at) {
      await db.updateTable('session').set({ seen_at: at }).where('id', '=', id).execute();
    },
    async endSession(id) {
      await db.deleteFrom('session').where('id', '=', id).execute();
    },
    async endSessionsOf(username, except) {
      await db
        .deleteFrom('session')
        .where('username', '=', username)
        .$if(except !== undefined, (q) => q.where('id', '!=', except ?? ''))
        .execute();
    },
    async endStaleSessions(createdBefore, seenBefore) {
      const { numDeletedRows } = await db
        .deleteFrom('session')
        .where((eb) => eb.or([eb('created_at', '<', createdBefore), eb('seen_at', '<', seenBefore)]))
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },

    async addToken(token) {
      await db
        .insertInto('api_token')
        .values({
          id: token.id,
          username: token.username,
          name: token.name,
          secret_hash: token.secretHash,
          scopes: json.write(token.scopes),
          created_at: token.createdAt,
          expires_at: token.expiresAt,
          used_at: token.usedAt,
        })
        .execute();
    },
    async token(id) {
      const row = await db.selectFrom('api_token').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toToken(row);
    },
    async tokens(username) {
      const rows = await db
        .selectFrom('api_token')
        .selectAll()
        .$if(username !== undefined, (q) => q.where('username', '=', username ?? ''))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(toToken);
    },
    async tokenUsed(id, at) {
      await db.updateTable('api_token').set({ used_at: at }).where('id', '=', id).execute();
    },
    async removeToken(id) {
      await db.deleteFrom('api_token').where('id', '=', id).execute();
    },
  };
}

function unknownUser(username: string): TillwatchError {
  return new TillwatchError('access.unknown_user', `there is no user "${username}"`, { status: 404 });
}

/** The columns of what is given, and of nothing else. */
function columns(change: AccountChange) {
  return {
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.tenants === undefined ? {} : { tenants: json.write(change.tenants) }),
    ...(change.provider === undefined ? {} : { provider: change.provider }),
    ...(change.sites === undefined ? {} : { sites: json.write(change.sites) }),
    ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash }),
    ...(change.oidcSubject === undefined ? {} : { oidc_subject: change.oidcSubject }),
    ...(change.locked === undefined ? {} : { locked: flag.write(change.locked) }),
    ...(change.failures === undefined ? {} : { failures: change.failures }),
    ...(change.failedAt === undefined ? {} : { failed_at: change.failedAt }),
  };
}

function toAccount(row: Selectable<Database['account']>): Account {
  return {
    username: row.username,
    role: row.role as Role,
    tenants: json.read(row.tenants),
    provider: row.provider,
    sites: json.read(row.sites),
    passwordHash: row.password_hash,
    oidcSubject: row.oidc_subject,
    locked: flag.read(row.locked),
    failures: row.failures,
    failedAt: row.failed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toToken(row: Selectable<Database['api_token']>): ApiToken {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    secretHash: row.secret_hash,
    scopes: json.read(row.scopes),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}
