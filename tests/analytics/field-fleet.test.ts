import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MODES } from '../../contract/modes.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { type FieldFleet, fieldFleet } from '../support/field-fleet.ts';

const options = { seed: 1, terminals: 10, days: 14 };
const fleet = fieldFleet(options);

function fingerprint({ lines, truth }: FieldFleet): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(JSON.stringify(line));
  return hash.update(JSON.stringify(truth)).digest('hex');
}

describe('the fourth fleet generator', () => {
  it('writes the wire contract: ingest refuses none of it, and drops redeliveries and wills of an earlier boot', () => {
    const pipeline = createPipeline();
    const channels = new Set<string>();
    const rejections: unknown[] = [];
    let readings = 0;
    let duplicates = 0;
    let stale = 0;
    let last = 0;
    for (const { topic, payload, received_at } of fleet.lines) {
      expect(received_at).toBeGreaterThanOrEqual(last);
      last = received_at;
      channels.add(topic.split('/').at(-1)!);
      const accepted = pipeline.accept(topic, Buffer.from(payload), received_at);
      readings += accepted.readings.length;
      duplicates += accepted.duplicates;
      stale += accepted.stale;
      rejections.push(...accepted.rejections);
    }
    expect(rejections).toEqual([]);
    expect(duplicates).toBeGreaterThan(0);
    expect(duplicates / fleet.lines.length).toBeLessThan(0.005);
    expect(stale / fleet.lines.length).toBeLessThan(0.001);
    expect(readings + duplicates + stale).toBe(fleet.lines.length);
    expect([...channels].sort()).toEqual(['birth', 'counters', 'event', 'heartbeat', 'state']);
  });

  it('is the same fleet for the same seed, and another for another', () => {
    expect(fingerprint(fieldFleet(options))).toBe(fingerprint(fleet));
    expect(fingerprint(fieldFleet({ ...options, seed: 2 }))).not.toBe(fingerprint(fleet));
  });

  it('tells what failed when, of terminals that are in the recording, in the words of the contract', () => {
    const last = fleet.lines.at(-1)!.received_at;
    const heard = new Set(fleet.lines.map(({ topic }) => topic.split('/').slice(2, 4).join('/')));
    expect(fleet.truth.length).toBeGreaterThan(3);
    for (const row of fleet.truth) {
      expect(heard).toContain(`${row.tenant}/${row.terminal}`);
      expect(MODES[row.component]).toContain(row.mode);
      expect(row.onset_at).toBeGreaterThanOrEqual(fleet.lines[0]!.received_at);
      expect(row.failed_at ?? last).toBeGreaterThan(row.onset_at);
      expect(row.failed_at ?? last).toBeLessThanOrEqual(last);
    }
    expect(fleet.truth.some(({ failed_at }) => failed_at !== null)).toBe(true);
  });
});
