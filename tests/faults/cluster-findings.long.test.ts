import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { type Cluster, missingServers, startCluster } from '../support/cluster.ts';
import { COMPILED, startPlatform, temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../app/main.ts', import.meta.url));
const run = promisify(execFile);
const left = missingServers().length > 0 && process.env.TILLWATCH_REQUIRE_SERVERS !== '1';
const TENANT = 'moving';

const SCENARIO = {
  name: 'moving',
  describe: 'A small fleet whose printers wear out.',
  tenant: TENANT,
  from: '2026-03-02T00:00:00Z',
  days: 24,
  seed: 21,
  fleet: { terminals: 24, stores: 4, chains: 1, heartbeatS: 600, countersS: 1800 },
  incidents: [],
  nuisances: 0,
  faults: [
    { component: 'printer', mode: 'head_wear', count: 4, onsetDay: [2, 5], days: [12, 16] },
    { component: 'printer', mode: 'cutter_wear', count: 3, onsetDay: [2, 5], days: [12, 16] },
    { component: 'battery', mode: 'capacity_fade', count: 3, onsetDay: [2, 5], days: [12, 16] },
  ],
};

interface Outcome {
  readonly findings: readonly string[];
  readonly tickets: readonly string[];
}

type Get = <T>(path: string) => Promise<T>;

/** Tickets by what they are about, once nothing has changed for a while. */
async function outcome(findings: Get, tickets: Get): Promise<Outcome> {
  let last = '';
  let since = performance.now();
  return until(
    'findings and tickets to settle',
    async () => {
      const standing = await findings<{ items: { fingerprint: string; severity: string }[] }>(
        `/api/v1/tenants/${TENANT}/findings`,
      );
      const open = await tickets<{ items: { fingerprint: string | null; terminal: string; component: string }[] }>(
        `/api/v1/tenants/${TENANT}/tickets?limit=200`,
      );
      const now: Outcome = {
        findings: standing.items.map(({ fingerprint, severity }) => `${fingerprint} ${severity}`).sort(),
        tickets: open.items.map((ticket) => `${ticket.terminal} ${ticket.component}`).sort(),
      };
      const text = JSON.stringify(now);
      if (text !== last) since = performance.now();
      last = text;
      return performance.now() - since > 12_000 && now.tickets.length > 0 ? now : undefined;
    },
    240_000,
    1000,
  );
}

describe.skipIf(left)('findings and tickets while workers die', () => {
  const dir = temporaryDir('findings');
  let cluster: Cluster | undefined;
  afterAll(async () => {
    await cluster?.stop();
    dir.remove();
  });

  it('are those of one process', async () => {
    const env = { ...process.env, ...COMPILED };
    const scenario = join(dir.path, 'moving.json');
    const recording = join(dir.path, 'moving.ndjson');
    writeFileSync(scenario, JSON.stringify(SCENARIO));
    await run(process.execPath, [MAIN, 'simulate', '--scenario', scenario, '--record', recording], { env });

    const alone = await startPlatform({ dataDir: join(dir.path, 'alone') });
    await run(process.execPath, [MAIN, 'replay', recording, '--url', alone.http], { env });
    const expected = await outcome(alone.get, alone.get);
    await alone.stop();

    // One shard: the whole tenant is always one worker's, and both rooms have a second one that waits for it.
    cluster = await startCluster({ shards: 1 });
    const [ingest, analytics] = await Promise.all([
      cluster.serve('ingest-a', ['ingest']),
      cluster.serve('analytics-a', ['analytics']),
    ]);
    const [second, , alerts] = await Promise.all([
      cluster.serve('ingest-b', ['ingest']),
      cluster.serve('analytics-b', ['analytics']),
      cluster.serve('alerts-a', ['alerts']),
      cluster.serve('alerts-b', ['alerts']),
    ]);
    const other = await cluster.serve('dashboards-a', ['dashboards']);
    await until('the shard to be at work', () => ingest.said(/is at work here/).length > 0);
    // Taken by a worker that does not own the shard: all goes through the inbox, so its owners may die.
    const replayed = run(process.execPath, [MAIN, 'replay', recording, '--url', second.http], { env });
    await until(
      'some findings',
      async () => {
        const { items } = await other.get<{ items: unknown[] }>(`/api/v1/tenants/${TENANT}/terminals`);
        return items.length > 20;
      },
      60_000,
    );
    await Promise.all([ingest.kill(), analytics.kill()]);
    await replayed;
    const standing = cluster.serve('analytics-c', ['analytics']);
    const found = await outcome((await standing).get, alerts.get);
    process.stdout.write(`  ${expected.findings.length} findings, ${expected.tickets.length} tickets\n`);
    expect(found).toEqual(expected);
  });
});
