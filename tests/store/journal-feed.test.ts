import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TillwatchError } from '../../contract/errors.ts';
import type { Journal, JournalFeed } from '../../contract/ports/journal.ts';
import type { ReadingBatch } from '../../contract/reading.ts';
import { createJournalFeed } from '../../store/journal/feed.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { heartbeat } from '../support/readings.ts';
import { until } from '../support/until.ts';

const log = pino({ level: 'silent' });

describe('journal feed', () => {
  let dir: string;
  let journal: Journal;
  let feed: JournalFeed;
  let clock: ManualClock;
  const open = async (liveReadings = 1000): Promise<void> => {
    journal = createSqliteJournal({ dir, shards: 1 });
    await journal.start();
    feed = createJournalFeed({ journal, clock, log, metrics: new Registry(), liveReadings, readBytes: 1000 });
  };
  const close = async (): Promise<void> => {
    await feed.stop();
    await journal.stop();
  };
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tillwatch-feed-'));
    clock = new ManualClock();
    await open();
  });
  afterEach(async () => {
    await close();
    rmSync(dir, { recursive: true, force: true });
  });
  const batch = (n: number) => [heartbeat(`t${n}`, clock.now() + n, { battery: { soc_pct: n % 100 } }, { seq: n })];
  const seqs = (batches: readonly ReadingBatch[]) => batches.flatMap((b) => b.readings.map((r) => r.seq));

  it('hands a level reader the very readings that were published, once durable', async () => {
    const got: ReadingBatch[] = [];
    const reader = await feed.consume({ consumer: 'a', shard: 0, handle: (b) => void got.push(b) });
    await feed.publish(0, batch(0));
    await until('first', () => got.length === 1);
    const readings = batch(1);
    expect(await feed.publish(0, readings)).toBe(2);
    await until('second', () => got.length === 2);
    expect(got[1]!.readings[0]).toBe(readings[0]);
    expect(reader.position).toBe(2);
    expect(reader.lag).toBe(0);
  });

  it('reads back for a reader that comes later, with the same content', async () => {
    for (let i = 0; i < 30; i++) await feed.publish(0, batch(i));
    const got: ReadingBatch[] = [];
    await feed.consume({ consumer: 'a', shard: 0, handle: (b) => void got.push(b) });
    await until('all', () => got.length === 30);
    expect(got[7]!.position).toBe(8);
    const { raw: _, ...read } = got[7]!.readings[0]!;
    const { raw: __, ...written } = batch(7)[0]!;
    expect(read).toEqual(written);
  });

  it('gives a slow reader every batch once, in order, while others do not wait for it', async () => {
    await close();
    await open(5);
    const slow: ReadingBatch[] = [];
    const fast: ReadingBatch[] = [];
    let letGo = (): void => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await feed.consume({
      consumer: 'slow',
      shard: 0,
      handle: async (b) => {
        await gate;
        slow.push(b);
      },
    });
    await feed.consume({ consumer: 'fast', shard: 0, handle: (b) => void fast.push(b) });
    for (let i = 0; i < 200; i++) await feed.publish(0, batch(i));
    await until('fast', () => fast.length === 200);
    expect(slow).toHaveLength(0);
    letGo();
    for (let i = 200; i < 400; i++) void feed.publish(0, batch(i));
    await until('slow', () => slow.length === 400);
    expect(seqs(slow)).toEqual(Array.from({ length: 400 }, (_, i) => i));
    await until('fast', () => fast.length === 400);
    expect(seqs(fast)).toEqual(Array.from({ length: 400 }, (_, i) => i));
  });

  it('begins after its committed cursor when it is started again', async () => {
    const first: ReadingBatch[] = [];
    const reader = await feed.consume({ consumer: 'a', shard: 0, handle: (b) => void first.push(b) });
    for (let i = 0; i < 5; i++) await feed.publish(0, batch(i));
    await until('five', () => first.length === 5);
    await reader.stop();
    await close();
    await open();
    await feed.publish(0, batch(5));
    const second: ReadingBatch[] = [];
    await feed.consume({ consumer: 'a', shard: 0, handle: (b) => void second.push(b) });
    await until('one', () => second.length === 1);
    expect(seqs(second)).toEqual([5]);
  });

  it('with a manual cursor, begins after what was acknowledged', async () => {
    const got: ReadingBatch[] = [];
    const reader = await feed.consume({ consumer: 'a', shard: 0, cursor: 'manual', handle: (b) => void got.push(b) });
    for (let i = 0; i < 5; i++) await feed.publish(0, batch(i));
    await until('five', () => got.length === 5);
    await reader.acknowledge(3);
    await reader.stop();
    expect(await journal.cursor('a', 0)).toBe(3);
  });

  it('gives only what is new to a reader that begins at the end, and keeps no cursor for it', async () => {
    await feed.publish(0, batch(0));
    const got: ReadingBatch[] = [];
    await feed.consume({ consumer: 'live', shard: 0, after: 'end', handle: (b) => void got.push(b) });
    await feed.publish(0, batch(1));
    await until('one', () => got.length === 1);
    expect(seqs(got)).toEqual([1]);
    await journal.commit('other', 0, 2);
    await feed.stop();
    expect(await journal.cursor('live', 0)).toBe(0);
  });

  it('gives a batch again, with growing pauses, while its reader rejects it for now', async () => {
    let attempts = 0;
    const got: number[] = [];
    await feed.consume({
      consumer: 'a',
      shard: 0,
      handle: (b) => {
        if (++attempts <= 3) throw new TillwatchError('telemetry.unavailable', 'gone', { retryable: true });
        got.push(b.position);
      },
    });
    await feed.publish(0, batch(0));
    await feed.publish(0, batch(1));
    await until('first attempt', () => attempts === 1);
    await until('done', async () => {
      await clock.advance(100);
      return got.length === 2;
    });
    expect(got).toEqual([1, 2]);
    expect(attempts).toBe(5);
  });

  it('stops a reader that rejects a batch for good, says why, and keeps its place', async () => {
    const reader = await feed.consume({
      consumer: 'a',
      shard: 0,
      handle: (b) => {
        if (b.position === 2) throw new TillwatchError('analytics.broken', 'cannot');
      },
    });
    for (let i = 0; i < 3; i++) await feed.publish(0, batch(i));
    await until('stopped', () => reader.failure);
    expect(reader.failure).toMatchObject({ code: 'analytics.broken' });
    expect(reader.position).toBe(1);
    await reader.stop();
    expect(await journal.cursor('a', 0)).toBe(1);
  });

  it('passes over a damaged entry, counting it, and goes on', async () => {
    await journal.append(0, new TextEncoder().encode('not a batch'));
    await feed.publish(0, batch(1));
    const got: ReadingBatch[] = [];
    await feed.consume({ consumer: 'a', shard: 0, handle: (b) => void got.push(b) });
    await until('one', () => got.length === 1);
    expect(got[0]!.position).toBe(2);
  });

  it('saves a cursor soon after the last batch, without waiting for the next', async () => {
    const reader = await feed.consume({ consumer: 'a', shard: 0, handle: () => {} });
    await feed.publish(0, batch(0));
    await until('handled', () => reader.position === 1);
    await clock.advance(1000);
    await until('saved', async () => (await journal.cursor('a', 0)) === 1);
  });
});
