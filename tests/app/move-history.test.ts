import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { moveHistory } from '../../app/move/history.ts';
import { systemClock } from '../../app/system-clock.ts';
import type { Series } from '../../contract/ports/telemetry-store.ts';
import type { Reading } from '../../contract/reading.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { createVictoriaTelemetry } from '../../store/telemetry/server/victoria.ts';
import { temporaryDir } from '../support/platform.ts';
import { heartbeat } from '../support/readings.ts';
import { describeServer } from '../support/servers.ts';

const T = Date.UTC(2026, 0, 6);
const READINGS = [0, 1, 2].map((n) => heartbeat('t0', T + n * 3_600_000, { battery: { soc_pct: 50 + n } }));

const dir = temporaryDir('move-history');
beforeAll(async () => {
  const store = createDuckDbTelemetry({ dir: join(dir.path, 'telemetry'), directory: { facts: () => undefined } });
  await store.start();
  await store.writeAll([{ shard: 0, position: 1, readings: READINGS }]);
  await store.stop();
});
afterAll(() => dir.remove());

/** A server that shows what it took after so many looks, and a clock that each sleep moves on. */
function world(looks: number) {
  const taken: Reading[] = [];
  let now = T;
  let looked = 0;
  return {
    taken,
    dataDir: dir.path,
    telemetry: {
      writeAll: async (batches: readonly { readonly readings: readonly Reading[] }[]) =>
        void taken.push(...batches.flatMap(({ readings }) => readings)),
      range: async (): Promise<readonly Series[]> => {
        const shown = ++looked > looks;
        return [{ terminal: 't0', metric: 'battery.soc_pct', times: shown ? [T] : [], values: shown ? [50] : [] }];
      },
    },
    clock: { now: () => now, sleep: async (ms: number) => void (now += ms) },
  };
}

it('copies all of it to a server that shows its rows a little later', async () => {
  const target = world(5);
  expect(await moveHistory(target)).toBe(3);
  expect(target.taken.map(({ ts }) => ts)).toEqual(READINGS.map(({ ts }) => ts));
});

it('copies what comes from a time on', async () => {
  const target = world(0);
  expect(await moveHistory({ ...target, since: T + 3_600_000 })).toBe(2);
  expect(target.taken.map(({ ts }) => ts)).toEqual(READINGS.slice(1).map(({ ts }) => ts));
});

it('stops at once where the server does not keep what is so old', async () => {
  await expect(moveHistory(world(Number.POSITIVE_INFINITY))).rejects.toThrow(/its retention is shorter/);
});

describeServer('victoria-metrics', 'a VictoriaMetrics that keeps a month', (start) => {
  it('is told from one that keeps the whole past', async () => {
    const server = await start({ args: ['-retentionPeriod=1', '-dedup.minScrapeInterval=1ms'] });
    const telemetry = createVictoriaTelemetry({
      url: server.url,
      clock: systemClock,
      directory: { facts: () => undefined },
      journalCursor: async () => 0,
    });
    await telemetry.start();
    let now = T;
    const clock = {
      now: () => now,
      sleep: (ms: number) => {
        now += ms;
        return systemClock.sleep(ms / 10);
      },
    };
    await expect(moveHistory({ dataDir: dir.path, telemetry, clock })).rejects.toMatchObject({ code: 'move.not_kept' });
    await telemetry.stop();
  });
});
