import { cpus, totalmem } from 'node:os';

/** One figure of a benchmark, as ../../docs/benchmarks.md names it. */
export interface BenchRow {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** The bare baseline measured in the same run, in the same unit. */
  readonly baseline?: number;
  /** What must be reached. */
  readonly bar?: number;
  readonly better: 'higher' | 'lower';
  readonly ok?: boolean;
}

export interface BenchResult {
  readonly rows: readonly BenchRow[];
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** A shorter run (≤ 45 s) with the same metrics. */
  readonly quick: boolean;
  /** How long it runs, where a bench takes that. */
  readonly minutes?: number;
  /** Minutes of it that are not judged, where a bench takes that. */
  readonly warm?: number;
  /** Messages a second, where a bench takes that. */
  readonly rate?: number;
  /** Parts of the benchmark that were asked for by name; none: all. */
  readonly only: readonly string[];
  /** Progress for people; goes to standard error. */
  say(text: string): void;
}

/** What every `tests/bench/NAME.ts` exports as `run`. */
export type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** A row with its bar judged. */
export function row(
  metric: string,
  value: number,
  unit: string,
  better: 'higher' | 'lower',
  more: { bar?: number; baseline?: number } = {},
): BenchRow {
  const judged = more.bar === undefined ? {} : { ok: better === 'higher' ? value >= more.bar : value <= more.bar };
  return { metric, value, unit, better, ...more, ...judged };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

export function machine(): { cpus: number; model: string; mem_gb: number; node: string } {
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    mem_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}
