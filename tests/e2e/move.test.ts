import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, describe, expect, it } from 'vitest';
import { type Cluster, missingServers, startCluster } from '../support/cluster.ts';
import { DAY, FROM, heldFindings, picture, settled, tell, tillwatch } from '../support/lived-fleet.ts';
import { startPlatform, temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const left = missingServers().length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1';

const AGAIN = { ts: FROM + 20 * DAY, boot: 'b-again', seq: 7, battery: { soc_pct: 41.5 }, custom: { door: 3.25 } };

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
      const data = join(dir.path, `data-${tenants.length}`);
      const alone = await startPlatform({ dataDir: data });
      for (const [i, tenant] of tenants.entries()) await tell(alone.http, dir.path, tenant, 31 + i);
      const first = (await picture(alone.get, 'north')).terminal;
      const mqtt = await connectAsync(alone.mqtt);
      await mqtt.publishAsync(`pos/v1/north/${first}/heartbeat`, JSON.stringify(AGAIN), { qos: 1 });
      await mqtt.endAsync();
      const before = await Promise.all(tenants.map((tenant) => settled(alone.get, tenant)));
      expect(before[0]?.samples.every((count) => count > 0)).toBe(true);
      expect(await alone.stop()).toBe(0);

      const cluster = await startCluster({ shards: 4 });
      clusters.push(cluster);
      const move = () => tillwatch(['move', '--from', data], cluster.env);
      if (tenants.length === 1) {
        // Killed before it had judged what it took: nothing may be left behind.
        const killed = await startPlatform({ dataDir: data });
        const other = await connectAsync(killed.mqtt);
        await other.publishAsync('pos/v1/north/X-1/heartbeat', JSON.stringify({ ...AGAIN, seq: 1 }), { qos: 1 });
        await other.endAsync();
        await killed.kill();
        await expect(move()).rejects.toThrow(/start "tillwatch up" on the directory once more/);
        const level = await startPlatform({ dataDir: data });
        before[0] = await settled(level.get, 'north');
        expect(await level.stop()).toBe(0);
      }
      const moved = await move();
      expect(moved.stdout).toMatch(says);
      const again = await move().catch((error: { stderr: string }) => error);
      expect(again.stderr).toMatch(/already holds a platform/);
      expect(again.stderr).not.toMatch(/readings copied/);

      const served = await cluster.serve('all', ['all']);
      const after = await Promise.all(tenants.map((tenant) => settled(served.get, tenant)));
      expect(after).toEqual(before);
      // The detectors hold those findings themselves: rows that were copied would stand for ever.
      expect(moved.stdout).not.toMatch(/ended/);
      expect(await heldFindings(served.http)).toBe(before.reduce((sum, one) => sum + one.findings.length, 0));
      const audit = await tillwatch(['audit', 'verify'], cluster.env);
      expect(audit.stdout).toMatch(/^whole/);

      // A terminal that was not told that its last message had arrived sends it again: it is known.
      const resent = await connectAsync(String(cluster.env.TILLWATCH_MQTT_URL));
      const topic = `pos/v1/north/${first}/heartbeat`;
      await resent.publishAsync(topic, JSON.stringify(AGAIN), { qos: 1 });
      const next = { ...AGAIN, ts: AGAIN.ts + 600_000, seq: 8, battery: { soc_pct: 40 } };
      await resent.publishAsync(topic, JSON.stringify(next), { qos: 1 });
      await resent.endAsync();
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
