import type { TelemetryStore } from '../../../contract/ports/telemetry-store.ts';
import { createInfluxClient, type InfluxOptions } from './influx-client.ts';
import { createServerTelemetry, type ServerTelemetryDeps } from './store.ts';

/** Telemetry in InfluxDB 2, which answers a write once its log is on disk. */
export function createInfluxTelemetry(
  options: InfluxOptions & Pick<ServerTelemetryDeps, 'clock' | 'directory' | 'journalCursor'>,
): TelemetryStore {
  return createServerTelemetry({ ...options, client: createInfluxClient(options), durableAfterMs: 0 });
}
