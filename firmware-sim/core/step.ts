import { applyFault } from './apply-fault.ts';
import { encodeCounters, encodeHeartbeat } from './encode.ts';
import { advanceFault, type Fault } from './faults.ts';
import { observeOutages } from './outages.ts';
import { packShare, stepBattery } from './parts/battery.ts';
import { stepNetwork } from './parts/network.ts';
import { stepPrinter } from './parts/printer.ts';
import { stepReader } from './parts/reader.ts';
import { stepSystem } from './parts/system.ts';
import { bootUp, reboot, switchOff } from './power.ts';
import { connect, dropSession, envelope, send, sendEvent } from './session.ts';
import { type Environment, hoursOn } from './stores.ts';
import type { SimMessage, Surroundings, Terminal } from './terminal.ts';

const MINUTE = 60_000;

/** Is it meant to run now? */
function wanted(terminal: Terminal, env: Environment): boolean {
  if (!terminal.config.offAtNight) return true;
  const hours = hoursOn(terminal.store, env.day);
  return hours !== null && env.minute >= hours.opens - 18 && env.minute < hours.closes + 12;
}

/** Runs a terminal from its last step to `at`: physics, then behaviour, then what it says. */
export function stepTerminal(terminal: Terminal, at: number, around: Surroundings, out: SimMessage[]): void {
  const { state, config, random, printed, charged } = terminal;
  const { model } = config;
  const { env } = around;
  const dt = Math.max(1, at - state.lastAt);
  const minutes = dt / MINUTE;
  state.lastAt = at;

  const mean = env.sales * config.busy * (minutes / 60);
  let sales = state.on && !state.locked ? random.life.poisson(mean) : 0;
  const faults = state.faults;
  if (faults.length > 0) {
    const use = config.meanSales > 0 ? sales / (config.meanSales * (minutes / 60)) : 1;
    for (let i = 0; i < faults.length; i++) {
      const fault = faults[i] as Fault;
      const worked = fault.component === 'printer' || fault.component === 'reader' ? use : 1;
      if (state.on || fault.component === 'battery') advanceFault(fault, at, dt, worked, random.faults);
      applyFault(state, fault);
    }
  }

  const battery = state.battery;
  if (battery && model.battery) {
    stepBattery(
      battery,
      model.battery,
      { minutes, sales, on: state.on, open: env.open, ambientC: env.indoorC },
      random.battery,
      charged,
    );
    if (charged.dropped !== '' && state.on) {
      if (charged.dropped === 'brownout') {
        reboot(terminal, at, false, 'power', out);
        battery.down = '';
      } else switchOff(terminal, at, false, charged.dropped, out);
      observeOutages(terminal, at, minutes, env, charged.dropped);
    }
  }

  if (!state.on) {
    state.lastSales = 0;
    state.nextAt = at + Math.max(state.heartbeatMs, 5 * MINUTE);
    if (at >= state.offUntil && (!battery || battery.down === '') && !state.system.broken && wanted(terminal, env)) {
      state.network.up = !(around.lineDown || around.hostDown) && state.network.broken === '';
      bootUp(terminal, at, true, 'power_on', out);
      state.nextAt = at + state.heartbeatMs;
    }
    observeOutages(terminal, at, minutes, env, '');
    return;
  }
  if (!wanted(terminal, env)) {
    switchOff(terminal, at, !config.cutSilently, 'closing', out);
    return;
  }

  const wasUp = state.network.up;
  const link = {
    minutes,
    sales,
    cellLoad: env.cellLoad,
    lineLoad: env.lineLoad,
    lineDown: around.lineDown,
    carrierDown: around.carrierDown,
    hostDown: around.hostDown,
  };
  const unsent = stepNetwork(state.network, link, random.network);
  failOver(terminal, around);
  let stepped = charged.stepped;
  if (state.printer && model.printer) {
    const pack = model.printer.supply === 'battery' && battery && model.battery ? packShare(battery, model.battery) : 1;
    stepPrinter(
      state.printer,
      model.printer,
      { minutes, sales, open: env.open, ambientC: env.indoorC, pack },
      random.printer,
      printed,
    );
    stepped ||= printed.stepped;
  } else printed.loaded = false;
  const unread = stepReader(state.reader, model, sales, random.reader);
  state.lastSales = sales;
  const crashed = stepSystem(
    state.system,
    model,
    { minutes, sales, failed: Math.min(sales, unsent + unread), ambientC: env.indoorC, offline: !state.network.up },
    random.system,
  );
  sales = 0;

  if (wasUp && !state.network.up)
    dropSession(terminal, at - Math.round(random.life.next() * Math.min(dt, MINUTE)), out);
  else if (state.network.up && !state.connected) {
    state.network.reconnects++;
    connect(terminal, at - 2000, out, false);
  }
  syncClock(terminal, at, dt);

  if (crashed) {
    reboot(terminal, at, false, 'crash', out);
    if (state.system.storageWear >= 0.97 && random.life.chance(0.5)) {
      state.system.broken = true;
      switchOff(terminal, at + 46_000, false, 'crash', out);
    }
    observeOutages(terminal, at, minutes, env, '');
    return;
  }
  if (printed.loaded) sendEvent(terminal, 'paper_loaded', 'printer', null, at - 4000, out);
  observeOutages(terminal, at, minutes, env, '');

  send(terminal, 'heartbeat', encodeHeartbeat(terminal, envelope(terminal, at), env, at), at, out);
  if (at >= state.nextCountersAt || stepped) {
    send(terminal, 'counters', encodeCounters(terminal, envelope(terminal, at + 15)), at + 15, out);
    // The period keeps its beat; a step in between does not move it.
    while (state.nextCountersAt <= at) state.nextCountersAt += config.countersMs;
  }
  state.nextAt = at + state.heartbeatMs;
}

/** A model with a second bearer uses it while the first has nothing to carry it, and goes back when it can. */
function failOver(terminal: Terminal, around: Surroundings): void {
  const link = terminal.state.network;
  const [first, second] = terminal.config.model.bearers;
  if (first === undefined || second === undefined) return;
  const firstDown = first === 'lte' || first === 'nr' ? around.carrierDown : around.lineDown;
  if (link.bearer === first && firstDown && !around.hostDown && link.broken === '') {
    link.bearer = second;
    link.up = true;
    link.reconnects++;
  } else if (link.bearer === second && !firstDown) {
    link.bearer = first;
    link.reconnects++;
  }
}

function syncClock(terminal: Terminal, at: number, dt: number): void {
  const { state, config, random } = terminal;
  if (config.clockWrongMs !== 0) {
    state.clockOffset = config.clockWrongMs;
    return;
  }
  state.clockOffset += dt * config.driftPpm * 1e-6;
  if (at >= state.syncAt && state.network.up) {
    state.clockOffset = random.life.normal() * 120;
    state.syncAt = at + config.model.quirks.syncHours * 3_600_000;
  }
}
