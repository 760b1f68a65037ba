import type { Component, Mode } from '../../contract/modes.ts';
import type { UpChannel } from '../../contract/topics.ts';
import { encodeCounters, encodeHeartbeat } from './encode.ts';
import { advanceFault, type Fault } from './faults.ts';
import type { HardwareModel } from './models.ts';
import { observeOutages } from './outages.ts';
import { type BatteryHappening, type BatteryState, packShare, stepBattery } from './parts/battery.ts';
import { type NetworkState, stepNetwork } from './parts/network.ts';
import { type PrinterHappening, type PrinterState, stepPrinter } from './parts/printer.ts';
import { type ReaderState, stepReader } from './parts/reader.ts';
import { restart, type SystemState, stepSystem } from './parts/system.ts';
import type { Random } from './random.ts';
import { type Environment, hoursOn, type Store } from './stores.ts';

/** What a terminal is, for as long as it exists. */
export interface TerminalConfig {
  readonly tenant: string;
  readonly id: string;
  readonly index: number;
  readonly serial: string;
  readonly iccid: string;
  readonly carrier: string;
  readonly model: HardwareModel;
  readonly boughtOn: string;
  readonly warrantyUntil: string;
  readonly countersMs: number;
  /** This till's share of its store's traffic, 1: as busy as the others. */
  readonly busy: number;
  /** Sales an hour over day and night, for use-driven wear. */
  readonly meanSales: number;
  readonly offAtNight: boolean;
  readonly cutSilently: boolean;
  /** Individual clock error, ppm. */
  readonly driftPpm: number;
  /** Its clock starts at the factory date after a cold start. */
  readonly coldClock: boolean;
  /** Fixed clock error of a terminal that nobody ever set right, ms. */
  readonly clockWrongMs: number;
}

export interface Buffered {
  readonly channel: UpChannel;
  readonly payload: string;
}

/** What changes in a terminal: plain data, so that a fleet can be put away and resumed. */
export interface TerminalState {
  store: number;
  on: boolean;
  /** Somebody switched it off or a crash keeps it down until this time, ms. */
  offUntil: number;
  locked: boolean;
  firmware: string;
  heartbeatMs: number;
  boot: string;
  bootAt: number;
  seq: number;
  /** A session with the broker stands. */
  connected: boolean;
  nextAt: number;
  lastAt: number;
  nextCountersAt: number;
  /** When the broker had the session's last message: a session keeps its order. */
  arrivedAt: number;
  clockOffset: number;
  syncAt: number;
  coverOpen: boolean;
  lastSales: number;
  buffer: Buffered[];
  printer: PrinterState | null;
  battery: BatteryState | null;
  network: NetworkState;
  reader: ReaderState;
  system: SystemState;
  faults: Fault[];
  /** Minutes of opening hours without printing, and without a host, without a break. */
  idleMin: number;
  darkMin: number;
  /** Commands already done: id and the result's own fields as JSON, newest last. */
  done: [string, string][];
  /** What is going to be done to it, soonest first. */
  agenda: Errand[];
}

/** Something a person or a server does to a terminal at a set time. */
export type Errand =
  | { readonly at: number; readonly what: 'repair'; readonly component: Component; readonly mode: Mode | null }
  | {
      readonly at: number;
      readonly what: 'update';
      readonly to: string;
      readonly fails: boolean;
      readonly regression: number;
    }
  | { readonly at: number; readonly what: 'outage_over' };

export interface TerminalRandoms {
  readonly printer: Random;
  readonly battery: Random;
  readonly network: Random;
  readonly reader: Random;
  readonly system: Random;
  readonly sensors: Random;
  readonly life: Random;
  readonly faults: Random;
}

export interface Terminal {
  readonly config: TerminalConfig;
  readonly state: TerminalState;
  readonly random: TerminalRandoms;
  /** The store it stands in now. */
  store: Store;
  /** What the last step of printer and battery did; kept here so that a step allocates nothing. */
  readonly printed: PrinterHappening;
  readonly charged: BatteryHappening;
}

/** `message` travels; the others tell a live connection what happens to the session. A `will` is the broker's to send. */
export type Happening = 'message' | 'will' | 'connect' | 'drop' | 'goodbye';

/** One thing that reaches the broker, or happens to a session with it. */
export interface SimMessage {
  receivedAt: number;
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly terminal: number;
  readonly channel: UpChannel;
  readonly kind: Happening;
  /** Broken on purpose: it may not even be JSON. */
  readonly spoiled?: true;
}

/** What the world does to a terminal in a step. */
export interface Surroundings {
  readonly env: Environment;
  readonly lineDown: boolean;
  readonly carrierDown: boolean;
  readonly hostDown: boolean;
}

const MINUTE = 60_000;
const WILL_AFTER = 90_000;
const FACTORY_DATE = Date.UTC(2015, 0, 1);

/** Envelope up to the channel's own fields; counts the sequence. */
export function envelope(terminal: Terminal, at: number): string {
  const { state } = terminal;
  return `{"ts":${Math.round(at + state.clockOffset)},"boot":"${state.boot}","seq":${state.seq++}`;
}

/** Hands a payload to the session, or to the buffer while there is none. */
export function send(terminal: Terminal, channel: UpChannel, payload: string, at: number, out: SimMessage[]): void {
  const { state, config, random } = terminal;
  if (!state.connected) {
    if (state.buffer.length >= config.model.quirks.bufferLimit) state.buffer.shift();
    state.buffer.push({ channel, payload });
    return;
  }
  const receivedAt = Math.max(
    state.arrivedAt + 1,
    Math.round(at + 25 + state.network.rttMs / 2 + 120 * random.sensors.next()),
  );
  state.arrivedAt = receivedAt;
  const topic = topicOf(config, channel);
  out.push({ receivedAt, topic, payload, terminal: config.index, channel, kind: 'message' });
  // An acknowledgement that got lost on the way back: the same message once more.
  if (random.sensors.next() < 0.0004 + state.network.lossPct * 0.0002) {
    out.push({
      receivedAt: receivedAt + 1000 + Math.round(random.sensors.next() * 20_000),
      topic,
      payload,
      terminal: config.index,
      channel,
      kind: 'message',
    });
  }
}

export function topicOf(config: TerminalConfig, channel: UpChannel): string {
  return `pos/v1/${config.tenant}/${config.id}/${channel}`;
}

/** Tells one discrete fact. */
export function sendEvent(
  terminal: Terminal,
  type: string,
  component: string | null,
  detail: Record<string, unknown> | null,
  at: number,
  out: SimMessage[],
): void {
  let json = `${envelope(terminal, at)},"type":"${type}"`;
  if (component) json += `,"component":"${component}"`;
  if (detail) json += `,"detail":${JSON.stringify(detail)}`;
  send(terminal, 'event', `${json}}`, at, out);
}

export function sendBirth(terminal: Terminal, at: number, out: SimMessage[]): void {
  const { config, state, store } = terminal;
  const { model } = config;
  const radio = model.bearers.includes('lte') || model.bearers.includes('nr');
  const rest = JSON.stringify({
    serial: config.serial,
    vendor: model.vendor,
    model: model.model,
    firmware: state.firmware,
    app: model.app,
    site: store.site,
    timezone: store.zone.timezone,
    heartbeat_s: Math.round(state.heartbeatMs / 1000),
    bought_on: config.boughtOn,
    warranty_until: config.warrantyUntil,
    ...(model.printer
      ? {
          printer: {
            model: model.printer.model,
            rated_mm: model.printer.ratedMm,
            ...(model.printer.ratedCuts ? { rated_cuts: model.printer.ratedCuts } : {}),
          },
        }
      : {}),
    ...(model.battery
      ? { battery: { design_mah: model.battery.designMah, rated_cycles: model.battery.ratedCycles } }
      : {}),
    network: { bearers: model.bearers, ...(radio ? { carrier: config.carrier, iccid: config.iccid } : {}) },
  });
  send(terminal, 'birth', `${envelope(terminal, at)},${rest.slice(1)}`, at, out);
}

/** Says that the terminal is there, or why it leaves. */
export function sendState(
  terminal: Terminal,
  online: boolean,
  reason: string | null,
  at: number,
  out: SimMessage[],
): void {
  const tail = reason ? `,"reason":"${reason}"}` : '}';
  send(terminal, 'state', `${envelope(terminal, at)},"online":${online}${tail}`, at, out);
}

/** The last will as it was left with the broker on connect. */
export function willOf(terminal: Terminal): { topic: string; payload: string } {
  return {
    topic: topicOf(terminal.config, 'state'),
    payload: `{"boot":"${terminal.state.boot}","online":false,"reason":"connection lost"}`,
  };
}

function sessionEvent(terminal: Terminal, kind: Happening, at: number, out: SimMessage[]): void {
  const will = willOf(terminal);
  out.push({
    receivedAt: at,
    topic: will.topic,
    payload: will.payload,
    terminal: terminal.config.index,
    channel: 'state',
    kind,
  });
}

/** Loses the session without a word; the broker notices after its keep-alive. */
export function dropSession(terminal: Terminal, at: number, out: SimMessage[]): void {
  if (!terminal.state.connected) return;
  terminal.state.connected = false;
  sessionEvent(terminal, 'drop', at, out);
  sessionEvent(terminal, 'will', at + WILL_AFTER, out);
}

function connect(terminal: Terminal, at: number, out: SimMessage[], announce: boolean): void {
  const { state, config, random } = terminal;
  if (!state.connected) {
    state.connected = true;
    sessionEvent(terminal, 'connect', at, out);
  }
  if (announce) sendBirth(terminal, at, out);
  sendState(terminal, true, null, at + 40, out);
  if (state.buffer.length === 0) return;
  const backlog = state.buffer;
  state.buffer = [];
  const { flush } = config.model.quirks;
  if (flush === 'reversed') backlog.reverse();
  else if (flush === 'shuffled') {
    for (let i = backlog.length - 1; i > 0; i--) {
      const j = random.sensors.int(i + 1);
      const kept = backlog[i] as Buffered;
      backlog[i] = backlog[j] as Buffered;
      backlog[j] = kept;
    }
  }
  for (let i = 0; i < backlog.length; i++) {
    const entry = backlog[i] as Buffered;
    out.push({
      receivedAt: Math.round(at + 400 + i * 25),
      topic: topicOf(config, entry.channel),
      payload: entry.payload,
      terminal: config.index,
      channel: entry.channel,
      kind: 'message',
    });
  }
}

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
    if (state.connected) sessionEvent(terminal, 'goodbye', at + 400, out);
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
