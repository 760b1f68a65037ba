import type { Severity } from '../../contract/findings.ts';
import { COMPONENTS } from '../../contract/modes.ts';
import type { Heartbeat } from '../../contract/payloads.ts';
import type { StandingFinding } from '../../contract/ports/findings.ts';
import type { Presence, Site, Terminal } from '../../contract/registry.ts';
import { Columns } from './columns.ts';
import { Dictionary } from './dictionary.ts';
import { LatestGauges } from './latest-gauges.ts';
import { EXCUSES, FRESHNESS, HEALTH, LIFECYCLES, LINKS, SEVERITIES } from './words.ts';

/** What has changed since it was last asked: rows by index, and the findings that opened, changed or cleared. */
export interface FleetChanges {
  readonly rows: ReadonlySet<number>;
  /** Rows with a new heartbeat; not a change of condition. */
  readonly latest: ReadonlySet<number>;
  readonly findings: readonly StandingFinding[];
  readonly sites: boolean;
}

const EARLY = 10_000;

/**
 * One tenant's fleet as columns in memory: what lists, counts and the worst-first order are made of. It is fed with registry rows,
 * presence, findings, ticket counts and heartbeats, in any order; it holds no clock. About 300 bytes a terminal.
 */
export class FleetModel {
  readonly columns = new Columns();
  readonly gauges = new LatestGauges();
  readonly sites = new Map<string, Site>();
  readonly site = new Dictionary();
  readonly model = new Dictionary();
  readonly firmware = new Dictionary();
  readonly vendor = new Dictionary();
  readonly carrier = new Dictionary();
  /** Rises with every change that a list or a count could show. */
  version = 0;
  /** Rises when a row is added. */
  rowsVersion = 0;
  readonly #ids: string[] = [];
  readonly #rows = new Map<string, number>();
  readonly #search: string[] = [];
  readonly #findings = new Map<string, StandingFinding>();
  readonly #byRow = new Map<number, Set<string>>();
  /** Heartbeats that came before the registry's row, newest each; bounded. */
  readonly #early = new Map<string, { ts: number; heartbeat: Heartbeat }>();
  #changedRows = new Set<number>();
  #changedLatest = new Set<number>();
  #changedFindings: StandingFinding[] = [];
  #changedSites = false;

  get size(): number {
    return this.columns.rows;
  }

  id(row: number): string {
    return this.#ids[row]!;
  }

  row(terminal: string): number | undefined {
    return this.#rows.get(terminal);
  }

  /** Id and serial in lower case: what a search looks through besides site, model and firmware names. */
  searchText(row: number): string {
    return this.#search[row]!;
  }

  /** Findings that stand on a terminal, wider ones that count it as a member included, worst first. */
  findingsOf(row: number): readonly StandingFinding[] {
    const prints = this.#byRow.get(row);
    return prints ? [...prints].map((print) => this.#findings.get(print)!).sort(worstFinding) : [];
  }

  /** All findings that stand, in no order. */
  standing(): IterableIterator<StandingFinding> {
    return this.#findings.values();
  }

  putSite(site: Site): void {
    this.sites.set(site.site, site);
    this.site.code(site.site);
    this.#changedSites = true;
    this.version++;
  }

  putTerminal(terminal: Terminal): void {
    const row = this.#rowOf(terminal.terminal);
    const c = this.columns;
    c.site[row] = this.site.code(terminal.site);
    c.model[row] = this.model.code(terminal.model);
    c.firmware[row] = this.firmware.code(terminal.firmware);
    c.vendor[row] = this.vendor.code(terminal.vendor);
    c.carrier[row] = this.carrier.code(terminal.carrier);
    c.lifecycle[row] = LIFECYCLES.indexOf(terminal.lifecycle);
    this.#search[row] = `${terminal.terminal} ${terminal.serial ?? ''}`.toLowerCase();
    this.#touch(row);
  }

  /** Takes presence; nothing counts as changed when only the time of the last message moved. */
  putPresence(terminal: string, presence: Pick<Presence, 'link' | 'freshness'>): void {
    const row = this.#rows.get(terminal);
    if (row === undefined) return;
    const c = this.columns;
    const link = presence.link.reason === 'never' ? 0 : LINKS.indexOf(presence.link.online ? 'online' : 'offline');
    const freshness = FRESHNESS.indexOf(presence.freshness.state);
    const excuse = EXCUSES.indexOf(presence.freshness.excuse);
    c.lastAt[row] = Math.max(c.lastAt[row]!, presence.freshness.lastAt ?? 0);
    if (c.link[row] === link && c.freshness[row] === freshness && c.excuse[row] === excuse) return;
    c.link[row] = link;
    c.linkSince[row] = presence.link.since;
    c.freshness[row] = freshness;
    c.excuse[row] = excuse;
    this.#touch(row);
  }

  putOpenTickets(terminal: string, open: number): void {
    const row = this.#rows.get(terminal);
    if (row === undefined || this.columns.openTickets[row] === open) return;
    this.columns.openTickets[row] = open;
    this.#touch(row);
  }

  /** Takes a heartbeat as it passes: values and the time last heard. */
  observe(terminal: string, ts: number, heartbeat: Heartbeat): void {
    const row = this.#rows.get(terminal);
    if (row === undefined) {
      if (this.#early.size < EARLY) this.#early.set(terminal, { ts, heartbeat });
      return;
    }
    if (!this.gauges.observe(row, ts, heartbeat)) return;
    if (ts > this.columns.lastAt[row]!) this.columns.lastAt[row] = ts;
    this.#changedLatest.add(row);
  }

  /** Takes a stored heartbeat's values by metric key, for a terminal that has not spoken since the platform started. */
  recall(terminal: string, ts: number, values: Readonly<Record<string, number | string>>): void {
    const groups: Record<string, Record<string, number | string>> = {};
    for (const [key, value] of Object.entries(values)) {
      const dot = key.indexOf('.');
      (groups[key.slice(0, dot)] ??= {})[key.slice(dot + 1)] = value;
    }
    this.observe(terminal, ts, groups as unknown as Heartbeat);
  }

  /** Takes what analytics states of a fault: opened, changed or cleared. Repeats change nothing. */
  putFinding(finding: StandingFinding): void {
    const before = this.#findings.get(finding.fingerprint);
    if (finding.state === 'cleared') {
      if (!before) return;
      this.#findings.delete(finding.fingerprint);
      for (const row of this.#touched(before)) this.#unlink(row, finding);
    } else {
      this.#findings.set(finding.fingerprint, finding);
      const rows = this.#touched(finding);
      if (before) for (const row of this.#touched(before)) if (!rows.has(row)) this.#unlink(row, finding);
      for (const row of rows) this.#link(row, finding);
    }
    this.#changedFindings.push(finding);
    this.version++;
  }

  /** Hands over what changed and starts anew. */
  takeChanges(): FleetChanges {
    const changes = {
      rows: this.#changedRows,
      latest: this.#changedLatest,
      findings: this.#changedFindings,
      sites: this.#changedSites,
    };
    this.#changedRows = new Set();
    this.#changedLatest = new Set();
    this.#changedFindings = [];
    this.#changedSites = false;
    return changes;
  }

  #rowOf(terminal: string): number {
    const known = this.#rows.get(terminal);
    if (known !== undefined) return known;
    const row = this.columns.add();
    this.#rows.set(terminal, row);
    this.#ids.push(terminal);
    this.#search.push('');
    this.rowsVersion++;
    // Findings may be told before the registry is: they were kept, and find their row now.
    for (const finding of this.#findings.values()) if (concerns(finding, terminal)) this.#link(row, finding);
    const early = this.#early.get(terminal);
    if (early) {
      this.#early.delete(terminal);
      this.observe(terminal, early.ts, early.heartbeat);
    }
    return row;
  }

  #touched(finding: StandingFinding): Set<number> {
    const rows = new Set<number>();
    for (const id of finding.terminal === null ? (finding.members ?? []) : [finding.terminal]) {
      const row = this.#rows.get(id);
      if (row !== undefined) rows.add(row);
    }
    return rows;
  }

  #link(row: number, finding: StandingFinding): void {
    const prints = this.#byRow.get(row) ?? new Set();
    prints.add(finding.fingerprint);
    this.#byRow.set(row, prints);
    this.#judge(row, finding);
  }

  #unlink(row: number, finding: StandingFinding): void {
    const prints = this.#byRow.get(row);
    if (!prints) return;
    prints.delete(finding.fingerprint);
    if (prints.size === 0) this.#byRow.delete(row);
    this.#judge(row, finding);
  }

  #judge(row: number, cause: StandingFinding): void {
    const c = this.columns;
    let severity = 0;
    let components = 0;
    let probability = 0;
    let failsAt = 0;
    for (const print of this.#byRow.get(row) ?? []) {
      const finding = this.#findings.get(print)!;
      severity = Math.max(severity, rankOf(finding.severity));
      components |= 1 << COMPONENTS.indexOf(finding.component);
      probability = Math.max(probability, Math.round(finding.probability * 100));
      if (finding.failsAt !== null && (failsAt === 0 || finding.failsAt < failsAt)) failsAt = finding.failsAt;
    }
    const before = c.severity[row]!;
    if (severity > before) {
      c.severityBefore[row] = before;
      c.worsenedAt[row] = before === 0 ? cause.openedAt : cause.at;
    }
    c.severity[row] = severity;
    c.components[row] = components;
    c.probability[row] = probability;
    c.failsAt[row] = failsAt;
    this.#touch(row);
  }

  #touch(row: number): void {
    const c = this.columns;
    c.health[row] = HEALTH.indexOf(
      c.severity[row]! > 0
        ? SEVERITIES[c.severity[row]!]!
        : c.freshness[row] === 0 && c.lastAt[row] === 0
          ? 'unknown'
          : FRESHNESS[c.freshness[row]!] === 'silent' && c.excuse[row] === 0
            ? 'silent'
            : 'healthy',
    );
    this.#changedRows.add(row);
    this.version++;
  }
}

function concerns(finding: StandingFinding, terminal: string): boolean {
  return finding.terminal === null ? (finding.members ?? []).includes(terminal) : finding.terminal === terminal;
}

/** 1 watch, 2 warning, 3 critical. */
export function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Worst first: severity, then the sooner failure, then the likelier. */
export function worstFinding(a: StandingFinding, b: StandingFinding): number {
  return (
    rankOf(b.severity) - rankOf(a.severity) ||
    (a.failsAt ?? Number.MAX_VALUE) - (b.failsAt ?? Number.MAX_VALUE) ||
    b.probability - a.probability
  );
}
