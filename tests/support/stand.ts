import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { readConfig } from '../../app/config.ts';
import { createPlatform } from '../../app/platform.ts';
import { systemClock } from '../../app/system-clock.ts';
import type { Finding } from '../../contract/findings.ts';
import type { FindingStore } from '../../contract/ports/findings.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import { buildConsole } from '../../dashboards/console/build.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { until } from './until.ts';

/** The whole platform in this process on free ports, with a small fleet of known faults where asked. */
export interface Stand {
  readonly url: string;
  readonly mqtt: string;
  readonly findings: FindingStore;
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const ACME = asTenantId('acme');

export async function startStand(options: { readonly fleet: boolean }): Promise<Stand> {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-stand-'));
  await buildConsole({ force: false });
  const config = readConfig({ env: {}, flags: { dataDir: dir, httpPort: '0', mqttPort: '0', mqttWsPort: '0' } });
  const log = pino({ level: process.env.TILLWATCH_TEST_LOG ?? 'silent' });
  const platform = await createPlatform({ config, clock: systemClock, log, demo: () => null });
  await platform.listen();
  await platform.start();
  const tables = await openRelational({ url: `sqlite:${join(dir, 'tillwatch.db')}` });
  const findings = createFindingStore(tables);
  const stand: Stand = {
    url: platform.httpUrl,
    mqtt: platform.mqttUrl,
    findings,
    async get<T>(path: string) {
      const answer = await fetch(platform.httpUrl + path);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async stop() {
      await tables.close();
      await platform.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  if (options.fleet) await populate(stand);
  return stand;
}

/** Twelve terminals at three shops with two days of heartbeats, and three faults that stand; one terminal of another tenant. */
async function populate(stand: Stand): Promise<void> {
  const now = Date.now();
  const lines: string[] = [];
  const say = (at: number, topic: string, payload: object) =>
    lines.push(JSON.stringify({ received_at: at, topic: `pos/v1/${topic}`, payload }));
  for (let i = 0; i < 12; i++) {
    const id = `till-${String(i).padStart(2, '0')}`;
    let seq = 0;
    const envelope = (ts: number) => ({ ts, boot: 'b1', seq: seq++ });
    say(now - 2 * DAY, `acme/${id}/birth`, {
      ...envelope(now - 2 * DAY),
      serial: `SN-${1000 + i}`,
      vendor: 'Halden',
      model: i % 2 === 0 ? 'Halden C20' : 'Orsa M3',
      firmware: i % 3 === 0 ? '4.2.0' : '4.1.9',
      site: `shop-${i % 3}`,
      heartbeat_s: 1800,
      warranty_until: '2027-05-01',
      network: { carrier: 'Atlantel' },
    });
    for (let at = now - 2 * DAY + 60_000; at <= now; at += HOUR / 2) {
      say(at, `acme/${id}/heartbeat`, {
        ...envelope(at),
        battery: { soc_pct: 60 + (i % 5) * 8, full_mah: 2400 - i * 20, status: 'discharging' },
        printer: { state: 'ok', head_ohm: 650 + i + ((at - now) / DAY) * (i === 3 ? 30 : 1), head_temp_c: 31 },
        network: { bearer: 'lte', rsrp_dbm: -88 - i, rtt_ms: 60 + i },
      });
    }
    if (i === 3)
      say(now - 6 * HOUR, `acme/${id}/event`, {
        ...envelope(now - 6 * HOUR),
        type: 'paper_loaded',
        component: 'printer',
      });
  }
  say(now, 'other/solo/heartbeat', { ts: now, boot: 'b1', seq: 0, battery: { soc_pct: 50 } });
  lines.sort(
    (a, b) =>
      (JSON.parse(a) as { received_at: number }).received_at - (JSON.parse(b) as { received_at: number }).received_at,
  );
  const answer = await fetch(`${stand.url}/api/v1/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${lines.join('\n')}\n`,
  });
  if (!answer.ok) throw new Error(`import: ${answer.status} ${await answer.text()}`);
  await stand.findings.state([
    faultOf(ACME, 'till-03', now, { severity: 'critical', failsAt: now + 20 * HOUR, probability: 0.81 }),
    faultOf(ACME, 'till-05', now, {
      component: 'battery',
      mode: 'capacity_fade',
      severity: 'warning',
      failsAt: now + 4 * DAY,
      evidence: [
        {
          metric: 'battery.full_mah',
          value: 1610,
          baseline: 2300,
          why: 'Holds 70 % of its design charge and loses 2 % a day.',
        },
      ],
    }),
    faultOf(ACME, 'till-08', now, {
      component: 'network',
      mode: 'signal_degradation',
      severity: 'watch',
      failsAt: null,
    }),
  ]);
  await until('the fleet to be told', async () => {
    const fleet = await stand.get<{ health: Record<string, number>; tickets: { open: number } }>(
      '/api/v1/tenants/acme/fleet',
    );
    return fleet.health.total === 12 && fleet.health.critical === 1 && fleet.tickets.open === 2;
  });
}

/** A finding as analytics would state it; `till-03`'s print head unless told otherwise. */
export function faultOf(tenant: TenantId, terminal: string, at: number, more: Partial<Finding> = {}): Finding {
  const finding: Finding = {
    at,
    tenant,
    scope: 'terminal',
    subject: terminal,
    terminal,
    component: 'printer',
    mode: 'head_wear',
    state: 'open',
    severity: 'warning',
    probability: 0.6,
    horizonH: 72,
    failsAt: at + 2 * DAY,
    failsAtP10: at + DAY,
    failsAtP90: at + 4 * DAY,
    evidence: [
      {
        metric: 'printer.head_ohm',
        value: 652,
        baseline: 590,
        why: 'The print head’s resistance rose by 10 % in two days.',
        unit: 'Ohm',
        threshold: 692,
        direction: 'above',
        slope: 30,
      },
    ],
    ...more,
  };
  return { ...finding, ...(finding.failsAt === null ? { failsAtP10: null, failsAtP90: null } : {}) };
}
