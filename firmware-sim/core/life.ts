import type { Component, Mode } from '../../contract/modes.ts';
import { canFail, newFault } from './build.ts';
import type { Fault } from './faults.ts';
import { reboot, switchOff } from './power.ts';
import { repair, replaceBattery } from './repair.ts';
import { selfTest } from './self-test.ts';
import { sendEvent } from './session.ts';
import type { Environment } from './stores.ts';
import type { Errand, SimMessage, Terminal } from './terminal.ts';

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
      const over = state.faults.filter((fault) => fault.variant === 'outage' && fault.onsetAt === errand.since);
      ended.push(...over);
      state.faults = state.faults.filter((fault) => !over.includes(fault));
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
