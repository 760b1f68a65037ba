import { readFile } from 'node:fs/promises';
import { TillwatchError } from '../../contract/errors.ts';
import { type LoadOptions, type LoadProgress, type LoadReport, runLoad } from '../../firmware-sim/service.ts';

/** What `tillwatch simulate --load` was asked for. */
export interface LoadCommandOptions {
  readonly mqtt?: string;
  readonly tenant?: string;
  readonly terminals?: number;
  readonly rate?: string;
  readonly ramp?: number;
  readonly qos?: string;
  readonly gateways?: number;
  readonly batch?: number;
  readonly window?: number;
  readonly tls?: boolean;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly duration?: number;
  readonly storm?: boolean;
  readonly outage?: number;
  readonly backlog?: number;
  readonly processes?: number;
  readonly allowRemote?: boolean;
  readonly json?: boolean;
}

/** Puts the load on the broker with a live line on standard error, and prints the closing report. */
export async function load(options: LoadCommandOptions): Promise<void> {
  const terminals = options.terminals ?? 1000;
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  try {
    const report = await runLoad(await asked(options, terminals), progressLine(), abort.signal);
    if (process.stderr.isTTY) process.stderr.write('\n');
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${told(report)}\n`);
    if (report.lost !== null && report.lost > 0) process.exitCode = 1;
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

async function asked(options: LoadCommandOptions, terminals: number): Promise<LoadOptions> {
  if (options.qos !== undefined && options.qos !== '0' && options.qos !== '1') {
    throw new TillwatchError('load.bad_options', 'qos is 0 or 1', { status: 400 });
  }
  const rate = options.rate ?? String(Math.max(1, Math.round(terminals / 60)));
  return {
    url: options.mqtt ?? (options.tls ? 'mqtts://127.0.0.1:8883' : 'mqtt://127.0.0.1:1883'),
    tenant: options.tenant ?? 'load',
    terminals,
    gateways: options.gateways ?? 0,
    batch: options.batch ?? 100,
    rate: rate === 'max' ? 'max' : Number(rate),
    qos: options.qos === '0' ? 0 : 1,
    rampS: options.ramp ?? Math.min(60, Math.ceil((options.gateways || terminals) / 2000)),
    durationS: options.duration ?? 30,
    window: options.window ?? 20,
    processes: options.processes ?? 0,
    allowRemote: options.allowRemote ?? false,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.ca === undefined ? {} : { ca: await readFile(options.ca, 'utf8') }),
    ...(options.insecure ? { insecure: true } : {}),
    ...(options.storm ? { storm: { outageS: options.outage ?? 5, backlog: options.backlog ?? 10 } } : {}),
  };
}

function progressLine(): ((progress: LoadProgress) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return (p) => {
    const latency = p.p50Ms === null ? '' : `  ack p50 ${p.p50Ms.toFixed(1)} p99 ${(p.p99Ms ?? 0).toFixed(1)} ms`;
    const line = `${p.phase.padEnd(6)} ${p.connected}/${p.wanted} connected  ${Math.round(p.sentPerS)}/s sent  ${Math.round(p.ackedPerS)}/s acked${latency}  ${p.cpuCores.toFixed(2)} cores  ${Math.round(p.rssMb)} MB`;
    process.stderr.write(`\r${line.padEnd(118)}`);
  };
}

function told(report: LoadReport): string {
  const lines = [
    `connections    ${report.connected} of ${report.connections} for ${report.terminals} terminals, up in ${report.rampS.toFixed(1)} s (${report.refused} refused, ${report.dropped} dropped)`,
    `sent           ${report.sent} messages in ${report.publishes} publishes, ${Math.round(report.sentPerS)}/s at QoS ${report.qos} over ${report.durationS.toFixed(1)} s`,
    report.acknowledged === null
      ? 'acknowledged   not at QoS 0'
      : `acknowledged   ${report.acknowledged} (${Math.round(report.ackedPerS ?? 0)}/s), lost ${report.lost}`,
  ];
  const { latencyMs, storm } = report;
  if (latencyMs) {
    lines.push(
      `publish → ack  p50 ${latencyMs.p50.toFixed(1)}  p95 ${latencyMs.p95.toFixed(1)}  p99 ${latencyMs.p99.toFixed(1)}  max ${latencyMs.max.toFixed(1)} ms`,
    );
  }
  if (storm) {
    const after = (ms: number | null): string => (ms === null ? 'never' : `after ${(ms / 1000).toFixed(1)} s`);
    lines.push(
      `storm          all back ${after(storm.reconnectMs)}, ${storm.backlog} kept messages acknowledged ${after(storm.flushMs)}`,
    );
  }
  lines.push(
    `cost           ${report.cpuCores.toFixed(2)} cores, ${Math.round(report.rssMb)} MB in ${report.processes} process(es)`,
  );
  if (report.lastError) lines.push(`last error     ${report.lastError}`);
  return lines.join('\n');
}
