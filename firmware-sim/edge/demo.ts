import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TillwatchError } from '../../contract/errors.ts';
import type { Site } from '../../contract/registry.ts';
import type { BrokerTarget } from './publisher.ts';

/** Settings of the living demonstration; must survive `structuredClone`. */
export interface DemoSettings {
  /** Scenario by name or path; its days before now are told first. */
  readonly scenario: string;
  readonly seed?: number;
  readonly target: BrokerTarget;
  /** Where the fleet is kept between starts. */
  readonly snapshotPath: string;
  /** Batches under way while history is told; 24 when left out. */
  readonly window?: number;
  /** Heartbeat once live, s; 60 when left out. */
  readonly liveHeartbeatS?: number;
  /** A gap up to this long is told as buffered data at the next start; 24 when left out. */
  readonly backfillHours?: number;
  readonly logLevel?: string;
  /** The platform's public API, for the simulated field service; left out: nobody repairs anything. */
  readonly api?: {
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Real ms that a promised day of waiting takes; 600,000 when left out. */
    readonly dayMs?: number;
  };
}

/** What the demonstration's thread tells. `history.done/total` are ms of the fleet's time. */
export type DemoReport =
  | { readonly type: 'sites'; readonly tenant: string; readonly sites: readonly Site[]; readonly resumed: boolean }
  | {
      readonly type: 'history';
      readonly done: number;
      readonly total: number;
      readonly messages: number;
      readonly at: number;
      readonly resumed: boolean;
    }
  | { readonly type: 'live'; readonly messages: number }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly reason: string };

export interface Demo {
  /** Starts the thread; resolves once it runs. Progress comes by `onReport`. */
  start(): Promise<void>;
  /** Ends sessions cleanly and keeps the fleet; at most `timeoutMs`. */
  stop(timeoutMs?: number): Promise<void>;
  /** Resolves when the fleet is live; rejects with `simulator.demo_failed`. */
  readonly live: Promise<void>;
}

/** The demonstration fleet in a thread of its own: it speaks to the platform over MQTT and its public API only. */
export function createDemo(settings: DemoSettings, onReport: (report: DemoReport) => void): Demo {
  let worker: Worker | undefined;
  const { promise: live, resolve, reject } = Promise.withResolvers<void>();
  // Nobody has to wait for it: a failure is also reported.
  live.catch(() => undefined);
  return {
    live,
    async start() {
      // Run from source the file is TypeScript, from a package it is JavaScript.
      const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
      worker = new Worker(new URL(`./demo-worker.${extension}`, import.meta.url), { workerData: settings });
      const fail = (reason: string): void =>
        reject(new TillwatchError('simulator.demo_failed', `the demonstration fleet stopped: ${reason}`));
      worker.on('message', (report: DemoReport) => {
        if (report.type === 'live') resolve();
        if (report.type === 'failed') fail(report.reason);
        onReport(report);
      });
      worker.on('error', (error) => {
        fail(String(error));
        onReport({ type: 'failed', reason: String(error) });
      });
      await once(worker, 'online');
    },
    async stop(timeoutMs = 8000) {
      if (!worker) return;
      const running = worker;
      worker = undefined;
      const ended = once(running, 'exit').then(() => undefined);
      running.postMessage({ type: 'stop' });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((done) => {
        timer = setTimeout(done, timeoutMs);
      });
      await Promise.race([ended, late]);
      clearTimeout(timer);
      await running.terminate();
    },
  };
}
