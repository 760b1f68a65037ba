import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { type FastifyInstance, fastify } from 'fastify';
import { pino } from 'pino';
import { type AccessRoom, createAccessRoom } from '../../app/access/access-room.ts';
import type { GateRule } from '../../app/access/core/gate.ts';
import type { OidcOptions } from '../../app/access/edge/oidc.ts';
import { createPasswords } from '../../app/access/edge/passwords.ts';
import { installProblems } from '../../app/http/problem.ts';
import { declareRights } from '../../app/http/rights.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createAccountRepository } from '../../store/relational/repositories/accounts.ts';
import { createAuditTrail } from '../../store/relational/repositories/audit.ts';
import { ManualClock } from './manual-clock.ts';

/** scrypt at a cost that a test can pay: what is tested is who gets in. */
export const cheapPasswords = () => createPasswords({ cost: { ln: 4, r: 8, p: 1 } });

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test says of it
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly cookie: string | undefined;
}

/** A browser: keeps the cookie and the csrf value of its session. */
export interface Browser {
  signIn(username: string, password: string): Promise<Answer>;
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  cookie: string | undefined;
  csrf: string;
}

export interface AccessWorld {
  readonly http: FastifyInstance;
  readonly room: AccessRoom;
  readonly clock: ManualClock;
  readonly adminPassword: string;
  browser(address?: string): Browser;
  /** The administrator, signed in. */
  admin(): Promise<Browser>;
  close(): Promise<void>;
}

export interface AccessWorldOptions {
  readonly gate?: GateRule;
  readonly routes?: (http: FastifyInstance) => void;
  readonly secure?: boolean;
  readonly oidc?: OidcOptions;
}

/** Accounts and the guard on an SQLite of their own, before the given routes; everybody has to sign in unless told otherwise. */
export async function accessWorld(options: AccessWorldOptions = {}): Promise<AccessWorld> {
  const { gate = { signIn: 'required', names: undefined }, secure = false } = options;
  const relational = await openRelational({ url: 'sqlite::memory:' });
  await relational.migrate();
  const clock = new ManualClock();
  const room = createAccessRoom({
    accounts: createAccountRepository(relational),
    audit: createAuditTrail(relational),
    passwords: cheapPasswords(),
    clock,
    log: pino({ level: 'silent' }),
    idleMs: 3_600_000,
    absoluteMs: 12 * 3_600_000,
    gate,
    secure,
    ...(options.oidc ? { oidc: options.oidc } : {}),
    siteOf: (_tenant, terminal) => (terminal.startsWith('T') ? `site-${terminal.at(-1)}` : undefined),
    given: async () => ({ sites: new Set(['site-9']), terminals: new Set(['T9']) }),
  });
  const http = fastify({ forceCloseConnections: true }).setValidatorCompiler(TypeBoxValidatorCompiler);
  installProblems(http);
  declareRights(http);
  await room.guard(http);
  await http.register(
    async (api) => {
      room.routes(api);
      options.routes?.(api);
    },
    { prefix: '/api/v1' },
  );
  await http.ready();
  const adminPassword = (await room.access.firstAdministrator()) ?? '';

  function browser(remoteAddress = '10.0.0.7'): Browser {
    const self: Browser = {
      cookie: undefined,
      csrf: '',
      async signIn(username, password) {
        const answer = await self.call('POST', '/session', { username, password });
        if (answer.status === 200) self.csrf = answer.body.csrf as string;
        return answer;
      },
      async call(method, path, body, headers = {}) {
        const answer = await http.inject({
          method: method as 'GET',
          url: `/api/v1${path}`,
          remoteAddress,
          headers: {
            host: 'tillwatch.example',
            ...(self.cookie ? { cookie: self.cookie } : {}),
            ...(self.csrf ? { 'x-csrf-token': self.csrf } : {}),
            ...headers,
          },
          ...(body ? { payload: body } : {}),
        });
        const set = answer.headers['set-cookie'];
        const cookie = Array.isArray(set) ? set[0] : set;
        if (cookie !== undefined) self.cookie = cookie.split(';', 1)[0];
        return {
          status: answer.statusCode,
          body:
            answer.payload === ''
              ? null
              : answer.headers['content-type']?.toString().includes('json')
                ? answer.json()
                : answer.payload,
          headers: answer.headers,
          cookie,
        };
      },
    };
    return self;
  }

  return {
    http,
    room,
    clock,
    adminPassword,
    browser,
    async admin() {
      const one = browser();
      await one.signIn('admin', adminPassword);
      return one;
    },
    async close() {
      await http.close();
      await relational.close();
    },
  };
}
