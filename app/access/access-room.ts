import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { AccountRepository } from '../../contract/ports/accounts.ts';
import type { AuditTrail } from '../../contract/ports/audit.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Job } from '../../contract/room.ts';
import { Access } from './edge/access.ts';
import { type GuardDeps, installGuard } from './edge/guard.ts';
import { Oidc, type OidcOptions } from './edge/oidc.ts';
import { createPasswords, type Passwords } from './edge/passwords.ts';
import { auditRoutes } from './edge/routes/audit-routes.ts';
import { oidcRoutes } from './edge/routes/oidc-routes.ts';
import { sessionRoutes } from './edge/routes/session-routes.ts';
import { tokenRoutes } from './edge/routes/token-routes.ts';
import { userRoutes } from './edge/routes/user-routes.ts';
import { Users } from './edge/users.ts';

export interface AccessRoomDeps extends Pick<GuardDeps, 'gate' | 'secure' | 'siteOf' | 'given'> {
  readonly accounts: AccountRepository;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly log: Logger;
  readonly idleMs: number;
  readonly absoluteMs: number;
  readonly passwords?: Passwords;
  /** Left out: accounts sign in here alone. */
  readonly oidc?: OidcOptions;
  /** Address of the console as browsers know it; empty: as they ask for it. */
  readonly publicUrl?: string;
}

export interface AccessRoom {
  readonly access: Access;
  readonly users: Users;
  readonly jobs: readonly Job[];
  /** Puts the guard before every route of the server. */
  guard(http: FastifyInstance): Promise<void>;
  routes(http: FastifyInstance): void;
}

/** Who may: accounts, sessions, tokens, the audit trail, and the guard before every route. */
export function createAccessRoom(deps: AccessRoomDeps): AccessRoom {
  const { accounts, audit, clock, log, idleMs, absoluteMs, secure } = deps;
  const passwords = deps.passwords ?? createPasswords();
  const access = new Access({ accounts, audit, passwords, clock, log, randomBytes, idleMs, absoluteMs });
  const users = new Users({ access, accounts, clock });
  const oidc = deps.oidc && new Oidc(deps.oidc);
  return {
    access,
    users,
    jobs: [
      { name: 'access-trim', every: 60_000, run: (now) => access.trim(now) },
      // What another process ended, or time did, ends the streams here too.
      { name: 'access-streams', every: 15_000, run: async () => access.ended() },
    ],
    guard: (http) => installGuard(http, { ...deps, access }),
    routes(http) {
      sessionRoutes(http, { access, secure, absoluteMs, oidc: oidc !== undefined });
      if (oidc) oidcRoutes(http, { access, oidc, secure, absoluteMs, publicUrl: deps.publicUrl ?? '' });
      userRoutes(http, access, users);
      tokenRoutes(http, access, clock);
      auditRoutes(http, audit);
    },
  };
}
