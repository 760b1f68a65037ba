import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TillwatchError } from '../contract/errors.ts';
import { isLoopbackName } from '../contract/loopback.ts';

/** How a setting's text becomes its value; throws a sentence that says what would be accepted. */
type Parse<T> = (text: string) => T;

interface Setting<T> {
  readonly env: string;
  readonly parse: Parse<T>;
  readonly fallback: string;
  readonly describe: string;
}

const setting = <T>(env: string, parse: Parse<T>, fallback: string, describe: string): Setting<T> => ({
  env,
  parse,
  fallback,
  describe,
});

const whole =
  (min: number, max: number): Parse<number> =>
  (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new Error(`give a whole number from ${min} to ${max}`);
    return value;
  };
const oneOf =
  <const T extends string>(...words: readonly T[]): Parse<T> =>
  (text) => {
    if (!(words as readonly string[]).includes(text)) throw new Error(`give one of ${words.join(', ')}`);
    return text as T;
  };
const urlOf =
  (...schemes: readonly string[]): Parse<string> =>
  (text) => {
    if (text === '') return text;
    const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : '';
    if (!schemes.includes(scheme))
      throw new Error(`give a URL that begins with ${schemes.map((s) => `${s}://`).join(', ')}`);
    return text;
  };
const address: Parse<string> = (text) => {
  if (/^[A-Za-z0-9.:-]{1,253}$/.test(text)) return text;
  throw new Error('give an address of this machine, such as 127.0.0.1, 0.0.0.0 or ::');
};
const fileOrNone: Parse<string> = (text) => {
  if (text === '') return text;
  if (!existsSync(text)) throw new Error('there is no such file');
  return resolve(text);
};
const addresses: Parse<readonly string[]> = (text) => {
  const all = text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  const wrong = all.find((one) => !/^[0-9a-fA-F.:]+(\/\d{1,3})?$/.test(one));
  if (wrong !== undefined) throw new Error(`"${wrong}" is no address or range, such as 10.0.0.5 or 10.0.0.0/8`);
  return all;
};
const text: Parse<string> = (value) => value;
const path: Parse<string> = (value) => {
  if (value === '') throw new Error('give a path');
  return resolve(value);
};

/** Every setting of the platform: environment variable, how it is read, default, meaning. Units are in the names. */
export const SETTINGS = {
  dataDir: setting('TILLWATCH_DATA_DIR', path, './data', 'directory of the embedded engines'),
  httpHost: setting(
    'TILLWATCH_HTTP_HOST',
    address,
    '127.0.0.1',
    'address of the console and API; beyond loopback everybody has to sign in',
  ),
  httpPort: setting('TILLWATCH_HTTP_PORT', whole(0, 65_535), '8080', 'port of the console and API; 0 takes a free one'),
  mqttHost: setting(
    'TILLWATCH_MQTT_HOST',
    address,
    '127.0.0.1',
    'address of the embedded broker; beyond loopback every terminal needs its credential',
  ),
  tlsCert: setting('TILLWATCH_TLS_CERT', fileOrNone, '', 'certificate (PEM) of the console and API; empty: plain HTTP'),
  tlsKey: setting('TILLWATCH_TLS_KEY', fileOrNone, '', 'its key (PEM)'),
  httpRate: setting(
    'TILLWATCH_HTTP_RATE_PER_MIN',
    whole(1, 10_000_000),
    '1200',
    'requests a minute that one address may send',
  ),
  trustedProxies: setting(
    'TILLWATCH_TRUSTED_PROXIES',
    addresses,
    '',
    'addresses of proxies whose X-Forwarded-For is believed, by comma',
  ),
  signIn: setting(
    'TILLWATCH_SIGN_IN',
    oneOf('auto', 'required'),
    'auto',
    'auto: who sits at this machine (loopback) needs no sign-in; required: everybody does',
  ),
  oidcIssuer: setting(
    'TILLWATCH_OIDC_ISSUER',
    urlOf('https', 'http'),
    '',
    'identity provider (OpenID Connect) that people may sign in at; empty: accounts here alone',
  ),
  oidcClientId: setting('TILLWATCH_OIDC_CLIENT_ID', text, '', 'this platform’s client id there'),
  oidcClientSecret: setting('TILLWATCH_OIDC_CLIENT_SECRET', text, '', 'its secret'),
  oidcClaim: setting(
    'TILLWATCH_OIDC_CLAIM',
    text,
    'sub',
    'the claim by which accounts are found: sub, email, preferred_username, …',
  ),
  sessionIdleMin: setting(
    'TILLWATCH_SESSION_IDLE_MIN',
    whole(1, 10_080),
    '60',
    'a session ends after this long without a request, min',
  ),
  sessionHours: setting(
    'TILLWATCH_SESSION_HOURS',
    whole(1, 720),
    '12',
    'a session ends this long after the sign-in, h',
  ),
  mqttPort: setting('TILLWATCH_MQTT_PORT', whole(0, 65_535), '1883', 'port of the embedded broker; 0 takes a free one'),
  mqttWsPort: setting(
    'TILLWATCH_MQTT_WS_PORT',
    whole(0, 65_535),
    '8083',
    'port of MQTT over WebSocket; 0 leaves it out',
  ),
  mqttTlsPort: setting(
    'TILLWATCH_MQTT_TLS_PORT',
    whole(0, 65_535),
    '0',
    'port of MQTT over TLS (usually 8883); 0 leaves it out',
  ),
  mqttTlsCert: setting('TILLWATCH_MQTT_TLS_CERT', fileOrNone, '', "the embedded broker's certificate (PEM)"),
  mqttTlsKey: setting('TILLWATCH_MQTT_TLS_KEY', fileOrNone, '', 'its key (PEM)'),
  mqttTlsCa: setting(
    'TILLWATCH_MQTT_TLS_CA',
    fileOrNone,
    '',
    "authority (PEM) of terminals' certificates; empty: passwords only",
  ),
  mqttUrl: setting(
    'TILLWATCH_MQTT_URL',
    urlOf('mqtt', 'mqtts', 'ws', 'wss'),
    '',
    'an outside broker instead of the embedded one',
  ),
  mqttUsername: setting('TILLWATCH_MQTT_USERNAME', text, '', 'user name at the outside broker'),
  mqttPassword: setting('TILLWATCH_MQTT_PASSWORD', text, '', 'password at the outside broker'),
  mqttClientId: setting(
    'TILLWATCH_MQTT_CLIENT_ID',
    text,
    'tillwatch',
    'name of this process at the outside broker: stable, and its own',
  ),
  mqttVersion: setting(
    'TILLWATCH_MQTT_VERSION',
    oneOf('5', '3.1.1'),
    '5',
    'MQTT at the outside broker; 3.1.1 (NATS) has no shared subscriptions: one session takes all',
  ),
  worker: setting(
    'TILLWATCH_WORKER',
    text,
    '',
    'serve: name of this worker, its own; empty: the name of the machine and of the process',
  ),
  leaseMs: setting(
    'TILLWATCH_LEASE_MS',
    whole(500, 600_000),
    '5000',
    'serve: how long a worker that fell silent keeps its shards, ms',
  ),
  journal: setting(
    'TILLWATCH_JOURNAL_URL',
    urlOf('sqlite', 'nats'),
    'sqlite:',
    'journal: sqlite: (in the data directory) or nats://host:4222',
  ),
  journalBudgetMb: setting(
    'TILLWATCH_JOURNAL_BUDGET_MB',
    whole(16, 10_000_000),
    '4096',
    'disk that the journal may take, MB',
  ),
  shards: setting('TILLWATCH_SHARDS', whole(1, 256), '1', 'shards of the journal; fixed once data exists'),
  telemetry: setting(
    'TILLWATCH_TELEMETRY_URL',
    urlOf('duckdb', 'victoria', 'influx'),
    'duckdb:',
    'telemetry store: duckdb: (in the data directory), victoria:http://host:8428 or influx:http://host:8086',
  ),
  influxToken: setting('TILLWATCH_INFLUX_TOKEN', text, '', 'token for InfluxDB 2'),
  influxOrg: setting('TILLWATCH_INFLUX_ORG', text, 'tillwatch', 'organisation in InfluxDB 2'),
  influxBucket: setting('TILLWATCH_INFLUX_BUCKET', text, 'tillwatch', 'bucket in InfluxDB 2'),
  relational: setting(
    'TILLWATCH_RELATIONAL_URL',
    urlOf('sqlite', 'postgres', 'postgresql'),
    'sqlite:',
    'tables: sqlite: (in the data directory) or postgres://…',
  ),
  rawDays: setting('TILLWATCH_RETENTION_RAW_DAYS', whole(1, 3650), '35', 'age at which raw samples are dropped, days'),
  fiveMinuteDays: setting(
    'TILLWATCH_RETENTION_5M_DAYS',
    whole(1, 3650),
    '180',
    'age at which 5-minute rollups are dropped, days',
  ),
  hourDays: setting(
    'TILLWATCH_RETENTION_1H_DAYS',
    whole(1, 36_500),
    '1095',
    'age at which 1-hour rollups are dropped, days',
  ),
  webhookUrl: setting(
    'TILLWATCH_WEBHOOK_URL',
    urlOf('http', 'https'),
    '',
    'where notices are posted, signed; empty: only the log',
  ),
  webhookSecret: setting(
    'TILLWATCH_WEBHOOK_SECRET',
    text,
    '',
    'secret of the webhook signature (Standard Webhooks, whsec_…)',
  ),
  smtpUrl: setting(
    'TILLWATCH_SMTP_URL',
    urlOf('smtp', 'smtps'),
    '',
    'mail server for notices, smtp://user:password@host:587; empty: no mail',
  ),
  smtpFrom: setting('TILLWATCH_SMTP_FROM', text, 'Tillwatch <tillwatch@localhost>', 'sender of mail'),
  consoleUrl: setting(
    'TILLWATCH_CONSOLE_URL',
    urlOf('http', 'https'),
    '',
    'address of the console in notices; empty: where it listens',
  ),
  otlpUrl: setting(
    'TILLWATCH_OTLP_URL',
    urlOf('http', 'https'),
    '',
    'OpenTelemetry collector that traces are sent to (OTLP over HTTP), http://host:4318; empty: none',
  ),
  traceSharePct: setting(
    'TILLWATCH_TRACE_SHARE_PCT',
    whole(1, 100),
    '10',
    'how many of a hundred traces are kept; those that a caller began go by the caller',
  ),
  logLevel: setting(
    'TILLWATCH_LOG_LEVEL',
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'how much is logged',
  ),
  logFormat: setting(
    'TILLWATCH_LOG_FORMAT',
    oneOf('auto', 'json', 'pretty'),
    'auto',
    'log lines as JSON or for people',
  ),
} as const;

export type Config = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};
export type ConfigKey = keyof Config;

const SECRETS: ReadonlySet<ConfigKey> = new Set<ConfigKey>([
  'oidcClientSecret',
  'influxToken',
  'webhookSecret',
  'mqttPassword',
  'smtpUrl',
]);

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values from the command line; they win over the environment, which wins over the file. */
  readonly flags?: Readonly<Partial<Record<ConfigKey, string>>>;
  /** A JSON file of `{ settingName: value }`. */
  readonly file?: string;
}

/** Reads and checks the whole configuration; throws `config.invalid` that lists every fault at once, each with its name and its fix. */
export function readConfig(sources: ConfigSources): Config {
  const faults: string[] = [];
  const file = sources.file === undefined ? {} : readFile(sources.file, faults);
  const config: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(SETTINGS) as [ConfigKey, Setting<unknown>][]) {
    const flag = sources.flags?.[key];
    const env = sources.env[one.env];
    const given = flag ?? env ?? file[key] ?? one.fallback;
    const origin =
      flag !== undefined
        ? `option for ${key}`
        : env !== undefined
          ? one.env
          : file[key] !== undefined
            ? `${sources.file}: ${key}`
            : one.env;
    try {
      config[key] = one.parse(given.trim());
    } catch (error) {
      faults.push(`${origin} is "${SECRETS.has(key) ? '***' : withoutPassword(given)}": ${(error as Error).message}`);
    }
  }
  if (typeof config.oidcIssuer === 'string' && config.oidcIssuer !== '') {
    if (config.oidcClientId === '') faults.push('TILLWATCH_OIDC_ISSUER is given: it needs TILLWATCH_OIDC_CLIENT_ID');
    const { protocol, hostname } = new URL(config.oidcIssuer);
    if (protocol === 'http:' && !isLoopbackName(hostname))
      faults.push('TILLWATCH_OIDC_ISSUER must be https: elsewhere than on this machine');
  }
  if ((config.tlsCert === '') !== (config.tlsKey === ''))
    faults.push('TILLWATCH_TLS_CERT and TILLWATCH_TLS_KEY belong together: give both or neither');
  if (
    typeof config.mqttTlsPort === 'number' &&
    config.mqttTlsPort > 0 &&
    (config.mqttTlsCert === '' || config.mqttTlsKey === '')
  )
    faults.push('TILLWATCH_MQTT_TLS_PORT is given: it needs TILLWATCH_MQTT_TLS_CERT and TILLWATCH_MQTT_TLS_KEY');
  for (const name of Object.keys(sources.env)) {
    if (!name.startsWith('TILLWATCH_') || name.startsWith('TILLWATCH_TEST_') || KNOWN_ENV.has(name)) continue;
    faults.push(`${name} is not a setting: see "tillwatch up --help" for the names`);
  }
  if (faults.length > 0) {
    throw new TillwatchError(
      'config.invalid',
      `The configuration has ${faults.length} fault(s):\n  - ${faults.join('\n  - ')}`,
      {
        context: { faults },
      },
    );
  }
  return config as Config;
}

/** The configuration for people, secrets masked. */
export function describeConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (SECRETS.has(key as ConfigKey) && value !== '') return [key, '***'];
      return [key, typeof value === 'string' ? withoutPassword(value) : value];
    }),
  );
}

/** Addresses may carry a password: `postgres://user:password@host`. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/?#@:\s]*:)[^/?#\s]*@/g, '$1***@');
}

const KNOWN_ENV: ReadonlySet<string> = new Set([
  ...Object.values(SETTINGS).map((one) => one.env),
  'TILLWATCH_REQUIRE_SERVERS',
  'TILLWATCH_NAB_DIR',
  'TILLWATCH_GRAFANA_TOKEN',
  'TILLWATCH_SEED',
  'TILLWATCH_KILLS',
]);

function readFile(file: string, faults: string[]): Record<string, string> {
  if (!existsSync(file)) {
    faults.push(`${file} does not exist`);
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      throw new Error('it must be one JSON object');
    for (const key of Object.keys(parsed)) {
      if (!Object.hasOwn(SETTINGS, key)) faults.push(`${file}: "${key}" is not a setting`);
    }
    return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)]));
  } catch (error) {
    faults.push(`${file} cannot be read: ${(error as Error).message}`);
    return {};
  }
}
