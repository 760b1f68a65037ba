import { TillwatchError } from '../../contract/errors.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import { canFail, newFault } from './build.ts';
import { addErrand } from './life.ts';
import { Random } from './random.ts';
import { CHAIN_NAMES } from './regions.ts';
import type { FaultGroup, Incident, Scenario } from './scenario.ts';
import type { Store, Weather } from './stores.ts';
import type { Terminal } from './terminal.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A line, carrier or host that is away for a while for some terminals. */
export interface Outage {
  readonly what: 'line' | 'carrier' | 'host';
  readonly from: number;
  readonly to: number;
  readonly terminals: ReadonlySet<number>;
}

/** Gives the scenario's faults to terminals that can have them and have none yet. Throws `simulator.bad_scenario` when too few can. */
export function placeFaults(
  scenario: Scenario,
  seed: number,
  from: number,
  terminals: readonly Terminal[],
  stores: readonly Store[],
): void {
  scenario.faults.forEach((group, number) => {
    const random = Random.of(seed, 'faults', number);
    if (group.scope === 'store' || group.scope === 'cell') {
      placeShared(group, from, terminals, stores, random);
      return;
    }
    const component = group.component as Component;
    const mode = group.mode as Mode;
    const able = terminals.filter(
      ({ config, state }) =>
        state.faults.length === 0 &&
        canFail(config.model, component, mode) &&
        (!group.models || group.models.includes(config.model.key)),
    );
    if (able.length < group.count) {
      throw new TillwatchError(
        'simulator.bad_scenario',
        `${scenario.name}: ${group.count} terminals with ${component} ${mode} were asked for, ${able.length} can have it`,
      );
    }
    for (let i = 0; i < group.count; i++) {
      const [terminal] = able.splice(random.int(able.length), 1) as [Terminal];
      afflict(terminal, group, from, random);
    }
  });
}

function afflict(terminal: Terminal, group: FaultGroup, from: number, random: Random): void {
  const component = group.component as Component;
  const mode = group.mode as Mode;
  const onset = from + random.range(group.onsetDay[0], group.onsetDay[1]) * DAY;
  const span = random.range(group.days[0], group.days[1]) * DAY;
  terminal.state.faults.push(
    newFault(component, mode, group.variant ?? 'wear', Math.round(onset), span, group.ceiling ?? 1.4),
  );
  if (group.repairAfterDays) {
    const after = onset + span + random.range(group.repairAfterDays[0], group.repairAfterDays[1]) * DAY;
    addErrand(terminal, { at: workingHour(terminal.store, after), what: 'repair', component, mode });
  }
}

/** The next moment at or after `at` between ten and four, local time by longitude: technicians come by day. */
function workingHour(store: Store, at: number): number {
  const solar = at + (store.lon / 15) * HOUR;
  const hour = (((solar % DAY) + DAY) % DAY) / HOUR;
  if (hour >= 10 && hour < 16) return at;
  return at + ((hour < 10 ? 10 - hour : 34 - hour) + 1.5) * HOUR;
}

/** One cause for all who share a store's air or a cell: each feels it with the same timing. */
function placeShared(
  group: FaultGroup,
  from: number,
  terminals: readonly Terminal[],
  stores: readonly Store[],
  random: Random,
): void {
  const order = stores.map((_, i) => i);
  for (let n = 0; n < group.count && order.length > 0; n++) {
    const [store] = order.splice(random.int(order.length), 1) as [number];
    const onset = Math.round(from + random.range(group.onsetDay[0], group.onsetDay[1]) * DAY);
    const span = random.range(group.days[0], group.days[1]) * DAY;
    for (const terminal of terminals) {
      const { config, state } = terminal;
      const first = config.model.bearers[0];
      const radio = first === 'lte' || first === 'nr';
      if (state.store !== store || (group.scope === 'cell') !== radio) continue;
      if (group.mode === 'signal_degradation' && first === 'ethernet') continue;
      if (group.scope === 'cell') state.network.cell = 0;
      state.faults.push(
        newFault(
          group.component as Component,
          group.mode as Mode,
          group.variant ?? 'wear',
          onset,
          span,
          group.ceiling ?? 1.4,
        ),
      );
    }
  }
}

/** Works out what passes over the fleet: weather and surges, outages with their truth, and firmware on its way. */
export function placeIncidents(
  scenario: Scenario,
  seed: number,
  from: number,
  terminals: readonly Terminal[],
  stores: readonly Store[],
): { weather: Weather[]; outages: Outage[] } {
  const weather: Weather[] = [];
  const outages: Outage[] = [];
  scenario.incidents.forEach((incident, number) => {
    const at = from + incident.day * DAY;
    if (incident.kind === 'heat_wave' || incident.kind === 'surge') {
      weather.push({
        from: at,
        to: at + incident.days * DAY,
        stores: storesOf(incident, stores),
        heat: incident.kind === 'heat_wave' ? incident.degrees : 0,
        sales: incident.kind === 'surge' ? incident.factor : 1,
      });
    } else if (incident.kind === 'outage') {
      outages.push(placeOutage(incident, at, terminals, stores));
    } else roll(incident, Random.of(seed, 'rollout', number), at, terminals);
  });
  return { weather, outages };
}

function storesOf(
  incident: { chain?: number; store?: number; region?: string },
  stores: readonly Store[],
): Set<number> {
  const chosen = new Set<number>();
  stores.forEach((store, i) => {
    if (incident.store !== undefined && incident.store !== i) return;
    if (incident.region !== undefined && incident.region !== store.region) return;
    if (incident.chain !== undefined && CHAIN_NAMES[incident.chain] !== store.chain) return;
    chosen.add(i);
  });
  return chosen;
}

function placeOutage(
  incident: Extract<Incident, { kind: 'outage' }>,
  at: number,
  terminals: readonly Terminal[],
  stores: readonly Store[],
): Outage {
  const reached = storesOf(incident, stores);
  const what = incident.carrier !== undefined ? 'carrier' : incident.chain !== undefined ? 'host' : 'line';
  const to = at + incident.hours * HOUR;
  const hit = new Set<number>();
  for (const { config, state } of terminals) {
    const store = stores[state.store];
    if (!store || !reached.has(state.store)) continue;
    const [first, second] = config.model.bearers;
    const radio = first === 'lte' || first === 'nr';
    if (what === 'carrier' && (!radio || config.carrier !== store.carriers[incident.carrier ?? 0])) continue;
    if (what === 'line' && radio) continue;
    hit.add(config.index);
    // Who has a second way is put out but not out of service.
    if (what !== 'host' && second !== undefined) continue;
    state.faults.push(newFault('network', 'offline', 'outage', at, 0, 1));
    addErrand(terminals[config.index] as Terminal, { at: to, what: 'outage_over', since: at });
  }
  return { what, from: at, to, terminals: hit };
}

function roll(
  incident: Extract<Incident, { kind: 'firmware' }>,
  random: Random,
  at: number,
  terminals: readonly Terminal[],
): void {
  for (const terminal of terminals) {
    if (!incident.models.includes(terminal.config.model.key) || !random.chance(incident.share)) continue;
    const when = at + random.next() * incident.days * DAY;
    const fails = random.chance(incident.failShare);
    addErrand(terminal, {
      at: when,
      what: 'update',
      to: incident.to,
      fails,
      regression: fails ? 0 : incident.regression,
    });
    if (incident.fixAfterDays !== undefined) {
      const fixed = at + (incident.fixAfterDays + random.next() * incident.days) * DAY;
      addErrand(terminal, {
        at: Math.max(when + HOUR, fixed),
        what: 'update',
        to: `${incident.to}.1`,
        fails: false,
        regression: 0,
      });
    }
  }
}
