import { TillwatchError } from '../../contract/errors.ts';
import type { Finding, Severity } from '../../contract/findings.ts';
import { isComponent } from '../../contract/modes.ts';

/** A finding that holds, with what decides when it changes and when it ends. Times are ms. */
export interface Standing {
  finding: Finding;
  readonly openedAt: number;
  /** When its part first looked well again, null while it does not. */
  wellSince: number | null;
  /** When it was last told. */
  toldAt: number;
  /** When it was first sure enough for a ticket; null while it has not been. */
  sureSince: number | null;
  /** When it was last stated as critical; 0 while it has not been. */
  criticalAt?: number;
  /** When what it is named by was last seen; not kept while that has not been since it opened. */
  heardAt?: number;
}

/**
 * ms for which what was foretold as critical stays so: what fails in the mornings, or in the rush, looks better every afternoon, and its pace is that of the hours at
 * hand. What has stopped and works again, or says by itself that it is back, does not wait for that.
 */
const STAYS_CRITICAL = 24 * 3_600_000;

const RANK: Readonly<Record<Severity, number>> = { watch: 0, warning: 1, critical: 2 };

/** Findings that hold now, by subject key. Turns statements into transitions: open, update when something worth telling changed, cleared. */
export class StandingBook {
  readonly #standing = new Map<string, Standing>();
  readonly #unfounded = new Map<string, number>();

  get(key: string): Standing | undefined {
    return this.#standing.get(key);
  }

  get size(): number {
    return this.#standing.size;
  }

  values(): Iterable<Standing> {
    return this.#standing.values();
  }

  /**
   * States what holds. `open` on first statement and again when a watched part becomes one that needs a ticket;
   * `update` when severity or forecast moved, half a day has passed, or it `tells` something else; nothing otherwise.
   */
  hold(key: string, statement: Omit<Finding, 'state'>, out: Finding[], tells = false): void {
    const known = this.#standing.get(key);
    if (!known) {
      this.#standing.set(key, {
        finding: tell({ ...statement, state: 'open' }, out),
        openedAt: statement.at,
        wellSince: null,
        toldAt: statement.at,
        sureSince: statement.severity === 'watch' ? null : statement.at,
        criticalAt: statement.severity === 'critical' ? statement.at : 0,
      });
      return;
    }
    known.wellSince = null;
    const last = known.finding;
    const escalates = last.severity === 'watch' && RANK[statement.severity] > 0;
    if (statement.severity === 'critical') known.criticalAt = statement.at;
    const foretold = last.severity === 'critical' && last.probability < 1 && !tells;
    const stays = foretold && statement.at - (known.criticalAt ?? 0) < STAYS_CRITICAL;
    // A finding that has opened a ticket stays at least a warning until it is cleared.
    const least = stays ? 'critical' : RANK[last.severity] > 0 ? 'warning' : 'watch';
    const severity = RANK[statement.severity] < RANK[least] ? least : statement.severity;
    const changed =
      tells ||
      escalates ||
      RANK[severity] > RANK[last.severity] ||
      (statement.members?.length ?? 0) > (last.members?.length ?? 0) ||
      moved(last, statement) ||
      statement.at - known.toldAt >= 12 * 3_600_000;
    if (!changed) return;
    known.finding = tell({ ...statement, severity, state: escalates ? 'open' : 'update' }, out);
    known.toldAt = statement.at;
  }

  /** Notes that a watched part is sure enough for a ticket now; answers for how long it has been, ms. */
  sure(key: string, at: number): number {
    const known = this.#standing.get(key);
    if (!known) return 0;
    known.sureSince ??= at;
    return at - known.sureSince;
  }

  /** Says that the part looks well; clears the finding once it has for `wellMs`. */
  well(key: string, at: number, wellMs: number, out: Finding[]): void {
    const known = this.#standing.get(key);
    if (!known) return;
    known.wellSince ??= at;
    if (at - known.wellSince < wellMs) return;
    const { severity, probability } = known.finding;
    if (severity !== 'watch' && probability < 1) this.#unfounded.set(key, this.unfounded(key) + 1);
    this.clear(key, at, out);
  }

  /** How often what was foretold of this part went away by itself. */
  unfounded(key: string): number {
    return this.#unfounded.get(key) ?? 0;
  }

  /** A new part: what was foretold of the old one says nothing of it. */
  renew(key: string): void {
    this.#unfounded.delete(key);
  }

  clear(key: string, at: number, out: Finding[]): void {
    const known = this.#standing.get(key);
    if (!known) return;
    this.#standing.delete(key);
    tell(
      { ...known.finding, at, state: 'cleared', probability: 0, failsAt: null, failsAtP10: null, failsAtP90: null },
      out,
    );
  }

  save(): SavedStanding {
    return { standing: [...this.#standing], unfounded: [...this.#unfounded] };
  }

  load(saved: SavedStanding): void {
    this.#standing.clear();
    this.#unfounded.clear();
    for (const [key, times] of saved.unfounded) this.#unfounded.set(key, times);
    for (const [key, standing] of saved.standing) {
      if (!isComponent(standing.finding.component)) {
        throw new TillwatchError('analytics.bad_snapshot', `a finding in the snapshot is of an unknown component`);
      }
      this.#standing.set(key, standing);
    }
  }
}

export interface SavedStanding {
  readonly standing: readonly [string, Standing][];
  readonly unfounded: readonly [string, number][];
}

function tell(finding: Finding, out: Finding[]): Finding {
  out.push(finding);
  return finding;
}

/** True where the expected time of failure moved by a quarter of what was left, or its interval changed as much. */
function moved(last: Finding, next: Omit<Finding, 'state'>): boolean {
  if (last.failsAt === null || next.failsAt === null) return last.failsAt !== next.failsAt;
  const left = Math.max(2 * 3_600_000, last.failsAt - next.at);
  return (
    Math.abs(next.failsAt - last.failsAt) > left * 0.25 ||
    Math.abs((next.failsAtP10 ?? 0) - (last.failsAtP10 ?? 0)) > left * 0.35 ||
    Math.abs((next.failsAtP90 ?? 0) - (last.failsAtP90 ?? 0)) > left * 0.6
  );
}

/** Key of a terminal's finding: one a component at a time, so that one fault is one finding. */
export function terminalKey(tenant: string, terminal: string, component: string): string {
  return `${tenant}/${terminal}/${component}`;
}
