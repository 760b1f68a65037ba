import { pino } from 'pino';
import { readConfig } from '../../app/config.ts';
import { createPlatform, type Platform } from '../../app/platform.ts';
import { systemClock } from '../../app/system-clock.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import { temporaryDir } from './platform.ts';

export interface Asked {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test says of it
  json(): any;
}

export interface WholePlatform {
  readonly platform: Platform;
  /** Sends a request with a token, or as nobody. */
  ask(method: string, path: string, options?: { token?: string; body?: unknown; type?: string }): Promise<Asked>;
  /** A token with all scopes of a new account. */
  person(username: string, account: object, scopes?: readonly string[]): Promise<string>;
  readonly admin: string;
  stop(): Promise<void>;
}

/** The whole platform in this process on free ports, where everybody and every device has to prove who they are. */
export async function startWhole(
  env: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
): Promise<WholePlatform> {
  const dir = temporaryDir('whole');
  const config = readConfig({
    env: {
      TILLWATCH_SIGN_IN: 'required',
      TILLWATCH_HTTP_RATE_PER_MIN: '1000000',
      TILLWATCH_MQTT_WS_PORT: '0',
      TILLWATCH_MQTT_PORT: '0',
      TILLWATCH_HTTP_PORT: '0',
      TILLWATCH_DATA_DIR: dir.path,
      ...env,
    },
  });
  const log = pino({ level: process.env.TILLWATCH_TEST_LOG ?? 'silent' });
  const platform = await createPlatform({ config, clock, log, demo: () => null });
  const password = (await platform.firstAdministrator()) ?? '';
  await platform.listen();
  await platform.start();

  const ask: WholePlatform['ask'] = async (method, path, { token, body, type } = {}) => {
    const answer = await platform.http.inject({
      method: method as 'GET',
      url: path.startsWith('/api') || path === '/metrics' ? path : `/api/v1${path}`,
      headers: {
        host: 'localhost',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: answer.statusCode, text: answer.body, json: () => answer.json() as unknown };
  };
  const session = await platform.http.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { host: 'localhost' },
    payload: { username: 'admin', password },
  });
  const cookie = String(session.headers['set-cookie']).split(';', 1)[0] ?? '';
  const csrf = (session.json() as { csrf: string }).csrf;
  const token = async (username: string, scopes: readonly string[] = ['*']): Promise<string> => {
    const made = await platform.http.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: { host: 'localhost', cookie, 'x-csrf-token': csrf },
      payload: { name: 'test', username, scopes },
    });
    return (made.json() as { secret: string }).secret;
  };
  const admin = await token('admin');
  return {
    platform,
    ask,
    admin,
    async person(username, account, scopes) {
      const made = await ask('POST', '/users', { token: admin, body: { username, ...account } });
      if (made.status !== 201) throw new Error(made.text);
      return token(username, scopes);
    },
    async stop() {
      await platform.stop();
      dir.remove();
    },
  };
}

/** Recorded messages of a fleet of two sites, whose every name begins with `mark`. */
export function fleetLines(tenant: string, mark: string, now: number): string {
  const lines: string[] = [];
  for (const n of [1, 2]) {
    const topic = (channel: string) => `pos/v1/${tenant}/${mark}-T${n}/${channel}`;
    const envelope = (seq: number) => ({ ts: now, boot: 'b', seq });
    const birth = { serial: `${mark}-serial-${n}`, model: `${mark}-model`, firmware: '1.0', site: `${mark}-site-${n}` };
    const heartbeat = { battery: { soc_pct: 50 + n }, network: { carrier: `${mark}-carrier` } };
    lines.push(JSON.stringify({ received_at: now, topic: topic('birth'), payload: { ...envelope(0), ...birth } }));
    lines.push(
      JSON.stringify({ received_at: now, topic: topic('heartbeat'), payload: { ...envelope(1), ...heartbeat } }),
    );
    lines.push(
      JSON.stringify({
        received_at: now,
        topic: topic('heartbeat'),
        payload: { ...envelope(2), battery: { soc_pct: 999 }, note: `${mark}-letter` },
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}
