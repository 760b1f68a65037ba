import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Directory, TerminalFacts } from '../../contract/ports/directory.ts';
import type { RetentionPolicy, TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { Reading, ReadingBatch } from '../../contract/reading.ts';
import { ACME, counters, event, heartbeat, OTHER } from '../support/readings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface TelemetryCapabilities {
  /** It keeps the journal position itself, in the rows' own transaction. */
  readonly ownPosition: boolean;
  /** It rolls up and drops by age itself, and disk is given back when `maintain` returns. */
  readonly rollups: boolean;
  readonly export: boolean;
}

export interface TelemetryHarness {
  readonly capabilities: TelemetryCapabilities;
  /** Start of the day that the suite writes into; adapters that refuse old data choose a recent one. */
  readonly day: number;
  /** Opens the same store each time within a test. */
  open(options: { directory: Directory; retention?: RetentionPolicy }): Promise<TelemetryStore>;
  /** Returns once what was written can be read. */
  settle(): Promise<void>;
  reset(): Promise<void>;
}

const FACTS: Record<string, Partial<TerminalFacts>> = {
  t1: { site: 'north', model: 'M1', firmware: '1.0', carrier: 'a' },
  t2: { site: 'north', model: 'M2', firmware: '1.0', carrier: 'a' },
  t3: { site: 'south', model: 'M1', firmware: '1.1', carrier: 'b' },
};
const directory: Directory = {
  facts: (_tenant, terminal) => FACTS[terminal] as TerminalFacts | undefined,
};

/** What every telemetry store must do. */
export function describeTelemetryStore(title: string, makeHarness: () => Promise<TelemetryHarness>): void {
  describe(`telemetry store: ${title}`, () => {
    let harness: TelemetryHarness;
    let store: TelemetryStore;
    let T = 0;
    let position = 0;
    beforeEach(async () => {
      harness = await makeHarness();
      T = harness.day;
      position = 0;
      store = await harness.open({ directory });
      await store.start();
    });
    afterEach(async () => {
      await store.stop();
      await harness.reset();
    });
    const reopen = async (retention?: RetentionPolicy): Promise<void> => {
      await store.stop();
      store = await harness.open({ directory, ...(retention ? { retention } : {}) });
      await store.start();
    };
    const batch = (readings: readonly Reading[], at = ++position): ReadingBatch => ({
      shard: 0,
      position: at,
      readings,
    });
    const put = async (...readings: Reading[]): Promise<void> => {
      await store.write(batch(readings));
      await harness.settle();
    };

    it('answers the newest values of terminals, words and custom-free numbers alike', async () => {
      await put(
        heartbeat('t1', T + 2 * MINUTE, {
          battery: { soc_pct: 80.5, status: 'discharging' },
          network: { cell: 'c-1' },
        }),
        heartbeat('t1', T + MINUTE, { battery: { soc_pct: 99, status: 'full' } }),
        counters('t1', T + MINUTE, { printer: { printed_mm_total: 123_456.5 } }),
        heartbeat('t2', T, { system: { uptime_s: 5 } }),
      );
      const found = await store.latest(ACME, ['t1', 't2', 'never', 't1']);
      expect(found).toEqual([
        {
          terminal: 't1',
          ts: T + 2 * MINUTE,
          values: {
            'battery.soc_pct': 80.5,
            'battery.status': 'discharging',
            'network.cell': 'c-1',
            'printer.printed_mm_total': 123_456.5,
          },
        },
        { terminal: 't2', ts: T, values: { 'system.uptime_s': 5 } },
      ]);
    });

    it('never lets late data overwrite the newest', async () => {
      await put(heartbeat('t1', T + 10 * MINUTE, { battery: { soc_pct: 50 } }));
      await put(heartbeat('t1', T + 5 * MINUTE, { battery: { soc_pct: 60 } }));
      await put(heartbeat('t1', T - DAY, { battery: { soc_pct: 70 } }));
      expect((await store.latest(ACME, ['t1']))[0]).toMatchObject({
        ts: T + 10 * MINUTE,
        values: { 'battery.soc_pct': 50 },
      });
    });

    it('answers samples in the order of their time, with late ones in their place', async () => {
      await put(
        heartbeat('t1', T + 3 * MINUTE, { battery: { soc_pct: 3 }, printer: { state: 'ok' } }),
        heartbeat('t1', T + MINUTE, { battery: { soc_pct: 1 }, printer: { state: 'busy' } }),
        heartbeat('t1', T + 2 * MINUTE, { printer: { state: 'paper_low' } }),
        heartbeat('t2', T + MINUTE, { battery: { soc_pct: 9 } }),
      );
      const series = await store.range(ACME, {
        terminals: ['t1', 't2'],
        metrics: ['battery.soc_pct', 'printer.state'],
        from: T,
        to: T + HOUR,
      });
      expect(series).toEqual([
        { terminal: 't1', metric: 'battery.soc_pct', times: [T + MINUTE, T + 3 * MINUTE], values: [1, 3] },
        {
          terminal: 't1',
          metric: 'printer.state',
          times: [T + MINUTE, T + 2 * MINUTE, T + 3 * MINUTE],
          values: ['busy', 'paper_low', 'ok'],
        },
        { terminal: 't2', metric: 'battery.soc_pct', times: [T + MINUTE], values: [9] },
        { terminal: 't2', metric: 'printer.state', times: [], values: [] },
      ]);
    });

    it('takes from as inclusive and to as exclusive, over midnight', async () => {
      const times = [T - MINUTE, T, T + MINUTE, T + DAY - MINUTE, T + DAY];
      await put(...times.map((ts, i) => heartbeat('t1', ts, { battery: { soc_pct: i } })));
      const [series] = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['battery.soc_pct'],
        from: T,
        to: T + DAY,
      });
      expect(series!.values).toEqual([1, 2, 3]);
    });

    it('makes buckets: mean, min, max, last and quantiles of gauges', async () => {
      await put(
        ...[10, 20, 60].map((soc, i) => heartbeat('t1', T + i * MINUTE, { battery: { soc_pct: soc } })),
        heartbeat('t1', T + 10 * MINUTE, { battery: { soc_pct: 5 } }),
      );
      const ask = async (aggregate?: 'mean' | 'min' | 'max' | 'last' | 'p50') =>
        (
          await store.range(ACME, {
            terminals: ['t1'],
            metrics: ['battery.soc_pct'],
            from: T,
            to: T + 20 * MINUTE,
            stepMs: 10 * MINUTE,
            ...(aggregate ? { aggregate } : {}),
          })
        )[0]!;
      expect(await ask()).toMatchObject({ times: [T, T + 10 * MINUTE], values: [30, 5] });
      expect((await ask('min')).values).toEqual([10, 5]);
      expect((await ask('max')).values).toEqual([60, 5]);
      expect((await ask('last')).values).toEqual([60, 5]);
      expect((await ask('p50')).values).toEqual([20, 5]);
    });

    it('counts what a counter grew by, from the sample before, through a reset and a small step back', async () => {
      await put(
        counters('t1', T - 5 * MINUTE, { txn: { ok_total: 1000 } }),
        counters('t1', T + 5 * MINUTE, { txn: { ok_total: 1010 } }),
        // A power cut lost the last writes: no growth, and certainly not a thousand.
        counters('t1', T + 10 * MINUTE, { txn: { ok_total: 1008 } }),
        counters('t1', T + 15 * MINUTE, { txn: { ok_total: 1018 } }),
        // A new part began at zero.
        counters('t1', T + 65 * MINUTE, { txn: { ok_total: 7 } }),
        counters('t1', T + 70 * MINUTE, { txn: { ok_total: 9 } }),
      );
      const [series] = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['txn.ok_total'],
        from: T,
        to: T + 2 * HOUR,
        stepMs: HOUR,
      });
      expect(series).toMatchObject({ times: [T, T + HOUR], values: [20, 9] });
    });

    it('keeps words as they were said, whatever is in them', async () => {
      const cell = `a b,c=d"e' ü/{}`;
      await put(heartbeat('t1', T, { network: { cell, carrier: 'Ж 1' } }));
      expect((await store.latest(ACME, ['t1']))[0]!.values).toEqual({
        'network.cell': cell,
        'network.carrier': 'Ж 1',
      });
      const [series] = await store.range(ACME, { terminals: ['t1'], metrics: ['network.cell'], from: T, to: T + 1 });
      expect(series!.values).toEqual([cell]);
    });

    it("keeps an operator's own gauges", async () => {
      await put(
        heartbeat('t1', T, { custom: { drawer_kicks: 3, fan: 0.25 } }),
        heartbeat('t1', T + MINUTE, { custom: { fan: 0.75 } }),
      );
      const series = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['custom.fan', 'custom.drawer_kicks', 'custom.nobody_sent'],
        from: T,
        to: T + HOUR,
      });
      expect(series.map((s) => s.values)).toEqual([[0.25, 0.75], [3], []]);
      const [mean] = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['custom.fan'],
        from: T,
        to: T + HOUR,
        stepMs: HOUR,
      });
      expect(mean!.values).toEqual([0.5]);
    });

    it('aggregates a fleet by site, model and as a whole', async () => {
      await put(
        heartbeat('t1', T, { battery: { soc_pct: 10 } }),
        heartbeat('t2', T + MINUTE, { battery: { soc_pct: 30 } }),
        heartbeat('t3', T + 2 * MINUTE, { battery: { soc_pct: 80 } }),
        heartbeat('t1', T + HOUR, { battery: { soc_pct: 20 } }),
        heartbeat('placeless', T, { battery: { soc_pct: 99 } }),
        heartbeat('t1', T, { battery: { soc_pct: 1 } }, { tenant: OTHER }),
      );
      const ask = (by: 'site' | 'model' | 'tenant', aggregate: 'mean' | 'max') =>
        store.aggregate(ACME, {
          by,
          metric: 'battery.soc_pct',
          from: T,
          to: T + 2 * HOUR,
          stepMs: HOUR,
          aggregate,
        });
      expect(await ask('site', 'mean')).toEqual([
        { group: 'north', times: [T, T + HOUR], values: [20, 20], terminals: 2 },
        { group: 'south', times: [T], values: [80], terminals: 1 },
      ]);
      expect((await ask('model', 'max')).map((g) => [g.group, g.values])).toEqual([
        ['M1', [80, 20]],
        ['M2', [30]],
      ]);
      expect(await ask('tenant', 'max')).toMatchObject([{ group: 'acme', terminals: 4, values: [99, 20] }]);
    });

    it('sums the growth of counters over a site', async () => {
      await put(
        ...[0, 1, 2].flatMap((i) => [
          counters('t1', T + i * 5 * MINUTE, { txn: { ok_total: 100 + i * 10 } }),
          counters('t2', T + i * 5 * MINUTE, { txn: { ok_total: 500 + i } }),
        ]),
      );
      const groups = await store.aggregate(ACME, {
        by: 'site',
        metric: 'txn.ok_total',
        from: T,
        to: T + HOUR,
        stepMs: HOUR,
        aggregate: 'increase',
      });
      expect(groups).toEqual([{ group: 'north', times: [T], values: [22], terminals: 2 }]);
    });

    it('gives events back whole, newest first', async () => {
      await put(
        event('t1', T, { type: 'paper_loaded', component: 'printer' }, { boot: 'b7', seq: 4 }),
        event('t1', T + HOUR, { type: 'part_replaced', component: 'battery', detail: { serial: 'x"\n1' } }),
        event('t2', T, { type: 'tamper' }),
        heartbeat('t1', T, {}),
      );
      const found = await store.events(ACME, 't1', T - DAY, T + DAY, 10);
      expect(found.map((r) => r.ts)).toEqual([T + HOUR, T]);
      expect(found[0]).toMatchObject({
        channel: 'event',
        receivedAt: T + HOUR + 250,
        payload: { type: 'part_replaced', detail: { serial: 'x"\n1' } },
      });
      expect(found[1]).toMatchObject({ boot: 'b7', seq: 4 });
      expect(await store.events(ACME, 't1', T - DAY, T + DAY, 1)).toHaveLength(1);
    });

    it('keeps tenants apart', async () => {
      await put(
        heartbeat('t1', T, { battery: { soc_pct: 1 } }),
        heartbeat('t1', T, { battery: { soc_pct: 2 } }, { tenant: OTHER }),
        event('t1', T, { type: 'boot' }, { tenant: OTHER }),
      );
      expect((await store.latest(OTHER, ['t1']))[0]!.values).toEqual({ 'battery.soc_pct': 2 });
      expect(await store.events(ACME, 't1', 0, T + DAY, 10)).toEqual([]);
      const [series] = await store.range(ACME, { terminals: ['t1'], metrics: ['battery.soc_pct'], from: T, to: T + 1 });
      expect(series!.values).toEqual([1]);
    });

    it('stores a batch that comes again once', async () => {
      const first = batch([counters('t1', T, { txn: { ok_total: 5 } }), event('t1', T, { type: 'cleaned' })]);
      const second = batch([heartbeat('t1', T, { battery: { soc_pct: 5 } })]);
      await store.writeAll([first, second]);
      await store.write(first);
      await store.writeAll([first, second]);
      await harness.settle();
      if (harness.capabilities.ownPosition) {
        expect(await store.position(0)).toBe(2);
        await reopen();
        expect(await store.position(0)).toBe(2);
        await store.writeAll([first, second]);
      }
      const series = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['txn.ok_total', 'battery.soc_pct'],
        from: T,
        to: T + HOUR,
      });
      expect(series.map((s) => s.values)).toEqual([[5], [5]]);
      expect(await store.events(ACME, 't1', T, T + HOUR, 10)).toHaveLength(1);
    });

    it('has everything again after it is opened again', async () => {
      await put(
        heartbeat('t1', T, { battery: { soc_pct: 42, status: 'charging' }, custom: { fan: 1 } }),
        counters('t1', T, { txn: { ok_total: 5 } }),
        event('t1', T, { type: 'boot' }),
      );
      await reopen();
      await put(heartbeat('t2', T, { battery: { soc_pct: 43, status: 'charging' } }));
      const found = await store.latest(ACME, ['t1', 't2']);
      expect(found.map((l) => l.values['battery.soc_pct'])).toEqual([42, 43]);
      expect(found[0]!.values['battery.status']).toBe('charging');
      expect(found[0]!.values['txn.ok_total']).toBe(5);
      expect(await store.events(ACME, 't1', T, T + 1, 10)).toHaveLength(1);
    });

    it('refuses a query that makes no sense, naming the field', async () => {
      const range = { terminals: ['t1'], metrics: ['battery.soc_pct'], from: T, to: T + HOUR };
      const cases = [
        [{ ...range, metrics: ['battery.nonsense'] }, 'metrics'],
        [{ ...range, metrics: ["custom.x'; DROP TABLE hb"] }, 'metrics'],
        [{ ...range, to: T }, 'to'],
        [{ ...range, stepMs: 0.5 }, 'stepMs'],
      ] as const;
      for (const [query, field] of cases) {
        await expect(store.range(ACME, query)).rejects.toMatchObject({
          code: 'telemetry.bad_query',
          status: 400,
          context: { field },
        });
      }
    });

    it('deletes a tenant and nobody else', async () => {
      await put(
        heartbeat('t1', T, { battery: { soc_pct: 1 } }),
        event('t1', T, { type: 'boot' }),
        heartbeat('t1', T, { battery: { soc_pct: 2 } }, { tenant: OTHER }),
        event('t1', T, { type: 'boot' }, { tenant: OTHER }),
      );
      await store.deleteTenant(OTHER);
      await harness.settle();
      expect(await store.latest(OTHER, ['t1'])).toEqual([]);
      expect(await store.events(OTHER, 't1', T, T + 1, 10)).toEqual([]);
      expect(await store.latest(ACME, ['t1'])).toHaveLength(1);
      await put(heartbeat('t1', T + MINUTE, { battery: { soc_pct: 3 } }, { tenant: OTHER }));
      const [series] = await store.range(OTHER, {
        terminals: ['t1'],
        metrics: ['battery.soc_pct'],
        from: T,
        to: T + HOUR,
      });
      expect(series!.values).toEqual([3]);
      expect((await store.latest(ACME, ['t1']))[0]!.values['battery.soc_pct']).toBe(1);
    });

    it('answers nothing, rather than failing, while it is empty', async () => {
      expect(await store.latest(ACME, ['t1'])).toEqual([]);
      expect(await store.events(ACME, 't1', 0, T, 10)).toEqual([]);
      const range = { terminals: ['t1'], metrics: ['battery.soc_pct'], from: T, to: T + HOUR };
      expect(await store.range(ACME, range)).toEqual([
        { terminal: 't1', metric: 'battery.soc_pct', times: [], values: [] },
      ]);
      expect(
        await store.aggregate(ACME, {
          by: 'site',
          metric: 'battery.soc_pct',
          from: T,
          to: T + HOUR,
          stepMs: HOUR,
          aggregate: 'mean',
        }),
      ).toEqual([]);
      await store.maintain(T + DAY);
      await store.deleteTenant(ACME);
    });

    it('refuses work when it is stopped', async () => {
      await store.stop();
      await expect(store.latest(ACME, ['t1'])).rejects.toMatchObject({ code: 'telemetry.closed' });
      await store.start();
    });

    it('rolls up, answers the same from rollups as from rows, and takes late rows into them', async ({ skip }) => {
      if (!harness.capabilities.rollups) skip('the server keeps its own rollups');
      const readings: Reading[] = [];
      for (let i = 0; i < 48 * 12; i++) {
        const ts = T + i * 5 * MINUTE;
        readings.push(
          heartbeat('t1', ts, {
            battery: { soc_pct: 50 + (i % 7), status: i % 2 ? 'full' : 'charging' },
            custom: { fan: i % 3 },
          }),
          counters('t1', ts + 1000, { txn: { ok_total: i < 300 ? i * 2 : i - 300 } }),
        );
      }
      await put(...readings);
      const query = {
        terminals: ['t1'],
        metrics: ['battery.soc_pct', 'battery.status', 'txn.ok_total', 'custom.fan'],
        from: T,
        to: T + 2 * DAY,
        stepMs: HOUR,
      };
      const fleet = {
        by: 'site',
        metric: 'battery.soc_pct',
        from: T,
        to: T + 2 * DAY,
        stepMs: HOUR,
        aggregate: 'mean',
      } as const;
      const before = await store.range(ACME, query);
      const fleetBefore = await store.aggregate(ACME, fleet);
      await store.maintain(T + DAY + 12 * HOUR);
      const after = await store.range(ACME, query);
      after.forEach((series, i) => {
        expect(series.times).toEqual(before[i]!.times);
        if (series.metric === 'battery.status') expect(series.values).toEqual(before[i]!.values);
        else
          series.values.forEach((value, k) => {
            expect(value, `${series.metric} ${k}`).toBeCloseTo(before[i]!.values[k] as number, 2);
          });
      });
      expect((await store.aggregate(ACME, fleet))[0]!.values[3]).toBeCloseTo(fleetBefore[0]!.values[3]!, 2);
      await put(heartbeat('t1', T + 2 * MINUTE, { battery: { soc_pct: 100 } }));
      await store.maintain(T + DAY + 12 * HOUR);
      const [late] = await store.range(ACME, { ...query, metrics: ['battery.soc_pct'], aggregate: 'max' });
      expect(late!.values[0]).toBe(100);
    });

    it('drops what is over age, gives disk back, and still answers from what is left', async ({ skip }) => {
      if (!harness.capabilities.rollups) skip('the server drops by its own retention');
      await reopen({ raw: 2 * DAY, '5m': 7 * DAY, '1h': 60 * DAY });
      for (let day = 0; day < 20; day++) {
        const readings: Reading[] = [];
        for (let i = 0; i < 2880; i++) {
          readings.push(
            heartbeat(`t${i % 10}`, T + day * DAY + Math.floor(i / 10) * 5 * MINUTE, {
              battery: { soc_pct: day, voltage_mv: i * 7 },
            }),
          );
        }
        await store.write(batch(readings));
      }
      const full = await store.stats();
      await store.maintain(T + 20 * DAY);
      const kept = await store.stats();
      expect(full.rows).toBe(20 * 2880);
      expect(kept.rows).toBe(2 * 2880);
      expect(kept.bytesOnDisk).toBeLessThan(full.bytesOnDisk);
      const [hours] = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['battery.soc_pct'],
        from: T,
        to: T + 20 * DAY,
        stepMs: DAY,
      });
      expect(hours!.values).toEqual(Array.from({ length: 20 }, (_, i) => i));
      const [samples] = await store.range(ACME, {
        terminals: ['t1'],
        metrics: ['battery.soc_pct'],
        from: T,
        to: T + 20 * DAY,
      });
      expect(samples!.values.length).toBeGreaterThan(2 * 288);
      expect((await store.latest(ACME, ['t1']))[0]!.values['battery.soc_pct']).toBe(19);
      await store.maintain(T + 40 * DAY);
      expect((await store.latest(ACME, ['t1']))[0]!.values['battery.soc_pct']).toBe(19);
      await store.maintain(T + 100 * DAY);
      expect(await store.latest(ACME, ['t1'])).toEqual([]);
      const left = await store.stats();
      expect(left.oldest).toBeNull();
      expect(left.bytesOnDisk).toBeLessThan(kept.bytesOnDisk / 4);
    });

    it('exports raw rows to CSV and Parquet', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'tillwatch-export-'));
      try {
        await put(
          heartbeat('t1', T, { battery: { soc_pct: 5, status: 'full' }, custom: { fan: 2 } }),
          counters('t1', T + 1, { txn: { ok_total: 5 } }),
          heartbeat('t2', T + DAY, {}),
          heartbeat('t1', T, {}, { tenant: OTHER }),
        );
        const csv = join(dir, 'rows.csv');
        const work = store.export(ACME, 'csv', csv, T, T + DAY);
        if (!harness.capabilities.export) {
          await expect(work).rejects.toMatchObject({ code: 'telemetry.export_unsupported' });
          return;
        }
        expect(await work).toEqual({ rows: 3 });
        const [head, ...lines] = readFileSync(csv, 'utf8').trim().split('\n');
        expect(head).toContain('battery.soc_pct');
        expect(lines).toHaveLength(3);
        expect(lines.filter((line) => line.includes('full'))).toHaveLength(1);
        const parquet = join(dir, 'rows.parquet');
        expect(await store.export(ACME, 'parquet', parquet, T, T + 2 * DAY)).toEqual({ rows: 4 });
        expect(readFileSync(parquet).subarray(0, 4).toString()).toBe('PAR1');
        expect(existsSync(parquet)).toBe(true);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    });
  });
}
