/**
 * A fleet as the field knows it, written from the contract by somebody who had not seen the detectors: seeds 1–2 are for development, 3–4 for validation.
 * Six models of two vendors, none of which reports all that the contract knows, in shops with holidays, sales, heat, outages and people who pull plugs.
 */
import type { TruthLine } from '../../analytics/core/score.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import { type Fault, makeFault } from './field/faults.ts';
import type { World } from './field/frame.ts';
import { Dice, HARDWARE } from './field/hardware.ts';
import { type Cell, cellLoad, DAY, HOUR, isOpen, makeSite, type Site, STEP } from './field/shops.ts';
import { Till } from './field/till.ts';
import type { Line } from './field/voice.ts';

export interface FieldOptions {
  readonly seed: number;
  readonly terminals: number;
  /** At least 12: what happens to all needs room. */
  readonly days: number;
}

export interface FieldFleet {
  /** The recording, in order of arrival. */
  readonly lines: readonly Line[];
  readonly truth: readonly TruthLine[];
}

export function fieldFleet({ seed, terminals, days }: FieldOptions): FieldFleet {
  const d = new Dice(`fleet/${seed}`);
  const start = Date.UTC(2026, d.pick([1, 5, 9]), d.int(1, 28));
  const cells = makeCells(d);
  const world = makeWorld(d, start, days);
  const { sites, tills } = open(d, seed, terminals, days, cells, world);
  befall(d, tills, sites, world, days);
  const crowded = d.pick(
    cells.filter((c) => tills.some((t) => t.bearer === 'lte' && (t.tenantSite.cell === c || t.tenantSite.cell2 === c))),
  );
  const crowd: NonNullable<Cell['crowd']> = { onset: start + d.int(8, 16) * DAY, days: d.between(7, 14) };
  crowded.crowd = crowd;

  // What is repaired leaves a terminal's faults, but not the truth.
  const planned = tills.map((till) => [...till.faults]);
  const updated = new Map<Till, number>();
  const members = new Set<Till>();
  for (let now = start; now < world.end; now += STEP) {
    if (crowd.failedAt === undefined && cellLoad(crowded, now, 2 * HOUR) > 1.42) {
      crowd.failedAt = now;
      crowd.endsAt = now + d.between(1, 4) * DAY;
    }
    for (const till of tills) {
      const before = till.firmware;
      till.step(world, now);
      if (before !== till.firmware) updated.set(till, now);
      if (till.bearer === 'lte' && till.usesCell(crowded) && now === (crowd.failedAt ?? crowd.onset)) members.add(till);
    }
  }
  const truth = tills.flatMap((till, i) => {
    const say = (component: Component, mode: Mode, onset_at: number, failed_at: number | null): TruthLine => {
      return { tenant: till.tenantSite.tenant, terminal: till.id, component, mode, onset_at, failed_at };
    };
    const at = updated.get(till);
    return [
      ...planned[i]!.filter((f) => cameToBe(f, till, world)).map((f) =>
        say(f.component, f.mode, f.onset, f.failedAt ?? null),
      ),
      ...(members.has(till) ? [say('network', 'congestion', crowd.onset, crowd.failedAt ?? null)] : []),
      ...cutOff(till).map((cutAt) => say('network', 'offline', cutAt, cutAt)),
      ...(at && till.hw.model === world.badFirmware ? [say('system', 'firmware_regression', at, null)] : []),
    ];
  });
  return { lines: world.lines.sort((a, b) => a.received_at - b.received_at), truth };
}

/** A second fault that left with the terminal it was in never came to be. */
function cameToBe(f: Fault, till: Till, world: World): boolean {
  return f.onset < world.end && (f.failedAt !== undefined || (f.progress > 0.25 && till.faults.includes(f)));
}

/** When the line of a till's shop was cut, while the shop was open: it takes all that are not on the mobile network with it, announced by nothing. */
function cutOff(till: Till): number[] {
  const { outage } = till.tenantSite;
  return outage && till.bearer !== 'lte' && isOpen(till.tenantSite, outage[0]) ? [outage[0]] : [];
}

function makeCells(d: Dice): Cell[] {
  return Array.from({ length: 12 }, (_, i) => ({
    name: `${262 + (i % 2)}-0${i % 3}-${d.int(10_000, 99_999)}`,
    carrier: d.pick(['Telemar', 'Blaunetz', 'Cellon']),
    rest: d.between(0.1, 0.3),
    peak: d.between(0.15, 0.6),
    peakHour: d.between(11, 19),
  }));
}

function makeWorld(d: Dice, start: number, days: number): World {
  const heatAt = start + d.int(8, days - 8) * DAY;
  const hostAt = start + d.int(5, days - 3) * DAY + d.between(11, 17) * HOUR;
  return {
    start,
    end: start + days * DAY,
    heat: [heatAt, heatAt + d.int(3, 6) * DAY],
    hostAway: [hostAt, hostAt + d.between(0.4, 1.5) * HOUR],
    badFirmware: d.pick(['A80', 'A35', 'C20']),
    lines: [],
  };
}

/** Shops of one to five terminals, of models in their share of the market; pay stations stand among themselves. */
function open(d: Dice, seed: number, terminals: number, days: number, cells: readonly Cell[], world: World) {
  const sites: Site[] = [];
  const tills: Till[] = [];
  const order = HARDWARE.flatMap((hw) =>
    Array.from({ length: Math.max(1, Math.round(hw.share * terminals)) }, () => hw),
  )
    .map((hw) => [d.u(), hw] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, hw]) => hw);
  const places = {
    street: { room: 0, site: undefined as Site | undefined },
    shop: { room: 0, site: undefined as Site | undefined },
  };
  order.slice(0, terminals).forEach((hw, n) => {
    const place = hw.unattended ? places.street : places.shop;
    if (place.room-- <= 0 || !place.site) {
      place.site = makeSite(d, sites.length, world.start, days, cells, !!hw.unattended);
      sites.push(place.site);
      place.room = d.int(0, hw.unattended ? 3 : 4);
    }
    tills.push(new Till(seed, n, hw, place.site, world));
  });
  return { sites, tills };
}

/** Two rollouts, one to the worse over some days and one harmless; faults; and terminals that are moved or exchanged though nothing ails them. */
function befall(d: Dice, tills: readonly Till[], sites: readonly Site[], world: World, days: number): void {
  const { start, badFirmware } = world;
  const mild = d.pick(HARDWARE.map((hw) => hw.model).filter((model) => model !== badFirmware));
  const rollAt = { [badFirmware]: start + d.int(12, 20) * DAY, [mild]: start + d.int(8, 26) * DAY };
  for (const till of tills) {
    const at = rollAt[till.hw.model];
    if (at && d.chance(till.hw.model === mild ? 0.9 : 0.5)) till.updateAt = at + d.between(0, 5) * DAY;
    if (d.chance(0.27)) ail(d, till, start, days);
    else if (d.chance(0.04))
      till.moveAt = [
        start + d.between(5, days - 5) * DAY,
        d.pick(sites.filter((s) => s.tenant === till.tenantSite.tenant)),
      ];
    else if (d.chance(0.045)) till.swapAt = start + d.between(5, days - 5) * DAY;
    for (const f of till.faults) {
      const traded = () => isOpen(till.tenantSite, f.onset) && isOpen(till.tenantSite, f.onset + 2 * HOUR);
      while (f.fast && !traded() && f.onset < world.end) f.onset += STEP;
    }
  }
}

function ail(d: Dice, till: Till, start: number, days: number): void {
  const draw = (not?: string) => makeFault(till.d, till.hw, till.bearer, start, days, not);
  const gauge: Readonly<Record<string, string>> = {
    capacity_fade: 'battery.full_mah',
    resistance_rise: 'battery.resistance_mohm',
  };
  // A pack that never leaves its dock shows nothing of its wear to anybody, unless its gauge measures it.
  const unseen = ({ mode }: Fault) =>
    till.alwaysDocked && gauge[mode] !== undefined && !till.hw.gauges.has(gauge[mode]);
  let first = draw();
  while (unseen(first)) first = draw();
  till.faults.push(first);
  if (!d.chance(0.15)) return;
  const second = draw(first.component);
  if (!unseen(second)) till.faults.push(second);
}
