import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { COMPILED, startPlatform, temporaryDir } from '../support/platform.ts';
import { type Published, Qos1Publisher } from '../support/qos1-publisher.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../app/main.ts', import.meta.url));
const run = promisify(execFile);
const BASE = Date.now() - 3_600_000;

/** Not waited for in place: terminals go on publishing from here meanwhile. */
async function tillwatch(...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
  try {
    const { stdout } = await run(process.execPath, [MAIN, ...args], { env: { ...process.env, ...COMPILED } });
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}

function messages(): () => Published {
  let n = 0;
  return () => {
    const payload = { ts: BASE + Math.floor(n / 5) * 10, boot: 'b1', seq: Math.floor(n / 5), battery: { cycles: n } };
    return { topic: `pos/v1/acme/T-${n++ % 5}/heartbeat`, payload: JSON.stringify(payload) };
  };
}

describe('backup and restore', () => {
  const dir = temporaryDir('backup');
  afterAll(() => dir.remove());
  const to = join(dir.path, 'copy');

  it('a backup made while terminals publish restores to all that was acknowledged before it', async () => {
    const platform = await startPlatform({ dataDir: join(dir.path, 'data') });
    const publisher = new Qos1Publisher('p', 20, messages());
    await publisher.connect(Number(new URL(platform.mqtt).port));
    await until('some messages', () => publisher.acknowledged.length > 2000);
    await platform.post('/api/v1/tenants/acme/reports', {
      terminal: 'T-1',
      component: 'printer',
      description: 'no paper',
    });
    const before = publisher.acknowledged.length;
    const done = await tillwatch('backup', '--data', join(dir.path, 'data'), '--to', to);
    expect(done).toMatchObject({ code: 0 });
    expect(done.out).toMatch(/files in .* verified/);
    expect(publisher.acknowledged.length).toBeGreaterThan(before);
    const terminals = (await platform.get<{ items: unknown[] }>('/api/v1/tenants/acme/terminals')).items.length;
    publisher.close();
    await platform.stop();

    const data = join(dir.path, 'restored');
    expect(await tillwatch('restore', '--from', to, '--data', data)).toMatchObject({ code: 0 });
    const again = await startPlatform({ dataDir: data });
    await until('the terminals', async () => {
      const list = await again.get<{ items: unknown[] }>('/api/v1/tenants/acme/terminals');
      return list.items.length === terminals;
    });
    const wanted = publisher.acknowledged
      .slice(0, before)
      .reduce((most, { payload }) => Math.max(most, (JSON.parse(payload) as { seq: number }).seq), 0);
    // The last message acknowledged before the backup is there to be asked for.
    await until('the last values', async () => {
      const page = await again.get<{ latest: { values: { metric: string; value: number }[] } | null }>(
        '/api/v1/tenants/acme/terminals/T-0',
      );
      const cycles = page.latest?.values.find(({ metric }) => metric === 'battery.cycles')?.value ?? 0;
      return cycles >= (wanted - 1) * 5;
    });
    expect(await again.stop()).toBe(0);
  }, 180_000);

  it('restores nothing over data, nothing damaged and nothing unfinished', async () => {
    const used = join(dir.path, 'used');
    mkdirSync(used);
    writeFileSync(join(used, 'something'), 'x');
    expect(await tillwatch('restore', '--from', to, '--data', used)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/is not empty/),
    });
    appendFileSync(join(to, 'tillwatch.db'), 'x');
    const fresh = join(dir.path, 'fresh');
    expect(await tillwatch('restore', '--from', to, '--data', fresh)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/tillwatch\.db has \d+ bytes, not/),
    });
    expect((await tillwatch('restore', '--from', used, '--data', fresh)).out).toMatch(/no finished backup/);
  });

  it('says what backs up stores on servers', async () => {
    const answer = await tillwatch('backup', '--to', join(dir.path, 'no'), '--config', servers());
    expect(answer).toMatchObject({ code: 2, out: expect.stringMatching(/nats stream backup/) });
  });

  function servers(): string {
    const path = join(dir.path, 'servers.json');
    writeFileSync(path, JSON.stringify({ journal: 'nats://127.0.0.1:4222' }));
    return path;
  }
});
