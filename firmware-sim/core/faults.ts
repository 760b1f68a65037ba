import type { Component, Mode } from '../../contract/modes.ts';
import type { Random } from './random.ts';

/**
 * A fault under way. `progress` runs from 0 at its onset to about 1 where its part gives up; what that does to the part,
 * and which fields show it, is the part's own physics. Progress is a gamma-like process (J. M. van Noortwijk, "A survey of
 * the application of gamma processes in maintenance", 2009): monotone, uneven, driven by use where the wear is.
 */
export interface Fault {
  readonly component: Component;
  readonly mode: Mode;
  /** A kind within the mode, e.g. `interference` for a link. */
  readonly variant: string;
  readonly onsetAt: number;
  /** Expected time from onset to failure at the part's usual use, ms; 0: it fails at once and nothing announces it. */
  readonly spanMs: number;
  /** Where progress stops for good: below 1 it degrades and never fails. */
  readonly ceiling: number;
  progress: number;
  /** When the part first failed by contract.md's definition of an outage; null: not yet. */
  failedAt: number | null;
}

/** A row of the truth file, times in ms. Kept apart from everything that travels. */
export interface TruthRow {
  readonly tenant: string;
  readonly terminal: string;
  readonly component: Component;
  readonly mode: Mode;
  readonly onset_at: number;
  readonly failed_at: number | null;
}

/** Modes whose progress follows use; the others follow time. */
const BY_USE: ReadonlySet<Mode> = new Set([
  'head_wear',
  'paper_feed',
  'cutter_wear',
  'contact_wear',
  'tap_fault',
  'capacity_fade',
]);

/**
 * Advances a fault by `dtMs` ending at `at`. `use` is the part's use in the step relative to its long-run mean (1: usual).
 * Steps before the onset change nothing.
 */
export function advanceFault(fault: Fault, at: number, dtMs: number, use: number, random: Random): void {
  if (at <= fault.onsetAt || fault.progress >= fault.ceiling) return;
  // A printer that gave up is not worn further.
  if (fault.failedAt !== null && fault.component === 'printer') return;
  if (fault.spanMs <= 0) {
    fault.progress = fault.ceiling;
    return;
  }
  const elapsed = Math.min(dtMs, at - fault.onsetAt);
  const mean = (elapsed / fault.spanMs) * (BY_USE.has(fault.mode) ? use : 1);
  // Coefficient of variation falls as 1/√t: at a step of five minutes the increments are ragged, over days they even out.
  fault.progress = Math.min(
    fault.ceiling,
    fault.progress + random.wear(mean, mean * Math.min(3, Math.sqrt(HOUR / elapsed))),
  );
}

const HOUR = 3_600_000;
