import type { FaultScore, Score } from '../analytics/core/score.ts';

/** How one mode of failure fared: a row of the table that closes a backtest. */
interface ModeRow {
  readonly cause: string;
  readonly announced: number;
  readonly found: number;
  readonly late: number;
  readonly misnamed: number;
  readonly missed: number;
  readonly falseAlarms: number;
  /** Hours from the finding to the failure, median of those found; null where none was. */
  readonly leadH: number | null;
  /** Failures inside [p10, p90], of those that had an interval. */
  readonly covered: number;
  readonly stated: number;
}

/** A score by component and mode, worst first. */
export function scoreByMode(score: Score): ModeRow[] {
  const faults = Map.groupBy(score.faults, ({ truth }) => `${truth.component}/${truth.mode}`);
  const alarms = Map.groupBy(score.falseAlarms, (alarm) => `${alarm.component}/${alarm.mode}`);
  const causes = [...new Set([...faults.keys(), ...alarms.keys()])];
  return causes
    .map((cause) => rowOf(cause, faults.get(cause) ?? [], alarms.get(cause)?.length ?? 0))
    .sort((a, b) => harm(b) - harm(a) || a.cause.localeCompare(b.cause));
}

function rowOf(cause: string, faults: readonly FaultScore[], falseAlarms: number): ModeRow {
  const of = (result: FaultScore['result']): number => faults.filter((f) => f.result === result).length;
  const leads = faults
    .flatMap((f) => (f.result === 'found' && f.leadH !== null ? [f.leadH] : []))
    .sort((a, b) => a - b);
  const stated = faults.filter((f) => f.covered !== null);
  return {
    cause,
    announced: faults.length,
    found: of('found'),
    late: of('late'),
    misnamed: of('unnamed'),
    missed: of('missed'),
    falseAlarms,
    leadH: leads[Math.floor(leads.length / 2)] ?? null,
    covered: stated.filter((f) => f.covered === true).length,
    stated: stated.length,
  };
}

function harm({ announced, found, falseAlarms }: ModeRow): number {
  return announced - found + falseAlarms;
}

const share = (x: number): string => (Number.isNaN(x) ? '–' : `${(x * 100).toFixed(1)} %`);
const figure = (x: number, digits: number): string => (Number.isNaN(x) ? '–' : x.toFixed(digits));

/** The table as text, for people: figures over all, then one line a mode, worst first. */
export function scoreTable(score: Score): string {
  const rows = scoreByMode(score).map((r) => [
    r.cause,
    String(r.announced),
    String(r.found),
    String(r.late),
    String(r.misnamed),
    String(r.missed),
    String(r.falseAlarms),
    r.leadH === null ? '–' : `${r.leadH.toFixed(0)} h`,
    r.stated === 0 ? '–' : `${r.covered}/${r.stated}`,
  ]);
  const head = ['mode', 'announced', 'in time', 'late', 'misnamed', 'missed', 'false', 'lead', 'in interval'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((r) => r[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [
    `${score.announced} announced failures: ${share(score.recall)} found in time (24 h ahead where they take two days: ${share(score.recall24h)}; 2 h ahead for the faster: ${share(score.recallLink2h)})`,
    `${score.falseAlarms.length} false alarms: ${figure(score.falsePer1000, 2)} per 1,000 terminal-days; ${figure(score.openingsPerFault, 2)} openings a fault; ${share(score.coverage)} of failures inside [p10, p90]; median lead ${figure(score.leadMedianH, 0)} h`,
    '',
    line(head),
    ...rows.map(line),
    '',
  ].join('\n');
}
