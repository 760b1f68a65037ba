import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blast } from '../support/mqtt-blaster.ts';
import { type RunningPlatform, startPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';
import { type Bench, median, row } from './bench.ts';

/**
 * Messages a second from MQTT publish (QoS 1) to stored in DuckDB and evaluated by the detectors, over a bare aedes that parses JSON and
 * acknowledges. Both run as processes of their own, in turn, under the same load.
 */
export const run: Bench = async ({ quick, say }) => {
  const load = { connections: 50, terminals: 20, window: 100, messages: quick ? 1000 : 3000 };
  const rounds = quick ? 3 : 5;
  const total = load.connections * load.messages;
  const spawned = performance.now();
  const platform = await startPlatform({ env: { TILLWATCH_LOG_LEVEL: 'info' } });
  const startMs = performance.now() - spawned;
  const bare = spawn(process.execPath, [fileURLToPath(new URL('_bare-aedes.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(bare.stdout, 'data')) as [Buffer];
  const barePort = Number(first.toString());
  const ours: number[] = [];
  const theirs: number[] = [];
  const acked: number[] = [];
  try {
    // The first round of each warms up its code and is not counted.
    for (let round = 0; round <= rounds; round++) {
      const at = Date.now() - 86_400_000;
      const one = await blast({ ...load, port: barePort, run: `a${round}`, at });
      const before = await evaluated(platform);
      const began = performance.now();
      const two = await blast({ ...load, port: Number(new URL(platform.mqtt).port), run: `b${round}`, at });
      const sending = performance.now() - began - two.ms;
      await until(
        'everything to be stored and evaluated',
        async () => (await evaluated(platform)) === before + total && (await level(platform)),
        120_000,
        20,
      );
      const ms = performance.now() - began - sending;
      say(
        `round ${round}: bare ${Math.round(total / (one.ms / 1000))}/s, line ${Math.round(total / (ms / 1000))}/s (acknowledged ${Math.round(total / (two.ms / 1000))}/s)`,
      );
      if (round === 0) continue;
      theirs.push(total / (one.ms / 1000));
      ours.push(total / (ms / 1000));
      acked.push(total / (two.ms / 1000));
    }
    const rss = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${platform.pid}/status`, 'utf8'));
    return {
      rows: [
        row('line.msgs_per_s', Math.round(median(ours)), '1/s', 'higher', { baseline: Math.round(median(theirs)) }),
        row('line.ratio', Number((median(ours) / median(theirs)).toFixed(3)), '', 'higher'),
        row('line.start_ms', Math.round(startMs), 'ms', 'lower'),
        row('line.rss_mb', Math.round(Number(rss?.[1] ?? 0) / 1024), 'MB', 'lower'),
      ],
      notes: [
        `${load.connections} connections, ${load.messages} heartbeats each a round, ${load.window} in flight, ${rounds} rounds; acknowledged at ${Math.round(median(acked))}/s`,
        'start: from the process’s start to ready, empty platform; rss: peak of the whole process',
      ],
    };
  } finally {
    bare.kill();
    await platform.stop();
    rmSync(platform.dataDir, { recursive: true, force: true });
  }
};

async function metricsOf(platform: RunningPlatform): Promise<string> {
  return (await fetch(`${platform.http}/metrics`)).text();
}

async function evaluated(platform: RunningPlatform): Promise<number> {
  return Number(/^tillwatch_analytics_readings_total (\d+)/m.exec(await metricsOf(platform))?.[1] ?? 0);
}

async function level(platform: RunningPlatform): Promise<boolean> {
  const lags = [
    ...(await metricsOf(platform)).matchAll(
      /^tillwatch_journal_lag_batches\{consumer="(telemetry|analytics-main)"[^}]*\} (\d+)/gm,
    ),
  ];
  return lags.length === 2 && lags.every((match) => match[2] === '0');
}
