import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunningPlatform {
  readonly http: string;
  readonly mqtt: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Log lines so far, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** What it said to whoever started it, so far. */
  said(): string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<{ status: number; body: T }>;
  /** Ends it politely; answers its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface PlatformOptions {
  readonly dataDir?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A directory of this test's own under the system's temporary one, and what removes it. */
export function temporaryDir(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `tillwatch-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What was compiled for one test need not be compiled for the next: on a busy machine that is most of a start. */
export const COMPILED = { NODE_COMPILE_CACHE: join(tmpdir(), 'tillwatch-compile-cache') };

/** Starts `tillwatch up --no-demo` as its own process on free ports, and waits until it is ready. */
export async function startPlatform(options: PlatformOptions = {}): Promise<RunningPlatform> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tillwatch-e2e-'));
  const child: ChildProcess = spawn(
    process.execPath,
    [
      // As `npm start` does: fewer and cheaper collections of what lives for a batch only.
      '--max-semi-space-size=64',
      join(root, 'app/main.ts'),
      'up',
      '--data',
      dataDir,
      '--http-port',
      '0',
      '--mqtt-port',
      '0',
      ...(options.args ?? ['--no-demo']),
    ],
    {
      cwd: root,
      env: { ...process.env, ...COMPILED, TILLWATCH_MQTT_WS_PORT: '0', TILLWATCH_LOG_FORMAT: 'json', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log: Record<string, unknown>[] = [];
  let errors = '';
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('{')) log.push(JSON.parse(line) as Record<string, unknown>);
    }
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await until(
    'the platform to be ready',
    () => (child.exitCode === null ? log.find((line) => line.msg === 'ready') : { http: '', mqtt: '' }),
    120_000,
  );
  // Asked for outside of the wait, which would take the failure for one that passes.
  if (child.exitCode !== null) throw new Error(`the platform ended with ${child.exitCode}: ${errors}`);
  const http = String(ready.http);
  return {
    http,
    mqtt: String(ready.mqtt),
    dataDir,
    pid: child.pid ?? -1,
    log,
    said: () => errors,
    async get<T>(path: string): Promise<T> {
      const answer = await fetch(http + path);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async post<T>(path: string, body: unknown) {
      const answer = await fetch(http + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as T };
    },
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
