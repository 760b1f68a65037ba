import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';
import type { Journal } from '../contract/ports/journal.ts';
import type { LevelSample, LevelSink } from '../contract/ports/levels.ts';
import type { TelemetryStore } from '../contract/ports/telemetry-store.ts';
import type { Job } from '../contract/room.ts';
import type { MetricsText } from './http/server.ts';

export interface OwnMetricsDeps {
  /** Where the gauges of the process as a whole are registered. */
  readonly registry: Registry;
  /** What `/metrics` answers: the registry's, and that of the shards here. */
  readonly text: MetricsText;
  readonly dataDir: string;
  readonly journal: Pick<Journal, 'stats'>;
  readonly telemetry: Pick<TelemetryStore, 'stats'>;
  readonly ready: () => boolean;
  /** Where the process's own metrics are stated besides `/metrics`; left out: nowhere. */
  readonly levels?: LevelSink | undefined;
  /** Name of this process in what it states. */
  readonly instance: string;
}

const PUSH_MS = 30_000;
const DISK_MS = 60_000;

/** Metrics of the process as a whole (ready, disk, journal and store sizes), and their way to the telemetry server. */
export function createOwnMetrics(deps: OwnMetricsDeps): readonly Job[] {
  const { registry } = deps;
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  new Gauge({
    name: 'tillwatch_ready',
    help: '1 when every part can do its work.',
    registers: [registry],
    collect() {
      this.set(deps.ready() ? 1 : 0);
    },
  });
  const free = gauge('tillwatch_disk_free_bytes', 'Free space where the data directory lies.');
  const size = gauge('tillwatch_disk_size_bytes', 'Size of the disk where the data directory lies.');
  const journal = gauge('tillwatch_journal_bytes', 'Disk that the journal takes.');
  const budget = gauge('tillwatch_journal_budget_bytes', 'Disk that the journal may take.');
  const telemetry = gauge('tillwatch_telemetry_bytes', 'Disk that the telemetry store takes.');
  const memory = gauge(
    'tillwatch_telemetry_memory_bytes',
    'Memory that the embedded telemetry store holds in this process.',
  );
  new Gauge({
    name: 'tillwatch_array_buffers_bytes',
    help: 'Memory of buffers outside of the heap, part of the external memory.',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage().arrayBuffers);
    },
  });
  const measure = async (): Promise<void> => {
    // A room apart keeps nothing here, and its directory may never be made.
    if (existsSync(deps.dataDir)) {
      const disk = await statfs(deps.dataDir);
      free.set(disk.bavail * disk.bsize);
      size.set(disk.blocks * disk.bsize);
    }
    const [kept, stored] = await Promise.all([deps.journal.stats(), deps.telemetry.stats()]);
    journal.set(kept.bytes);
    budget.set(kept.budgetBytes);
    telemetry.set(stored.bytesOnDisk);
    if (stored.memoryBytes !== undefined) memory.set(stored.memoryBytes);
  };
  const jobs: Job[] = [{ name: 'disk-metrics', every: DISK_MS, run: () => measure() }];
  const { levels } = deps;
  if (levels) {
    const push = async (now: number) => levels.write(samplesOf(await deps.text.metrics(), deps.instance), now);
    jobs.push({ name: 'own-levels', every: PUSH_MS, run: push });
  }
  return jobs;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g;

/**
 * The numbers of a Prometheus text (as prom-client writes it: no timestamps) as samples of one process:
 * https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md
 */
export function samplesOf(text: string, instance: string): LevelSample[] {
  const samples: LevelSample[] = [];
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const own = [...labels.matchAll(LABEL)].map(([, key = '', escaped = '']) => [key, unescaped(escaped)] as const);
    samples.push({ name, labels: { ...Object.fromEntries(own), instance }, value: Number(value) });
  }
  return samples;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
