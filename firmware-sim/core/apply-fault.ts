import type { Fault } from './faults.ts';
import type { TerminalState } from './terminal.ts';

/** Writes a fault's progress where its part feels it. */
export function applyFault(state: TerminalState, fault: Fault): void {
  const p = fault.progress;
  const { printer, battery, network, reader, system } = state;
  switch (fault.mode) {
    case 'head_wear':
      if (printer) printer.headWear = p;
      break;
    case 'paper_feed':
      if (printer) printer.paperFeed = p;
      break;
    case 'cutter_wear':
      if (printer) printer.cutterWear = p;
      break;
    case 'overheat':
      if (fault.component === 'printer' && printer) printer.overheat = p;
      if (fault.component === 'battery' && battery) battery.overheat = p;
      break;
    case 'power':
      if (printer) printer.power = p;
      break;
    case 'capacity_fade':
      if (battery) battery.capacityFade = p;
      break;
    case 'resistance_rise':
      if (battery) battery.resistanceRise = p;
      break;
    case 'charging_fault':
      if (battery) battery.chargingFault = p;
      break;
    case 'signal_degradation':
      if (fault.variant === 'interference') network.interference = p;
      else network.signal = p;
      break;
    case 'sim_wear':
      network.simWear = p;
      break;
    case 'congestion':
      network.congestion = p;
      break;
    case 'offline':
      if (p > 0 && fault.variant !== 'outage') network.broken = 'offline';
      break;
    case 'contact_wear':
      reader.contactWear = p;
      break;
    case 'tap_fault':
      reader.tapFault = p;
      break;
    case 'storage_wear':
      system.storageWear = p;
      break;
    case 'crash_loop':
      system.crashLoop = p;
      break;
    case 'firmware_regression':
      system.regression = p;
      break;
  }
}
