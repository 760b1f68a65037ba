import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { Files } from '../../store/telemetry/duckdb/files.ts';
import { filledSpans } from '../../store/telemetry/duckdb/rollup.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { ACME, counters, heartbeat } from '../support/readings.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T = Date.UTC(2026, 0, 6);
const DAYS = 6;

describe('telemetry upkeep while rows come in', () => {
  let dir: string;
  let store: TelemetryStore;
  let position = 0;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tillwatch-upkeep-'));
    store = createDuckDbTelemetry({ dir, directory: { facts: () => undefined }, memoryMb: 256 });
    position = 0;
    await store.start();
  });
  afterEach(async () => {
    await store.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  /** A row in each of several days, so that every file is added to while it is being put in order. */
  const batch = () => {
    const n = ++position;
    const readings = Array.from({ length: DAYS }, (_, day) => [
      heartbeat('t0', T - day * DAY + n * 1000, { battery: { cycles: n } }, { seq: n }),
      counters('t0', T - day * DAY + n * 1000, { txn: { ok_total: n } }, { seq: n }),
    ]).flat();
    return { shard: 0, position: n, readings };
  };
  const writeDuring = async (work: Promise<unknown>): Promise<void> => {
    let ended = false;
    const over = work.finally(() => {
      ended = true;
    });
    while (!ended) await store.write(batch());
    await over;
  };
  const countsByDay = async (): Promise<number[]> => {
    const query = { terminals: ['t0'], from: T - DAYS * DAY, to: T + DAY };
    const [series] = await store.range(ACME, { ...query, metrics: ['battery.cycles'] });
    const counts = new Map<number, number>();
    for (const ts of series!.times) counts.set(Math.floor(ts / DAY), (counts.get(Math.floor(ts / DAY)) ?? 0) + 1);
    return [...counts.values()];
  };

  it('takes rows for days that are being put in order, and has each of them once, before and after a restart', async () => {
    await store.writeAll(Array.from({ length: 300 }, batch));
    await writeDuring(store.maintain(T + 2 * DAY));
    expect(await countsByDay()).toEqual(Array.from({ length: DAYS }, () => position));
    await store.stop();
    await store.start();
    expect(await countsByDay()).toEqual(Array.from({ length: DAYS }, () => position));
  });

  it('has the rollups of rows that came while their hour was rolled up', async () => {
    await store.writeAll(Array.from({ length: 300 }, batch));
    await writeDuring(store.maintain(T + 2 * DAY));
    await store.maintain(T + 2 * DAY);
    const [series] = await store.range(ACME, {
      terminals: ['t0'],
      metrics: ['battery.cycles'],
      from: T,
      to: T + DAY,
      stepMs: HOUR,
      aggregate: 'max',
    });
    expect(series!.values.at(-1)).toBe(position);
    const [grown] = await store.range(ACME, {
      terminals: ['t0'],
      metrics: ['txn.ok_total'],
      from: T,
      to: T + DAY,
      stepMs: DAY,
    });
    // The day before ended far above 1: that is a counter beginning again from zero.
    expect(grown!.values).toEqual([position]);
  });

  it('answers queries while days are put in order and a tenant is deleted', async () => {
    await store.writeAll(Array.from({ length: 300 }, batch));
    let ended = false;
    const upkeep = Promise.all([store.maintain(T + 2 * DAY), store.deleteTenant(ACME)]).finally(() => {
      ended = true;
    });
    let asked = 0;
    while (!ended) {
      await store.latest(ACME, ['t0']);
      await countsByDay();
      asked++;
    }
    await upkeep;
    expect(asked).toBeGreaterThan(0);
    expect(await store.latest(ACME, ['t0'])).toEqual([]);
    expect((await store.stats()).rows).toBe(0);
  });

  it('has the rollups of rows that began a day between two that were rolled up, also when that day is over age', async () => {
    await store.stop();
    const retention = { raw: DAY, '5m': 400 * DAY, '1h': 400 * DAY };
    store = createDuckDbTelemetry({ dir, directory: { facts: () => undefined }, memoryMb: 256, retention });
    await store.start();
    const row = (n: number, day: number) => ({
      shard: 0,
      position: n,
      readings: [heartbeat('t0', T + day * DAY, { battery: { cycles: day } }, { seq: n })],
    });
    await store.writeAll([row(1, 0), row(2, 2)]);
    const upkeep = store.maintain(T + 3.5 * DAY);
    await store.write(row(3, 1));
    await upkeep;
    await store.maintain(T + 20 * DAY);
    // Nothing but rollups is left to answer from.
    expect((await store.stats()).rows).toBe(0);
    const query = { terminals: ['t0'], metrics: ['battery.cycles'], from: T - DAY, to: T + 3 * DAY, stepMs: HOUR };
    const [series] = await store.range(ACME, query);
    expect(series!.values).toEqual([0, 1, 2]);
  });

  it('rolls up the hours in which there is something, and asks nothing of the others', async () => {
    await store.writeAll(
      [3, 4, 20].map((hour, i) => ({
        shard: 0,
        position: i + 1,
        readings: [
          hour === 4
            ? counters('t0', T + hour * HOUR, { txn: { ok_total: 5 } }, { seq: i })
            : heartbeat('t0', T + hour * HOUR, { battery: { cycles: hour } }, { seq: i }),
        ],
      })),
    );
    await store.stop();
    const raw = readdirSync(dir).find((name) => name.startsWith('raw_'))!;
    const instance = await DuckDBInstance.create(join(dir, raw), { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    const alias = raw.replace('.duckdb', '');
    const files = { find: () => ({ alias }) } as unknown as Files;
    expect(await filledSpans(connection, files, { from: T, to: T + DAY })).toEqual([
      { from: T + 3 * HOUR, to: T + 5 * HOUR },
      { from: T + 20 * HOUR, to: T + 21 * HOUR },
    ]);
    expect(await filledSpans(connection, files, { from: T + 5 * HOUR, to: T + 20 * HOUR })).toEqual([]);
    connection.closeSync();
    instance.closeSync();
    await store.start();
    await store.maintain(T + DAY);
    const query = { terminals: ['t0'], metrics: ['battery.cycles'], from: T, to: T + DAY, stepMs: HOUR };
    const [series] = await store.range(ACME, query);
    expect(series!.values).toEqual([3, 20]);
  });

  it('gives back the memory of what was written and read, and answers as before', async () => {
    for (let n = 1; n <= 20; n++) {
      const readings = Array.from({ length: 2_000 }, (_, i) =>
        heartbeat(`t${i}`, T + n * 1000, { battery: { cycles: n, voltage_mv: (n * 7919 + i * 104_729) % 20_000 } }),
      );
      await store.write({ shard: 0, position: n, readings });
    }
    const before = (await store.stats()).memoryBytes ?? 0;
    await store.maintain(T + 2 * HOUR);
    const after = (await store.stats()).memoryBytes ?? 0;
    expect(before).toBeGreaterThan(20 * 2 ** 20);
    expect(after).toBeLessThan(before / 2);
    const [series] = await store.range(ACME, { terminals: ['t7'], metrics: ['battery.cycles'], from: T, to: T + DAY });
    expect(series!.values).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});
