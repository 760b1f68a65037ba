import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { ReadingBatch } from '../../contract/reading.ts';
import { createJournalFeed } from '../../store/journal/feed.ts';
import { createNatsJournal } from '../../store/journal/nats/journal.ts';
import { createVictoriaTelemetry } from '../../store/telemetry/server/victoria.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ACME, heartbeat } from '../support/readings.ts';
import { describeServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const DEDUP = '-dedup.minScrapeInterval=1ms';
const MINUTE = 60_000;

describeServer('victoria-metrics', 'telemetry on VictoriaMetrics', (start) => {
  const make = (url: string, clock: ManualClock, cursor = 0): TelemetryStore =>
    createVictoriaTelemetry({ url, clock, directory: { facts: () => undefined }, journalCursor: async () => cursor });
  const batch = (position: number, ts: number): ReadingBatch => ({
    shard: 0,
    position,
    readings: [heartbeat('t1', ts, { battery: { cycles: position } })],
  });

  it('refuses a server that would store a repeated batch twice, and says how to start it', async () => {
    const server = await start();
    const store = make(server.url, new ManualClock());
    await expect(store.start()).rejects.toMatchObject({
      code: 'telemetry.server_setting',
      message: expect.stringContaining(DEDUP) as string,
    });
  });

  it('counts writes as stored only when the server has had time to put them on disk', async () => {
    const server = await start({ args: [DEDUP] });
    const clock = new ManualClock();
    const store = make(server.url, clock, 40);
    await store.start();
    await store.write(batch(41, clock.now()));
    expect(await store.position(0)).toBe(40);
    await clock.advance(10_000);
    await store.write(batch(42, clock.now()));
    await clock.advance(6_000);
    expect(await store.position(0)).toBe(41);
    await clock.advance(10_000);
    expect(await store.position(0)).toBe(42);
    await store.stop();
  });

  it('is unavailable, retryably, while the server is away, and has every row once after kill -9 and a replay', async () => {
    const server = await start({ args: [DEDUP] });
    const clock = new ManualClock();
    const T = clock.now() - 30 * MINUTE;
    const store = make(server.url, clock);
    await store.start();
    for (let n = 1; n <= 20; n++) await store.write(batch(n, T + n * 1000));
    await server.kill();
    await expect(store.write(batch(21, T + 21_000))).rejects.toMatchObject({
      code: 'telemetry.unavailable',
      retryable: true,
    });
    await server.restart();
    // Nothing of it counted as stored yet, so the journal hands all of it over again.
    for (let n = (await store.position(0)) + 1; n <= 21; n++) await store.write(batch(n, T + n * 1000));
    await fetch(`${server.url}/internal/force_flush`);
    const [series] = await store.range(ACME, {
      terminals: ['t1'],
      metrics: ['battery.cycles'],
      from: T,
      to: T + MINUTE,
    });
    expect(series!.values).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    const [mean] = await store.range(ACME, {
      terminals: ['t1'],
      metrics: ['battery.cycles'],
      from: T,
      to: T + MINUTE,
      stepMs: MINUTE,
      aggregate: 'sum',
    });
    expect(mean!.values.reduce((a, b) => (a as number) + (b as number), 0)).toBe(231);
    await store.stop();
  });
});

describeServer('nats', 'journal on NATS JetStream', (start) => {
  describe('under kill -9 of the server', () => {
    it('hands every acknowledged batch to a reader once, in order, and takes new ones when the server is back', async () => {
      const server = await start();
      const journal = createNatsJournal({ url: server.url, shards: 1 });
      await journal.start();
      const feed = createJournalFeed({
        journal,
        clock: systemClock,
        log: pino({ level: 'silent' }),
        metrics: new Registry(),
      });
      const handed: ReadingBatch[] = [];
      const reader = await feed.consume({ consumer: 'telemetry', shard: 0, handle: (b) => void handed.push(b) });
      const acked: number[] = [];
      const publish = async (n: number): Promise<void> => {
        await feed.publish(0, [heartbeat('t1', n * 1000, {}, { seq: n })]);
        acked.push(n);
      };
      for (let n = 0; n < 50; n++) await publish(n);
      const flight = Array.from({ length: 20 }, (_, i) => publish(100 + i));
      await server.kill();
      await server.restart();
      await Promise.allSettled(flight);
      await until('publishing works again', async () => {
        await publish(1000);
        return true;
      });
      await until('the reader is level', async () => reader.position === (await journal.last(0)));
      const positions = handed.map((b) => b.position);
      expect(positions).toEqual(Array.from({ length: positions.length }, (_, i) => i + 1));
      const seqs = handed.flatMap((b) => b.readings.map((r) => r.seq));
      for (const n of new Set(acked)) expect(seqs, `acknowledged ${n}`).toContain(n);
      await feed.stop();
      await journal.stop();
    });

    it('serves readers of another process as it appends', async () => {
      const server = await start();
      const [one, two] = [0, 1].map(() => createNatsJournal({ url: server.url, shards: 1 }));
      await one!.start();
      await two!.start();
      const [writing, reading] = [one!, two!].map((journal) =>
        createJournalFeed({ journal, clock: systemClock, log: pino({ level: 'silent' }), metrics: new Registry() }),
      );
      const seqs: number[] = [];
      await reading!.consume({ consumer: 'analytics', shard: 0, handle: (b) => void seqs.push(b.readings[0]!.seq) });
      for (let n = 0; n < 30; n++) {
        await writing!.publish(0, [heartbeat('t1', n, {}, { seq: n })]);
        if (n === 15) await until('half way', () => seqs.length === 16);
      }
      await until('all', () => seqs.length === 30);
      expect(seqs).toEqual(Array.from({ length: 30 }, (_, i) => i));
      await reading!.stop();
      await writing!.stop();
      await one!.stop();
      await two!.stop();
    });
  });
});
