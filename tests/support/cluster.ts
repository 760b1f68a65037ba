import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILED } from './platform.ts';
import { binaryOf, freePort, natsMqtt, type RunningServer, startServer } from './servers.ts';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const CLUSTER_SERVERS = ['mosquitto', 'nats', 'postgres', 'victoria-metrics'] as const;
type ServerOf = (typeof CLUSTER_SERVERS)[number];

export const missingServers = (): readonly string[] => CLUSTER_SERVERS.filter((name) => !binaryOf(name));

export interface Worker {
  readonly name: string;
  readonly http: string;
  readonly pid: number;
  readonly log: readonly Record<string, unknown>[];
  /** Log lines of this message. */
  said(message: RegExp): readonly Record<string, unknown>[];
  get<T>(path: string): Promise<T>;
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly text: string }>;
  signal(signal: NodeJS.Signals): void;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

export interface Cluster {
  readonly servers: Readonly<Record<ServerOf, RunningServer>>;
  /** Port of the broker that the workers take messages from. */
  readonly mqttPort: number;
  readonly env: Readonly<Record<string, string>>;
  /** Starts `tillwatch serve` with these rooms and waits until it is ready. */
  serve(name: string, rooms: readonly string[], env?: Readonly<Record<string, string>>): Promise<Worker>;
  stop(): Promise<void>;
}

/** The servers that rooms apart share, for real, and workers on them. `through` may put a proxy before a server. */
export async function startCluster(
  options: {
    readonly shards?: number;
    readonly env?: Readonly<Record<string, string>>;
    /** Directories for servers' data; left out: each has one of its own. */
    readonly dirs?: Partial<Record<ServerOf, string>>;
    /** NATS by its MQTT gateway as the broker, in place of Mosquitto (which runs beside it, unused). */
    readonly natsAsBroker?: boolean;
    readonly through?: (name: ServerOf, server: RunningServer) => Promise<string>;
  } = {},
): Promise<Cluster> {
  const at = (name: ServerOf) => {
    const dir = options.dirs?.[name];
    return dir === undefined ? {} : { dir };
  };
  const gateway = options.natsAsBroker ? await freePort() : undefined;
  const [mosquitto, nats, postgres, victoria] = await Promise.all([
    startServer('mosquitto', {
      ...at('mosquitto'),
      config: 'max_inflight_messages 0\nmax_queued_messages 0\npersistence true\nautosave_interval 1\n',
    }),
    startServer('nats', { ...at('nats'), ...(gateway === undefined ? {} : { config: natsMqtt(gateway) }) }),
    startServer('postgres', at('postgres')),
    startServer('victoria-metrics', {
      ...at('victoria-metrics'),
      args: ['-dedup.minScrapeInterval=1ms', '-search.latencyOffset=0s'],
    }),
  ]);
  const servers = { mosquitto, nats, postgres, 'victoria-metrics': victoria };
  const urlOf = async (name: ServerOf): Promise<string> =>
    options.through ? options.through(name, servers[name]) : servers[name].url;
  const env = {
    TILLWATCH_MQTT_URL: await urlOf('mosquitto'),
    TILLWATCH_JOURNAL_URL: await urlOf('nats'),
    TILLWATCH_RELATIONAL_URL: await urlOf('postgres'),
    TILLWATCH_TELEMETRY_URL: `victoria:${await urlOf('victoria-metrics')}`,
    TILLWATCH_JOURNAL_BUDGET_MB: '128',
    TILLWATCH_SHARDS: String(options.shards ?? 4),
    TILLWATCH_LOG_FORMAT: 'json',
    ...(gateway === undefined
      ? {}
      : { TILLWATCH_MQTT_URL: `mqtt://127.0.0.1:${gateway}`, TILLWATCH_MQTT_VERSION: '3.1.1' }),
    ...options.env,
  };
  const workers: Worker[] = [];
  return {
    servers,
    mqttPort: gateway ?? mosquitto.port,
    env,
    async serve(name, rooms, more = {}) {
      const worker = await startWorker(name, rooms, { ...env, ...more });
      workers.push(worker);
      return worker;
    },
    async stop() {
      await Promise.all(
        workers.map((worker) => {
          worker.signal('SIGCONT');
          return worker.stop();
        }),
      );
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    },
  };
}

async function startWorker(name: string, rooms: readonly string[], env: Record<string, string>): Promise<Worker> {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-worker-'));
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'app/main.ts'), 'serve', ...rooms, '--http-port', '0', '--data', dir],
    {
      cwd: root,
      env: {
        ...process.env,
        ...COMPILED,
        ...env,
        TILLWATCH_WORKER: name,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log: Record<string, unknown>[] = [];
  let errors = '';
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) log.push(JSON.parse(line) as Record<string, unknown>);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      rmSync(dir, { recursive: true, force: true });
      resolve(code);
    }),
  );
  const ready = await until(
    `worker ${name} to be ready`,
    () => {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${errors}`);
      return log.find((line) => line.msg === 'ready');
    },
    150_000,
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    const last = log
      .slice(-5)
      .map((line) => JSON.stringify(line))
      .join('\n');
    throw new Error(`${String(error)}; it said last:\n${last}\n${errors}`);
  });
  const http = String(ready.http);
  return {
    name,
    http,
    pid: child.pid ?? -1,
    log,
    said: (message) => log.filter((line) => message.test(String(line.msg))),
    async get<T>(path: string): Promise<T> {
      const answer = await fetch(http + path);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async post(path, body) {
      const answer = await fetch(http + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text() };
    },
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      return ended;
    },
  };
}
