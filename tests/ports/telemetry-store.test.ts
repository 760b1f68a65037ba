import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { describeTelemetryStore } from './telemetry-store.ts';

describeTelemetryStore('DuckDB', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-duckdb-'));
  return {
    capabilities: { ownPosition: true, rollups: true, export: true },
    day: Date.UTC(2026, 0, 5),
    open: async (options) => createDuckDbTelemetry({ dir, memoryMb: 256, ...options }),
    settle: async () => {},
    reset: async () => rmSync(dir, { recursive: true, force: true }),
  };
});
