import type { Component, Mode } from '../../contract/modes.ts';
import type { Fault } from './faults.ts';
import { trueHealth } from './parts/battery.ts';
import { chipFailure, tapFailure } from './parts/reader.ts';
import type { Environment } from './stores.ts';
import type { Terminal } from './terminal.ts';

/** Fifteen minutes of opening hours without the service make an outage (contract.md, last section). */
const OUTAGE_MIN = 15;

/** Watches for the moment a part fails by the contract's definition and dates its fault with the beginning of that outage. */
export function observeOutages(
  terminal: Terminal,
  at: number,
  minutes: number,
  env: Environment,
  dropped: string,
): void {
  const { state } = terminal;
  const { faults } = state;
  if (faults.length === 0) {
    state.idleMin = 0;
    state.darkMin = 0;
    return;
  }
  const { printer, battery, system } = state;
  const mustPrint = env.open && state.on && printer !== null;
  const blocked =
    printer !== null && (printer.broken !== '' || (printer.blockedMin > 0 && printer.blockedBy !== 'paper_out'));
  state.idleMin = mustPrint ? (blocked ? state.idleMin + minutes : 0) : blocked ? state.idleMin : 0;
  if (state.idleMin >= OUTAGE_MIN && printer) {
    const mode: Mode | null = printer.broken !== '' ? printer.broken : modeOfWord(printer.blockedBy);
    fail(faults, 'printer', mode, at - state.idleMin * 60_000);
  }
  const mustTalk = env.open && state.on;
  state.darkMin = mustTalk ? (state.network.up ? 0 : state.darkMin + minutes) : state.network.up ? 0 : state.darkMin;
  if (state.darkMin >= OUTAGE_MIN) fail(faults, 'network', null, at - state.darkMin * 60_000);

  for (let i = 0; i < faults.length; i++) {
    const fault = faults[i] as Fault;
    if (fault.failedAt !== null || fault.progress <= 0) continue;
    if (fault.component === 'battery' && battery) {
      const worn = fault.mode === 'capacity_fade' && trueHealth(battery) < 0.6;
      const off = dropped !== '' && (fault.mode === 'overheat' ? dropped === 'hot' : dropped !== 'hot');
      if (worn || off) fault.failedAt = at;
    } else if (fault.mode === 'contact_wear') {
      if (chipFailure(state.reader) >= 0.9) fault.failedAt = at;
    } else if (fault.mode === 'tap_fault') {
      if (tapFailure(state.reader) >= 0.9) fault.failedAt = at;
    } else if (fault.mode === 'storage_wear') {
      if (system.broken) fault.failedAt = at;
    } else if (fault.mode === 'crash_loop') {
      if (fault.progress >= 1) fault.failedAt = at;
    }
  }
}

function modeOfWord(word: string): Mode | null {
  if (word === 'cutter_error') return 'cutter_wear';
  if (word === 'overheat') return 'overheat';
  if (word === 'low_voltage') return 'power';
  return word === 'mech_error' ? 'paper_feed' : null;
}

/** Dates the failure of the component's fault of that mode; without a mode, of the one furthest along. */
function fail(faults: readonly Fault[], component: Component, mode: Mode | null, at: number): void {
  let worst: Fault | undefined;
  for (const fault of faults) {
    if (fault.component !== component || fault.progress <= 0 || (mode !== null && fault.mode !== mode)) continue;
    if (!worst || fault.progress > worst.progress) worst = fault;
  }
  if (worst && worst.failedAt === null && worst.mode !== 'firmware_regression')
    worst.failedAt = Math.max(at, worst.onsetAt);
}
