import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pino from 'pino';
import { readConfig } from '../../app/config.ts';
import { createPlatform } from '../../app/platform.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import { loadScenario, runSimulation } from '../../firmware-sim/service.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { ManualClock } from './manual-clock.ts';
import { faultOf } from './stand.ts';

interface Message {
  readonly topic: string;
  readonly payload: { readonly site?: string } & Readonly<Record<string, unknown>>;
}

const DAYS = 1.5;
/** Of the scenario's 300 terminals every tenth is enough. */
const KEPT = /\/T\d\d\d0\//;
const STEP_MS = 1000;
const MOST_STEPS = 1500;
/** Messages that come while the platform's own metrics are already watched. */
const LATER = 500;
const HOUR = 3_600_000;

/** A telemetry server that a platform has filled with a demonstration fleet, and the time at which its data ends. */
export interface ToldStore {
  readonly tenant: TenantId;
  readonly now: number;
  readonly site: string;
  /** Terminals that together report everything, the most complete first. */
  readonly terminals: readonly string[];
  stop(): Promise<void>;
}

/**
 * Sends a simulated day and a half of 30 terminals through the whole platform into the telemetry server that `env` names, states three
 * findings, and lets the platform state its level. Simulated data, real rooms, a real server.
 */
export async function tellStore(env: Readonly<Record<string, string>>): Promise<ToldStore> {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-told-'));
  const recording = join(dir, 'fleet.ndjson');
  const scenario = await loadScenario('mixed-month');
  await runSimulation({ scenario, days: DAYS, record: recording, log: pino({ level: 'silent' }) });
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(recording) }))
    if (KEPT.test(line)) lines.push(line);
  const last = JSON.parse(lines.at(-1)!) as { received_at: number; topic: string };
  const [, , tenantName = ''] = last.topic.split('/');
  const tenant = asTenantId(tenantName);
  const messages = lines.map((line) => JSON.parse(line) as Message);
  const terminals = [...new Set(messages.map(({ topic }) => topic.split('/')[3]!))];
  const covering = coveringAll(messages);
  const terminal = covering[0]!;
  const site = messages.find(({ topic, payload }) => topic.includes(`/${terminal}/birth`) && payload.site)!.payload
    .site!;
  const others = terminals.filter((one) => one !== terminal);
  // What the platform cannot use is counted too.
  lines.push(
    JSON.stringify({
      received_at: last.received_at,
      topic: `pos/v1/${tenant}/${terminal}/heartbeat`,
      payload: { ts: 'x' },
    }),
  );

  const clock = new ManualClock(last.received_at + 1000);
  const flags = { dataDir: dir, httpPort: '0', mqttPort: '0', mqttWsPort: '0' };
  const platform = await createPlatform({
    config: readConfig({ env, flags }),
    clock,
    log: pino({ level: process.env.TILLWATCH_TEST_LOG ?? 'silent' }),
    demo: () => null,
  });
  await platform.listen();
  await platform.start();
  const tables = await openRelational({ url: `sqlite:${join(dir, 'tillwatch.db')}` });
  const ask = async <T>(path: string, body?: string): Promise<T> => {
    const answer = await fetch(`${platform.httpUrl}/api/v1${path}`, {
      ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const later = lines.splice(-LATER);
  const send = async (some: readonly string[]) => {
    const counts = await ask<{ accepted: number }>('/import', `${some.join('\n')}\n`);
    if (counts.accepted < some.length / 2) throw new Error(`only ${counts.accepted} of ${some.length} were accepted`);
  };
  await send(lines);
  const now = clock.now();
  await createFindingStore(tables).state([
    faultOf(tenant, terminal, now, { site, severity: 'critical', failsAt: now + 20 * HOUR }),
    faultOf(tenant, others[0]!, now, { component: 'battery', mode: 'capacity_fade', site }),
    faultOf(tenant, others[1]!, now, {
      component: 'network',
      mode: 'signal_degradation',
      severity: 'watch',
      site,
    }),
  ]);
  await tables.close();
  // The platform's timers run by the test's clock; its stores and threads by themselves.
  let told = 0;
  for (let step = 0; told < 150 && step < MOST_STEPS; step++) {
    await clock.advance(STEP_MS);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { tickets } = await ask<{ tickets: { open: number } }>(`/tenants/${tenant}/fleet`);
    // From the first ticket on two more minutes, so that rates have two samples.
    told = tickets.open > 0 ? told + 1 : 0;
    if (told === 75) await send(later);
  }
  if (told < 150) throw new Error(`no ticket was opened within ${MOST_STEPS} s of the test's clock`);
  return {
    tenant,
    now: clock.now(),
    site,
    terminals: covering,
    async stop() {
      await platform.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Terminals that together report every kind of number, the one that reports most first. */
function coveringAll(messages: readonly Message[]): string[] {
  const kinds = new Map<string, Set<string>>();
  for (const { topic, payload } of messages) {
    const terminal = topic.split('/')[3]!;
    const seen = kinds.get(terminal) ?? new Set();
    kinds.set(terminal, seen);
    for (const [group, fields] of Object.entries(payload)) {
      if (typeof fields !== 'object' || fields === null) continue;
      for (const field of Object.keys(fields)) seen.add(`${group}.${field}`);
    }
  }
  const chosen: string[] = [];
  const covered = new Set<string>();
  for (;;) {
    const [best] = [...kinds]
      .map(([terminal, seen]) => ({ terminal, fresh: [...seen].filter((kind) => !covered.has(kind)) }))
      .sort((a, b) => b.fresh.length - a.fresh.length);
    if (!best || best.fresh.length === 0) return chosen;
    chosen.push(best.terminal);
    for (const kind of best.fresh) covered.add(kind);
  }
}
