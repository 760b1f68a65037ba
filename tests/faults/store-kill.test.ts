import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { ACME } from '../support/readings.ts';
import { until } from '../support/until.ts';

const SCRIPT = fileURLToPath(new URL('./store-process.ts', import.meta.url));
const DAY = 86_400_000;
const T = Date.UTC(2026, 0, 6);
const SEED = Number(process.env.TILLWATCH_SEED ?? 20260105);
const KILLS = Number(process.env.TILLWATCH_KILLS ?? 25);

/** xorshift32: the same seed gives the same moments. */
function randomOf(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

describe('journal and telemetry under kill -9', () => {
  let dir: string;
  let child: ChildProcess | undefined;
  const acked = new Set<number>();
  let sent = 0;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tillwatch-kill-'));
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  const start = async (): Promise<{ recoveryMs: number; ended: Promise<void>; drained: () => boolean }> => {
    const began = performance.now();
    let ready = 0;
    let drained = false;
    let errors = '';
    const running = spawn(process.execPath, [SCRIPT, dir, String(sent + 1)], { stdio: ['pipe', 'pipe', 'pipe'] });
    child = running;
    running.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    createInterface({ input: running.stdout }).on('line', (line) => {
      const [word, number] = line.split(' ');
      if (word === 'sent') sent = Math.max(sent, Number(number));
      else if (word === 'acked') acked.add(Number(number));
      else if (word === 'ready') ready = performance.now();
      else if (word === 'drained') drained = true;
    });
    const ended = new Promise<void>((resolve) => running.once('close', () => resolve()));
    await until(
      'ready',
      () => {
        if (running.exitCode !== null) throw new Error(`ended: ${errors}`);
        return ready > 0;
      },
      30_000,
      5,
    );
    return { recoveryMs: ready - began, ended, drained: () => drained };
  };

  it(`stores every acknowledged message exactly once through ${KILLS} kills (seed ${SEED})`, async () => {
    const random = randomOf(SEED);
    const recoveries: number[] = [];
    for (let i = 0; i < KILLS; i++) {
      const { recoveryMs, ended } = await start();
      recoveries.push(recoveryMs);
      await new Promise((resolve) => setTimeout(resolve, random() * 700));
      child!.kill('SIGKILL');
      await ended;
    }
    const { ended, drained } = await start();
    child!.stdin!.write('drain\n');
    await ended;
    expect(drained()).toBe(true);
    recoveries.sort((a, b) => a - b);
    console.log(
      `recovery over ${KILLS} kills: median ${Math.round(recoveries[KILLS >> 1]!)} ms, worst ${Math.round(recoveries.at(-1)!)} ms; ${acked.size} acknowledged of ${sent} sent`,
    );

    const telemetry = createDuckDbTelemetry({ dir: join(dir, 'telemetry'), directory: { facts: () => undefined } });
    await telemetry.start();
    try {
      const terminals = Array.from({ length: 20 }, (_, i) => `t${i}`);
      const times = new Map<string, number[]>();
      for (const metric of ['battery.cycles', 'txn.ok_total', 'custom.n']) {
        const series = await telemetry.range(ACME, {
          terminals,
          metrics: [metric],
          from: T - 2 * DAY,
          to: T + 30 * DAY,
        });
        times.set(
          metric,
          series.flatMap((s) => s.times),
        );
      }
      const seconds = (metric: string, offset: number): number[] =>
        times
          .get(metric)!
          .map((ts) => (ts - T + offset) / 1000)
          .filter((n) => n >= 1 && n < 86_400)
          .sort((a, b) => a - b);
      // A row a day earlier than its twin is told apart by where it lands: before T, or after.
      const events = await telemetry.events(ACME, 't0', T, T + 30 * DAY, 1_000_000);
      const stored = {
        today: seconds('battery.cycles', 0),
        yesterday: seconds('battery.cycles', DAY).filter((n) => T + n * 1000 - DAY < T),
        counters: seconds('txn.ok_total', 0),
        custom: seconds('custom.n', 0),
      };
      expect(sent).toBeLessThan(86_400);
      expect(acked.size).toBeGreaterThan(KILLS);
      for (const [table, numbers] of Object.entries(stored)) {
        const once = new Set(numbers);
        expect(numbers.length, `${table}: stored twice`).toBe(once.size);
        const missing = [...acked].filter((n) => !once.has(n));
        expect(missing, `${table}: acknowledged and lost`).toEqual([]);
      }
      const marks = events.map((e) => (e.ts - T) / 1000);
      expect(marks.length, 'events stored twice').toBe(new Set(marks).size);
      expect(
        [...acked].filter((n) => n % 7 === 0 && !marks.includes(n)),
        'events lost',
      ).toEqual([]);
    } finally {
      await telemetry.stop();
    }
  });
});
