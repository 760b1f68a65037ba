import { COMPONENTS } from '../../contract/modes.ts';
import type { StandingFinding } from '../../contract/ports/findings.ts';
import type { LevelSample } from '../../contract/ports/levels.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { Dictionary } from './dictionary.ts';
import { type FleetModel, worstFinding } from './fleet-model.ts';
import { LEVELS } from './level-names.ts';
import { HEALTH, LIFECYCLES, SEVERITIES } from './words.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
/** Findings stated one by one; counts are of all of them. */
const LISTED = 5000;
const RETIRED = LIFECYCLES.indexOf('retired');
const OFFLINE = 2;

/** Counts of a tenant's terminals: whole, and by site, model, firmware and carrier. One pass over the columns. */
export function countLevels(tenant: TenantId, fleet: FleetModel, now: number): LevelSample[] {
  const c = fleet.columns;
  const whole = new Counts(1);
  const groups = {
    site: new Counts(fleet.site.size),
    model: new Counts(fleet.model.size),
    firmware: new Counts(fleet.firmware.size),
    carrier: new Counts(fleet.carrier.size),
  };
  for (let row = 0; row < fleet.size; row++) {
    if (c.lifecycle[row] === RETIRED) continue;
    const health = c.health[row]!;
    const offline = c.link[row] === OFFLINE;
    const fails = c.failsAt[row]! > now && c.failsAt[row]! <= now + WEEK;
    whole.add(0, health, offline, fails);
    groups.site.add(c.site[row]!, health, offline, fails);
    groups.model.add(c.model[row]!, health, offline, fails);
    groups.firmware.add(c.firmware[row]!, health, offline, fails);
    groups.carrier.add(c.carrier[row]!, health, offline, fails);
  }
  return [
    ...whole.samples(tenant, 'tenant', () => tenant, 0),
    ...groups.site.samples(tenant, 'site', wordOf(fleet.site), 1),
    ...groups.model.samples(tenant, 'model', wordOf(fleet.model), 1),
    ...groups.firmware.samples(tenant, 'firmware', wordOf(fleet.firmware), 1),
    ...groups.carrier.samples(tenant, 'carrier', wordOf(fleet.carrier), 1),
  ];
}

/** Facts and condition of one terminal. */
export function terminalLevels(tenant: TenantId, fleet: FleetModel, row: number, now: number): LevelSample[] {
  const c = fleet.columns;
  const terminal = fleet.id(row);
  const site = fleet.site.word(c.site[row]!) ?? '';
  const info = {
    tenant,
    terminal,
    site,
    model: fleet.model.word(c.model[row]!) ?? '',
    firmware: fleet.firmware.word(c.firmware[row]!) ?? '',
    carrier: fleet.carrier.word(c.carrier[row]!) ?? '',
  };
  return [
    { name: LEVELS.info, labels: info, value: Math.round(now / 1000) },
    { name: LEVELS.condition, labels: { tenant, terminal, site }, value: c.health[row]! },
  ];
}

/** True for a terminal whose facts are stated: a retired one's are not. */
export function isStated(fleet: FleetModel, row: number): boolean {
  return fleet.columns.lifecycle[row] !== RETIRED;
}

/** Standing findings: counts by component and severity, and the worst one by one. */
export function findingLevels(tenant: TenantId, standing: Iterable<StandingFinding>, now: number): LevelSample[] {
  const all = [...standing].sort(worstFinding);
  const samples: LevelSample[] = [];
  for (const component of COMPONENTS) {
    for (const severity of SEVERITIES) {
      if (severity === null) continue;
      const value = all.filter((one) => one.component === component && one.severity === severity).length;
      samples.push({ name: LEVELS.findings, labels: { tenant, component, severity }, value });
    }
  }
  for (const finding of all.slice(0, LISTED)) {
    const { scope, subject, component, mode, severity } = finding;
    const labels = { tenant, scope, subject, site: finding.site ?? '', component, mode, severity };
    samples.push({ name: LEVELS.probability, labels, value: finding.probability });
    if (finding.failsAt !== null) {
      // 0 says that it stands no more, so one that is due stays a little above.
      const value = Math.max(0.01, (finding.failsAt - now) / HOUR);
      samples.push({ name: LEVELS.hoursLeft, labels, value });
    }
  }
  return samples;
}

/** Counts by condition for each code of a dictionary. */
class Counts {
  readonly #health: Int32Array;
  readonly #offline: Int32Array;
  readonly #failing: Int32Array;

  constructor(codes: number) {
    this.#health = new Int32Array(codes * HEALTH.length);
    this.#offline = new Int32Array(codes);
    this.#failing = new Int32Array(codes);
  }

  add(code: number, health: number, offline: boolean, failing: boolean): void {
    this.#health[code * HEALTH.length + health]!++;
    if (offline) this.#offline[code]!++;
    if (failing) this.#failing[code]!++;
  }

  /** A group that is empty now is stated too: its zero ends what it counted before. */
  *samples(tenant: string, grouping: string, nameOf: (code: number) => string, first: number): Generator<LevelSample> {
    for (let code = first; code < this.#offline.length; code++) {
      const labels = { tenant, grouping, member: nameOf(code) };
      for (let i = 0; i < HEALTH.length; i++) {
        const value = this.#health[code * HEALTH.length + i]!;
        yield { name: LEVELS.terminals, labels: { ...labels, condition: HEALTH[i]! }, value };
      }
      yield { name: LEVELS.offline, labels, value: this.#offline[code]! };
      yield { name: LEVELS.failing, labels, value: this.#failing[code]! };
    }
  }
}

function wordOf(dictionary: Dictionary): (code: number) => string {
  return (code) => dictionary.word(code) ?? '';
}
