import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Directory, TerminalFacts } from '../../contract/ports/directory.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { Reading } from '../../contract/reading.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { createVictoriaTelemetry } from '../../store/telemetry/server/victoria.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ACME } from '../support/readings.ts';
import { binaryOf, startServer } from '../support/servers.ts';
import { type Bench, type BenchRow, percentile, row } from './bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T = Date.UTC(2026, 0, 5);
const BATCH = 20_000;
/** Numbers and words in each heartbeat below; counters have 12 numbers. */
const SAMPLES = 26;
const NOTHING = new Uint8Array();

const directory: Directory = {
  facts(_tenant, terminal) {
    const n = Number(terminal.slice(1));
    return {
      site: `site-${Math.floor(n / 8)}`,
      model: `M${n % 5}`,
      firmware: `1.${n % 3}`,
      carrier: 'a',
    } as TerminalFacts;
  },
};

/** A fleet whose values drift and jitter as measured ones do, the same each run. */
class Fleet {
  readonly #soc: Float64Array;
  readonly #temp: Float64Array;
  readonly #sales: Float64Array;
  #state = 0x9e3779b9;

  constructor(size: number) {
    this.#soc = Float64Array.from({ length: size }, () => 20 + this.#random() * 80);
    this.#temp = Float64Array.from({ length: size }, () => 20 + this.#random() * 15);
    this.#sales = new Float64Array(size);
  }

  /** xorshift32 */
  #random(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 4_294_967_296;
  }

  heartbeat(i: number, ts: number): Reading {
    const r = (span: number): number => this.#random() * span;
    const tenth = (value: number): number => Math.round(value * 10) / 10;
    const soc = (this.#soc[i] = Math.min(100, Math.max(2, this.#soc[i]! + r(1) - 0.5)));
    const temp = (this.#temp[i] = this.#temp[i]! + r(0.4) - 0.2);
    const payload = {
      ts,
      boot: 'b',
      seq: 0,
      battery: {
        soc_pct: tenth(soc),
        voltage_mv: Math.round(6800 + soc * 14 + r(20)),
        current_ma: -Math.round(180 + r(300)),
        temp_c: tenth(temp),
        full_mah: 2500 - (i % 400),
        cycles: 40 + (i % 300),
        resistance_mohm: tenth(80 + (i % 40) + r(2)),
        status: r(1) < 0.7 ? 'discharging' : 'charging',
      },
      printer: {
        state: r(1) < 0.97 ? 'ok' : 'busy',
        head_temp_c: tenth(temp + 4 + r(8)),
        head_mv: Math.round(23_800 + r(400)),
        head_ohm: tenth(640 + (i % 30) + r(1)),
        dead_dots: i % 97 === 0 ? 2 : 0,
      },
      network: {
        bearer: 'lte',
        rsrp_dbm: -Math.round(85 + (i % 20) + r(8)),
        rsrq_db: -Math.round(9 + r(5)),
        sinr_db: tenth(8 + r(9)),
        cell: `cell-${i % 700}`,
        carrier: 'a',
        rtt_ms: Math.round(40 + r(80)),
        loss_pct: r(1) < 0.95 ? 0 : tenth(r(5)),
        buffered: 0,
      },
      system: {
        uptime_s: Math.round((ts - T) / 1000) + i * 11,
        cpu_pct: tenth(6 + r(30)),
        mem_free_mb: Math.round(300 + r(40)),
        flash_free_mb: 3000 - (i % 500),
        temp_c: tenth(temp + 6 + r(2)),
      },
    };
    return reading('heartbeat', i, ts, payload);
  }

  counters(i: number, ts: number): Reading {
    const sales = (this.#sales[i] = this.#sales[i]! + Math.round(this.#random() * 9));
    const payload = {
      ts,
      boot: 'b',
      seq: 0,
      printer: {
        printed_mm_total: sales * 140,
        jobs_total: sales,
        retries_total: Math.floor(sales / 400),
        cuts_total: sales,
      },
      network: {
        bytes_up_total: sales * 900,
        bytes_down_total: sales * 700,
        reconnects_total: Math.floor(sales / 900),
      },
      reader: { chip_ok_total: Math.floor(sales * 0.4), tap_ok_total: Math.floor(sales * 0.5) },
      txn: { ok_total: sales, declined_total: Math.floor(sales / 30), tech_fail_total: Math.floor(sales / 500) },
    };
    return reading('counters', i, ts, payload);
  }
}

function reading(channel: string, i: number, ts: number, payload: object): Reading {
  const base = {
    tenant: ACME,
    terminal: `t${i}`,
    channel,
    ts,
    receivedAt: ts,
    boot: 'b',
    seq: 0,
    payload,
    raw: NOTHING,
  };
  return base as unknown as Reading;
}

/** Writes as ingest does, a batch after the other; only the store's own time counts. */
class Filler {
  rows = 0;
  ms = 0;
  #position = 0;
  #waiting: Reading[] = [];
  readonly #store: TelemetryStore;

  constructor(store: TelemetryStore) {
    this.#store = store;
  }

  async put(one: Reading): Promise<void> {
    this.#waiting.push(one);
    if (this.#waiting.length === BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const readings = this.#waiting;
    if (readings.length === 0) return;
    this.#waiting = [];
    const start = performance.now();
    await this.#store.write({ shard: 0, position: ++this.#position, readings });
    this.ms += performance.now() - start;
    this.rows += readings.length;
  }
}

async function fill(
  store: TelemetryStore,
  filler: Filler,
  fleet: Fleet,
  size: { terminals: number; from: number; to: number; everyMs: number; countersMs: number },
): Promise<void> {
  const { terminals, everyMs, countersMs } = size;
  for (let time = size.from; time < size.to; time += everyMs) {
    for (let i = 0; i < terminals; i++) {
      const at = time + Math.floor((i / terminals) * everyMs);
      await filler.put(fleet.heartbeat(i, at));
      if (time % countersMs === 0) await filler.put(fleet.counters(i, at));
    }
  }
  await filler.flush();
  void store;
}

/** The queries that the console asks for: a page of the list, a terminal's page, a month, the fleet. */
async function askAround(
  store: TelemetryStore,
  terminals: number,
  now: number,
  rounds: number,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  const timed = async (name: string, work: Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work;
    const list = times.get(name) ?? [];
    times.set(name, list);
    list.push(performance.now() - start);
  };
  const page = [
    'battery.soc_pct',
    'battery.temp_c',
    'printer.head_temp_c',
    'network.rsrp_dbm',
    'network.rtt_ms',
    'system.cpu_pct',
  ];
  for (let round = 0; round < rounds; round++) {
    const some = (round * 7919) % terminals;
    const one = [`t${some}`];
    const list = Array.from({ length: Math.min(50, terminals) }, (_, k) => `t${(some + k) % terminals}`);
    await timed('list', store.latest(ACME, list));
    await timed(
      'day',
      store.range(ACME, { terminals: one, metrics: page, from: now - DAY, to: now, stepMs: 5 * MINUTE }),
    );
    await timed(
      'month',
      store.range(ACME, {
        terminals: one,
        metrics: ['battery.full_mah', 'battery.resistance_mohm', 'txn.ok_total'],
        from: now - 30 * DAY,
        to: now,
        stepMs: HOUR,
      }),
    );
    await timed(
      'words',
      store.range(ACME, { terminals: one, metrics: ['printer.state'], from: now - 6 * HOUR, to: now }),
    );
    await timed('events', store.events(ACME, one[0]!, now - 30 * DAY, now, 50));
    await timed(
      'fleet',
      store.aggregate(ACME, {
        by: round % 2 ? 'site' : 'model',
        metric: 'battery.soc_pct',
        from: now - DAY,
        to: now,
        stepMs: HOUR,
        aggregate: 'mean',
      }),
    );
  }
  return times;
}

function judged(times: Map<string, number[]>): { p95: number; note: string } {
  const each = [...times].map(
    ([name, list]) => `${name} ${percentile(list, 50).toFixed(0)}/${percentile(list, 95).toFixed(0)}`,
  );
  return { p95: Number(percentile([...times.values()].flat(), 95).toFixed(1)), note: `p50/p95 ms: ${each.join(', ')}` };
}

async function duckdb(quick: boolean, say: (text: string) => void): Promise<{ rows: BenchRow[]; notes: string[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-bench-'));
  try {
    // Written as they come: 10,000 terminals, a heartbeat a minute.
    const hot = join(dir, 'hot');
    let store = createDuckDbTelemetry({ dir: hot, directory });
    await store.start();
    let filler = new Filler(store);
    const minutes = quick ? 40 : 120;
    await fill(store, filler, new Fleet(10_000), {
      terminals: 10_000,
      from: T,
      to: T + minutes * MINUTE,
      everyMs: MINUTE,
      countersMs: DAY * 400,
    });
    const rate = filler.rows / (filler.ms / 1000);
    await store.stop();
    const bytes = readdirSync(hot)
      .filter((name) => name.startsWith('raw_'))
      .reduce((sum, name) => sum + statSync(join(hot, name)).size, 0);
    const perSample = bytes / (filler.rows * SAMPLES);
    say(`duckdb: ${Math.round(rate)} rows/s, ${perSample.toFixed(2)} bytes a sample`);

    const size = quick ? { terminals: 1000, everyMs: 30 * MINUTE } : { terminals: 10_000, everyMs: 5 * MINUTE };
    const month = join(dir, 'month');
    store = createDuckDbTelemetry({ dir: month, directory });
    await store.start();
    filler = new Filler(store);
    const fleet = new Fleet(size.terminals);
    for (let day = 0; day < 30; day++) {
      const from = T + day * DAY;
      await fill(store, filler, fleet, { ...size, from, to: from + DAY, countersMs: HOUR });
      await store.maintain(from + DAY + 15 * MINUTE);
      if (day % 5 === 4) say(`duckdb: day ${day + 1} of 30`);
    }
    const now = T + 30 * DAY;
    const stats = await store.stats();
    await askAround(store, size.terminals, now, 3);
    const { p95, note } = judged(await askAround(store, size.terminals, now, quick ? 20 : 40));
    await store.stop();
    return {
      rows: [
        row('store.duckdb.rows_per_s', Math.round(rate), '1/s', 'higher', { bar: 200_000 }),
        row('store.duckdb.bytes_per_sample', Number(perSample.toFixed(2)), 'B', 'lower', { bar: 2.5 }),
        row('store.duckdb.query_p95_ms', p95, 'ms', 'lower', { bar: 100 }),
      ],
      notes: [
        `duckdb: wide rows of ${SAMPLES} samples in batches of ${BATCH}; queries over ${size.terminals} terminals × 30 days at a heartbeat every ${size.everyMs / MINUTE} min, default retention, ${Math.round(stats.bytesOnDisk / 2 ** 20)} MiB on disk; ${note}`,
      ],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function victoria(quick: boolean, say: (text: string) => void): Promise<{ rows: BenchRow[]; notes: string[] }> {
  const server = await startServer('victoria-metrics', { args: ['-dedup.minScrapeInterval=1ms'] });
  try {
    const size = quick ? { terminals: 200, days: 1 } : { terminals: 1000, days: 7 };
    const now = T + size.days * DAY;
    const store = createVictoriaTelemetry({
      url: server.url,
      directory,
      clock: new ManualClock(now),
      journalCursor: async () => 0,
    });
    await store.start();
    const filler = new Filler(store);
    await fill(store, filler, new Fleet(size.terminals), {
      ...size,
      from: T,
      to: now,
      everyMs: 5 * MINUTE,
      countersMs: HOUR,
    });
    await fetch(`${server.url}/internal/force_flush`);
    await fetch(`${server.url}/internal/force_merge`);
    const rate = filler.rows / (filler.ms / 1000);
    say(`victoria-metrics: ${Math.round(rate)} rows/s`);
    await askAround(store, size.terminals, now, 2);
    const { p95, note } = judged(await askAround(store, size.terminals, now, quick ? 10 : 30));
    const { bytesOnDisk } = await store.stats();
    await store.stop();
    return {
      rows: [
        row('store.victoria.rows_per_s', Math.round(rate), '1/s', 'higher'),
        row(
          'store.victoria.bytes_per_sample',
          Number((bytesOnDisk / (filler.rows * SAMPLES)).toFixed(2)),
          'B',
          'lower',
        ),
        row('store.victoria.query_p95_ms', p95, 'ms', 'lower'),
      ],
      notes: [`victoria: ${size.terminals} terminals × ${size.days} days, a heartbeat every 5 min; ${note}`],
    };
  } finally {
    await server.stop();
  }
}

/** Rows written a second, bytes a sample, and the 95th percentile of the console's queries, for each telemetry store there is here. */
export const run: Bench = async ({ quick, say }) => {
  const own = await duckdb(quick, say);
  const notes = [...own.notes];
  const rows = [...own.rows];
  if (binaryOf('victoria-metrics')) {
    const server = await victoria(quick, say);
    rows.push(...server.rows);
    notes.push(...server.notes);
  } else notes.push('victoria-metrics is not installed: left out');
  notes.push('InfluxDB 2 is measured where TILLWATCH_TEST_INFLUX_URL is set: not here');
  return { rows, notes };
};
