import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';
import { startWhole, type WholePlatform } from '../support/whole-platform.ts';

const HOUR = 3_600_000;
const START = Date.now() - 13 * 24 * HOUR;

/** Twelve days of a print head that wears, a heartbeat each ten minutes, as a recording. */
function wornHead(): string {
  const lines = Array.from({ length: 12 * 144 }, (_, seq) => {
    const ts = START + seq * 600_000;
    const worn = Math.max(0, seq / 144 - 5);
    const printer = { state: 'ok', head_ohm: 800 * (1 + 0.02 * worn) + (ts % 7), dead_dots: Math.round(worn * 2) };
    const payload = { ts, boot: 'b', seq, printer };
    return JSON.stringify({ received_at: ts, topic: 'pos/v1/acme/till-1/heartbeat', payload });
  });
  return `${lines.join('\n')}\n`;
}

describe('waiting for the platform to be level', () => {
  const dir = temporaryDir('level');
  let whole: WholePlatform;
  beforeAll(async () => {
    whole = await startWhole({ TILLWATCH_DATA_DIR: dir.path });
  });
  afterAll(async () => {
    await whole?.stop();
    dir.remove();
  });

  it('ends where nothing is left to evaluate', async () => {
    await whole.platform.level();
  });

  it('gives up with the reason once analytics has failed for good, as the health does', async () => {
    const tables = new DatabaseSync(join(dir.path, 'tillwatch.db'));
    tables.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; DROP TABLE finding');
    tables.close();
    const { admin: token, ask } = whole;
    const taken = await ask('POST', '/import', { token, body: wornHead(), type: 'application/x-ndjson' });
    expect(taken.status).toBe(200);
    await until('analytics to have failed', async () =>
      (await ask('GET', '/status', { token })).json().rooms.some((room: { ok: boolean }) => !room.ok),
    );
    await expect(whole.platform.level()).rejects.toMatchObject({
      code: 'platform.not_level',
      message: expect.stringMatching(/analytics has stopped.*no such table: finding/),
    });
  });
});
