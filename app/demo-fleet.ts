import { join } from 'node:path';
import cliProgress from 'cli-progress';
import type { Logger } from 'pino';
import { messageOf } from '../contract/errors.ts';
import type { RegistryRepository } from '../contract/ports/registry.ts';
import { asTenantId } from '../contract/topics.ts';
import { createDemo, type Demo } from '../firmware-sim/service.ts';
import { enterDemoOffice, planDemoRounds } from './demo-office.ts';
import type { DemoProgress } from './http/status-routes.ts';

export interface DemoFleetDeps {
  readonly log: Logger;
  readonly dataDir: string;
  readonly mqttUrl: string;
  readonly apiUrl: string;
  readonly registry: RegistryRepository;
  readonly now: () => number;
  /** Resolves once everything stored so far is evaluated and its tickets are open. */
  readonly level: () => Promise<void>;
  readonly onProgress: (progress: DemoProgress) => void;
  /** Draw a progress bar on standard error. */
  readonly bar: boolean;
}

/** The demonstration fleet beside the platform: its past first, with a progress bar, then live; it speaks only MQTT and the public API. */
export function createDemoFleet(deps: DemoFleetDeps): Demo {
  const { log } = deps;
  const bar = deps.bar
    ? new cliProgress.SingleBar(
        {
          format: 'past days [{bar}] {percentage}% · {messages} messages · {duration_formatted}',
          stream: process.stderr,
        },
        cliProgress.Presets.shades_classic,
      )
    : undefined;
  let drawn = false;
  let tenant = '';
  const officeFailed = (error: unknown): void =>
    log.warn({ err: error }, 'the demonstration’s operator could not enter everything');
  // Terminals that announce themselves wait for an operator's yes; here the demonstration is the operator.
  const acceptAll = async (): Promise<void> => {
    const demo = asTenantId(tenant);
    for (;;) {
      const { items } = await deps.registry.list(demo, { lifecycle: ['pending'], limit: 500 });
      if (items.length === 0) return;
      for (const { terminal } of items) {
        await deps.registry.change(demo, terminal, { kind: 'accept' }, deps.now(), 'demonstration');
      }
    }
  };
  return createDemo(
    {
      scenario: 'demo',
      target: { url: deps.mqttUrl },
      snapshotPath: join(deps.dataDir, 'demo-fleet.json'),
      api: { url: deps.apiUrl },
    },
    (report) => {
      switch (report.type) {
        case 'sites':
          tenant = report.tenant;
          for (const site of report.sites) {
            deps.registry
              .putSite(site, deps.now())
              .catch((error: unknown) =>
                log.warn({ err: error }, `the demonstration's site ${site.site} was not stored`),
              );
          }
          enterDemoOffice(deps.apiUrl, tenant).catch(officeFailed);
          break;
        case 'history':
          deps.onProgress({ phase: 'history', done: report.done, total: report.total });
          if (bar && !drawn) {
            bar.start(100, 0, { messages: 0 });
            drawn = true;
          }
          bar?.update(Math.floor((100 * report.done) / Math.max(1, report.total)), { messages: report.messages });
          break;
        case 'live':
          if (drawn) bar?.stop();
          drawn = false;
          deps.onProgress({ phase: 'judging', done: 1, total: 1 });
          // Live is what an operator sees: not before the last past day has its findings and tickets.
          deps
            .level()
            .then(() => log.info({ messages: report.messages }, 'the demonstration fleet is live'))
            // It speaks all the same; what is missing is said by the log and by the platform's health.
            .catch((err: unknown) => log.error({ err }, `the demonstration's past has no findings: ${messageOf(err)}`))
            .then(() => deps.onProgress({ phase: 'live', done: 1, total: 1 }))
            .then(acceptAll)
            .then(() => planDemoRounds(deps.apiUrl, tenant))
            .catch(officeFailed);
          break;
        case 'failed':
          if (drawn) bar?.stop();
          log.error({ reason: report.reason }, `the demonstration fleet stopped: ${report.reason}`);
          break;
        default:
          break;
      }
    },
  );
}
