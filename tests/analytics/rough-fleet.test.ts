import { describe, expect, it } from 'vitest';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { type RoughOptions, roughFleet } from '../support/rough-fleet.ts';

const options: RoughOptions = {
  seed: 3,
  sites: 3,
  perSite: 4,
  days: 12,
  beats: [300, 600],
  faulty: 1,
  nuisances: true,
  outages: true,
  firmware: 'bad',
};

describe('the third fleet generator', () => {
  it('writes the wire contract, but for what it breaks on purpose', () => {
    const pipeline = createPipeline();
    const reasons = new Map<string, number>();
    let lines = 0;
    let readings = 0;
    let duplicates = 0;
    let last = 0;
    for (const { topic, payload, received_at } of roughFleet(options).lines) {
      expect(received_at).toBeGreaterThanOrEqual(last);
      last = received_at;
      lines++;
      const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
      const accepted = pipeline.accept(topic, bytes, received_at);
      readings += accepted.readings.length;
      duplicates += accepted.duplicates;
      for (const { reason } of accepted.rejections) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const rejected = [...reasons.values()].reduce((sum, n) => sum + n, 0);
    expect(readings).toBeGreaterThan(5000);
    expect(duplicates).toBeGreaterThan(0);
    expect(rejected).toBeGreaterThan(0);
    expect(rejected / lines).toBeLessThan(0.005);
  });

  it('is the same fleet for the same seed, and tells when what failed', () => {
    const write = () => {
      const fleet = roughFleet({ ...options, days: 9 });
      let sum = 0;
      for (const line of fleet.lines) sum = (sum * 31 + JSON.stringify(line).length + line.received_at) % 1_000_003;
      return { sum, truth: fleet.truth };
    };
    const first = write();
    expect(write()).toEqual(first);
    expect(first.truth.length).toBeGreaterThan(3);
    for (const { onset_at, failed_at } of first.truth) expect(failed_at ?? onset_at).toBeGreaterThanOrEqual(onset_at);
  });
});
