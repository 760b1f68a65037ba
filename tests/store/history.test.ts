import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { readHistory } from '../../store/telemetry/duckdb/history.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { temporaryDir } from '../support/platform.ts';
import { counters, event, heartbeat, OTHER } from '../support/readings.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T = Date.UTC(2026, 0, 6);

/** What a reading says, without what is not stored of it. */
const said = ({ tenant, terminal, channel, ts, payload }: Reading) => {
  const { boot: _boot, seq: _seq, ts: _ts, ...body } = payload as unknown as Record<string, unknown>;
  return { tenant, terminal, channel, ts, body };
};

async function all(dir: string, from?: number) {
  const found: { resolution: string; reading: Reading }[] = [];
  for await (const { resolution, readings } of readHistory(dir, from)) {
    for (const reading of readings) found.push({ resolution, reading });
  }
  return found;
}

describe('history of a telemetry directory', () => {
  const temporary = temporaryDir('history');
  afterAll(() => temporary.remove());

  it('gives back what was stored, in order of time, from files that stay as they are', async () => {
    const dir = join(temporary.path, 'raw');
    const store = createDuckDbTelemetry({ dir, directory: { facts: () => undefined }, memoryMb: 256 });
    await store.start();
    const readings: Reading[] = [];
    for (let n = 0; n < 5000; n++) {
      const ts = T + n * 40_000;
      readings.push(
        heartbeat(`t${n % 3}`, ts, {
          battery: { soc_pct: n % 100, status: 'full' },
          custom: { door: n, lux: 0.1 * n },
        }),
      );
      readings.push(heartbeat('bare', ts + 5, {}));
      readings.push(counters(`t${n % 3}`, ts + 10, { txn: { ok_total: n } }));
      if (n % 7 === 0) readings.push(event(`t${n % 3}`, ts + 20, { type: 'cleaned' }));
      if (n % 11 === 0)
        readings.push(heartbeat('elsewhere', ts + 30, { network: { cell: `c${n}` } }, { tenant: OTHER }));
    }
    await store.writeAll([{ shard: 0, position: 1, readings }]);
    await store.stop();
    const before = readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('base64')]);

    const found = await all(dir);
    expect(found.map(({ reading }) => said(reading))).toEqual(readings.map(said));
    expect(new Set(found.map(({ resolution }) => resolution))).toEqual(new Set(['raw']));
    expect(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).toString('base64')])).toEqual(before);

    const since = T + DAY + 12 * HOUR + 1;
    expect((await all(dir, since)).map(({ reading }) => said(reading))).toEqual(
      readings.filter(({ ts }) => ts >= since).map(said),
    );
  });

  it('gives means of five minutes, then of hours, where raw rows were dropped by age, and nothing twice', async () => {
    const dir = join(temporary.path, 'old');
    const retention = { raw: 2 * DAY, '5m': 9 * DAY, '1h': 400 * DAY };
    const store = createDuckDbTelemetry({ dir, directory: { facts: () => undefined }, memoryMb: 256, retention });
    await store.start();
    const readings = Array.from({ length: 40 * 144 }, (_, n) =>
      heartbeat('t0', T + n * 600_000, { battery: { soc_pct: n % 2 === 0 ? 40 : 60 } }),
    );
    await store.writeAll([{ shard: 0, position: 1, readings }]);
    await store.maintain(T + 40 * DAY + HOUR);
    await store.stop();

    const found = await all(dir);
    const times = found.map(({ reading }) => reading.ts);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    const days = (resolution: string) => {
      const some = found.filter((one) => one.resolution === resolution).map(({ reading }) => reading.ts);
      return { from: (Math.min(...some) - T) / DAY, to: Math.ceil((Math.max(...some) - T) / DAY) };
    };
    expect(days('1h').from).toBe(0);
    expect(days('1h').to).toBe(days('5m').from);
    expect(days('5m').to).toBe(days('raw').from);
    expect(days('raw').to).toBe(40);
    const hours = found.filter(({ resolution }) => resolution === '1h');
    expect(hours[0]?.reading.payload).toMatchObject({ battery: { soc_pct: 50 } });
  });

  it('is nothing where there is no directory', async () => {
    expect(await all(join(temporary.path, 'none'))).toEqual([]);
  });
});
