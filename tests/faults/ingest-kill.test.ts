import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { decodeReadings } from '../../contract/journal-codec.ts';
import { asTenantId } from '../../contract/topics.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { temporaryDir } from '../support/platform.ts';
import { type Published, Qos1Publisher } from '../support/qos1-publisher.ts';
import { freePort } from '../support/servers.ts';
import { dice } from '../support/wild-random.ts';

const KILLS = 50;
const TERMINALS = 20;
const ACME = asTenantId('acme');
const CHILD = fileURLToPath(new URL('../support/ingest-child.ts', import.meta.url));
const BASE = Date.now() - 30 * 86_400_000;

interface Recovery {
  readonly readings: number;
  readonly recoveryMs: number;
  readonly startMs: number;
}

function startChild(dir: string, port: number): Promise<{ child: ChildProcess; recovery: Recovery }> {
  const child = spawn(process.execPath, [CHILD, dir, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let out = '';
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^ready (.*)$/m.exec(out);
      if (line?.[1]) resolve({ child, recovery: JSON.parse(line[1]) as Recovery });
    });
    child.once('exit', (code) => reject(new TypeError(`the line ended with ${code}: ${errors.slice(-2000)}`)));
  });
}

/** Messages of one terminal after the other, seq by seq: a boot each, one message a second of event time. */
function messages(publisher: number): () => Published {
  let n = 0;
  return () => {
    const terminal = `T${publisher}-${n % TERMINALS}`;
    const seq = Math.floor(n++ / TERMINALS);
    const payload = { ts: BASE + seq * 1000, boot: 'b1', seq, battery: { cycles: seq } };
    return { topic: `pos/v1/acme/${terminal}/heartbeat`, payload: JSON.stringify(payload) };
  };
}

const keyOf = (terminal: string, seq: number): string => `${terminal}/${seq}`;

describe('kill -9 under load', () => {
  const temporary = temporaryDir('kill');
  afterAll(() => temporary.remove());

  it(`${KILLS} times: every acknowledged message is stored exactly once`, { timeout: 580_000 }, async () => {
    const random = dice(3);
    const port = await freePort();
    const publishers = Array.from({ length: 3 }, (_, i) => new Qos1Publisher(`p${i}`, 200, messages(i)));
    const recoveries: Recovery[] = [];
    for (let kill = 0; kill <= KILLS; kill++) {
      const { child, recovery } = await startChild(temporary.path, port);
      recoveries.push(recovery);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await Promise.all(publishers.map((publisher) => publisher.connect(port)));
      if (kill < KILLS) {
        await systemClock.sleep(random.between(5, 250));
      } else {
        for (const publisher of publishers) publisher.pause();
        await expect.poll(() => publishers.reduce((sum, p) => sum + p.waiting, 0), { timeout: 20_000 }).toBe(0);
      }
      child.kill('SIGKILL');
      await gone;
      for (const publisher of publishers) publisher.close();
    }

    const acknowledged = new Set(
      publishers
        .flatMap((publisher) => publisher.acknowledged)
        .map(({ topic, payload }) => keyOf(topic.split('/')[3]!, (JSON.parse(payload) as { seq: number }).seq)),
    );
    expect(acknowledged.size).toBeGreaterThan(KILLS * 20);

    const journal = createSqliteJournal({ dir: join(temporary.path, 'journal'), shards: 4, budgetBytes: 2 ** 30 });
    await journal.start();
    const journaled = new Map<string, number>();
    for (let shard = 0; shard < 4; shard++) {
      let after = 0;
      for (;;) {
        const entries = await journal.read(shard, after, 2 ** 20);
        if (entries.length === 0) break;
        for (const entry of entries) {
          expect(entry.position).toBe(after + 1);
          after = entry.position;
          for (const { terminal, seq } of decodeReadings(entry.bytes)) {
            journaled.set(keyOf(terminal, seq), (journaled.get(keyOf(terminal, seq)) ?? 0) + 1);
          }
        }
      }
    }
    await journal.stop();
    expect([...acknowledged].filter((key) => !journaled.has(key))).toEqual([]);
    expect([...journaled].filter(([, times]) => times > 1)).toEqual([]);

    // The last run was killed as well: one more start brings the time series up to the journal.
    const last = await startChild(temporary.path, port);
    await systemClock.sleep(1500);
    const ended = new Promise((resolve) => last.child.once('exit', resolve));
    last.child.kill('SIGKILL');
    await ended;
    const age = 10 * 365 * 86_400_000;
    const telemetry = createDuckDbTelemetry({
      dir: join(temporary.path, 'telemetry'),
      directory: { facts: () => undefined },
      retention: { raw: age, '5m': age, '1h': age },
    });
    await telemetry.start();
    const terminals = [...new Set([...journaled.keys()].map((key) => key.split('/')[0]!))];
    const series = await telemetry.range(ACME, {
      terminals,
      metrics: ['battery.cycles'],
      from: BASE - 1000,
      to: BASE + 30 * 86_400_000,
    });
    await telemetry.stop();
    const stored = series
      .flatMap(({ terminal, values }) => values.map((value) => keyOf(terminal, Number(value))))
      .sort();
    expect(stored).toEqual([...journaled.keys()].sort());

    const times = recoveries
      .slice(1)
      .map((recovery) => recovery.startMs)
      .sort((a, b) => a - b);
    console.log(
      `${acknowledged.size} acknowledged over ${KILLS} kills; back after ${times[Math.floor(times.length / 2)]} ms (median), ` +
        `${times.at(-1)} ms (worst); journal read back in ${Math.max(...recoveries.map((r) => r.recoveryMs))} ms at the most`,
    );
  });
});
