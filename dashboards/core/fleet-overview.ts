import { COMPONENTS } from '../../contract/modes.ts';
import type { StandingFinding } from '../../contract/ports/findings.ts';
import type { Dictionary } from './dictionary.ts';
import { type FleetModel, worstFinding } from './fleet-model.ts';
import { type TerminalLister, terminalRow } from './terminal-list.ts';
import type { FindingView, FleetView, Group, HealthCounts } from './views.ts';
import { HEALTH, LIFECYCLES, SEVERITIES } from './words.ts';

const DAY = 86_400_000;
const WORST = 12;
const LISTED = 12;
const GROUPS = 40;
const RETIRED = LIFECYCLES.indexOf('retired');

/** How many open tickets there are by severity. */
export type TicketCounts = FleetView['tickets'];

/**
 * The fleet at a glance, worst first, as of `now`: counts of each condition, what got worse in the last day, what is forecast to fail
 * within a week, and each site, model, firmware and carrier. One pass over the columns; retired terminals count nowhere but as retired.
 */
export function overview(fleet: FleetModel, lister: TerminalLister, tickets: TicketCounts, now: number): FleetView {
  const c = fleet.columns;
  const all = new Int32Array(HEALTH.length);
  const lifecycle = new Int32Array(LIFECYCLES.length);
  const link = new Int32Array(3);
  const components = new Int32Array(COMPONENTS.length);
  const site = new Tally(fleet.site);
  const model = new Tally(fleet.model);
  const firmware = new Tally(fleet.firmware);
  const carrier = new Tally(fleet.carrier);
  const worse: number[] = [];
  const failing: number[] = [];
  const since = now - DAY;
  const until = now + 7 * DAY;
  for (let row = 0; row < fleet.size; row++) {
    lifecycle[c.lifecycle[row]!]!++;
    if (c.lifecycle[row] === RETIRED) continue;
    const health = c.health[row]!;
    all[health]!++;
    link[c.link[row]!]!++;
    for (let i = 0; i < components.length; i++) if ((c.components[row]! >> i) & 1) components[i]!++;
    const offline = c.link[row] === 2;
    const fails = c.failsAt[row]! > now && c.failsAt[row]! <= until;
    site.count(c.site[row]!, health, offline, fails);
    model.count(c.model[row]!, health, offline, fails);
    firmware.count(c.firmware[row]!, health, offline, fails);
    carrier.count(c.carrier[row]!, health, offline, fails);
    if (c.severity[row]! > 0 && c.worsenedAt[row]! >= since) worse.push(row);
    if (fails) failing.push(row);
  }
  const worst = lister.list({ sort: 'worst', descending: false, offset: 0, limit: WORST }, now).rows;
  worse.sort((a, b) => c.severity[b]! - c.severity[a]! || c.worsenedAt[b]! - c.worsenedAt[a]!);
  failing.sort((a, b) => c.failsAt[a]! - c.failsAt[b]!);
  const wider = [...fleet.standing()].filter((finding) => finding.terminal === null).sort(worstFinding);
  return {
    at: now,
    health: countsOf(all, 0),
    lifecycle: { pending: lifecycle[0]!, active: lifecycle[1]!, locked: lifecycle[2]!, retired: lifecycle[3]! },
    link: { never: link[0]!, online: link[1]!, offline: link[2]! },
    tickets,
    components: Object.fromEntries(COMPONENTS.map((name, i) => [name, components[i]!])),
    worst: worst.filter((row) => c.severity[row]! > 0 || c.health[row] === 2).map((row) => terminalRow(fleet, row)),
    wider: wider.slice(0, LISTED).map(findingView),
    gotWorse: {
      since,
      total: worse.length,
      items: worse.slice(0, LISTED).map((row) => ({
        row: terminalRow(fleet, row),
        at: c.worsenedAt[row]!,
        before: SEVERITIES[c.severityBefore[row]!]!,
      })),
    },
    willFail: {
      until,
      total: failing.length,
      items: failing.slice(0, LISTED).map((row) => terminalRow(fleet, row)),
    },
    groups: {
      site: site.groups((id) => fleet.sites.get(id)?.name ?? null),
      model: model.groups(),
      firmware: firmware.groups(),
      carrier: carrier.groups(),
    },
    sites: Math.max(fleet.sites.size, fleet.site.size - 1),
  };
}

/** Counts by condition for each code of a dictionary. */
export class Tally {
  readonly #dictionary: Dictionary;
  readonly #health: Int32Array;
  readonly #offline: Int32Array;
  readonly #failing: Int32Array;

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.#health = new Int32Array(dictionary.size * HEALTH.length);
    this.#offline = new Int32Array(dictionary.size);
    this.#failing = new Int32Array(dictionary.size);
  }

  count(code: number, health: number, offline: boolean, failing: boolean): void {
    this.#health[code * HEALTH.length + health]!++;
    if (offline) this.#offline[code]!++;
    if (failing) this.#failing[code]!++;
  }

  /** Groups with a terminal in them, the worst share of critical and warning first; at most `limit`. */
  groups(nameOf: (key: string) => string | null = () => null, limit = GROUPS): Group[] {
    const groups: { group: Group; bad: number }[] = [];
    for (let code = 1; code < this.#dictionary.size; code++) {
      const health = countsOf(this.#health, code * HEALTH.length);
      if (health.total === 0) continue;
      const key = this.#dictionary.word(code)!;
      groups.push({
        group: { key, name: nameOf(key), health, offline: this.#offline[code]!, failing: this.#failing[code]! },
        bad: health.critical * 9 + health.warning * 3 + health.watch + health.silent,
      });
    }
    groups.sort(
      (a, b) => b.bad / b.group.health.total - a.bad / a.group.health.total || (a.group.key < b.group.key ? -1 : 1),
    );
    return groups.slice(0, limit).map(({ group }) => group);
  }
}

function countsOf(health: Int32Array, from: number): HealthCounts {
  const at = (word: (typeof HEALTH)[number]) => health[from + HEALTH.indexOf(word)]!;
  let total = 0;
  for (let i = 0; i < HEALTH.length; i++) total += health[from + i]!;
  return {
    total,
    critical: at('critical'),
    warning: at('warning'),
    watch: at('watch'),
    silent: at('silent'),
    unknown: at('unknown'),
    healthy: at('healthy'),
  };
}

/** A finding as clients see it. */
export function findingView(f: StandingFinding): FindingView {
  return {
    fingerprint: f.fingerprint,
    revision: f.revision,
    openedAt: f.openedAt,
    at: f.at,
    scope: f.scope,
    subject: f.subject,
    terminal: f.terminal,
    ...(f.members ? { members: [...f.members] } : {}),
    component: f.component,
    mode: f.mode,
    state: f.state,
    severity: f.severity,
    probability: f.probability,
    horizonH: f.horizonH,
    failsAt: f.failsAt,
    failsAtP10: f.failsAtP10,
    failsAtP90: f.failsAtP90,
    evidence: f.evidence.map((e) => ({ ...e })),
  };
}
