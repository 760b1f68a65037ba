import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { ACME, heartbeat } from '../support/readings.ts';
import { canMount, type SmallDisk, smallDisk } from '../support/small-disk.ts';

const T = Date.UTC(2026, 0, 6);

const title = 'a disk that is full';
if (!canMount()) it.skip(`${title} [left out: mounting a small disk is not allowed here]`, () => {});
else {
  describe(title, () => {
    let disk: SmallDisk;
    let dir: string;
    beforeEach(() => {
      disk = smallDisk(12);
      dir = disk.path;
    });
    afterEach(() => disk.remove());

    it('stops the journal clearly, keeps what was acknowledged, and goes on once readers have freed it', async () => {
      const open = () => createSqliteJournal({ dir, shards: 1, segmentBytes: 2_000_000, keepBytes: 0 });
      let journal = open();
      await journal.start();
      await journal.commit('reader', 0, 0);
      let stored = 0;
      let refusal: unknown;
      for (let i = 0; i < 300 && !refusal; i++) {
        await journal.append(0, new Uint8Array(100_000).fill(i)).then(
          (position) => {
            stored = position;
          },
          (error: unknown) => {
            refusal = error;
          },
        );
      }
      expect(refusal).toMatchObject({ code: 'journal.full', retryable: true });
      expect(stored).toBeGreaterThan(20);
      let read = 0;
      while (read < stored) {
        const some = await journal.read(0, read, 1_000_000);
        for (const { position, bytes } of some) expect(bytes[0]).toBe((position - 1) % 256);
        read = some.at(-1)!.position;
      }
      await journal.commit('reader', 0, read);
      await journal.trim();
      expect(await journal.append(0, new Uint8Array(100_000))).toBe(stored + 1);
      await journal.stop();
      journal = open();
      await journal.start();
      expect(await journal.last(0)).toBe(stored + 1);
      await journal.stop();
    });

    it('makes the telemetry store unavailable for now, and every row is there once when there is room again', async () => {
      const store = createDuckDbTelemetry({ dir, directory: { facts: () => undefined }, memoryMb: 128 });
      await store.start();
      const batch = (n: number) => ({
        shard: 0,
        position: n,
        readings: Array.from({ length: 500 }, (_, i) =>
          heartbeat(`t${i}`, T + n * 1000, {
            battery: { cycles: n, voltage_mv: (n * 7919 + i * 104_729) % 20_000, current_ma: (i * 31 + n) % 20_000 },
            network: { rtt_ms: Math.sin(n * i) * 1000 + 1000 },
          }),
        ),
      });
      let refusal: unknown;
      let stored = 0;
      for (let n = 1; n <= 400 && !refusal; n++) {
        await store.write(batch(n)).then(
          () => {
            stored = n;
          },
          (error: unknown) => {
            refusal = error;
          },
        );
      }
      expect(refusal).toMatchObject({ code: 'telemetry.unavailable', retryable: true });
      await expect(store.write(batch(stored + 1))).rejects.toMatchObject({ retryable: true });
      disk.resize(64);
      let position = -1;
      for (let attempt = 0; position < 0 && attempt < 50; attempt++) {
        position = await store.position(0).catch(() => -1);
      }
      expect(position).toBeGreaterThanOrEqual(stored);
      const last = stored + 10;
      for (let n = position + 1; n <= last; n++) await store.write(batch(n));
      const [series] = await store.range(ACME, {
        terminals: ['t7'],
        metrics: ['battery.cycles'],
        from: T,
        to: T + 86_400_000,
      });
      expect(series!.values).toEqual(Array.from({ length: last }, (_, i) => i + 1));
      await store.stop();
    });
  });
}
