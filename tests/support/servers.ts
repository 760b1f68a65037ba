import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { until } from './until.ts';

/** Servers that the suites run for real where they are installed (Debian package names in brackets). */
const SERVERS = {
  mosquitto: { binaries: ['mosquitto'], package: 'mosquitto' },
  'mosquitto-clients': { binaries: ['mosquitto_pub'], package: 'mosquitto-clients' },
  nats: { binaries: ['nats-server'], package: 'nats-server' },
  postgres: { binaries: ['postgres', 'initdb'], package: 'postgresql' },
  'victoria-metrics': { binaries: ['victoria-metrics'], package: 'victoria-metrics' },
  alertmanager: { binaries: ['prometheus-alertmanager', 'alertmanager'], package: 'prometheus-alertmanager' },
  promtool: { binaries: ['promtool'], package: 'prometheus' },
  nginx: { binaries: ['nginx'], package: 'nginx-light' },
  chromium: { binaries: ['chromium'], package: 'chromium' },
} as const;
export type ServerName = keyof typeof SERVERS;

export interface StartOptions {
  /** Extra lines of the server's configuration file (mosquitto, nats). */
  readonly config?: string;
  /** Extra arguments. */
  readonly args?: readonly string[];
  /** A directory to keep, so that a later start finds the data; left out: a fresh one, deleted at the end. */
  readonly dir?: string;
  readonly port?: number;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  readonly dir: string;
  readonly pid: number;
  /** False once it has ended, by whatever cause. */
  readonly alive: boolean;
  /** Ends it politely and waits. */
  stop(): Promise<void>;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
}

const EXTRA_PATHS = [
  '/usr/sbin',
  '/usr/lib/postgresql/15/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/17/bin',
];

/** Full path of a server's binary, undefined where it is not installed. */
export function binaryOf(name: ServerName, which = 0): string | undefined {
  const entry = SERVERS[name];
  const wanted = name === 'postgres' ? [entry.binaries[which]] : entry.binaries;
  for (const dir of [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_PATHS]) {
    for (const binary of wanted) {
      if (!binary) continue;
      const path = join(dir, binary);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  }
  return undefined;
}

/**
 * A suite that needs a real server. Where it is missing the suite is skipped under its own name, so that the report lists what was left
 * out; with TILLWATCH_REQUIRE_SERVERS=1 a missing server fails instead. Servers that `start` began are stopped after the suite.
 */
export function describeServer(
  name: ServerName,
  title: string,
  suite: (start: (options?: StartOptions) => Promise<RunningServer>) => void,
): void {
  const entry = SERVERS[name];
  if (binaryOf(name)) {
    describe(`${title} [${name}]`, () => {
      const running: RunningServer[] = [];
      afterAll(async () => {
        await Promise.all(running.map((server) => server.stop()));
      });
      suite(async (options) => {
        const server = await startServer(name, options);
        running.push(server);
        return server;
      });
    });
    return;
  }
  if (process.env.TILLWATCH_REQUIRE_SERVERS === '1') {
    it(`${title} [${name}]`, () => {
      throw new Error(`${name} is required and not installed: apt-get install ${entry.package}`);
    });
    return;
  }
  it.skip(`${title} [left out: ${name} is not installed; apt-get install ${entry.package}]`, () => {});
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Lines of a NATS server's configuration that open its MQTT gateway (3.1.1) on a port; what is not acknowledged comes again after a second. */
export const natsMqtt = (port: number): string =>
  `server_name: tillwatch\nmqtt { listen: "127.0.0.1:${port}", max_ack_pending: 2000, ack_wait: "1s" }`;

export async function startServer(name: ServerName, options: StartOptions = {}): Promise<RunningServer> {
  const binary = binaryOf(name);
  if (!binary) throw new Error(`${name} is not installed`);
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), `tillwatch-${name}-`));
  const second = name === 'nats' || name === 'alertmanager' ? await freePort() : 0;
  const command = prepare(name, binary, port, dir, second, options);
  let child: ChildProcess;
  let output = '';

  const launch = async (): Promise<void> => {
    child = spawn(command.binary, command.args, {
      cwd: dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
    });
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    await until(
      `${name} on port ${port}: ${output}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${output}`);
        return command.ready ? command.ready() : accepts(port);
      },
      20_000,
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const hard = setTimeout(() => child.kill('SIGKILL'), 8000);
    await gone;
    clearTimeout(hard);
  };
  await launch();
  return {
    port,
    dir,
    url: command.url,
    get pid() {
      return child.pid ?? -1;
    },
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    stop: async () => {
      await end(name === 'postgres' ? 'SIGINT' : 'SIGTERM');
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
    restart: launch,
  };
}

interface Command {
  binary: string;
  args: string[];
  url: string;
  uid?: number;
  gid?: number;
  ready?: () => Promise<boolean>;
}

function prepare(
  name: ServerName,
  binary: string,
  port: number,
  dir: string,
  second: number,
  options: StartOptions,
): Command {
  const extra = [...(options.args ?? [])];
  const config = options.config ?? '';
  switch (name) {
    case 'mosquitto': {
      const own = /^(listener|allow_anonymous)/m.test(config)
        ? ''
        : `listener ${port} 127.0.0.1\nallow_anonymous true\n`;
      writeFileSync(join(dir, 'mosquitto.conf'), `${own}user root\n${config.replaceAll('{port}', String(port))}\n`);
      return { binary, args: ['-c', join(dir, 'mosquitto.conf'), ...extra], url: `mqtt://127.0.0.1:${port}` };
    }
    case 'nats': {
      writeFileSync(
        join(dir, 'nats.conf'),
        `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${join(dir, 'js')}" }\n${config.replaceAll('{second}', String(second))}\n`,
      );
      return { binary, args: ['-c', join(dir, 'nats.conf'), ...extra], url: `nats://127.0.0.1:${port}` };
    }
    case 'postgres': {
      const data = join(dir, 'data');
      // PostgreSQL refuses to run as root; Debian's package made the user `postgres`.
      const root = process.getuid?.() === 0;
      const uid = root ? Number(execFileSync('id', ['-u', 'postgres']).toString()) : undefined;
      const gid = root ? Number(execFileSync('id', ['-g', 'postgres']).toString()) : undefined;
      const as = uid === undefined ? {} : { uid, gid };
      if (root) execFileSync('chown', ['postgres', dir]);
      if (!existsSync(data)) {
        const initdb = binaryOf('postgres', 1);
        if (!initdb) throw new Error('initdb is not installed');
        execFileSync(initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
          ...as,
          cwd: dir,
          stdio: 'pipe',
        });
      }
      return {
        binary,
        args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', dir, ...extra],
        url: `postgres://postgres@127.0.0.1:${port}/postgres`,
        ready: async () => (await accepts(port)) && pgReady(dir, port),
        ...as,
      };
    }
    case 'victoria-metrics':
      mkdirSync(join(dir, 'vm'), { recursive: true });
      return {
        binary,
        args: [
          `-storageDataPath=${join(dir, 'vm')}`,
          `-httpListenAddr=127.0.0.1:${port}`,
          '-retentionPeriod=24',
          ...extra,
        ],
        url: `http://127.0.0.1:${port}`,
        ready: () => answers(`http://127.0.0.1:${port}/health`),
      };
    case 'alertmanager':
      writeFileSync(join(dir, 'alertmanager.yml'), config || 'route:\n  receiver: none\nreceivers:\n  - name: none\n');
      return {
        binary,
        args: [
          `--config.file=${join(dir, 'alertmanager.yml')}`,
          `--storage.path=${join(dir, 'am')}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--cluster.listen-address=',
          ...extra,
        ],
        url: `http://127.0.0.1:${port}`,
        ready: () => answers(`http://127.0.0.1:${port}/-/ready`),
      };
    default:
      throw new Error(`${name} is not started by this helper: use binaryOf`);
  }
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function pgReady(dir: string, port: number): boolean {
  const psql = ['/usr/bin/pg_isready', '/usr/lib/postgresql/15/bin/pg_isready'].find((path) => existsSync(path));
  if (!psql) return true;
  try {
    execFileSync(psql, ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'pipe', cwd: dir });
    return true;
  } catch {
    return false;
  }
}
