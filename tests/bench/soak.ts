import { readFileSync } from 'node:fs';
import { linearRegression } from 'simple-statistics';
import { systemClock } from '../../app/system-clock.ts';
import { startPlatform, temporaryDir } from '../support/platform.ts';
import { Qos1Publisher } from '../support/qos1-publisher.ts';
import { type Bench, row } from './bench.ts';

const TERMINALS = 2_000;
const SAMPLE_MS = 5_000;
const MIB = 2 ** 20;

function rssOf(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) * 1024;
}

/** The whole platform under a steady load for `--minutes` (60): is its memory flat? The first third is warming up and not judged. */
export const run: Bench = async ({ quick, say, minutes = quick ? 0.7 : 60 }) => {
  const dir = temporaryDir('soak');
  const platform = await startPlatform({ dataDir: dir.path });
  let n = 0;
  const started = Date.now();
  // Two messages of each terminal a minute of event time, sent as fast as one connection with a small window is acknowledged.
  const publisher = new Qos1Publisher('soak', 10, () => {
    const seq = Math.floor(n / TERMINALS);
    const payload = {
      ts: started - 30 * 86_400_000 + seq * 30_000,
      boot: 'b1',
      seq,
      battery: { soc_pct: 50 + (seq % 40), cycles: seq },
      printer: { temp_c: 30 + (n % 7) },
    };
    return { topic: `pos/v1/soak/T-${n++ % TERMINALS}/heartbeat`, payload: JSON.stringify(payload) };
  });
  await publisher.connect(Number(new URL(platform.mqtt).port));
  const samples: [minute: number, mb: number][] = [];
  const until = started + minutes * 60_000;
  while (Date.now() < until) {
    await systemClock.sleep(SAMPLE_MS);
    samples.push([(Date.now() - started) / 60_000, rssOf(platform.pid) / MIB]);
    if (samples.length % 12 === 0)
      say(`${samples.at(-1)![0].toFixed(0)} min: ${samples.at(-1)![1].toFixed(0)} MB, ${n} messages`);
  }
  publisher.close();
  const errors = platform.log.filter((line) => Number(line.level) >= 50).length;
  await platform.stop();
  dir.remove();
  const judged = samples.filter(([minute]) => minute >= minutes / 3);
  const slope = linearRegression(judged).m * 60;
  return {
    rows: [
      row('soak.rss_slope_mb_per_h', slope, 'MB/h', 'lower', { bar: 60 }),
      row('soak.rss_mb', Math.max(...samples.map(([, mb]) => mb)), 'MB', 'lower'),
      row('soak.errors', errors, 'log lines', 'lower', { bar: 0 }),
    ],
    notes: [
      `${minutes} minutes, ${publisher.acknowledged.length} messages acknowledged, ${samples.length} samples, the first third not judged`,
    ],
  };
};
