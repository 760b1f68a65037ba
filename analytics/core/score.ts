import type { Component, Mode } from '../../contract/modes.ts';
import { DAY, HOUR } from './time.ts';

/** One line of a truth file (contract.md): `failed_at` null means degraded but never failed within the record. Times are ms. */
export interface TruthLine {
  readonly tenant: string;
  readonly terminal: string;
  readonly component: Component;
  readonly mode: Mode;
  readonly onset_at: number;
  readonly failed_at: number | null;
}

/** One line of a findings file, as contract.md gives it; the fields that scoring needs. */
export interface FindingLine {
  readonly at: number;
  readonly tenant: string;
  readonly scope: string;
  readonly subject: string;
  readonly terminal: string | null;
  readonly members?: readonly string[];
  readonly component: string;
  readonly mode: string;
  readonly state: string;
  readonly severity: string;
  readonly fails_at: number | null;
  readonly fails_at_p10: number | null;
  readonly fails_at_p90: number | null;
}

/** One announced failure and what the findings made of it. */
export interface FaultScore {
  readonly truth: TruthLine;
  /** When it had to be told at the latest, ms. */
  readonly due: number;
  /** `late` was found, but with less than its lead to go; `unnamed` was found in time under another mode of the component. */
  readonly result: 'found' | 'late' | 'missed' | 'unnamed';
  readonly leadH: number | null;
  readonly openings: number;
  /** Whether the failure fell inside [p10, p90] of the statement that stood when the lead ran out; null where there was none. */
  readonly covered: boolean | null;
}

export interface Score {
  readonly announced: number;
  /** Share found in time: 24 h ahead where onset to failure takes two days or more, 2 h for the faster. */
  readonly recall: number;
  readonly recall24h: number;
  readonly recallLink2h: number;
  readonly falsePer1000: number;
  readonly openingsPerFault: number;
  readonly coverage: number;
  readonly leadMedianH: number;
  readonly faults: readonly FaultScore[];
  readonly falseAlarms: readonly FindingLine[];
}

/** Openings this long before onset or after failure still count as of that fault: onset is a matter of definition. */
const BEFORE = 6 * HOUR;
const AFTER = 4 * DAY;
/** Least time from onset to failure for a failure to count as announced. */
const ANNOUNCED = 3 * HOUR;

interface Opening {
  readonly line: FindingLine;
  readonly statements: FindingLine[];
  closed: number;
}

/** Compares findings with the truth. Only `warning` and `critical` count; `terminalDays` is what false alarms are measured against. */
export function scoreFindings(
  findings: readonly FindingLine[],
  truth: readonly TruthLine[],
  terminalDays: number,
): Score {
  const openings = openingsOf(findings);
  const owned = new Map<Opening, readonly TruthLine[]>();
  for (const opening of openings) {
    const own = ownersOf(opening, truth);
    if (own.length > 0) owned.set(opening, own);
  }
  const faults: FaultScore[] = [];
  let opened = 0;
  let touched = 0;
  for (const t of truth) {
    const mine = openings.filter((o) => owned.get(o)?.includes(t) === true);
    if (mine.length > 0) {
      touched++;
      opened += mine.length;
    }
    // What fails at once is announced by nothing.
    if (t.failed_at === null || t.failed_at - t.onset_at < ANNOUNCED) continue;
    faults.push(scoreFault(t, mine));
  }
  const slow = faults.filter((f) => f.truth.failed_at! - f.truth.onset_at >= 2 * DAY);
  const fast = faults.filter((f) => f.truth.failed_at! - f.truth.onset_at < 2 * DAY);
  const covered = faults.filter((f) => f.covered !== null);
  const leads = faults.flatMap((f) => (f.leadH === null ? [] : [f.leadH])).sort((a, b) => a - b);
  const falseAlarms = openings.filter((o) => !owned.has(o)).map((o) => o.line);
  return {
    announced: faults.length,
    recall: share(faults, (f) => f.result === 'found'),
    recall24h: share(slow, (f) => f.result === 'found'),
    recallLink2h: share(fast, (f) => f.result === 'found'),
    falsePer1000: terminalDays > 0 ? (falseAlarms.length * 1000) / terminalDays : Number.NaN,
    openingsPerFault: touched > 0 ? opened / touched : Number.NaN,
    coverage: share(covered, (f) => f.covered === true),
    leadMedianH: leads[Math.floor(leads.length / 2)] ?? Number.NaN,
    faults,
    falseAlarms,
  };
}

/** The fault that an opening is of; several where one finding speaks for many terminals that fail of the same cause. */
function ownersOf({ line }: Opening, truth: readonly TruthLine[]): readonly TruthLine[] {
  const concerned = truth.filter((t) => concerns(line, t));
  const named = concerned.filter((t) => t.mode === line.mode);
  return line.terminal === null && named.length > 0 ? named : (named.length > 0 ? named : concerned).slice(0, 1);
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.length > 0 ? items.filter(test).length / items.length : Number.NaN;
}

function scoreFault(t: TruthLine, mine: readonly Opening[]): FaultScore {
  const failed = t.failed_at!;
  const due = failed - (failed - t.onset_at >= 2 * DAY ? 24 * HOUR : 2 * HOUR);
  const named = mine.filter((o) => o.line.mode === t.mode);
  const first = named.find((o) => o.closed > Math.min(failed, due));
  const early = first !== undefined && first.line.at <= due;
  const stated = first?.statements.filter((s) => s.at <= due).at(-1);
  return {
    truth: t,
    due,
    result: early
      ? 'found'
      : named.some((o) => o.line.at <= failed + HOUR)
        ? 'late'
        : mine.some((o) => o.line.at <= due)
          ? 'unnamed'
          : 'missed',
    leadH: first ? (failed - first.line.at) / HOUR : null,
    openings: mine.length,
    covered: stated
      ? stated.fails_at_p10 !== null && stated.fails_at_p10 <= failed && failed <= stated.fails_at_p90!
      : null,
  };
}

function concerns(line: FindingLine, t: TruthLine): boolean {
  const about = line.terminal === t.terminal || (line.members?.includes(t.terminal) ?? false);
  const until = t.failed_at === null ? Number.POSITIVE_INFINITY : t.failed_at + AFTER;
  return (
    about &&
    line.tenant === t.tenant &&
    line.component === t.component &&
    line.at >= t.onset_at - BEFORE &&
    line.at <= until
  );
}

/** Folds transitions into openings: from the first line of warning or critical to `cleared`. */
function openingsOf(findings: readonly FindingLine[]): Opening[] {
  const open = new Map<string, Opening>();
  const all: Opening[] = [];
  for (const line of findings) {
    const key = `${line.tenant}/${line.scope}/${line.subject}/${line.component}/${line.mode}`;
    const known = open.get(key);
    if (line.state === 'cleared') {
      if (known) known.closed = line.at;
      open.delete(key);
      continue;
    }
    if (known) known.statements.push(line);
    if (line.severity === 'watch' || known) continue;
    const opening: Opening = { line, statements: [line], closed: Number.POSITIVE_INFINITY };
    open.set(key, opening);
    all.push(opening);
  }
  return all;
}
