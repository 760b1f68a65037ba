import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { ACME } from '../support/readings.ts';

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

/** A process of its own on the stores' directory; `said` answers the first line that begins with a word, or throws when it ends without. */
class StoreProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<void>;
  #over = false;
  #errors = '';
  #wake = (): void => {};

  constructor(dir: string) {
    const child = spawn(process.execPath, [SCRIPT, dir], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Compiled code is kept for the next process: it halves the work of starting one.
      env: { ...process.env, NODE_COMPILE_CACHE: join(dir, 'compiled') },
    });
    this.#child = child;
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    this.#ended = new Promise((resolve) =>
      child.once('close', () => {
        this.#over = true;
        this.#wake();
        resolve();
      }),
    );
  }

  async said(word: string): Promise<string> {
    for (;;) {
      const line = this.#lines.find((one) => one.split(' ')[0] === word);
      if (line !== undefined) return line;
      if (this.#over) throw new Error(`ended before it said ${word}: ${this.#errors}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  tell(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Lets it store what it has sent and end by itself. */
  async drain(): Promise<void> {
    this.tell('drain');
    await this.said('drained');
    await this.#ended;
  }
}

describe('journal and telemetry under kill -9', () => {
  let dir: string;
  const processes: StoreProcess[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tillwatch-kill-'));
    closeSync(openSync(join(dir, 'ledger'), 'a'));
  });
  afterEach(async () => {
    for (const one of processes.splice(0)) await one.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  const load = (): StoreProcess => {
    const loading = new StoreProcess(dir);
    processes.push(loading);
    return loading;
  };

  /** The highest number that may have been sent, how many were, and those that were acknowledged, of all processes until now. */
  const ledger = (): { sent: number; times: number; acked: Set<number> } => {
    let sent = 0;
    let times = 0;
    const acked = new Set<number>();
    // What stands after the last line's end was cut short by a kill, and nothing was done after it.
    for (const line of readFileSync(join(dir, 'ledger'), 'utf8').split('\n').slice(0, -1)) {
      const [word, number] = line.split(' ');
      if (word === 'sent') {
        sent = Math.max(sent, Number(number));
        times++;
      } else acked.add(Number(number));
    }
    return { sent, times, acked };
  };

  it(`stores every acknowledged message exactly once through ${KILLS} kills (seed ${SEED})`, async () => {
    const random = randomOf(SEED);
    const recoveries: number[] = [];
    // The next process loads its code while the one before still stores, so that a recovery is the opening of the stores and no more.
    let next = load();
    const open = async (): Promise<StoreProcess> => {
      const running = next;
      await running.said('loaded');
      const began = performance.now();
      running.tell(`go ${ledger().sent + 1}`);
      await running.said('ready');
      recoveries.push(performance.now() - began);
      return running;
    };
    // Only one that ends by itself leaves its compiled code behind.
    await (await open()).drain();
    next = load();
    for (let i = 0; i < KILLS; i++) {
      const running = await open();
      next = load();
      await new Promise((resolve) => setTimeout(resolve, random() * 500));
      await running.kill();
    }
    await (await open()).drain();
    const { sent, times, acked } = ledger();
    // The first two had nothing to recover from.
    const recovered = recoveries.slice(2).sort((a, b) => a - b);
    console.log(
      `recovery over ${KILLS} kills: median ${Math.round(recovered[KILLS >> 1]!)} ms, worst ${Math.round(recovered.at(-1)!)} ms; ${acked.size} acknowledged of ${sent} sent`,
    );

    const telemetry = createDuckDbTelemetry({ dir: join(dir, 'telemetry'), directory: { facts: () => undefined } });
    await telemetry.start();
    try {
      const terminals = Array.from({ length: 20 }, (_, i) => `t${i}`);
      const found = new Map<string, number[]>();
      for (const metric of ['battery.cycles', 'txn.ok_total', 'custom.n']) {
        const series = await telemetry.range(ACME, {
          terminals,
          metrics: [metric],
          from: T - 2 * DAY,
          to: T + 30 * DAY,
        });
        found.set(
          metric,
          series.flatMap((s) => s.times),
        );
      }
      const seconds = (metric: string, offset: number): number[] =>
        found
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
      // Otherwise it would be this test that stores something twice.
      expect(times, 'messages sent under one number').toBe(sent);
      expect(sent).toBeLessThan(86_400);
      expect(acked.size).toBeGreaterThan(KILLS);
      for (const [table, numbers] of Object.entries(stored)) {
        const once = new Set(numbers);
        expect(numbers.at(-1), `${table}: never sent`).toBeLessThanOrEqual(sent);
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
