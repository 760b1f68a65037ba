import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { COMPILED } from './platform.ts';
import { until } from './until.ts';

const MAIN = fileURLToPath(new URL('../../app/main.ts', import.meta.url));
const execute = promisify(execFile);

/** Runs the `tillwatch` command; rejects with what it said where it fails. */
export const tillwatch = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execute(process.execPath, [MAIN, ...args], { env: { ...process.env, ...COMPILED, ...env } });

/** Twelve terminals in three weeks, of which five wear out. */
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

export type Get = <T>(path: string) => Promise<T>;
interface Series {
  readonly series: readonly { readonly times: readonly number[]; readonly values: readonly unknown[] }[];
}

/** When they begin. */
export const FROM = Date.UTC(2026, 2, 2);
export const DAY = 86_400_000;

/** What an operator would miss if it were not there after the move. */
export async function picture(get: Get, tenant: string) {
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

/** The same once neither findings nor tickets have changed for a while. */
export async function settled(get: Get, tenant: string): Promise<Awaited<ReturnType<typeof picture>>> {
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

/** Has a platform at `http` live through the fleet's past; `dir` takes the files for it. */
export async function tell(http: string, dir: string, tenant: string, seed: number): Promise<void> {
  const scenario = join(dir, `${tenant}.json`);
  const recording = join(dir, `${tenant}.ndjson`);
  writeFileSync(scenario, JSON.stringify(scenarioOf(tenant, seed)));
  await tillwatch(['simulate', '--scenario', scenario, '--record', recording]);
  await tillwatch(['replay', recording, '--url', http]);
}

/** Findings that the detectors of a process hold themselves, whatever its tables say. */
export async function heldFindings(http: string): Promise<number> {
  const metrics = await (await fetch(`${http}/metrics`)).text();
  const held = [...metrics.matchAll(/^tillwatch_analytics_findings\S* (\d+)$/gm)];
  return held.reduce((sum, [, count]) => sum + Number(count), 0);
}
