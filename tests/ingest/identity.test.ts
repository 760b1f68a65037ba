import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTenantId } from '../../contract/topics.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { TerminalTable } from '../../ingest/core/terminal-table.ts';
import { wireHeartbeat } from '../support/payloads.ts';

const NOW = Date.UTC(2026, 5, 1);
const ACME = asTenantId('acme');
const TOPIC = 'pos/v1/acme/T1/heartbeat';

describe('identity by boot and seq', () => {
  it('takes each seq of a boot once, in whatever order, and counts what is missing', () => {
    // At most a dozen gaps at a time, as the memory of them is bounded.
    const order = fc.shuffledSubarray(
      Array.from({ length: 40 }, (_, i) => i),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(order, fc.array(fc.nat(39)), (first, again) => {
        const pipeline = createPipeline();
        const seen = new Set<number>();
        for (const seq of [...first, ...again]) {
          const { readings, duplicates } = pipeline.accept(TOPIC, wireHeartbeat(NOW + seq, seq), NOW + 1000);
          expect([readings.length, duplicates]).toEqual(seen.has(seq) ? [0, 1] : [1, 0]);
          seen.add(seq);
        }
        const high = Math.max(...seen);
        const low = Math.min(...seen);
        const missing = Array.from({ length: high - low }, (_, i) => low + i).filter((seq) => !seen.has(seq)).length;
        const { table } = pipeline;
        // What lies below the first seq met is not counted: a server may meet a boot in its middle.
        expect(table.columns.gaps[table.find(ACME, 'T1')]).toBeLessThanOrEqual(missing);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('counts a gap when it opens and gives it back when it fills', () => {
    const { accept, table } = createPipeline();
    const gaps = () => table.columns.gaps[table.find(ACME, 'T1')];
    for (const seq of [0, 1, 5]) accept(TOPIC, wireHeartbeat(NOW + seq, seq), NOW + 1000);
    expect(gaps()).toBe(3);
    for (const seq of [3, 3, 2]) accept(TOPIC, wireHeartbeat(NOW + seq, seq), NOW + 1000);
    expect(gaps()).toBe(1);
  });

  it('keeps the seqs of several boots apart, and buffered messages of an old boot do not become the newest', () => {
    const { accept, table } = createPipeline();
    const take = (boot: string, seq: number, ts: number) =>
      accept(TOPIC, wireHeartbeat(ts, seq, {}, boot), NOW + 7_200_000);
    expect(take('b2', 0, NOW + 7_200_000).readings).toHaveLength(1);
    expect(take('b1', 0, NOW).readings).toHaveLength(1);
    expect(take('b1', 0, NOW).duplicates).toBe(1);
    expect(take('b2', 0, NOW + 7_200_000).duplicates).toBe(1);
    expect(table.columns.lastAt[table.find(ACME, 'T1')]).toBe(NOW + 7_200_000);
  });

  it('remembers all of it over a restart', () => {
    const first = createPipeline();
    for (let t = 0; t < 50; t++) {
      for (const seq of [0, 2, 3, 9, 4]) {
        first.accept(`pos/v1/acme/T${t}/heartbeat`, wireHeartbeat(NOW + seq, seq, {}, `boot-${t}`), NOW + 1000);
      }
    }
    const table = new TerminalTable();
    expect(table.restore(Buffer.concat([...first.table.snapshot({ positions: [4] })]))).toEqual({ positions: [4] });
    const second = createPipeline({ table });
    const again = (seq: number) =>
      second.accept('pos/v1/acme/T7/heartbeat', wireHeartbeat(NOW + seq, seq, {}, 'boot-7'), NOW + 2000);
    expect([0, 2, 3, 4, 9].map((seq) => again(seq).duplicates)).toEqual([1, 1, 1, 1, 1]);
    expect([1, 5, 10].map((seq) => again(seq).readings.length)).toEqual([1, 1, 1]);
  });

  it('refuses a snapshot that is damaged, by name', () => {
    const { table } = createPipeline();
    table.findOrAdd(ACME, 'T1');
    const whole = Buffer.concat([...table.snapshot({})]);
    for (const cut of [0, 7, 20, whole.length - 1]) {
      expect(() => new TerminalTable().restore(whole.subarray(0, cut))).toThrow(/cannot be read/);
    }
  });

  it('limits the rate of one terminal and not of its neighbours', () => {
    const pipeline = createPipeline({ rate: { perSecond: 1, burst: 5 } });
    const send = (terminal: string, seq: number, at: number) =>
      pipeline.accept(`pos/v1/acme/${terminal}/heartbeat`, wireHeartbeat(at, seq), at).readings.length;
    expect([0, 1, 2, 3, 4, 5, 6].map((seq) => send('T1', seq, NOW))).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(send('T2', 0, NOW)).toBe(1);
    expect(send('T1', 7, NOW + 1000)).toBe(1);
  });

  it('takes no more terminals than it may remember, and goes on with those it knows', () => {
    const pipeline = createPipeline({ maxTerminals: 2 });
    const send = (terminal: string, seq: number) =>
      pipeline.accept(`pos/v1/acme/${terminal}/heartbeat`, wireHeartbeat(NOW, seq), NOW);
    expect(['T1', 'T2', 'T3'].map((t) => send(t, 0).readings.length)).toEqual([1, 1, 0]);
    expect(send('T3', 1).rejections).toMatchObject([{ reason: 'too_many_terminals', replayable: true }]);
    expect(send('T1', 1).readings).toHaveLength(1);
    expect(pipeline.table.size).toBe(2);
  });
});
