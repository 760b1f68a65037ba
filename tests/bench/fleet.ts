import { fork } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import type { GatewayFleet, GatewayReport } from '../support/gateway-fleet.ts';
import { type RunningPlatform, startPlatform } from '../support/platform.ts';
import { cpuSeconds } from '../support/processor.ts';
import { until } from '../support/until.ts';
import { type Bench, percentile, row } from './bench.ts';

const TENANT = 'fleet';

/**
 * A million terminals behind 2,000 gateways, a heartbeat a minute each and counters every fifth, through the whole platform in one
 * process. Share of processor and memory are the platform's own; publish → queryable is probed once a second by one more terminal.
 */
export const run: Bench = async ({ quick, say }) => {
  const fleet: Omit<GatewayFleet, 'port'> = quick
    ? { tenant: TENANT, terminals: 100_000, gateways: 200, intervalS: 6, durationS: 24 }
    : { tenant: TENANT, terminals: 1_000_000, gateways: 2000, intervalS: 60, durationS: 600 };
  const platform = await startPlatform();
  const child = fork(fileURLToPath(new URL('../support/gateway-fleet.ts', import.meta.url)));
  let last: GatewayReport | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    child.on('message', (report: GatewayReport) => {
      last = report;
      if (Math.round(report.acknowledged / 20_000) % 30 === 0 || report.ended) {
        say(
          `${report.acknowledged} acknowledged of ${report.sent}, ack p99 ${report.ackP99.toFixed(0)} ms, ${memory(platform, 'VmRSS')} MB, sender late ${report.lateMs.toFixed(0)} ms`,
        );
      }
      if (report.ended) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new TypeError(`the fleet ended with ${code}`))));
  });
  const before = { cpu: cpuSeconds(platform.pid), at: performance.now() };
  child.send({ ...fleet, port: Number(new URL(platform.mqtt).port) });
  const probe = await startProbe(platform);
  try {
    await ended;
    const after = { cpu: cpuSeconds(platform.pid), at: performance.now() };
    const probes = await probe.stop();
    const total = (last?.acknowledged ?? 0) + probes.length;
    await until('the readers to be level', async () => (await lag(platform)) === 0, 120_000, 50);
    const behindS = (performance.now() - after.at) / 1000;
    const rss = memory(platform, 'VmHWM');
    await platform.stop();
    const store = createDuckDbTelemetry({
      dir: join(platform.dataDir, 'telemetry'),
      directory: { facts: () => undefined },
    });
    await store.start();
    const { rows } = await store.stats();
    await store.stop();
    const share = (after.cpu - before.cpu) / ((after.at - before.at) / 1000) / cpus().length;
    return {
      rows: [
        row('fleet.cpu_share', Number(share.toFixed(3)), '', 'lower', { bar: 0.6 }),
        row('fleet.rss_mb', rss, 'MB', 'lower', { bar: 4096 }),
        row('fleet.queryable_p99_ms', Math.round(percentile(probes, 99)), 'ms', 'lower', { bar: 5000 }),
        row('fleet.lost', total - rows, '', 'lower', { bar: 0 }),
        row('fleet.behind_s', Number(behindS.toFixed(1)), 's', 'lower'),
      ],
      notes: [
        `${fleet.terminals} terminals, ${fleet.gateways} gateways, a heartbeat every ${fleet.intervalS} s, ${fleet.durationS} s: ${last?.acknowledged} of ${last?.sent} messages acknowledged, ${rows} stored`,
        `publish → ack p50 ${last?.ackP50.toFixed(0)} ms, p99 ${last?.ackP99.toFixed(0)} ms; ${probes.length} probes, median ${Math.round(percentile(probes, 50))} ms`,
        'the sender runs on the same two cores and is not counted in the share',
      ],
    };
  } finally {
    child.kill();
    rmSync(platform.dataDir, { recursive: true, force: true });
  }
};

function memory(platform: RunningPlatform, what: 'VmHWM' | 'VmRSS'): number {
  const match = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${platform.pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

async function lag(platform: RunningPlatform): Promise<number> {
  const text = await (await fetch(`${platform.http}/metrics`)).text();
  const lags = [
    ...text.matchAll(/^tillwatch_journal_lag_batches\{consumer="(telemetry|analytics-main)"[^}]*\} (\d+)/gm),
  ];
  return lags.length < 2 ? Number.NaN : lags.reduce((sum, match) => sum + Number(match[2]), 0);
}

/** One terminal that says something every second and asks the API until it is there. */
async function startProbe(platform: RunningPlatform): Promise<{ stop(): Promise<number[]> }> {
  const client = await mqtt.connectAsync(platform.mqtt);
  const delays: number[] = [];
  let stopped = false;
  const work = (async () => {
    for (let seq = 0; !stopped; seq++) {
      const ts = Date.now();
      const began = performance.now();
      await client.publishAsync(
        `pos/v1/${TENANT}/PROBE/heartbeat`,
        JSON.stringify({ ts, boot: 'p', seq, system: { cpu_pct: seq % 100 } }),
        { qos: 1 },
      );
      await until(
        'the probe',
        async () => {
          const path = `/api/v1/tenants/${TENANT}/terminals/PROBE/series?metrics=system.cpu_pct&from=${ts - 1}&to=${ts + 1000}`;
          const answer = await fetch(platform.http + path);
          return answer.ok && ((await answer.json()) as { series: { times: number[] }[] }).series[0]?.times.length;
        },
        60_000,
        20,
      );
      delays.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 - (performance.now() - began))));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await work;
      await client.endAsync();
      return delays;
    },
  };
}
