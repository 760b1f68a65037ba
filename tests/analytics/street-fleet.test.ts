import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TruthLine } from '../../analytics/core/score.ts';
import { ALL_MODES, MODES } from '../../contract/modes.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { streetFleet } from '../support/street-fleet.ts';

const HOUR = 3_600_000;
const options = { seed: 1, terminals: 14, days: 12 };

interface Heard {
  readonly fingerprint: string;
  readonly truth: readonly TruthLine[];
  readonly channels: ReadonlySet<string>;
  readonly terminals: ReadonlySet<string>;
  readonly first: number;
  readonly rejections: unknown[];
  readonly lines: number;
  readonly entries: number;
  readonly duplicates: number;
  readonly inOrder: boolean;
}

function hear(of: typeof options): Heard {
  const { lines, truth } = streetFleet(of);
  const pipeline = createPipeline();
  const hash = createHash('sha256');
  const heard = {
    channels: new Set<string>(),
    terminals: new Set<string>(),
    first: Number.POSITIVE_INFINITY,
    rejections: [] as unknown[],
    lines: 0,
    entries: 0,
    duplicates: 0,
    inOrder: true,
  };
  let last = 0;
  for (const { topic, payload, received_at } of lines) {
    heard.lines++;
    heard.inOrder &&= received_at >= last;
    last = received_at;
    hash.update(`${received_at} ${topic} ${payload}`);
    const accepted = pipeline.accept(topic, Buffer.from(payload), received_at);
    for (const { tenant, terminal, channel } of accepted.readings) {
      heard.channels.add(channel);
      heard.terminals.add(`${tenant}/${terminal}`);
    }
    heard.first = Math.min(heard.first, received_at);
    heard.rejections.push(...accepted.rejections);
    heard.duplicates += accepted.duplicates;
    heard.entries += accepted.readings.length + accepted.duplicates + accepted.stale;
  }
  return { ...heard, truth, fingerprint: hash.update(JSON.stringify(truth)).digest('hex') };
}

const fleet = hear(options);

describe('the fifth fleet generator', () => {
  it('writes the wire contract: ingest refuses none of it, gateways and redeliveries among it', () => {
    expect(fleet.inOrder).toBe(true);
    expect(fleet.rejections).toEqual([]);
    expect(fleet.entries).toBeGreaterThanOrEqual(fleet.lines);
    expect(fleet.duplicates).toBeGreaterThan(0);
    expect(fleet.duplicates / fleet.entries).toBeLessThan(0.01);
    expect([...fleet.channels].sort()).toEqual(['birth', 'counters', 'event', 'heartbeat', 'state']);
  });

  it('is the same fleet for the same seed, and another for another', () => {
    expect(hear(options).fingerprint).toBe(fleet.fingerprint);
    expect(hear({ ...options, seed: 2 }).fingerprint).not.toBe(fleet.fingerprint);
  });

  it('tells of terminals that are heard of, in the words of the contract, after a week of history', () => {
    const { terminals, first } = fleet;
    for (const row of fleet.truth) {
      expect(terminals).toContain(`${row.tenant}/${row.terminal}`);
      expect(MODES[row.component]).toContain(row.mode);
      if (row.failed_at === null) continue;
      expect(row.failed_at).toBeGreaterThan(row.onset_at);
      if (row.failed_at - row.onset_at >= 3 * HOUR) expect(row.onset_at).toBeGreaterThan(first + 7 * 24 * HOUR);
    }
  });

  it('has failures of nearly every mode even in fleets of twelve days, and a printer that failed prints nothing', () => {
    const modes = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const { lines, truth } = streetFleet({ seed, terminals: 75, days: 12 });
      const jobs = new Map<string, [ts: number, total: number][]>();
      for (const { topic, payload } of lines) {
        if (!topic.endsWith('/counters')) continue;
        const { ts, printer } = JSON.parse(payload) as { ts: number; printer?: { jobs_total?: number } };
        const terminal = topic.split('/')[3]!;
        if (printer?.jobs_total === undefined) continue;
        const known = jobs.get(terminal);
        if (known) known.push([ts, printer.jobs_total]);
        else jobs.set(terminal, [[ts, printer.jobs_total]]);
      }
      for (const { mode, component, terminal, onset_at, failed_at } of truth) {
        if (failed_at === null ? mode === 'firmware_regression' : failed_at - onset_at >= 3 * HOUR) modes.add(mode);
        if (failed_at === null || component !== 'printer') continue;
        const since = (jobs.get(terminal) ?? []).filter(
          ([ts]) => ts > failed_at + 0.6 * HOUR && ts < failed_at + 2 * HOUR,
        );
        expect(new Set(since.map(([, total]) => total)).size).toBeLessThanOrEqual(1);
      }
    }
    expect(modes.size).toBeGreaterThanOrEqual(ALL_MODES.length - 3);
  }, 240_000);
});
