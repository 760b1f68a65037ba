import { median } from './bench.ts';

/**
 * How fast a process grows, out of readings that go up and down far more than it grows.
 *
 * A line through all readings tells where in its saw-tooth the run began and ended, and a line through the lowest
 * reading of each ten minutes rests on six numbers, each of them the luck of one moment: both were tried, and gave the
 * same platform +46 and +455 MB/h. Two things go up and down. One has a period: upkeep each ten minutes folds up what
 * was written since. So a reading is compared only with readings of the same phase, which is what Hirsch, Slack and
 * Smith (Water Resources Research 18, 1982) do for rivers with seasons: Sen's slope over pairs of the same season. The
 * other has none: when V8 collects (garbage adds up for half an hour, 40 MB of it) and gives back pages that hold nothing. So the bench
 * has it collect before a reading that is judged, and what is judged is what is held (`heldOf`).
 */

/** One reading, at a minute of the run. */
export interface MemoryReading {
  readonly minute: number;
  readonly mb: number;
}

export interface MemoryTrend {
  /** MB an hour. */
  readonly slope: number;
  /** 95 % interval of the slope, MB an hour: infinite with two periods, which leave no error to see. */
  readonly low: number;
  readonly high: number;
  readonly periods: number;
}

/** Two-sided 95 % points of Student's t by degrees of freedom from 1. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145];
const NORMAL = 1.96;
/** Readings of one phase are one observation, their median: a half minute. */
const PHASE_MIN = 0.5;

/**
 * What a process holds: all that is resident, but of V8's heap only what is used. V8 keeps up to 190 MB of empty young generation and
 * gives it back when it sees fit; an object that is never let go of is used, and memory outside of its heap is counted whole.
 */
export function heldOf(reading: {
  readonly rss: number;
  readonly heap_total: number;
  readonly heap_used: number;
}): number {
  return reading.rss - reading.heap_total + reading.heap_used;
}

/**
 * Sen's slope over pairs of readings of the same phase in different periods of `periodMin` minutes, whole periods only; undefined for
 * fewer than two. Each period is one observation to the interval, however many readings it has, for neighbours tell the same: its level
 * is the median of how far its phases are from what is usual for each, and the interval is Student's about the slope through the levels.
 */
export function memoryTrend(readings: readonly MemoryReading[], periodMin: number): MemoryTrend | undefined {
  // Half a phase early, so that readings a few seconds late or soon stay in theirs.
  const first = (readings[0]?.minute ?? 0) - PHASE_MIN / 2;
  const last = readings.at(-1)?.minute ?? 0;
  // The last reading stands for the time until the next would come.
  const between = (last - first - PHASE_MIN / 2) / Math.max(1, readings.length - 1);
  const periods = Math.floor((last - first + between) / periodMin);
  if (periods < 2) return undefined;
  const phases = byPhase(readings, first, periodMin, periods);
  const slopes: number[] = [];
  const apart: number[][] = Array.from({ length: periods }, () => []);
  for (const phase of phases) {
    const usual = median([...phase.values()]);
    for (const [period, mb] of phase) {
      apart[period]!.push(mb - usual);
      for (const [later, then] of phase) if (later > period) slopes.push((then - mb) / (later - period));
    }
  }
  const slope = median(slopes);
  const spread = errorOf(apart.map(median), slope);
  const perHour = 60 / periodMin;
  return { slope: slope * perHour, low: (slope - spread) * perHour, high: (slope + spread) * perHour, periods };
}

/** For each phase the median of its readings by period. */
function byPhase(
  readings: readonly MemoryReading[],
  first: number,
  periodMin: number,
  periods: number,
): Map<number, number>[] {
  const cells = new Map<number, Map<number, number[]>>();
  for (const { minute, mb } of readings) {
    const period = Math.floor((minute - first) / periodMin);
    if (period >= periods) continue;
    const phase = Math.floor((minute - first - period * periodMin) / PHASE_MIN);
    const its = cells.get(phase) ?? new Map<number, number[]>();
    cells.set(phase, its);
    its.set(period, [...(its.get(period) ?? []), mb]);
  }
  return [...cells.values()].map((its) => new Map([...its].map(([period, values]) => [period, median(values)])));
}

/** Half the interval of a slope through levels one apart: from how far they lie from it, with as many degrees of freedom less two. */
function errorOf(levels: readonly number[], slope: number): number {
  const freedom = levels.length - 2;
  if (freedom < 1) return Number.POSITIVE_INFINITY;
  const middle = (levels.length - 1) / 2;
  const rests = levels.map((level, i) => level - slope * (i - middle));
  const mean = rests.reduce((sum, rest) => sum + rest, 0) / rests.length;
  const variance = rests.reduce((sum, rest) => sum + (rest - mean) ** 2, 0) / freedom;
  const across = levels.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return (STUDENT[freedom - 1] ?? NORMAL) * Math.sqrt(variance / across);
}
