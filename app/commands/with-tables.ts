import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '../../contract/principal.ts';
import { openRelational } from '../../store/relational/open.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { createAccountRepository } from '../../store/relational/repositories/accounts.ts';
import { createAuditTrail } from '../../store/relational/repositories/audit.ts';
import { Access } from '../access/edge/access.ts';
import { createPasswords } from '../access/edge/passwords.ts';
import { Users } from '../access/edge/users.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../logging.ts';
import { systemClock } from '../system-clock.ts';

/** Who works on the command line: whoever can write the tables is the administrator. */
export const COMMAND_LINE: Principal = { name: 'command line', role: 'administrator', tenants: '*' };

export interface Tables {
  readonly relational: Relational;
  readonly access: Access;
  readonly users: Users;
  /** Writes what was done into the audit trail, under the name of this machine's user. */
  note(action: string, subject: string, tenant?: string): Promise<void>;
}

/** Opens the tables that the configuration names, beside a platform that runs or without one, and closes them after `work`. */
export async function withTables<T>(config: Config, work: (tables: Tables) => Promise<T>): Promise<T> {
  const log = createLogger(config);
  const relational = await openRelational({
    url: config.relational === 'sqlite:' ? `sqlite:${join(config.dataDir, 'tillwatch.db')}` : config.relational,
    onIdleError: (error) => log.warn({ err: error }, 'a PostgreSQL connection was lost while idle'),
  });
  try {
    await relational.migrate();
    const accounts = createAccountRepository(relational);
    const access = new Access({
      accounts,
      audit: createAuditTrail(relational),
      passwords: createPasswords(),
      clock: systemClock,
      log,
      randomBytes,
      idleMs: config.sessionIdleMin * 60_000,
      absoluteMs: config.sessionHours * 3_600_000,
    });
    return await work({
      relational,
      access,
      users: new Users({ access, accounts, clock: systemClock }),
      note: (action, subject, tenant) =>
        access.note({
          who: userInfo().username,
          via: 'command line',
          action,
          subject,
          outcome: 'ok',
          tenant: tenant ?? null,
        }),
    });
  } finally {
    await relational.close();
  }
}
