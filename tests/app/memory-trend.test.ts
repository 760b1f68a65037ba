import { describe, expect, it } from 'vitest';
import { heldOf, type MemoryReading, memoryTrend } from '../bench/memory-trend.ts';

/** xorshift32, 0 … 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/**
 * Fifty minutes of a platform as it was seen to be, a reading each five seconds: upkeep each ten minutes takes 50 to 150 MB for half a
 * minute and folds up 70 MB that were written since; V8 has up to 120 MB of empty pages, given back when it sees fit; garbage comes and goes.
 */
function run(seed: number, leakMbPerH: { native?: number; heap?: number } = {}, start = 10): MemoryReading[] {
  const random = dice(seed);
  const { native = 0, heap = 0 } = leakMbPerH;
  const readings: MemoryReading[] = [];
  let empty = 120;
  let spike = 0;
  for (let i = 0; i < 600; i++) {
    const minute = start + i / 12;
    const phase = (minute + 4) % 10;
    empty = random() < 0.01 ? 0 : Math.min(120, empty + random() * 2);
    if (phase < 1 / 12) spike = 50 + random() * 100;
    const folding = phase < 0.5 ? spike : 0;
    const heap_used = 75 + random() * 50 + (heap * minute) / 60;
    const heap_total = heap_used + empty;
    const rss = heap_total + 250 + phase * 7 + folding + random() * 8 + (native * minute) / 60;
    readings.push({ minute, mb: heldOf({ rss, heap_total, heap_used }) });
  }
  return readings;
}

const SEEDS = [3, 71, 1009, 40_961, 999_983];

describe("the trend of a process's memory", () => {
  it.each(SEEDS)('is flat for a saw-tooth that grows nothing, wherever the run begins in it (seed %i)', (seed) => {
    for (const start of [8, 10, 13.3]) {
      const trend = memoryTrend(run(seed, {}, start), 10);
      expect(trend?.periods).toBe(5);
      expect(Math.abs(trend?.slope ?? Number.NaN)).toBeLessThan(15);
      expect(trend?.high).toBeLessThan(60);
    }
  });

  it.each(SEEDS)(
    'sees a leak of 100 MB/h under the same saw-tooth, in native memory or in objects (seed %i)',
    (seed) => {
      for (const leak of [{ native: 100 }, { heap: 100 }]) {
        const trend = memoryTrend(run(seed, leak), 10);
        expect(trend?.slope).toBeGreaterThan(80);
        expect(trend?.slope).toBeLessThan(120);
        expect(trend?.low).toBeGreaterThan(60);
      }
    },
  );

  it('holds the true slope in its interval nineteen times of twenty', () => {
    let held = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const trend = memoryTrend(run(seed * 7919, { native: 30 }), 10)!;
      if (trend.low <= 30 && trend.high >= 30) held++;
    }
    expect(held).toBeGreaterThanOrEqual(184);
  });

  it('takes a reading a minute as well, a few seconds late now and then', () => {
    const random = dice(17);
    for (const [leak, from, to] of [
      [0, -20, 20],
      [100, 80, 120],
    ] as const) {
      const minutely = run(71, { native: leak })
        .filter((_, i) => i % 12 === 0)
        .map(({ minute, mb }) => ({ minute: minute + random() / 12, mb }));
      const trend = memoryTrend(minutely, 10);
      expect(trend?.periods).toBe(5);
      expect(trend?.slope).toBeGreaterThan(from);
      expect(trend?.slope).toBeLessThan(to);
    }
  });

  it('is as wide as periods differ: levels that jump about show nothing flat', () => {
    const jumps = [0, 60, -40, 80, 10];
    const readings = run(3).map(({ minute, mb }) => ({ minute, mb: mb + jumps[Math.floor((minute - 10) / 10)]! }));
    expect(memoryTrend(readings, 10)?.high).toBeGreaterThan(100);
  });

  it('says nothing of less than two periods, and nothing certain of two', () => {
    expect(
      memoryTrend(
        run(3).filter(({ minute }) => minute < 29),
        10,
      ),
    ).toBeUndefined();
    const two = memoryTrend(
      run(3).filter(({ minute }) => minute < 30),
      10,
    );
    expect(two).toMatchObject({ periods: 2, low: -Infinity, high: Infinity });
  });
});
