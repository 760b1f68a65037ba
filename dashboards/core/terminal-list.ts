import { COMPONENTS, type Component } from '../../contract/modes.ts';
import type { Lifecycle } from '../../contract/registry.ts';
import type { FleetModel } from './fleet-model.ts';
import { orderRows, type TerminalSort } from './terminal-order.ts';
import type { TerminalRow } from './views.ts';
import { EXCUSES, FRESHNESS, HEALTH, type HealthWord, LIFECYCLES, LINKS, type LinkWord, SEVERITIES } from './words.ts';

const WEEK = 7 * 86_400_000;

/** A list's question. Filters of one kind widen (or), kinds narrow (and); an empty filter asks nothing. */
export interface TerminalQuery {
  /** Looked for in id, serial, site's id and name, model and firmware; several words must all be found. */
  readonly search?: string;
  readonly health?: readonly HealthWord[];
  readonly lifecycle?: readonly Lifecycle[];
  readonly site?: readonly string[];
  /** Sites that the asker may see; left out: all. */
  readonly within?: readonly string[];
  readonly model?: readonly string[];
  readonly firmware?: readonly string[];
  readonly carrier?: readonly string[];
  readonly component?: readonly Component[];
  readonly tickets?: 'open' | 'none';
  readonly link?: readonly LinkWord[];
  /** Forecast to fail within the next seven days. */
  readonly fails?: 'week';
  readonly sort: TerminalSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Rows that pass a query, in its order. */
export class TerminalLister {
  readonly #fleet: FleetModel;
  readonly #maxAgeMs: number;
  readonly #orders = new Map<string, { order: Uint32Array; version: number; at: number }>();

  /** An order is used for `maxAgeMs` though the fleet has moved on, so that paging holds still and sorting costs once. */
  constructor(fleet: FleetModel, maxAgeMs: number) {
    this.#fleet = fleet;
    this.#maxAgeMs = maxAgeMs;
  }

  list(query: TerminalQuery, now: number): { rows: number[]; total: number } {
    const passes = this.#filter(query, now);
    const order = this.#order(query.sort, query.descending, now);
    const rows: number[] = [];
    let total = 0;
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      if (!passes(row)) continue;
      if (total >= query.offset && rows.length < query.limit) rows.push(row);
      total++;
    }
    return { rows, total };
  }

  #order(sort: TerminalSort, descending: boolean, now: number): Uint32Array {
    const name = `${sort}${descending}`;
    const kept = this.#orders.get(name);
    if (
      kept &&
      kept.order.length === this.#fleet.size &&
      (kept.version === this.#fleet.version || now - kept.at < this.#maxAgeMs)
    ) {
      return kept.order;
    }
    const order = orderRows(this.#fleet, sort, descending, now);
    this.#orders.set(name, { order, version: this.#fleet.version, at: now });
    return order;
  }

  #filter(query: TerminalQuery, now: number): (row: number) => boolean {
    const fleet = this.#fleet;
    const c = fleet.columns;
    const tests: ((row: number) => boolean)[] = [];
    const oneOf = (column: Uint32Array, codes: readonly (number | undefined)[]) => {
      const wanted = new Set(codes);
      tests.push((row) => wanted.has(column[row]!));
    };
    // Retired terminals are history: they are listed when asked for.
    const lifecycles = query.lifecycle?.length ? query.lifecycle : (['pending', 'active', 'locked'] as const);
    const lifecycleMask = bits(lifecycles.map((word) => LIFECYCLES.indexOf(word)));
    tests.push((row) => ((lifecycleMask >> c.lifecycle[row]!) & 1) === 1);
    if (query.health?.length) {
      const mask = bits(query.health.map((word) => HEALTH.indexOf(word)));
      tests.push((row) => ((mask >> c.health[row]!) & 1) === 1);
    }
    if (query.component?.length) {
      const mask = bits(query.component.map((word) => COMPONENTS.indexOf(word)));
      tests.push((row) => (c.components[row]! & mask) !== 0);
    }
    if (query.site?.length)
      oneOf(
        c.site,
        query.site.map((word) => fleet.site.find(word)),
      );
    if (query.within)
      oneOf(
        c.site,
        query.within.map((word) => fleet.site.find(word)).filter((code) => code !== undefined),
      );
    if (query.model?.length)
      oneOf(
        c.model,
        query.model.map((word) => fleet.model.find(word)),
      );
    if (query.firmware?.length)
      oneOf(
        c.firmware,
        query.firmware.map((word) => fleet.firmware.find(word)),
      );
    if (query.carrier?.length)
      oneOf(
        c.carrier,
        query.carrier.map((word) => fleet.carrier.find(word)),
      );
    if (query.tickets) tests.push((row) => c.openTickets[row]! > 0 === (query.tickets === 'open'));
    if (query.link?.length) {
      const mask = bits(query.link.map((word) => LINKS.indexOf(word)));
      tests.push((row) => ((mask >> c.link[row]!) & 1) === 1);
    }
    if (query.fails) tests.push((row) => c.failsAt[row]! > now && c.failsAt[row]! <= now + WEEK);
    for (const word of (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)) {
      tests.push(this.#finds(word));
    }
    return (row) => {
      for (let i = 0; i < tests.length; i++) if (!tests[i]!(row)) return false;
      return true;
    };
  }

  #finds(word: string): (row: number) => boolean {
    const fleet = this.#fleet;
    const c = fleet.columns;
    const has = (text: string | null | undefined) => text?.toLowerCase().includes(word) ?? false;
    const site = fleet.site.mask((id) => has(id) || has(fleet.sites.get(id)?.name));
    const model = fleet.model.mask(has);
    const firmware = fleet.firmware.mask(has);
    return (row) =>
      fleet.searchText(row).includes(word) ||
      site[c.site[row]!] === 1 ||
      model[c.model[row]!] === 1 ||
      firmware[c.firmware[row]!] === 1;
  }
}

function bits(places: readonly number[]): number {
  return places.reduce((mask, place) => mask | (1 << place), 0);
}

/** A row as lists show it. */
export function terminalRow(fleet: FleetModel, row: number): TerminalRow {
  const c = fleet.columns;
  const site = fleet.site.word(c.site[row]!);
  const [worst] = fleet.findingsOf(row);
  return {
    terminal: fleet.id(row),
    site,
    siteName: site === null ? null : (fleet.sites.get(site)?.name ?? null),
    model: fleet.model.word(c.model[row]!),
    firmware: fleet.firmware.word(c.firmware[row]!),
    carrier: fleet.carrier.word(c.carrier[row]!),
    lifecycle: LIFECYCLES[c.lifecycle[row]!]!,
    health: HEALTH[c.health[row]!]!,
    severity: SEVERITIES[c.severity[row]!]!,
    link: LINKS[c.link[row]!]!,
    linkSince: c.linkSince[row] || null,
    freshness: FRESHNESS[c.freshness[row]!]!,
    excuse: EXCUSES[c.excuse[row]!]!,
    lastAt: c.lastAt[row] || null,
    failsAt: c.failsAt[row] || null,
    worsenedAt: c.worsenedAt[row] || null,
    openTickets: c.openTickets[row]!,
    components: COMPONENTS.filter((_, i) => (c.components[row]! >> i) & 1),
    worst: worst
      ? {
          component: worst.component,
          mode: worst.mode,
          scope: worst.scope,
          subject: worst.subject,
          severity: worst.severity,
          probability: worst.probability,
          horizonH: worst.horizonH,
          why: worst.evidence[0]?.why ?? null,
        }
      : null,
    batteryPct: fleet.gauges.gauge(row, 'battery.soc_pct'),
    signalDbm: fleet.gauges.gauge(row, 'network.rsrp_dbm'),
    printer: fleet.gauges.word(row, 'printer.state'),
  };
}
