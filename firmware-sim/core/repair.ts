import type { Component, Mode } from '../../contract/modes.ts';
import { applyFault } from './apply-fault.ts';
import type { Fault } from './faults.ts';
import { newBattery } from './parts/battery.ts';
import { newPrinter } from './parts/printer.ts';
import { bootUp, reboot } from './power.ts';
import { selfTest } from './self-test.ts';
import { sendEvent } from './session.ts';
import type { SimMessage, Terminal } from './terminal.ts';

/** Puts a new pack in; its totals, which the terminal keeps, go on. */
export function replaceBattery(terminal: Terminal, at: number, out: SimMessage[]): void {
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

/**
 * A technician's visit: ends the faults of a component (of one mode, or all) with a new part, or cleans a sound one, and
 * tests the terminal. Answers the faults that were ended. What is away beyond the terminal is not theirs to end.
 */
export function repair(
  terminal: Terminal,
  component: Component,
  mode: Mode | null,
  at: number,
  out: SimMessage[],
): Fault[] {
  const { state, config, random } = terminal;
  const ended = state.faults.filter(
    (fault) => fault.component === component && fault.variant !== 'outage' && (mode === null || fault.mode === mode),
  );
  state.faults = state.faults.filter((fault) => !ended.includes(fault));
  for (const fault of ended) applyFault(state, { ...fault, progress: 0 });
  const { printer, system, network, reader } = state;
  if (!state.on) {
    system.broken = false;
    state.offUntil = 0;
    if (state.battery && component === 'battery') state.battery.down = '';
  }
  const hardware = config.model.printer;
  const modes = ended.map((fault) => fault.mode);
  let replaced: string | null = null;
  if (component === 'printer' && printer && hardware) {
    const fresh = newPrinter(hardware, random.printer, 0);
    printer.broken = '';
    printer.blockedMin = 0;
    printer.blockedBy = 'ok';
    printer.dust = 0.02;
    printer.badRoll = false;
    if (modes.includes('head_wear') || modes.includes('overheat')) {
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
    if (modes.length > 0)
      replaced = modes.every((one) => one === 'charging_fault') ? 'charging contacts' : 'battery pack';
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
    if (modes.length > 0) replaced = modes.includes('tap_fault') ? 'contactless reader' : 'chip reader';
  } else {
    system.broken = false;
    if (modes.includes('storage_wear')) {
      system.flashFreeMb = config.model.system.flashMb * (system.flashLevel + 0.03);
      replaced = 'main board';
    } else if (modes.length > 0) replaced = 'software image';
  }
  if (!state.on) bootUp(terminal, at, true, 'service', out);
  else if (component === 'system' && modes.length > 0) reboot(terminal, at, true, 'service', out);
  if (component === 'network') network.up = true;
  if (replaced === 'battery pack') replaceBattery(terminal, at + 90_000, out);
  else if (replaced === null) sendEvent(terminal, 'cleaned', component, null, at + 90_000, out);
  else sendEvent(terminal, 'part_replaced', component, { part: replaced }, at + 90_000, out);
  selfTest(terminal, at + 150_000, out);
  if (state.nextAt < at + 160_000) state.nextAt = at + 160_000;
  return ended;
}
