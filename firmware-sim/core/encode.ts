import { packShare, readPackMv, readSoc, resistanceGain } from './parts/battery.ts';
import { powerOf } from './parts/network.ts';
import { printerWord, readHeadMv, readHeadOhm, readHeadTemp } from './parts/printer.ts';
import type { Environment } from './stores.ts';
import type { Terminal } from './terminal.ts';

/**
 * JSON of the two frequent messages, put together by hand: a fleet's month is millions of them, and building objects only to
 * serialise them would cost several times the physics.
 */

/** A number with at most one decimal, quicker than the engine's shortest form. */
export function tenths(value: number): string {
  const scaled = Math.round(value * 10);
  if (scaled % 10 === 0) return `${scaled / 10}`;
  const magnitude = scaled < 0 ? -scaled : scaled;
  const whole = (magnitude / 10) | 0;
  return `${scaled < 0 ? '-' : ''}${whole}.${magnitude - whole * 10}`;
}

const stepped = (value: number, step: number): string =>
  step === 0.1 ? tenths(value) : tenths(Math.round(value / step) * step);
const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** One heartbeat's gauges as the model reports them, with its sensors' noise, steps and outliers; `head` is the envelope. */
export function encodeHeartbeat(terminal: Terminal, head: string, env: Environment, at: number): string {
  const { config, state, random } = terminal;
  const { model } = config;
  const r = random.sensors;
  const quirks = model.quirks;
  // One reading in some thousands is nonsense: a sensor read while its bus was busy.
  const outlier = quirks.outlierRate > 0 && r.next() < quirks.outlierRate ? r.int(6) : -1;
  let json = head;

  const battery = state.battery;
  const pack = model.battery;
  if (battery && pack) {
    json += `,"battery":{"soc_pct":${outlier === 0 ? 0 : readSoc(battery, quirks.socStep, r)}`;
    if (pack.reports.voltage)
      json += `,"voltage_mv":${outlier === 1 ? 0 : readPackMv(battery, pack, state.lastSales > 0, r)}`;
    if (pack.reports.current) json += `,"current_ma":${Math.round(battery.currentMa * (1 + 0.02 * r.normal()))}`;
    if (pack.reports.temp)
      json += `,"temp_c":${outlier === 2 ? -40 : stepped(battery.tempC + 0.25 * r.normal(), quirks.tempStep)}`;
    if (pack.reports.fullMah) json += `,"full_mah":${Math.round(battery.learnedMah)}`;
    if (pack.reports.cycles) json += `,"cycles":${Math.floor(battery.cycles)}`;
    if (pack.reports.resistance) {
      const cold = Math.exp(-0.018 * (battery.tempC - 25));
      json += `,"resistance_mohm":${Math.round(pack.resistanceMohm * (battery.rise + resistanceGain(battery)) * cold * (1 + 0.05 * r.normal()))}`;
    }
    json += `,"status":"${battery.word}"}`;
  }

  const printer = state.printer;
  const mechanism = model.printer;
  if (printer && mechanism) {
    const busy = env.sales > 0 && state.lastSales > 0;
    let word: string = printerWord(printer, mechanism, state.coverOpen);
    if (word === 'ok' && busy && r.next() < 0.02) word = 'busy';
    json += `,"printer":{"state":"${word}"`;
    if (mechanism.reports.headTemp) {
      json += `,"head_temp_c":${outlier === 3 ? 0 : stepped(within(readHeadTemp(printer, busy, r), -40, 150), quirks.tempStep)}`;
    }
    if (mechanism.reports.headMv) {
      const share = mechanism.supply === 'battery' && battery && pack ? packShare(battery, pack) : 1;
      json += `,"head_mv":${Math.round(within(readHeadMv(printer, mechanism, share, r), 0, 40_000))}`;
    }
    if (mechanism.reports.headOhm)
      json += `,"head_ohm":${tenths(within(readHeadOhm(printer, mechanism, r), 0, 10_000))}`;
    if (mechanism.reports.deadDots) json += `,"dead_dots":${printer.deadDots}`;
    json += '}';
  }

  const link = state.network;
  const store = terminal.store;
  const bearer = link.up ? link.bearer : link.broken === 'sim_wear' || link.broken === 'offline' ? 'none' : link.bearer;
  json += `,"network":{"bearer":"${bearer}"`;
  if (bearer === 'lte' || bearer === 'nr') {
    const power = within(powerOf(link) + r.normal(), -140, -44);
    if (model.radio.rsrp) json += `,"rsrp_dbm":${outlier === 4 ? -140 : Math.round(power)}`;
    if (model.radio.rsrq) json += `,"rsrq_db":${tenths(link.rsrq)}`;
    if (model.radio.sinr) json += `,"sinr_db":${tenths(within(link.sinr + 0.7 * r.normal(), -20, 30))}`;
    if (model.radio.cell)
      json += `,"cell":"${store.cells[link.cell % store.cells.length]}","carrier":"${config.carrier}"`;
  } else if (bearer === 'wifi') {
    json += `,"rssi_dbm":${Math.round(within(powerOf(link) + 1.3 * r.normal(), -100, -20))},"bssid":"${store.bssids[link.ap % store.bssids.length]}"`;
  }
  if (model.probes && bearer !== 'none') {
    if (link.up || !quirks.omitsLostProbe) {
      const rtt = link.up ? (outlier === 5 ? 30_000 : link.rttMs) : 60_000;
      json += `,"rtt_ms":${Math.round(within(rtt, 1, 60_000))}`;
    }
    json += `,"loss_pct":${link.up ? link.lossPct : 100}`;
  }
  json += `,"buffered":${state.buffer.length}}`;

  const system = state.system;
  json += `,"system":{"uptime_s":${Math.max(0, Math.round((at - state.bootAt) / 1000))},"cpu_pct":${Math.round(system.cpuPct)}`;
  if (model.system.reportsMem) json += `,"mem_free_mb":${Math.round(Math.max(1, system.memFreeMb))}`;
  if (model.system.reportsFlash) json += `,"flash_free_mb":${tenths(system.flashFreeMb)}`;
  if (model.system.reportsTemp) json += `,"temp_c":${tenths(system.tempC + 0.3 * r.normal())}`;
  json += '}';

  if (model.custom.length > 0) {
    const wave = -Math.cos(((env.minute / 60 - 4) / 24) * 2 * Math.PI);
    json += ',"custom":{';
    for (let i = 0; i < model.custom.length; i++) {
      const gauge = model.custom[i];
      if (gauge)
        json += `${i > 0 ? ',' : ''}"${gauge.name}":${tenths(gauge.mean + gauge.swing * wave + gauge.noise * r.normal())}`;
    }
    json += '}';
  }
  return `${json}}`;
}

/** The totals as the model keeps them. */
export function encodeCounters(terminal: Terminal, head: string): string {
  const { state, config } = terminal;
  const { model } = config;
  let json = head;
  const p = state.printer;
  if (p && model.printer) {
    json += `,"printer":{"printed_mm_total":${Math.round(p.printedMm)},"jobs_total":${p.jobs},"retries_total":${p.retries},"jams_total":${p.jams},"overheats_total":${p.overheats}`;
    if (model.printer.ratedCuts > 0) json += `,"cuts_total":${p.cuts},"cutter_errors_total":${p.cutterErrors}`;
    json += `,"paper_outs_total":${p.paperOuts},"low_voltage_stops_total":${p.lowVoltageStops}}`;
  }
  const b = state.battery;
  if (b)
    json += `,"battery":{"charge_sessions_total":${b.chargeSessions},"brownouts_total":${b.brownouts},"over_temp_total":${b.overTemp}}`;
  const n = state.network;
  json += `,"network":{"reconnects_total":${n.reconnects}`;
  if (model.radio.cell) json += `,"reattaches_total":${n.reattaches}`;
  json += `,"tx_fail_total":${n.txFail},"dns_fail_total":${n.dnsFail},"bytes_up_total":${n.bytesUp},"bytes_down_total":${n.bytesDown}}`;
  const c = state.reader;
  json += ',"reader":{';
  let comma = '';
  if (model.reader.chip) {
    json += `"chip_ok_total":${c.chipOk},"chip_fail_total":${c.chipFail}`;
    comma = ',';
  }
  if (model.reader.swipe) {
    json += `${comma}"swipe_ok_total":${c.swipeOk},"swipe_fail_total":${c.swipeFail}`;
    comma = ',';
  }
  if (model.reader.tap) json += `${comma}"tap_ok_total":${c.tapOk},"tap_fail_total":${c.tapFail}`;
  const s = state.system;
  json += `},"system":{"reboots_total":${s.reboots},"crashes_total":${s.crashes}`;
  if (model.system.reportsWrites) json += `,"flash_writes_mb_total":${Math.round(s.flashWritesMb)}`;
  return `${json}},"txn":{"ok_total":${s.txnOk},"declined_total":${s.txnDeclined},"tech_fail_total":${s.txnTechFail}}}`;
}
