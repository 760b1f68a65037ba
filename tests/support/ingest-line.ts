import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { systemClock } from '../../app/system-clock.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { DeviceCredentialRepository } from '../../contract/ports/devices.ts';
import type { Journal } from '../../contract/ports/journal.ts';
import type { TelemetrySource } from '../../contract/ports/telemetry-source.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import { AedesSource, type AedesSourceOptions } from '../../ingest/edge/aedes-source.ts';
import { CredentialAuthority } from '../../ingest/edge/device-authority.ts';
import { DeviceBook } from '../../ingest/edge/device-book.ts';
import { stateFile } from '../../ingest/edge/state-store.ts';
import { createIngest, type Ingest, type IngestLimits } from '../../ingest/service.ts';
import { createJournalFeed } from '../../store/journal/feed.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createCommandLog } from '../../store/relational/repositories/commands.ts';
import { createDeadLetterRepository } from '../../store/relational/repositories/dead-letters.ts';
import { createDeviceCredentialRepository } from '../../store/relational/repositories/devices.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { createMemoryTelemetry, type MemoryTelemetry } from './memory-telemetry.ts';

export interface LineOptions {
  readonly dir?: string;
  readonly clock?: Clock;
  readonly limits?: Partial<IngestLimits>;
  readonly source?: Partial<AedesSourceOptions>;
  readonly sources?: readonly TelemetrySource[];
  /** Devices prove who they are, by the tables' credentials; `open`: those on this machine that give none may come in too. */
  readonly credentials?: 'required' | 'open';
  /** Left out: one that remembers everything. */
  readonly telemetry?: TelemetryStore;
  /** Puts something between ingest and its journal, to make it fail. */
  readonly journal?: (inner: Journal) => Journal;
}

/** The real ingest line on real embedded stores (time series in memory), with an MQTT port of its own. */
export interface Line {
  readonly ingest: Ingest;
  readonly journal: Journal;
  readonly telemetry: MemoryTelemetry;
  readonly registry: ReturnType<typeof createRegistryRepository>;
  readonly deadLetters: ReturnType<typeof createDeadLetterRepository>;
  readonly metrics: Registry;
  readonly source: AedesSource;
  readonly credentials: DeviceCredentialRepository;
  readonly authority: CredentialAuthority;
  readonly book: DeviceBook;
  readonly url: string;
  readonly dir: string;
  stop(): Promise<void>;
}

export async function startLine(options: LineOptions = {}): Promise<Line> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'tillwatch-line-'));
  const log = pino({ level: process.env.TILLWATCH_TEST_LOG ?? 'silent' });
  const clock = options.clock ?? systemClock;
  const metrics = new Registry();
  const relational = await openRelational({ url: `sqlite:${join(dir, 'tables.db')}` });
  await relational.migrate();
  const inner = createSqliteJournal({ dir: join(dir, 'journal'), shards: 4, budgetBytes: 2 ** 30 });
  const journal = options.journal ? options.journal(inner) : inner;
  await journal.start();
  const feed = createJournalFeed({ journal, clock, log, metrics });
  const telemetry = createMemoryTelemetry();
  const written = options.telemetry ?? telemetry;
  const registry = createRegistryRepository(relational);
  const deadLetters = createDeadLetterRepository(relational);
  const credentials = createDeviceCredentialRepository(relational);
  let ingest: Ingest | undefined;
  const authority = new CredentialAuthority({ clock, log, credentials, directory: () => ingest?.directory });
  const book = new DeviceBook({ clock, credentials, randomBytes });
  const source = new AedesSource({
    clock,
    log,
    tcp: { host: '127.0.0.1', port: 0 },
    ...(options.credentials ? { authority, openLoopback: options.credentials === 'open' } : {}),
    ...options.source,
  });
  ingest = createIngest({
    clock,
    log,
    metrics,
    feed,
    shards: journal.shards,
    telemetry: written,
    registry,
    deadLetters,
    commandLog: createCommandLog(relational),
    sources: options.sources ?? [source],
    state: stateFile(join(dir, 'ingest.state')),
    ...(options.credentials ? { devices: { credentials, authority, book } } : {}),
    limits: { writeLingerMs: 5, ...options.limits },
  });
  const started = ingest;
  await started.start();
  return {
    ingest: started,
    journal,
    telemetry,
    registry,
    deadLetters,
    metrics,
    source,
    credentials,
    authority,
    book,
    url: options.sources ? '' : `mqtt://127.0.0.1:${source.listeners[0]!.port}`,
    dir,
    async stop() {
      await started.stop();
      await feed.stop();
      await journal.stop();
      await relational.close();
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
    },
  };
}
