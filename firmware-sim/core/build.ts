import type { Component, Mode } from '../../contract/modes.ts';
import { type Zone, zoneOf } from './calendar.ts';
import type { Fault } from './faults.ts';
import type { HardwareModel } from './hardware.ts';
import { MODELS } from './models.ts';
import { newBattery } from './parts/battery.ts';
import { newNetwork } from './parts/network.ts';
import { newPrinter } from './parts/printer.ts';
import { newReader } from './parts/reader.ts';
import { newSystem } from './parts/system.ts';
import { hashText, Random } from './random.ts';
import { CHAIN_NAMES, REGIONS } from './regions.ts';
import type { Scenario } from './scenario.ts';
import type { Store } from './stores.ts';
import type { Terminal, TerminalRandoms } from './terminal.ts';

const DAY = 86_400_000;
/** Zones and holidays are worked out this far past a fleet's beginning. */
const HORIZON_DAYS = 1200;

/** Lays out the stores of a scenario: the same seed gives the same streets. */
export function buildStores(scenario: Scenario, seed: number, from: number): Store[] {
  const random = Random.of(seed, 'stores');
  const names = scenario.fleet.regions;
  const regions = names ? REGIONS.filter((region) => names.includes(region.name)) : REGIONS;
  const zones = new Map<string, Zone>();
  for (const { timezone } of regions) {
    if (!zones.has(timezone)) zones.set(timezone, zoneOf(timezone, from - DAY, from + HORIZON_DAYS * DAY));
  }
  const years = [0, 1, 2, 3].map((n) => new Date(from).getUTCFullYear() + n);
  return Array.from({ length: scenario.fleet.stores }, (_, i) => {
    const region = regions[i % regions.length] as (typeof REGIONS)[number];
    const chain = CHAIN_NAMES[i % Math.min(scenario.fleet.chains, CHAIN_NAMES.length)] as string;
    const site = `S${String(i + 1).padStart(3, '0')}`;
    const opens = region.opens * 60 + random.int(3) * 30;
    const closes = region.closes * 60 - random.int(3) * 30;
    const sunday = region.sundays ? { opens: opens + 60, closes: closes - 120 } : null;
    const weekday = { opens, closes };
    const cellCount = 1 + random.int(3);
    return {
      site,
      name: `${chain} ${region.name} ${1 + Math.floor(i / regions.length)}`,
      chain,
      region: region.name,
      zone: zones.get(region.timezone) as Zone,
      lat: Math.round((region.lat + random.range(-0.12, 0.12)) * 1e4) / 1e4,
      lon: Math.round((region.lon + random.range(-0.16, 0.16)) * 1e4) / 1e4,
      hours: [weekday, weekday, weekday, weekday, weekday, weekday, sunday],
      closedOn: new Set(years.flatMap((year) => region.holidays.map((date) => `${year}-${date}`))),
      salesPerHour: random.range(7, 26),
      climate: region.climate,
      exposure: random.chance(0.2) ? random.range(0.7, 1) : random.range(0.25, 0.6),
      bssids: Array.from({ length: 1 + random.int(2) }, () => macOf(random)),
      cells: Array.from(
        { length: cellCount },
        () => `${200 + random.int(60)}-${10 + random.int(80)}-${random.int(90_000) + 10_000}`,
      ),
      carriers: region.carriers,
      noise: hashText(`${seed}/${site}`),
    };
  });
}

function macOf(random: Random): string {
  return Array.from({ length: 6 }, (_, i) => (i === 0 ? '02' : random.int(256).toString(16).padStart(2, '0'))).join(
    ':',
  );
}

/** Streams of a terminal's parts. */
export function randomsOf(seed: number, id: string): TerminalRandoms {
  return {
    printer: Random.of(seed, id, 'printer'),
    battery: Random.of(seed, id, 'battery'),
    network: Random.of(seed, id, 'network'),
    reader: Random.of(seed, id, 'reader'),
    system: Random.of(seed, id, 'system'),
    sensors: Random.of(seed, id, 'sensors'),
    life: Random.of(seed, id, 'life'),
    faults: Random.of(seed, id, 'faults'),
  };
}

/** Builds the terminals, worn as their age and use have made them. */
export function buildTerminals(scenario: Scenario, seed: number, from: number, stores: readonly Store[]): Terminal[] {
  const weights = scenario.fleet.models;
  const pool = MODELS.filter((model) => (weights ? (weights[model.key] ?? 0) > 0 : true));
  const total = pool.reduce((sum, model) => sum + (weights?.[model.key] ?? model.weight), 0);
  const heartbeatMs = scenario.fleet.heartbeatS * 1000;
  const ids = new Set<string>();
  return Array.from({ length: scenario.fleet.terminals }, (_, index) => {
    const id = `T${String(index + 1).padStart(4, '0')}`;
    ids.add(id);
    const plan = Random.of(seed, id, 'plan');
    const storeIndex = index % stores.length;
    const store = stores[storeIndex] as Store;
    let ticket = plan.next() * total;
    const model = (pool.find((candidate) => (ticket -= weights?.[candidate.key] ?? candidate.weight) < 0) ??
      pool[0]) as HardwareModel;
    const region = REGIONS.find((candidate) => candidate.name === store.region);
    const carrierIndex = plan.int(store.carriers.length);
    const ageDays = plan.range(40, 1500);
    const busy = plan.range(0.45, 1.6);
    const openShare = store.hours.reduce((sum, day) => sum + (day ? day.closes - day.opens : 0), 0) / (7 * 1440);
    const meanSales = store.salesPerHour * busy * openShare * 1.02;
    const lifeSales = meanSales * 24 * ageDays;
    const random = randomsOf(seed, id);
    const { quirks } = model;
    const wrongClock = plan.chance(scenario.fleet.wrongClocks ?? 0);
    const phase = plan.next();
    const network = newNetwork(model, store.cells.length, store.bssids.length, random.network);
    return {
      config: {
        tenant: scenario.tenant,
        id,
        index,
        serial: `${model.vendor.slice(0, 2).toUpperCase()}${model.key.slice(0, 1).toUpperCase()}-${(plan.int(0xffff) | 0x10000).toString(16).slice(1)}-${String(index + 1).padStart(5, '0')}`,
        iccid: iccidOf(`${region?.iccidPrefix ?? '89000'}${carrierIndex}`, plan),
        carrier: store.carriers[carrierIndex] as string,
        model,
        boughtOn: new Date(from - ageDays * DAY).toISOString().slice(0, 10),
        warrantyUntil: new Date(from - ageDays * DAY + 730 * DAY).toISOString().slice(0, 10),
        countersMs: scenario.fleet.countersS * 1000,
        busy,
        meanSales,
        offAtNight: plan.chance(model.offAtNight),
        cutSilently: plan.chance(model.cutSilently),
        driftPpm: plan.range(-1, 1) * quirks.driftPpm,
        coldClock: quirks.coldClock && (scenario.fleet.coldClocks ?? true),
        clockWrongMs: wrongClock ? Math.round(plan.range(-14, 14) * 3_600_000) : 0,
      },
      state: {
        store: storeIndex,
        on: false,
        offUntil: 0,
        locked: false,
        firmware: model.firmware,
        heartbeatMs,
        boot: '',
        bootAt: from,
        seq: 0,
        connected: false,
        nextAt: Math.round(from + phase * heartbeatMs),
        lastAt: from,
        nextCountersAt: 0,
        arrivedAt: 0,
        clockOffset: Math.round(plan.normal() * 400),
        syncAt: from + plan.range(0, quirks.syncHours) * 3_600_000,
        coverOpen: false,
        lastSales: 0,
        buffer: [],
        printer: model.printer
          ? newPrinter(model.printer, random.printer, Math.min(0.75, (lifeSales * 1.25 * 115) / model.printer.ratedMm))
          : null,
        battery: model.battery
          ? newBattery(model.battery, random.battery, Math.min(ageDays, 620), plan.range(0.12, 0.45))
          : null,
        network,
        reader: newReader(random.reader, lifeSales),
        system: newSystem(model, random.system, lifeSales),
        faults: [],
        idleMin: 0,
        darkMin: 0,
        done: [],
        agenda: [],
      },
      random,
      store,
      printed: { loaded: false, stepped: false, missed: 0 },
      charged: { stepped: false, dropped: '' },
    };
  });
}

/** A 19-digit card identifier with its check digit (ITU-T E.118). */
function iccidOf(prefix: string, random: Random): string {
  let digits = prefix;
  while (digits.length < 18) digits += random.int(10);
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + ((10 - (sum % 10)) % 10);
}

/** Can a model of this build fail in this way at all? */
export function canFail(model: HardwareModel, component: Component, mode: Mode): boolean {
  const first = model.bearers[0];
  if (component === 'printer') {
    if (!model.printer) return false;
    if (mode === 'cutter_wear') return model.printer.ratedCuts > 0;
    return mode === 'power' ? model.printer.supply === 'mains' : true;
  }
  if (component === 'battery') return model.battery !== null;
  if (mode === 'signal_degradation') return first !== 'ethernet';
  if (mode === 'sim_wear') return first === 'lte' || first === 'nr';
  if (mode === 'contact_wear') return model.reader.chip;
  return mode === 'tap_fault' ? model.reader.tap : true;
}

/** A fault that has not begun to show. */
export function newFault(
  component: Component,
  mode: Mode,
  variant: string,
  onsetAt: number,
  spanMs: number,
  ceiling: number,
): Fault {
  return { component, mode, variant, onsetAt, spanMs, ceiling, progress: 0, failedAt: null };
}
