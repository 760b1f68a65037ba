import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TillwatchError } from '../../../contract/errors.ts';
import { LoadEngine, type LoadSnapshot } from './engine.ts';
import { Histogram } from './histogram.ts';
import { checkLoad, connectionsOf, type LoadOptions } from './options.ts';

export type ToProcess =
  | {
      readonly type: 'run';
      readonly options: LoadOptions;
      readonly part: number;
      readonly parts: number;
      readonly run: string;
    }
  | { readonly type: 'abort' };
export type FromProcess =
  | { readonly type: 'snapshot' | 'done'; readonly part: number; readonly snapshot: LoadSnapshot }
  | { readonly type: 'failed'; readonly reason: string };

/** How a load goes, summed over its processes; rates are of the last second. */
export interface LoadProgress {
  readonly phase: LoadSnapshot['phase'];
  readonly connected: number;
  readonly wanted: number;
  readonly sent: number;
  readonly acked: number;
  readonly sentPerS: number;
  readonly ackedPerS: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly cpuCores: number;
  readonly rssMb: number;
}

/** What a load came to. Rates are of the publishing time alone; `lost`: acknowledged messages missing at QoS 1, null at QoS 0 where nobody knows. */
export interface LoadReport {
  readonly terminals: number;
  readonly connections: number;
  readonly connected: number;
  readonly processes: number;
  readonly qos: 0 | 1;
  readonly rampS: number;
  readonly durationS: number;
  readonly sent: number;
  readonly publishes: number;
  readonly acknowledged: number | null;
  readonly lost: number | null;
  readonly refused: number;
  readonly dropped: number;
  readonly sentPerS: number;
  readonly ackedPerS: number | null;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number } | null;
  readonly cpuCores: number;
  readonly rssMb: number;
  readonly storm: LoadSnapshot['storm'];
  readonly lastError: string;
}

/** Puts a load on a broker and reports on it. Errors: `load.bad_options`, `load.no_connection`, `load.failed`. */
export async function runLoad(
  options: LoadOptions,
  onProgress?: (progress: LoadProgress) => void,
  signal?: AbortSignal,
): Promise<LoadReport> {
  checkLoad(options);
  const parts =
    options.processes > 0 ? options.processes : Math.max(1, Math.ceil(connectionsOf(options) / (openFiles() - 200)));
  const run = Math.floor(Date.now() / 1000).toString(36);
  const latest = new Map<number, LoadSnapshot>();
  const meter = new Meter();
  const show = (): void => {
    if (latest.size > 0) onProgress?.(meter.read([...latest.values()]));
  };
  let finals: LoadSnapshot[];
  if (parts === 1) {
    const engine = new LoadEngine(options, 0, 1, run);
    const abort = (): void => engine.abort();
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setInterval(() => {
      latest.set(0, engine.snapshot());
      show();
    }, 1000);
    try {
      finals = [await engine.run()];
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
    }
  } else finals = await runProcesses(options, parts, run, latest, show, signal);
  const report = sum(options, parts, finals);
  if (report.connected === 0 && report.sent === 0) {
    throw new TillwatchError(
      'load.no_connection',
      `no connection to ${options.url} was accepted${report.lastError ? `: ${report.lastError}` : ''}`,
    );
  }
  return report;
}

async function runProcesses(
  options: LoadOptions,
  parts: number,
  run: string,
  latest: Map<number, LoadSnapshot>,
  show: () => void,
  signal: AbortSignal | undefined,
): Promise<LoadSnapshot[]> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const path = fileURLToPath(new URL(`./load-worker.${extension}`, import.meta.url));
  const children: ChildProcess[] = [];
  const timer = setInterval(show, 1000);
  const abort = (): void => {
    for (const child of children) if (child.connected) child.send({ type: 'abort' } satisfies ToProcess);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.all(
      Array.from(
        { length: parts },
        (_, part) =>
          new Promise<LoadSnapshot>((resolve, reject) => {
            const child = fork(path, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
            children.push(child);
            const fail = (reason: string): void =>
              reject(new TillwatchError('load.failed', `a process of the load ended early: ${reason}`));
            child.on('message', (message: FromProcess) => {
              if (message.type === 'failed') fail(message.reason);
              else {
                latest.set(part, message.snapshot);
                if (message.type === 'done') resolve(message.snapshot);
              }
            });
            child.on('exit', (code) => fail(`exit code ${code}`));
            child.send({ type: 'run', options, part, parts, run } satisfies ToProcess);
          }),
      ),
    );
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
    for (const child of children) if (child.exitCode === null) setTimeout(() => child.kill(), 1000).unref();
  }
}

/** Limit of open files of this process (Node raises the soft limit to the hard one at its start). */
function openFiles(): number {
  try {
    const limit = execFileSync('/bin/sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
    return limit === 'unlimited' ? 1_000_000 : Math.max(1024, Number(limit));
  } catch {
    return 1024;
  }
}

/** Phases in their order: a load is in the earliest that one of its processes is in. */
const PHASES: readonly LoadSnapshot['phase'][] = ['ramp', 'steady', 'outage', 'flush', 'drain', 'done'];

class Meter {
  private at = performance.now();
  private sent = 0;
  private acked = 0;
  private cpu = 0;

  read(snapshots: readonly LoadSnapshot[]): LoadProgress {
    const add = (pick: (snapshot: LoadSnapshot) => number): number =>
      snapshots.reduce((total, one) => total + pick(one), 0);
    const now = performance.now();
    const seconds = Math.max(0.001, (now - this.at) / 1000);
    const sent = add((one) => one.sent);
    const acked = add((one) => one.acked);
    const cpu = add((one) => one.cpuMs);
    const latency = merged(snapshots);
    const progress: LoadProgress = {
      phase: PHASES.find((phase) => snapshots.some((one) => one.phase === phase)) ?? 'ramp',
      connected: add((one) => one.connected),
      wanted: add((one) => one.wanted),
      sent,
      acked,
      sentPerS: (sent - this.sent) / seconds,
      ackedPerS: (acked - this.acked) / seconds,
      p50Ms: latency.percentile(50),
      p99Ms: latency.percentile(99),
      cpuCores: (cpu - this.cpu) / 1000 / seconds,
      rssMb: add((one) => one.rss) / 2 ** 20,
    };
    this.at = now;
    this.sent = sent;
    this.acked = acked;
    this.cpu = cpu;
    return progress;
  }
}

function merged(snapshots: readonly LoadSnapshot[]): Histogram {
  const all = new Histogram();
  for (const one of snapshots) all.merge(new Histogram(one.latency, one.latencyMax));
  return all;
}

function sum(options: LoadOptions, processes: number, finals: readonly LoadSnapshot[]): LoadReport {
  const add = (pick: (snapshot: LoadSnapshot) => number): number => finals.reduce((total, one) => total + pick(one), 0);
  const most = (pick: (snapshot: LoadSnapshot) => number): number => Math.max(0, ...finals.map(pick));
  const seconds = most((one) => one.steadyMs) / 1000;
  const latency = merged(finals);
  const sent = add((one) => one.sent);
  const acked = add((one) => one.acked);
  const known = options.qos === 1;
  const storms = finals.map((one) => one.storm).filter((one) => one !== null);
  const slowest = (pick: (storm: NonNullable<LoadSnapshot['storm']>) => number | null): number | null =>
    storms.some((one) => pick(one) === null) ? null : Math.max(...storms.map((one) => pick(one) ?? 0));
  return {
    terminals: options.terminals,
    connections: connectionsOf(options),
    connected: add((one) => one.connected),
    processes,
    qos: options.qos,
    rampS: most((one) => one.rampMs) / 1000,
    durationS: seconds,
    sent,
    publishes: add((one) => one.publishes),
    acknowledged: known ? acked : null,
    lost: known ? Math.max(0, sent - acked) : null,
    refused: add((one) => one.refused),
    dropped: add((one) => one.dropped),
    sentPerS: add((one) => one.steadySent) / Math.max(0.001, seconds),
    ackedPerS: known ? add((one) => one.steadyAcked) / Math.max(0.001, seconds) : null,
    latencyMs:
      latency.total === 0
        ? null
        : {
            p50: latency.percentile(50) ?? 0,
            p95: latency.percentile(95) ?? 0,
            p99: latency.percentile(99) ?? 0,
            max: latency.max,
          },
    cpuCores: add((one) => one.steadyCpuMs) / 1000 / Math.max(0.001, seconds),
    rssMb: add((one) => one.rss) / 2 ** 20,
    storm:
      storms.length === 0
        ? null
        : {
            reconnectMs: slowest((one) => one.reconnectMs),
            flushMs: slowest((one) => one.flushMs),
            backlog: storms.reduce((total, one) => total + one.backlog, 0),
          },
    lastError: finals.map((one) => one.lastError).find((text) => text !== '') ?? '',
  };
}
