import { join } from 'node:path';
import type { Pupil } from '../../analytics/edge/pupil.ts';
import { TillwatchError } from '../../contract/errors.ts';
import { GAUGES } from '../../contract/metrics.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { Reading } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import { readHistory } from '../../store/telemetry/duckdb/history.ts';

export interface HistoryOptions {
  readonly dataDir: string;
  /** Readings before this are there already; ms. Left out: all are copied. */
  readonly since?: number;
  readonly telemetry: Pick<TelemetryStore, 'writeAll' | 'range'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Told now and then how far it is: the time of the last reading, and how many were copied. */
  readonly progress?: (at: number, readings: number) => void;
}

/** A server shows what it has taken a little later. */
const SHOWN_MS = 40_000;
const LOOK_MS = 500;

/**
 * Copies a directory's stored readings to a telemetry server, and has them teach detectors; writing the same again changes nothing there.
 * Answers how many were copied. Error: `move.not_kept`, after the first few thousand, where the server lets go of what is so old.
 */
export async function moveHistory(
  options: HistoryOptions,
  pupils?: (tenant: TenantId) => Pupil | undefined,
): Promise<number> {
  const { dataDir, since = 0, telemetry, progress } = options;
  let readings = 0;
  let kept = false;
  for await (const piece of readHistory(join(dataDir, 'telemetry'), pupils ? 0 : since)) {
    const fresh = since === 0 ? piece.readings : piece.readings.filter(({ ts }) => ts >= since);
    await telemetry.writeAll([{ shard: 0, position: 0, readings: fresh }]);
    readings += fresh.length;
    if (!kept) kept = await isKept(options, fresh);
    // Means of five minutes are no messages: detectors would take them for a calmer terminal.
    if (pupils && piece.resolution === 'raw') {
      for (const reading of piece.readings) pupils(reading.tenant)?.take(reading);
    }
    progress?.(piece.readings.at(-1)?.ts ?? 0, readings);
  }
  return readings;
}

/** Sees that the oldest number among these can be read back; false where there is none to look at. */
async function isKept({ telemetry, clock }: HistoryOptions, readings: readonly Reading[]): Promise<boolean> {
  for (const { tenant, terminal, channel, ts, payload } of readings) {
    const metric =
      channel === 'heartbeat' &&
      GAUGES.find(({ group, field }) => typeof (payload as unknown as Groups)[group]?.[field] === 'number');
    if (!metric) continue;
    const query = { terminals: [terminal], metrics: [metric.key], from: ts, to: ts + 1 };
    for (const until = clock.now() + SHOWN_MS; clock.now() < until; await clock.sleep(LOOK_MS)) {
      const [series] = await telemetry.range(tenant, query);
      if (series && series.times.length > 0) return true;
    }
    throw new TillwatchError(
      'move.not_kept',
      `the telemetry server took readings of ${new Date(ts).toISOString()} and does not show them: its retention is shorter than what is stored here. Lengthen it ` +
        '(VictoriaMetrics: -retentionPeriod; InfluxDB: the bucket’s), or copy less with --since',
      { status: 400, context: { tenant, terminal, metric: metric.key, ts } },
    );
  }
  return false;
}

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
