import type { TelemetryStore } from '../../../contract/ports/telemetry-store.ts';
import { createServerTelemetry, type ServerTelemetryDeps } from './store.ts';
import { createVictoriaClient, type VictoriaOptions } from './victoria-client.ts';

// It answers a write once the rows are in memory, and writes them to disk within seconds.
const DURABLE_AFTER_MS = 15_000;

/** Telemetry in VictoriaMetrics; the server must run with `-dedup.minScrapeInterval=1ms`. */
export function createVictoriaTelemetry(
  options: VictoriaOptions & Pick<ServerTelemetryDeps, 'clock' | 'directory' | 'journalCursor'>,
): TelemetryStore {
  return createServerTelemetry({ ...options, client: createVictoriaClient(options), durableAfterMs: DURABLE_AFTER_MS });
}
