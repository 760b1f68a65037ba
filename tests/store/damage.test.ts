import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeReadings, encodeReadings } from '../../contract/journal-codec.ts';
import type { Journal } from '../../contract/ports/journal.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { ReadingBatch } from '../../contract/reading.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { ACME, counters, event, heartbeat } from '../support/readings.ts';

const DAY = 86_400_000;
const T = Date.UTC(2026, 0, 6);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tillwatch-damage-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('damaged journal files', () => {
  const open = async (damages: string[] = []): Promise<Journal> => {
    const journal = createSqliteJournal({
      dir,
      shards: 1,
      segmentBytes: 300_000,
      onDamage: ({ path }) => damages.push(path),
    });
    await journal.start();
    return journal;
  };
  const fill = async (journal: Journal, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await journal.append(0, new Uint8Array(100_000).fill(i));
  };
  const segments = (): string[] => readdirSync(dir).filter((name) => name.endsWith('.db'));

  it('puts a segment of garbage aside, says so, and goes on past it; positions are never given twice', async () => {
    let journal = await open();
    await fill(journal, 20);
    await journal.stop();
    const newest = segments().sort().at(-1)!;
    writeFileSync(join(dir, newest), Buffer.alloc(8192, 7));
    const damages: string[] = [];
    journal = await open(damages);
    expect(damages).toEqual([join(dir, `${newest}.damaged`)]);
    expect(existsSync(join(dir, `${newest}.damaged`))).toBe(true);
    expect(await journal.append(0, new Uint8Array(3))).toBeGreaterThan(20);
    const found: number[] = [];
    for (let after = 0; ; ) {
      const some = await journal.read(0, after, 1_000_000);
      if (some.length === 0) break;
      found.push(...some.map((e) => e.position));
      after = found.at(-1)!;
    }
    expect(found.length).toBeGreaterThan(10);
    expect(new Set(found).size).toBe(found.length);
    await journal.stop();
    expect((await (journal = await open())).shards).toBe(1);
    await journal.stop();
  });

  it('reads past a damaged segment in the middle', async () => {
    let journal = await open();
    await fill(journal, 30);
    await journal.commit('reader', 0, 2);
    await journal.stop();
    const names = segments().sort();
    truncateSync(join(dir, names[2]!), 5000);
    journal = await open();
    expect(await journal.cursor('reader', 0)).toBe(2);
    expect(await journal.last(0)).toBe(30);
    expect(await journal.append(0, new Uint8Array(1))).toBe(31);
    await journal.stop();
  });

  it('keeps committed entries when the log of the newest segment is cut off in the middle', async () => {
    let journal = await open();
    await fill(journal, 1);
    // A copy of a running journal is what a power cut leaves: its log not yet folded into the file.
    const copy = mkdtempSync(join(tmpdir(), 'tillwatch-cut-'));
    await journal.append(0, new Uint8Array(50_000).fill(9));
    cpSync(dir, copy, { recursive: true });
    await journal.stop();
    const log = join(copy, readdirSync(copy).find((name) => name.endsWith('-wal'))!);
    truncateSync(log, statSync(log).size - 1000);
    rmSync(dir, { recursive: true, force: true });
    cpSync(copy, dir, { recursive: true });
    rmSync(copy, { recursive: true, force: true });
    journal = await open();
    expect(await journal.last(0)).toBeGreaterThanOrEqual(1);
    expect((await journal.read(0, 0, 1))[0]!.bytes[0]).toBe(0);
    await journal.stop();
  });

  it('refuses to open with another number of shards, and says what to do', async () => {
    const journal = await open();
    await journal.append(0, new Uint8Array(1));
    await journal.stop();
    await expect(createSqliteJournal({ dir, shards: 4 }).start()).rejects.toMatchObject({
      code: 'journal.shards_changed',
      context: { had: 1, asked: 4 },
    });
  });
});

describe('damaged telemetry files', () => {
  const batch = (n: number): ReadingBatch => ({
    shard: 0,
    position: n,
    readings: [
      heartbeat(`t${n % 3}`, T + n * 1000, { battery: { cycles: n, status: 'full' } }, { seq: n }),
      heartbeat(`t${n % 3}`, T - DAY + n * 1000, { battery: { cycles: n } }, { seq: n }),
      counters(`t${n % 3}`, T + n * 1000, { txn: { ok_total: n } }, { seq: n }),
      event(`t${n % 3}`, T + n * 1000, { type: 'cleaned' }, { seq: n }),
    ],
  });
  const terminals = ['t0', 't1', 't2'];
  const open = async (damages: string[] = []): Promise<TelemetryStore> => {
    const store = createDuckDbTelemetry({
      dir,
      directory: { facts: () => undefined },
      memoryMb: 256,
      onDamage: ({ path }) => damages.push(path),
    });
    await store.start();
    return store;
  };
  /** What a journal that still has everything would hand over. */
  const replay = async (store: TelemetryStore, last: number): Promise<void> => {
    for (let n = (await store.position(0)) + 1; n <= last; n++) {
      // Through its bytes, as from a real journal.
      const { readings, ...rest } = batch(n);
      await store.write({ ...rest, readings: decodeReadings(encodeReadings(readings)) });
    }
  };
  const valuesOf = async (store: TelemetryStore, from: number): Promise<number[]> => {
    const series = await store.range(ACME, { terminals, metrics: ['battery.cycles'], from, to: from + DAY });
    return series.flatMap((s) => s.values as number[]).sort((a, b) => a - b);
  };
  const all = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
  const filled = async (): Promise<void> => {
    const store = await open();
    await replay(store, 30);
    await store.maintain(T + 2 * DAY);
    await replay(store, 40);
    await store.stop();
  };
  const fileOf = (kind: string): string =>
    join(dir, readdirSync(dir).find((name) => name.startsWith(kind) && name.endsWith('.duckdb'))!);

  for (const [what, kind] of [
    ['a day of rows', 'raw'],
    ['events', 'ev'],
    ['five-minute rollups', 'r5m'],
    ['hourly rollups', 'r1h'],
  ] as const) {
    it(`puts ${what} that cannot be read aside, and the journal fills it in again, once`, async () => {
      await filled();
      writeFileSync(fileOf(kind), Buffer.alloc(300_000, 1));
      const damages: string[] = [];
      const store = await open(damages);
      expect(damages).toHaveLength(1);
      await replay(store, 45);
      await store.maintain(T + 2 * DAY);
      expect(await valuesOf(store, T)).toEqual(all(45));
      expect(await valuesOf(store, T - DAY)).toEqual(all(45));
      const events = await Promise.all(terminals.map((t) => store.events(ACME, t, T, T + DAY, 100)));
      expect(events.flat()).toHaveLength(45);
      const [mean] = await store.range(ACME, {
        terminals: ['t0'],
        metrics: ['battery.cycles'],
        from: T,
        to: T + DAY,
        stepMs: 3_600_000,
        aggregate: 'max',
      });
      expect(mean!.values).toEqual([45]);
      await store.stop();
    });
  }

  it('notices a file that is gone, and fills it in again', async () => {
    await filled();
    rmSync(fileOf('raw'));
    const damages: string[] = [];
    const store = await open(damages);
    expect(damages).toHaveLength(1);
    await replay(store, 41);
    expect(await valuesOf(store, T)).toEqual(all(41));
    expect(await valuesOf(store, T - DAY)).toEqual(all(41));
    await store.stop();
  });

  it('brings nothing back that was dropped by age when the journal is read again', async () => {
    await filled();
    let store = await open();
    await store.maintain(T + 9 * DAY);
    const before = await store.range(ACME, {
      terminals,
      metrics: ['txn.ok_total'],
      from: T - DAY,
      to: T + DAY,
      stepMs: 3_600_000,
    });
    expect((await store.stats()).rows).toBe(40);
    await store.stop();
    writeFileSync(fileOf('ev'), Buffer.alloc(300_000, 1));
    store = await open();
    await replay(store, 40);
    await store.maintain(T + 9 * DAY);
    expect((await store.stats()).rows).toBe(40);
    const after = await store.range(ACME, {
      terminals,
      metrics: ['txn.ok_total'],
      from: T - DAY,
      to: T + DAY,
      stepMs: 3_600_000,
    });
    expect(after).toEqual(before);
    await store.stop();
  });

  it('makes a lost catalogue again from the files', async () => {
    await filled();
    writeFileSync(join(dir, 'catalog.db'), 'not a database at all, but long enough to look at'.repeat(200));
    const damages: string[] = [];
    const store = await open(damages);
    expect(damages).toEqual(['catalog.db']);
    expect(await store.position(0)).toBe(0);
    await replay(store, 45);
    expect(await valuesOf(store, T)).toEqual(all(45));
    expect((await store.latest(ACME, ['t0']))[0]!.values).toMatchObject({
      'battery.cycles': 45,
      'battery.status': 'full',
    });
    await store.stop();
  });

  it('loses nothing when a log is garbage: the file stands at its checkpoint and the journal goes on from there', async () => {
    await filled();
    const live = await open();
    await replay(live, 60);
    // As a kill would leave it: rows in the log only.
    const copy = mkdtempSync(join(tmpdir(), 'tillwatch-log-'));
    cpSync(dir, copy, { recursive: true });
    await live.stop();
    rmSync(dir, { recursive: true, force: true });
    cpSync(copy, dir, { recursive: true });
    rmSync(copy, { recursive: true, force: true });
    const logs = readdirSync(dir).filter((name) => name.endsWith('.wal'));
    expect(logs.length).toBeGreaterThan(0);
    for (const name of logs) writeFileSync(join(dir, name), Buffer.alloc(4096, 5));
    const damages: string[] = [];
    const store = await open(damages);
    expect(damages.length).toBeGreaterThanOrEqual(logs.length);
    await replay(store, 65);
    expect(await valuesOf(store, T)).toEqual(all(65));
    expect(await valuesOf(store, T - DAY)).toEqual(all(65));
    await store.stop();
  });
});
