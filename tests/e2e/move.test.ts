import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterAll, describe, expect, it } from 'vitest';
import { type Cluster, missingServers, startCluster } from '../support/cluster.ts';
import { COMPILED, startPlatform, temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../app/main.ts', import.meta.url));
const run = promisify(execFile);
const left = missingServers().length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1';

const scenarioOf = (tenant: string, seed: number) => ({
  name: tenant,
  describe: 'A small fleet whose printers and packs wear out.',
  tenant,
  from: '2026-03-02T00:00:00Z',
  days: 20,
  seed,
  fleet: { terminals: 12, stores: 3, chains: 1, heartbeatS: 600, countersS: 1800 },
  incidents: [],
  nuisances: 0,
  faults: [
    { component: 'printer', mode: 'head_wear', count: 3, onsetDay: [2, 4], days: [14, 18] },
    { component: 'battery', mode: 'capacity_fade', count: 2, onsetDay: [2, 4], days: [14, 18] },
  ],
});

type Get = <T>(path: string) => Promise<T>;
interface Series {
  readonly series: readonly { readonly times: readonly number[]; readonly values: readonly unknown[] }[];
}

const FROM = Date.UTC(2026, 2, 2);
const DAY = 86_400_000;
const AGAIN = { ts: FROM + 20 * DAY, boot: 'b-again', seq: 7, battery: { soc_pct: 41.5 }, custom: { door: 3.25 } };

/** What an operator would miss if it were not there after the move. */
async function picture(get: Get, tenant: string) {
  const base = `/api/v1/tenants/${tenant}`;
  const findings = await get<{ items: { fingerprint: string; severity: string }[] }>(`${base}/findings`);
  const tickets = await get<{ items: { id: string; fingerprint: string | null; state: string; openedAt: number }[] }>(
    `${base}/tickets?limit=200`,
  );
  const found = await get<{ items: { id: string }[] }>(`${base}/tickets?limit=200&q=head`);
  const terminals = await get<{ items: { terminal: string; lifecycle: string }[] }>(`${base}/terminals?limit=200`);
  const terminal = terminals.items.map((one) => one.terminal).sort()[0] ?? '';
  const metrics = 'printer.head_temp_c,battery.soc_pct,printer.jobs_total,custom.door,network.carrier';
  const { series } = await get<Series>(
    `${base}/terminals/${terminal}/series?step=0&metrics=${metrics}&from=${FROM}&to=${FROM + 21 * DAY}`,
  );
  return {
    findings: findings.items.map(({ fingerprint }) => fingerprint).sort(),
    tickets: tickets.items.map(({ id, fingerprint, openedAt }) => ({ id, fingerprint, openedAt })),
    found: found.items.map(({ id }) => id),
    terminals: terminals.items.length,
    terminal,
    samples: series.map(({ times }) => times.length),
    series,
  };
}

async function settled(get: Get, tenant: string): Promise<Awaited<ReturnType<typeof picture>>> {
  let last = '';
  let since = performance.now();
  return until(
    `findings and tickets of ${tenant} to settle`,
    async () => {
      const now = await picture(get, tenant);
      const text = JSON.stringify([now.findings, now.tickets]);
      if (text !== last) since = performance.now();
      last = text;
      return performance.now() - since > 6_000 && now.tickets.length > 0 ? now : undefined;
    },
    120_000,
    1000,
  );
}

describe.skipIf(left)('a platform that outgrows its machine', () => {
  const dir = temporaryDir('move');
  const clusters: Cluster[] = [];
  afterAll(async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
    dir.remove();
  });

  it.each([
    { tenants: ['north'], says: /detectors go on as they were/ },
    { tenants: ['north', 'south'], says: /detectors were taught anew from stored readings/ },
  ])(
    'takes $tenants with everything to servers',
    async ({ tenants, says }) => {
      const env = { ...process.env, ...COMPILED };
      const data = join(dir.path, `data-${tenants.length}`);
      const alone = await startPlatform({ dataDir: data });
      for (const [i, tenant] of tenants.entries()) {
        const scenario = join(dir.path, `${tenant}.json`);
        const recording = join(dir.path, `${tenant}.ndjson`);
        writeFileSync(scenario, JSON.stringify(scenarioOf(tenant, 31 + i)));
        await run(process.execPath, [MAIN, 'simulate', '--scenario', scenario, '--record', recording], { env });
        await run(process.execPath, [MAIN, 'replay', recording, '--url', alone.http], { env });
      }
      const first = (await picture(alone.get, 'north')).terminal;
      const mqtt = await connectAsync(alone.mqtt);
      await mqtt.publishAsync(`pos/v1/north/${first}/heartbeat`, JSON.stringify(AGAIN), { qos: 1 });
      await mqtt.endAsync();
      const before = await Promise.all(tenants.map((tenant) => settled(alone.get, tenant)));
      expect(before[0]?.samples.every((count) => count > 0)).toBe(true);
      expect(await alone.stop()).toBe(0);

      const cluster = await startCluster({ shards: 4 });
      clusters.push(cluster);
      const target = { ...env, ...cluster.env };
      if (tenants.length === 1) {
        // Killed before it had judged what it took: nothing may be left behind.
        const killed = await startPlatform({ dataDir: data });
        const other = await connectAsync(killed.mqtt);
        await other.publishAsync('pos/v1/north/X-1/heartbeat', JSON.stringify({ ...AGAIN, seq: 1 }), { qos: 1 });
        await other.endAsync();
        await killed.kill();
        await expect(run(process.execPath, [MAIN, 'move', '--from', data], { env: target })).rejects.toThrow(
          /start "tillwatch up" on the directory once more/,
        );
        const level = await startPlatform({ dataDir: data });
        before[0] = await settled(level.get, 'north');
        expect(await level.stop()).toBe(0);
      }
      const moved = await run(process.execPath, [MAIN, 'move', '--from', data], { env: target });
      expect(moved.stdout).toMatch(says);
      await expect(run(process.execPath, [MAIN, 'move', '--from', data], { env: target })).rejects.toThrow(
        /already holds a platform/,
      );

      const served = await cluster.serve('all', ['all']);
      const after = await Promise.all(tenants.map((tenant) => settled(served.get, tenant)));
      expect(after).toEqual(before);
      // The detectors hold those findings themselves: rows that were copied would stand for ever.
      expect(moved.stdout).not.toMatch(/ended/);
      const metrics = await (await fetch(`${served.http}/metrics`)).text();
      const held = [...metrics.matchAll(/^tillwatch_analytics_findings\S* (\d+)$/gm)];
      expect(held.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(
        before.reduce((sum, one) => sum + one.findings.length, 0),
      );
      const audit = await run(process.execPath, [MAIN, 'audit', 'verify'], { env: target });
      expect(audit.stdout).toMatch(/whole|unbroken|intact/);

      // A terminal that was not told that its last message had arrived sends it again: it is known.
      const again = await connectAsync(String(cluster.env.TILLWATCH_MQTT_URL));
      const topic = `pos/v1/north/${first}/heartbeat`;
      await again.publishAsync(topic, JSON.stringify(AGAIN), { qos: 1 });
      const next = { ...AGAIN, ts: AGAIN.ts + 600_000, seq: 8, battery: { soc_pct: 40 } };
      await again.publishAsync(topic, JSON.stringify(next), { qos: 1 });
      await again.endAsync();
      const later = await until('the next message', async () => {
        const now = await picture(served.get, 'north');
        return now.samples[1] === (before[0]?.samples[1] ?? 0) + 1 ? now : undefined;
      });
      expect(later.tickets).toEqual(before[0]?.tickets);
      const text = await (await fetch(`${served.http}/metrics`)).text();
      expect(text).toMatch(/^tillwatch_ingest_duplicates_total.* 1$/m);
      await served.stop();
    },
    300_000,
  );
});
