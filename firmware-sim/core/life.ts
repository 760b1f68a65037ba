import type { Component, Mode } from '../../contract/modes.ts';
import { canFail, newFault } from './build.ts';
import type { Fault } from './faults.ts';
import { newBattery, resistanceGain } from './parts/battery.ts';
import { newPrinter } from './parts/printer.ts';
import type { Environment } from './stores.ts';
import {
  applyFault,
  bootUp,
  type Errand,
  reboot,
  type SimMessage,
  sendEvent,
  switchOff,
  type Terminal,
} from './terminal.ts';

const DAY = 86_400_000;

/** Daily rates of what happens to a sound terminal in a shop (assumptions): none of it is a fault. */
const NUISANCES = [
  ['cover', 0.22],
  ['clean', 0.05],
  ['blip', 0.03],
  ['switched_off', 0.018],
  ['bad_roll', 0.012],
  ['self_test', 0.01],
  ['move', 0.004],
  ['swap', 0.0012],
  ['tamper', 0.0004],
] as const;
const NUISANCE_RATE = NUISANCES.reduce((sum, [, rate]) => sum + rate, 0);

/** Lets shop life happen in a step of `dtMs`. Call before the terminal's own step. */
export function disturb(
  terminal: Terminal,
  env: Environment,
  at: number,
  dtMs: number,
  scale: number,
  out: SimMessage[],
): void {
  const { state, random } = terminal;
  state.coverOpen = false;
  if (!env.open || !state.on) return;
  let draw = random.life.next() / ((scale * dtMs) / DAY);
  if (draw >= NUISANCE_RATE) return;
  const kind = (NUISANCES.find(([, rate]) => (draw -= rate) < 0) ?? NUISANCES[0])[0];
  const { printer, battery, network, reader } = state;
  if (kind === 'cover') state.coverOpen = printer !== null;
  else if (kind === 'clean') {
    if (printer) printer.dust = 0.03;
    reader.dirt *= 0.2;
    sendEvent(terminal, 'cleaned', printer ? 'printer' : 'reader', null, at, out);
  } else if (kind === 'blip') network.downMin = random.life.range(3, 8);
  else if (kind === 'switched_off') {
    switchOff(terminal, at, random.life.chance(0.6), 'user', out);
    state.offUntil = at + random.life.range(10, 200) * 60_000;
  } else if (kind === 'bad_roll') {
    if (printer) printer.badRoll = true;
  } else if (kind === 'self_test') selfTest(terminal, at, out);
  else if (kind === 'move') {
    // To another corner of the shop: other shadows, perhaps another cell.
    network.rsrp = Math.max(-104, Math.min(-70, network.rsrp + 6 * random.life.normal()));
    network.rssi = Math.max(-72, Math.min(-40, network.rssi + 6 * random.life.normal()));
    network.cell = random.life.int(terminal.store.cells.length);
    network.ap = random.life.int(terminal.store.bssids.length);
  } else if (kind === 'swap') {
    if (battery && !state.faults.some((fault) => fault.component === 'battery')) replaceBattery(terminal, at, out);
  } else sendEvent(terminal, 'tamper', 'keypad', { cleared: true }, at, out);
}

function replaceBattery(terminal: Terminal, at: number, out: SimMessage[]): void {
  const { config, state, random } = terminal;
  const hardware = config.model.battery;
  if (!hardware || !state.battery) return;
  const totals = state.battery;
  state.battery = {
    ...newBattery(hardware, random.battery, 15, 0.2),
    chargeSessions: totals.chargeSessions,
    brownouts: totals.brownouts,
    overTemp: totals.overTemp,
  };
  sendEvent(terminal, 'part_replaced', 'battery', { part: 'battery pack' }, at, out);
}

/** Ends the faults of a component (of one mode, or all) with a new part or a cleaning; answers what was ended. */
export function repair(
  terminal: Terminal,
  component: Component,
  mode: Mode | null,
  at: number,
  out: SimMessage[],
): Fault[] {
  const { state, config, random } = terminal;
  const ended = state.faults.filter((fault) => fault.component === component && (mode === null || fault.mode === mode));
  state.faults = state.faults.filter((fault) => !ended.includes(fault));
  for (const fault of ended) applyFault(state, { ...fault, progress: 0 });
  const { printer, system, network, reader } = state;
  if (!state.on) {
    system.broken = false;
    state.offUntil = 0;
    if (state.battery && component === 'battery') state.battery.down = '';
  }
  const hardware = config.model.printer;
  const modes = mode === null ? ended.map((fault) => fault.mode) : [mode];
  let replaced: string | null = null;
  if (component === 'printer' && printer && hardware) {
    const fresh = newPrinter(hardware, random.printer, 0);
    printer.broken = '';
    printer.blockedMin = 0;
    printer.blockedBy = 'ok';
    printer.dust = 0.02;
    printer.badRoll = false;
    if (modes.includes('head_wear') || modes.includes('overheat') || modes.length === 0) {
      printer.headMm = 0;
      printer.deadDots = 0;
      printer.headSeen = 0;
      printer.shows = fresh.shows;
      printer.freshOhm = fresh.freshOhm;
      replaced = 'print head';
    }
    if (modes.includes('cutter_wear')) {
      printer.bladeCuts = 0;
      replaced = 'cutter';
    }
    if (modes.includes('paper_feed')) replaced = 'platen roller';
    if (modes.includes('power')) replaced = 'power supply';
  } else if (component === 'battery') {
    if (state.battery && modes.length === 1 && modes[0] === 'charging_fault') replaced = 'charging contacts';
    if (state.battery) state.battery.soc = Math.max(state.battery.soc, 0.4);
  } else if (component === 'network') {
    network.broken = '';
    network.downMin = 0;
    replaced = modes.includes('sim_wear')
      ? 'SIM'
      : modes.includes('signal_degradation')
        ? 'antenna'
        : modes.includes('offline')
          ? 'modem'
          : null;
  } else if (component === 'reader') {
    reader.dirt = 0;
    replaced = modes.includes('tap_fault') ? 'contactless reader' : 'chip reader';
  } else {
    system.broken = false;
    if (modes.includes('storage_wear')) {
      system.flashFreeMb = config.model.system.flashMb * (system.flashLevel + 0.03);
      replaced = 'main board';
    } else replaced = 'software image';
  }
  if (!state.on) bootUp(terminal, at, true, 'service', out);
  else if (component === 'system') reboot(terminal, at, true, 'service', out);
  if (component === 'network') network.up = true;
  if (component === 'battery' && replaced === null) replaceBattery(terminal, at + 90_000, out);
  else if (replaced === null) sendEvent(terminal, 'cleaned', component, null, at + 90_000, out);
  else sendEvent(terminal, 'part_replaced', component, { part: replaced }, at + 90_000, out);
  selfTest(terminal, at + 150_000, out);
  if (state.nextAt < at + 160_000) state.nextAt = at + 160_000;
  return ended;
}

/** Really tries the simulated parts, says so in an event, and answers the checks. */
export function selfTest(
  terminal: Terminal,
  at: number,
  out: SimMessage[],
): { pass: boolean; checks: Record<string, 'pass' | 'fail'> } {
  const { state, config, random } = terminal;
  const { printer, battery, network, reader, system } = state;
  const checks: Record<string, 'pass' | 'fail'> = {};
  const say = (name: string, ok: boolean): void => {
    checks[name] = ok ? 'pass' : 'fail';
  };
  if (printer && config.model.printer) {
    say('print_head', printer.deadDots < 6);
    say(
      'paper_feed',
      printer.broken !== 'paper_feed' &&
        !random.life.chance(Math.min(0.9, 0.0002 * Math.exp(6.6 * printer.paperFeed) * 5)),
    );
    if (config.model.printer.ratedCuts > 0) {
      say(
        'cutter',
        printer.broken !== 'cutter_wear' &&
          !random.life.chance(Math.min(0.9, 1.5e-5 * Math.exp(9.2 * printer.cutterWear) * 3)),
      );
    }
    say('head_supply', printer.power < 0.85);
    say('head_temperature', printer.broken !== 'overheat' && printer.bodyC < 60);
  }
  if (battery) {
    say('battery_capacity', battery.health - (battery.health - 0.575) * battery.capacityFade ** 2 > 0.66);
    say('battery_resistance', battery.rise + resistanceGain(battery) < 2.1);
    say('charging', battery.chargingFault < 0.6);
    say('battery_temperature', battery.tempC < 50);
  }
  say('host', network.up && network.lossPct < 20);
  if (network.bearer === 'lte' || network.bearer === 'nr')
    say('sim', network.broken !== 'sim_wear' && network.simWear < 0.7);
  if (config.model.reader.chip) say('chip', 0.015 + 0.09 * reader.contactWear + 0.88 * reader.contactWear ** 5 < 0.3);
  if (config.model.reader.tap) say('tap', 0.02 + 0.07 * reader.tapFault + 0.9 * reader.tapFault ** 5 < 0.3);
  say('storage', system.storageWear < 0.6);
  say('memory', system.memFreeMb > config.model.system.memMb * 0.06);
  const pass = Object.values(checks).every((check) => check === 'pass');
  sendEvent(terminal, 'self_test', null, { result: pass ? 'pass' : 'fail', checks }, at, out);
  return { pass, checks };
}

/** Relative frequency of new faults by mode (assumption, after field reports that put printers first, then power, links and readers). */
const ONGOING: readonly (readonly [Component, Mode, number])[] = [
  ['printer', 'head_wear', 10],
  ['printer', 'paper_feed', 9],
  ['printer', 'cutter_wear', 5],
  ['printer', 'overheat', 3],
  ['printer', 'power', 4],
  ['battery', 'capacity_fade', 9],
  ['battery', 'resistance_rise', 7],
  ['battery', 'charging_fault', 6],
  ['battery', 'overheat', 3],
  ['network', 'signal_degradation', 9],
  ['network', 'sim_wear', 5],
  ['network', 'offline', 2],
  ['reader', 'contact_wear', 5],
  ['reader', 'tap_fault', 4],
  ['system', 'storage_wear', 3],
  ['system', 'crash_loop', 3],
];

/** Lets a new fault begin now and then; at most one a terminal, so that the demonstration stays readable. */
export function fallIll(
  terminal: Terminal,
  at: number,
  dtMs: number,
  perDay: number,
  days: readonly [number, number],
): void {
  const { faults } = terminal.random;
  if (terminal.state.faults.length > 0 || !faults.chance((perDay * dtMs) / DAY)) return;
  const possible = ONGOING.filter(([component, mode]) => canFail(terminal.config.model, component, mode));
  let draw = faults.next() * possible.reduce((sum, [, , weight]) => sum + weight, 0);
  const [component, mode] =
    possible.find(([, , weight]) => (draw -= weight) < 0) ?? (possible[0] as (typeof possible)[number]);
  const sudden = mode === 'offline' || faults.chance(0.06);
  const variant = mode === 'signal_degradation' && faults.chance(0.35) ? 'interference' : 'wear';
  terminal.state.faults.push(
    newFault(component, mode, variant, at, sudden ? 0 : faults.range(days[0], days[1]) * DAY, 1.4),
  );
}

/** Does what is due of a terminal's agenda; answers the faults that a repair ended. */
export function runErrands(terminal: Terminal, at: number, out: SimMessage[]): Fault[] {
  const { state } = terminal;
  const ended: Fault[] = [];
  while (state.agenda.length > 0 && (state.agenda[0] as Errand).at <= at) {
    const errand = state.agenda.shift() as Errand;
    if (errand.what === 'repair') ended.push(...repair(terminal, errand.component, errand.mode, at, out));
    else if (errand.what === 'update') update(terminal, errand.to, errand.fails, errand.regression, at, out, ended);
    else {
      ended.push(...state.faults.filter((fault) => fault.variant === 'outage'));
      state.faults = state.faults.filter((fault) => fault.variant !== 'outage');
    }
  }
  return ended;
}

/** Installs a firmware: it may fail and leave the old one, and the new one may be worse. */
export function update(
  terminal: Terminal,
  to: string,
  fails: boolean,
  regression: number,
  at: number,
  out: SimMessage[],
  ended: Fault[],
): void {
  const { state } = terminal;
  if (!state.on) {
    addErrand(terminal, { at: at + 3_600_000, what: 'update', to, fails, regression });
    return;
  }
  const from = state.firmware;
  if (from === to) return;
  if (!fails) state.firmware = to;
  reboot(terminal, at, true, 'update', out);
  if (fails) {
    sendEvent(terminal, 'fault', 'system', { update: to, error: 'image rejected', kept: from }, at + 60_000, out);
    return;
  }
  for (const fault of state.faults) if (fault.mode === 'firmware_regression') ended.push(fault);
  state.faults = state.faults.filter((fault) => fault.mode !== 'firmware_regression');
  state.system.regression = 0;
  sendEvent(terminal, 'firmware_updated', 'system', { from, to }, at + 50_000, out);
  if (regression > 0) state.faults.push(newFault('system', 'firmware_regression', 'wear', at + 45_000, 1, regression));
}

export function addErrand(terminal: Terminal, errand: Errand): void {
  terminal.state.agenda.push(errand);
  terminal.state.agenda.sort((a, b) => a.at - b.at);
}
