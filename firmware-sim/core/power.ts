import { restart } from './parts/system.ts';
import { connect, dropSession, endSession, sendBirth, sendEvent, sendState } from './session.ts';
import type { SimMessage, Terminal, TerminalState } from './terminal.ts';

const MINUTE = 60_000;
const FACTORY_DATE = Date.UTC(2015, 0, 1);

/** Starts the software: a new boot, volatile totals at zero, a birth. `cold`: the power had been away. */
export function bootUp(terminal: Terminal, at: number, cold: boolean, reason: string, out: SimMessage[]): void {
  const { state, config, random } = terminal;
  const { quirks } = config.model;
  state.on = true;
  state.offUntil = 0;
  state.boot = `b${Math.floor(random.life.next() * 0x100000000)
    .toString(16)
    .padStart(8, '0')}`;
  state.bootAt = at;
  state.seq = 0;
  state.coverOpen = false;
  restart(state.system, config.model, random.system);
  for (const group of quirks.volatile) zero(state, group);
  if (cold && config.coldClock && config.clockWrongMs === 0) {
    state.clockOffset = FACTORY_DATE - at;
    state.syncAt = at + random.life.range(2, 15) * MINUTE;
  }
  if (state.network.up) connect(terminal, at, out, true);
  else sendBirth(terminal, at, out);
  sendEvent(terminal, 'boot', null, { reason }, at + 60, out);
  state.nextCountersAt = at + config.countersMs;
}

function zero(state: TerminalState, group: 'network' | 'reader' | 'txn'): void {
  if (group === 'network') {
    state.network.reconnects = state.network.reattaches = state.network.txFail = 0;
    state.network.dnsFail = state.network.bytesUp = state.network.bytesDown = 0;
  } else if (group === 'reader') {
    state.reader.chipOk = state.reader.chipFail = state.reader.swipeOk = 0;
    state.reader.swipeFail = state.reader.tapOk = state.reader.tapFail = 0;
  } else {
    state.system.txnOk = state.system.txnDeclined = state.system.txnTechFail = 0;
  }
}

/** Switches off: with a goodbye, or as a pulled plug (then totals kept in memory since the last save are lost). */
export function switchOff(terminal: Terminal, at: number, clean: boolean, reason: string, out: SimMessage[]): void {
  const { state } = terminal;
  if (!state.on) return;
  if (clean) {
    sendEvent(terminal, 'shutdown', null, { reason }, at, out);
    sendState(terminal, false, reason, at + 30, out);
    if (state.connected) endSession(terminal, at + 400, out);
    state.connected = false;
  } else {
    dropSession(terminal, at, out);
    if (state.printer && state.lastSales > 0) {
      state.printer.jobs = Math.max(0, state.printer.jobs - state.lastSales);
      state.printer.printedMm = Math.max(0, state.printer.printedMm - state.lastSales * 115);
    }
  }
  state.on = false;
}

/** Restarts at once. */
export function reboot(terminal: Terminal, at: number, clean: boolean, reason: string, out: SimMessage[]): void {
  switchOff(terminal, at, clean, reason, out);
  bootUp(terminal, at + 45_000, false, reason, out);
  terminal.state.nextAt = at + 45_000 + terminal.state.heartbeatMs;
}
