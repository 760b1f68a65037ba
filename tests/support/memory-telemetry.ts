import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { Reading } from '../../contract/reading.ts';

/** A telemetry store that only remembers what was written, for tests of what comes before it; queries are not its business. */
export interface MemoryTelemetry extends TelemetryStore {
  readonly readings: readonly Reading[];
}

export function createMemoryTelemetry(): MemoryTelemetry {
  const readings: Reading[] = [];
  const positions = new Map<number, number>();
  const unasked = (): never => {
    throw new TypeError('the memory telemetry store answers no queries');
  };
  const write: TelemetryStore['write'] = async ({ shard, position, readings: batch }) => {
    if (position <= (positions.get(shard) ?? 0)) return;
    readings.push(...batch);
    positions.set(shard, position);
  };
  return {
    readings,
    start: async () => {},
    stop: async () => {},
    write,
    writeAll: async (batches) => {
      for (const batch of batches) await write(batch);
    },
    position: async (shard) => positions.get(shard) ?? 0,
    latest: unasked,
    range: unasked,
    aggregate: unasked,
    events: unasked,
    maintain: async () => {},
    export: unasked,
    deleteTenant: unasked,
    stats: unasked,
  };
}
