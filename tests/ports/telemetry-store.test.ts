import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { Directory } from '../../contract/ports/directory.ts';
import { createDuckDbTelemetry } from '../../store/telemetry/duckdb/store.ts';
import { createInfluxTelemetry } from '../../store/telemetry/server/influx.ts';
import { createVictoriaTelemetry } from '../../store/telemetry/server/victoria.ts';
import { describeInflux } from '../support/influx.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ACME, OTHER } from '../support/readings.ts';
import { describeServer } from '../support/servers.ts';
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

describeServer('victoria-metrics', 'telemetry store', (start) => {
  let url = '';
  beforeAll(async () => {
    url = (await start({ args: ['-dedup.minScrapeInterval=1ms'] })).url;
  });
  describeTelemetryStore('VictoriaMetrics', async () => {
    const day = Date.UTC(2026, 0, 5);
    const flush = async (): Promise<void> => void (await fetch(`${url}/internal/force_flush`));
    return {
      capabilities: { ownPosition: false, rollups: false, export: false },
      day,
      open: async ({ directory }) =>
        createVictoriaTelemetry({
          url,
          directory,
          clock: new ManualClock(day + 86_400_000 * 2),
          journalCursor: async () => 0,
        }),
      settle: flush,
      reset: async () => {
        await fetch(`${url}/api/v1/admin/tsdb/delete_series?match[]={__name__=~"tw_.%2B"}`);
        await flush();
      },
    };
  });
});

describeInflux('telemetry store', (server) => {
  describeTelemetryStore('InfluxDB 2', async () => {
    const day = Date.UTC(2026, 0, 5);
    const open = (directory: Directory) =>
      createInfluxTelemetry({
        ...server(),
        directory,
        clock: new ManualClock(day + 86_400_000 * 2),
        journalCursor: async () => 0,
      });
    return {
      capabilities: { ownPosition: false, rollups: false, export: false },
      day,
      open: async ({ directory }) => open(directory),
      settle: async () => {},
      reset: async () => {
        const store = open({ facts: () => undefined });
        await store.start();
        await store.deleteTenant(ACME);
        await store.deleteTenant(OTHER);
        await store.stop();
      },
    };
  });
});
