import type { Component, Mode } from '../../contract/modes.ts';
import type { Heartbeat } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import { type Dice, dice } from './wild-random.ts';

/**
 * A second fleet generator, on purpose unlike the product's simulator: no physics of its own, but wear of many shapes, models that
 * lack fields, several families of noise, and the nuisances of real stores. Detectors are tuned to neither.
 */
export interface WildOptions {
  readonly seed: number;
  readonly sites: number;
  readonly perSite: number;
  readonly days: number;
  readonly beatS: number;
  /** Share of terminals that get an announced fault within the record. */
  readonly faulty: number;
  readonly nuisances: boolean;
  readonly heatWave?: boolean;
  readonly holiday?: boolean;
  readonly only?: readonly Mode[];
}

export interface WildTruth {
  readonly tenant: string;
  readonly terminal: string;
  readonly component: Component;
  readonly mode: Mode;
  readonly onset_at: number;
  readonly failed_at: number | null;
  /** For reports: the shape of wear, and what the model could show of it. */
  readonly shape: string;
}

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2025, 2, 3);

const SHAPES: Record<string, (u: number) => number> = {
  linear: (u) => u,
  square: (u) => u ** 2,
  cube: (u) => u ** 3,
  root: (u) => u ** 0.7,
  exponential: (u) => (Math.exp(3.5 * u) - 1) / (Math.exp(3.5) - 1),
  steps: (u) => Math.floor(u * 6) / 6 + (u * 0.1) / 6,
  sigmoid: (u) => 1.08 / (1 + Math.exp(-7 * (u - 0.62))) - 0.014,
};

const MODES: readonly [Component, Mode, number, number][] = [
  ['printer', 'head_wear', 3, 20],
  ['printer', 'paper_feed', 3, 14],
  ['printer', 'cutter_wear', 3, 14],
  ['printer', 'overheat', 3, 12],
  ['printer', 'power', 3, 12],
  ['battery', 'capacity_fade', 5, 25],
  ['battery', 'resistance_rise', 4, 20],
  ['battery', 'charging_fault', 3, 10],
  ['battery', 'overheat', 3, 10],
  ['network', 'signal_degradation', 0.4, 6],
  ['network', 'sim_wear', 0.5, 8],
  ['network', 'congestion', 0.3, 4],
  ['reader', 'contact_wear', 3, 15],
  ['reader', 'tap_fault', 2.5, 12],
  ['system', 'storage_wear', 3, 15],
  ['system', 'crash_loop', 3, 12],
];

interface Model {
  readonly name: string;
  readonly lacks: ReadonlySet<string>;
  readonly cutter: boolean;
  readonly noise: 'normal' | 'heavy' | 'slow' | 'coarse';
  readonly ohm: number;
  readonly mah: number;
  readonly bearer: 'lte' | 'wifi' | 'nr';
  readonly levels: Readonly<Record<string, number>>;
  readonly nightOff: boolean;
  readonly ambient: boolean;
}

const FIELDS = [
  'head_ohm',
  'dead_dots',
  'head_temp_c',
  'head_mv',
  'full_mah',
  'cycles',
  'resistance_mohm',
  'current_ma',
  'temp_c',
  'rsrp',
  'sinr_db',
  'rsrq_db',
  'rtt_ms',
  'loss_pct',
  'jobs',
  'retries',
  'jams',
  'cuts',
  'overheats',
  'low_voltage',
  'reattaches',
  'reconnects',
  'brownouts',
  'sessions',
  'flash_free',
  'mem_free',
  'writes',
  'crashes',
];

function makeModel(d: Dice, i: number): Model {
  const lacks = new Set(FIELDS.filter(() => d.chance(0.15)));
  const bearer = d.pick(['lte', 'lte', 'wifi', 'nr'] as const);
  const level = (low: number, high: number): number => d.between(low, high);
  return {
    name: `M${i}`,
    lacks,
    cutter: d.chance(0.6),
    noise: d.pick(['normal', 'heavy', 'slow', 'coarse'] as const),
    ohm: level(600, 1400),
    mah: Math.round(level(1500, 5200)),
    bearer,
    nightOff: d.chance(0.4),
    ambient: d.chance(0.7),
    levels: {
      ohm: level(0.1, 0.35),
      dots: level(6, 50),
      retries: level(0.25, 0.9),
      jams: level(0.06, 0.3),
      cut: level(0.1, 0.6),
      heat: level(0.05, 0.3),
      headTemp: level(14, 32),
      volt: level(0.05, 0.3),
      mv: level(0.08, 0.2),
      res: level(0.6, 1.6),
      brown: level(1.5, 5),
      charge: level(0.7, 0.95),
      sessions: level(6, 30),
      temp: level(13, 26),
      rsrp: level(18, 36),
      sinr: level(9, 22),
      recon: level(2, 8),
      attach: level(2, 8),
      rtt: level(1.3, 3),
      loss: level(40, 80),
      crash: level(4, 16),
    },
  };
}

interface Fault {
  readonly component: Component;
  readonly mode: Mode;
  readonly onset: number;
  readonly failed: number;
  readonly repaired: number;
  readonly shape: string;
  readonly announcedRepair: boolean;
  readonly weak: Readonly<Record<string, number>>;
}

interface Unit {
  readonly id: string;
  site: number;
  readonly model: Model;
  readonly d: Dice;
  readonly phase: number;
  readonly faults: Fault[];
  readonly base: Record<string, number>;
  readonly slow: Record<string, number>;
  readonly totals: Record<string, number>;
  boot: number;
  seq: number;
  soc: number;
  charging: boolean;
  bootedAt: number;
  alive: boolean;
  counted: number;
  buffer: Reading[];
  offlineUntil: number;
  badRoll: [number, number];
  badCards: [number, number];
  churn: [number, number];
  movedAt: number;
  resetAt: number;
  repaired: Set<Fault>;
  cell: number;
  shift: number;
  batteryUse: number;
}

export interface WildFleet {
  readonly readings: Iterable<Reading>;
  readonly truth: readonly WildTruth[];
  readonly terminalDays: number;
  readonly models: ReadonlyMap<string, readonly string[]>;
}

export function wildFleet(options: WildOptions): WildFleet {
  const d = dice(options.seed);
  const models = Array.from({ length: 6 }, (_, i) => makeModel(d, i));
  // A fault has four days of health before it and two after: in fewer days its times, and all that it changes, would be no numbers.
  if (options.days <= 6) throw new RangeError(`a wild fleet lives for more than 6 days, not ${options.days}`);
  const end = START + options.days * DAY;
  const sites = Array.from({ length: options.sites }, (_, s) => ({
    name: `S${s}`,
    opens: d.between(7, 10),
    closes: d.between(18, 22),
    closedDay: d.chance(0.4) ? Math.floor(d.between(0, 7)) : -1,
    busy: Math.exp(d.between(Math.log(2), Math.log(25))),
    cells: [`c${s % 9}a`, `c${s % 9}b`],
    warm: d.between(18, 26),
    closure: options.nuisances && d.chance(0.1) ? START + d.between(5, options.days) * DAY : 0,
  }));
  const truth: WildTruth[] = [];
  const units: Unit[] = [];
  const wanted = MODES.filter(([, mode]) => !options.only || options.only.includes(mode));
  for (let s = 0; s < options.sites; s++) {
    for (let k = 0; k < options.perSite; k++) {
      const u = dice(options.seed * 7919 + s * 131 + k);
      const model = u.pick(models);
      const faults: Fault[] = [];
      if (u.chance(options.faulty)) {
        const possible = wanted.filter(([, mode]) => visible(model, mode));
        if (possible.length > 0) {
          const [component, mode, low, high] = u.pick(possible);
          const lasts = Math.exp(u.between(Math.log(low), Math.log(Math.min(high, options.days - 6)))) * DAY;
          const onset = START + 4 * DAY + u() * Math.max(0.1 * DAY, (options.days - 4.5) * DAY - lasts);
          const failed = onset + lasts;
          const shape = u.pick(Object.keys(SHAPES));
          const weakKeys = ['ohm', 'dots', 'retries', 'jams', 'temp', 'res', 'sinr', 'rsrp', 'loss', 'recon'];
          faults.push({
            component,
            mode,
            onset,
            failed,
            shape,
            repaired: failed + u.between(4, 60) * HOUR,
            announcedRepair: u.chance(0.7),
            weak: Object.fromEntries(weakKeys.map((key) => [key, u.chance(0.25) ? 0.35 : 1])),
          });
          truth.push({
            tenant: 'wild',
            terminal: `T${s}-${k}`,
            component,
            mode,
            onset_at: Math.round(onset),
            failed_at: failed < end ? Math.round(failed) : null,
            shape,
          });
        }
      }
      const when = (low: number, hours: number, p: number): [number, number] => {
        if (!options.nuisances || !u.chance(p)) return [0, 0];
        const at = START + u.between(low, options.days) * DAY;
        return [at, at + hours * HOUR];
      };
      units.push({
        id: `T${s}-${k}`,
        site: s,
        model,
        d: u,
        phase: u() * options.beatS * 1000,
        faults,
        base: {
          ohm: model.ohm * (1 + 0.02 * u.normal()),
          dots: u.chance(0.3) ? u.poisson(2) : 0,
          mv: 24000 * (1 + 0.005 * u.normal()),
          full: u.between(0.72, 1),
          res: Math.exp(u.between(Math.log(60), Math.log(200))),
          rsrp: u.chance(0.15) ? u.between(-114, -106) : u.between(-104, -75),
          rssi: u.chance(0.15) ? u.between(-82, -76) : u.between(-72, -45),
          sinr: u.between(4, 20),
          rsrq: u.between(-14, -8),
          rtt: Math.exp(u.between(Math.log(60), Math.log(350))),
          loss: u.chance(0.2) ? u.between(1, 4) : u.between(0, 0.6),
          retries: u.between(0.002, 0.03),
          jams: u.between(0.0002, 0.004),
          cut: u.between(0.0003, 0.005),
          chip: u.between(0.005, 0.06),
          tap: u.between(0.005, 0.05),
          swipe: u.between(0.02, 0.1),
          flash: u.between(500, 6000),
          mem: u.between(150, 1500),
          writes: u.between(5, 60),
          crash: u.between(0, 0.15),
          nightly: u.chance(0.3) ? 1 : 0,
          recon: u.between(0.01, 0.3),
          attach: u.between(0.005, 0.15),
          scale: Math.exp(0.4 * u.normal()),
          draw: u.between(0.06, 0.16),
          counted: u.pick([300, 600, 900]),
        },
        slow: {},
        totals: {},
        boot: 1,
        seq: 0,
        soc: u.between(40, 95),
        charging: false,
        bootedAt: START - u.between(0, 3) * DAY,
        alive: true,
        counted: 0,
        buffer: [],
        offlineUntil: 0,
        badRoll: when(3, u.between(6, 26), 0.25),
        badCards: when(3, u.between(2, 20), 0.15),
        churn: when(3, u.between(0.5, 8), 0.3),
        movedAt: options.nuisances && u.chance(0.08) ? START + u.between(5, options.days) * DAY : 0,
        resetAt: options.nuisances && u.chance(0.15) ? START + u.between(5, options.days) * DAY : 0,
        repaired: new Set(),
        cell: 0,
        shift: 0,
        batteryUse: faults.some((f) => f.mode === 'charging_fault') || u.chance(0.5) ? 1 : 0.15,
      });
    }
  }
  const heat: [number, number] = options.heatWave
    ? [START + options.days * 0.5 * DAY, START + (options.days * 0.5 + 6) * DAY]
    : [0, 0];
  const holiday: [number, number] = options.holiday
    ? [START + options.days * 0.6 * DAY, START + (options.days * 0.6 + 5) * DAY]
    : [0, 0];

  function* run(): Generator<Reading> {
    const beat = options.beatS * 1000;
    for (const unit of units) yield birth(unit, START);
    for (let t = START; t < end; t += beat) {
      // Terminals speak in turn: what happens within a beat is put in the order of its arrival.
      const spoken = units.flatMap((unit) => [...step(unit, t + unit.phase, beat / HOUR)]);
      spoken.sort((a, b) => a.receivedAt - b.receivedAt);
      yield* spoken;
    }
  }

  function wrap(
    unit: Unit,
    channel: 'heartbeat' | 'counters' | 'birth' | 'event' | 'state',
    ts: number,
    body: object,
  ): Reading {
    const payload = { ts: Math.round(ts), boot: `b${unit.boot}`, seq: unit.seq++, ...body };
    return {
      tenant: 'wild' as TenantId,
      terminal: unit.id,
      channel,
      ts: Math.round(ts),
      receivedAt: Math.round(ts) + 200,
      boot: payload.boot,
      seq: payload.seq,
      payload,
      raw: new Uint8Array(0),
    } as unknown as Reading;
  }

  function birth(unit: Unit, ts: number): Reading {
    return wrap(unit, 'birth', ts, {
      serial: unit.id,
      model: unit.model.name,
      firmware: '1.0',
      site: sites[unit.site]!.name,
      heartbeat_s: options.beatS,
      battery: unit.model.lacks.has('cycles') ? {} : { design_mah: unit.model.mah },
    });
  }

  function severity(unit: Unit, mode: Mode, ts: number): number {
    for (const f of unit.faults) {
      if (f.mode !== mode || ts < f.onset || unit.repaired.has(f)) continue;
      if (mode === 'overheat' && f.component !== 'printer') continue;
      return ts >= f.failed ? 1.05 : SHAPES[f.shape]!((ts - f.onset) / (f.failed - f.onset));
    }
    return 0;
  }

  function noise(unit: Unit, key: string, scale: number): number {
    const kind = unit.model.noise;
    const x = unit.d.normal();
    if (kind === 'slow') {
      const v = (unit.slow[key] ?? 0) * 0.985 + x * 0.17;
      unit.slow[key] = v;
      return v * scale;
    }
    if (kind === 'heavy') return unit.d.chance(0.02) ? x * scale * 8 : x * scale;
    if (kind === 'coarse') return Math.round(x * 1.2) * scale;
    return x * scale;
  }

  function* step(unit: Unit, ts: number, hours: number): Generator<Reading> {
    const { model, d: u, base: b, faults } = unit;
    const site = sites[unit.site]!;
    for (const f of faults) {
      if (ts >= f.repaired && !unit.repaired.has(f)) {
        unit.repaired.add(f);
        if (f.announcedRepair) yield wrap(unit, 'event', ts, { type: 'part_replaced', component: f.component });
      }
    }
    if (unit.movedAt > 0 && ts > unit.movedAt) {
      unit.movedAt = 0;
      unit.site = u() < 0.5 ? unit.site : Math.floor(u() * sites.length);
      b.rsrp = u.between(-108, -78);
      b.rssi = u.between(-76, -50);
      b.sinr = u.between(3, 18);
      b.rtt = Math.exp(u.between(Math.log(60), Math.log(350)));
      unit.cell++;
      yield birth(unit, ts);
    }
    const clock = ((ts % DAY) / HOUR + 24) % 24;
    const weekday = Math.floor(ts / DAY) % 7;
    const open = weekday !== site.closedDay && clock >= site.opens && clock < site.closes;
    if (site.closure > 0 && ts > site.closure && ts < site.closure + 3 * DAY) return;
    if (model.nightOff && !open) {
      unit.alive = false;
      return;
    }
    if (!unit.alive) {
      unit.alive = true;
      unit.boot++;
      unit.bootedAt = ts;
      unit.totals['system.reboots_total'] = (unit.totals['system.reboots_total'] ?? 0) + 1;
      if (model.nightOff) unit.soc = Math.min(100, unit.soc + u.between(20, 70));
    }
    const sev = (mode: Mode): number => severity(unit, mode, ts);
    const failedSystem = sev('crash_loop') >= 1 || sev('storage_wear') >= 1 || sev('capacity_fade') >= 1.2;
    if (failedSystem && u.chance(0.9)) return;
    const linkDown = sev('signal_degradation') >= 1 || sev('sim_wear') >= 1 || sev('congestion') >= 1;
    const inside = (w: [number, number]): boolean => ts >= w[0] && ts < w[1];
    const surge = inside(holiday) ? 2.6 : 1;
    const hot = inside(heat) ? 9 * Math.sin(Math.PI * ((ts - heat[0]) / (heat[1] - heat[0]))) : 0;
    const rate = open
      ? site.busy *
        b.scale! *
        surge *
        (1 + 0.6 * Math.sin(((clock - site.opens) / (site.closes - site.opens)) * Math.PI))
      : 0;
    const jobs = u.poisson(rate * hours);
    const ambient = site.warm + 4 * Math.sin(((clock - 9) / 24) * 2 * Math.PI) + hot;
    const add = (key: string, n: number): void => {
      unit.totals[key] = (unit.totals[key] ?? Math.floor(u() * 5000)) + n;
    };
    const w = (key: string): number => faults[0]?.weak[key] ?? 1;
    const L = model.levels as Record<string, number>;
    const roll = inside(unit.badRoll) ? 1 : 0;
    const cards = inside(unit.badCards) ? 0.25 : 0;
    const printerDead = ['head_wear', 'paper_feed', 'cutter_wear', 'overheat', 'power'].some(
      (m) => sev(m as Mode) >= 1,
    );
    const done = printerDead ? 0 : jobs;
    add('printer.jobs_total', done);
    add('printer.printed_mm_total', done * 95);
    add('printer.cuts_total', done);
    add(
      'printer.retries_total',
      u.poisson(
        jobs *
          (b.retries! +
            L.retries! * sev('head_wear') * w('retries') +
            0.6 * L.retries! * sev('paper_feed') * w('retries') +
            roll * 0.15),
      ),
    );
    add('printer.jams_total', u.poisson(jobs * (b.jams! + L.jams! * sev('paper_feed') * w('jams') + roll * 0.08)));
    add('printer.cutter_errors_total', u.poisson(jobs * (b.cut! + L.cut! * sev('cutter_wear'))));
    add(
      'printer.overheats_total',
      u.poisson(jobs * (0.0004 * surge + 0.0003 * Math.max(0, hot) + L.heat! * sev('overheat'))),
    );
    add(
      'printer.low_voltage_stops_total',
      u.poisson(jobs * (0.0005 + L.volt! * sev('power') + (unit.soc < 10 ? 0.02 : 0))),
    );
    add('reader.chip_ok_total', 0);
    for (const [kind, share, base, fault] of [
      ['chip', 0.4, b.chip!, 'contact_wear'],
      ['tap', 0.55, b.tap!, 'tap_fault'],
      ['swipe', 0.05, b.swipe!, 'none'],
    ] as const) {
      const s = fault === 'none' ? 0 : sev(fault);
      const p = Math.min(0.97, base + (0.9 - base) * s + (kind === 'chip' ? cards : 0));
      let ok = u.poisson(jobs * share);
      let fail = 0;
      for (let i = 0; i < ok; i++) if (u.chance(p)) fail++;
      ok -= fail;
      add(`reader.${kind}_ok_total`, ok);
      add(`reader.${kind}_fail_total`, fail);
    }
    add('txn.ok_total', jobs);
    // Battery
    const capacity = b.full! - (b.full! - 0.6) * Math.min(1, sev('capacity_fade'));
    const drawA = (30 + (open ? 90 : 20) + jobs * 6) * (model.mah / 3000);
    const speed = 30 * (1 - L.charge! * sev('charging_fault'));
    const refuse = sev('charging_fault') > 0 && u.chance(0.5 * sev('charging_fault'));
    if (unit.charging) {
      if (!refuse) unit.soc = Math.min(100, unit.soc + speed * hours * (unit.soc > 80 ? 0.5 : 1) * (0.9 + 0.2 * u()));
      if (unit.soc >= 99 && u.chance(unit.batteryUse * 0.5)) unit.charging = false;
      if (u.chance((L.sessions! / 24) * hours * sev('charging_fault'))) add('battery.charge_sessions_total', 1);
    } else {
      unit.soc -= (100 * drawA * hours) / (model.mah * capacity);
      if (unit.soc < 15 + 25 * u() || (!open && u.chance(0.5))) {
        unit.charging = true;
        add('battery.charge_sessions_total', 1);
      }
    }
    unit.soc = Math.max(1, unit.soc);
    const res = b.res! * Math.exp(L.res! * sev('resistance_rise') * w('res'));
    const current = unit.charging ? (refuse ? 0 : unit.soc >= 99 ? 20 : 700) : -drawA * (0.7 + 0.6 * u());
    add('battery.brownouts_total', u.poisson((0.005 + L.brown! * sev('resistance_rise') ** 2) * (hours / 24)));
    add('battery.over_temp_total', 0);
    // System
    const reboots =
      (clock < 4 && clock + hours >= 4 && b.nightly === 1 ? 1 : 0) +
      u.poisson(((b.crash! + L.crash! * sev('crash_loop') + 4 * sev('storage_wear') ** 3) * hours) / 24);
    if (reboots > 0) {
      unit.boot++;
      unit.bootedAt = ts;
    }
    add('system.reboots_total', reboots);
    add('system.crashes_total', Math.max(0, reboots - (b.nightly === 1 && clock < 4 && clock + hours >= 4 ? 1 : 0)));
    add(
      'system.flash_writes_mb_total',
      Math.round(b.writes! * hours * Math.exp(1.5 * sev('storage_wear')) * (0.8 + 0.4 * u()) * 10) / 10,
    );
    // Network
    const churn = inside(unit.churn) ? 1 : 0;
    const evening = Math.max(0, Math.sin(((clock - 14) / 12) * Math.PI)) * (clock > 14 ? 1 : 0);
    const sig = sev('signal_degradation');
    const con = sev('congestion');
    const sim = sev('sim_wear');
    const loss = Math.min(
      100,
      Math.max(
        0,
        b.loss! +
          L.loss! * (sig ** 2 + con ** 2 + 0.6 * sim ** 2) * w('loss') +
          churn * 8 * u() +
          0.5 * noise(unit, 'loss', 1),
      ),
    );
    add(
      'network.reconnects_total',
      u.poisson(hours * (b.recon! + L.recon! * (sig + 0.5 * sim + 0.4 * con) * w('recon') + churn * 4)),
    );
    add('network.reattaches_total', u.poisson(hours * (b.attach! + L.attach! * sim + 0.2 * sig * L.attach!)));
    add('network.tx_fail_total', u.poisson(hours * (0.1 + loss * 0.1)));
    if (unit.resetAt > 0 && ts > unit.resetAt) {
      unit.resetAt = 0;
      const back = u.chance(0.5);
      for (const key of Object.keys(unit.totals)) unit.totals[key] = back ? Math.max(0, unit.totals[key]! - 3) : 0;
      unit.boot++;
    }
    const has = (f: string): boolean => !model.lacks.has(f);
    const spike = u.chance(0.0005) ? 4 : 1;
    const state = printerDead
      ? sev('cutter_wear') >= 1
        ? 'cutter_error'
        : sev('overheat') >= 1
          ? 'overheat'
          : sev('power') >= 1
            ? 'low_voltage'
            : 'mech_error'
      : u.chance(0.004)
        ? 'paper_out'
        : u.chance(0.002)
          ? 'cover_open'
          : 'ok';
    const head =
      ambient +
      4 +
      22 * Math.min(1, rate / 60) +
      L.headTemp! * sev('overheat') * w('temp') +
      Math.abs(noise(unit, 'ht', 2.5));
    const hb = {
      battery: {
        soc_pct: Math.round(unit.soc),
        voltage_mv: Math.round(3400 + 8 * unit.soc + (current * res) / 1000 + noise(unit, 'v', 6)),
        status: unit.charging ? (refuse ? 'not_charging' : unit.soc >= 99 ? 'full' : 'charging') : 'discharging',
        ...(has('current_ma') ? { current_ma: Math.round(current) } : {}),
        ...(has('temp_c')
          ? {
              temp_c: Math.min(
                119,
                ambient + 5 + (unit.charging ? 4 : 0) + batteryHeat(unit, ts, L.temp!) + noise(unit, 'bt', 0.8) * spike,
              ),
            }
          : {}),
        ...(has('full_mah')
          ? { full_mah: Math.round(model.mah * capacity * (1 + 0.006 * noise(unit, 'full', 1))) }
          : {}),
        ...(has('resistance_mohm')
          ? { resistance_mohm: Math.round(res * (1 + 0.04 * noise(unit, 'res', 1)) * spike) }
          : {}),
      },
      printer: {
        state,
        ...(has('head_ohm')
          ? {
              head_ohm:
                b.ohm! *
                (1 + L.ohm! * sev('head_wear') * w('ohm')) *
                (1 + 0.004 * noise(unit, 'ohm', 1) + 0.0004 * (ambient - 22)) *
                (spike > 1 ? 1.4 : 1),
            }
          : {}),
        ...(has('dead_dots') ? { dead_dots: Math.round(b.dots! + L.dots! * sev('head_wear') * w('dots')) } : {}),
        ...(has('head_temp_c') ? { head_temp_c: Math.min(199, head) } : {}),
        ...(has('head_mv')
          ? {
              head_mv: Math.round(
                b.mv! * (1 - L.mv! * sev('power')) * (1 + 0.004 * noise(unit, 'mv', 1)) - (unit.soc < 20 ? 900 : 0),
              ),
            }
          : {}),
      },
      network: {
        bearer: model.bearer,
        cell: site.cells[unit.d.chance(0.05) ? 1 : 0] + (unit.cell > 0 ? `m${unit.cell}` : ''),
        buffered: unit.buffer.length,
        ...(has('rsrp')
          ? model.bearer === 'wifi'
            ? { rssi_dbm: clamp(b.rssi! - L.rsrp! * sig * w('rsrp') + noise(unit, 'rsrp', 2), -120, -20) }
            : { rsrp_dbm: clamp(b.rsrp! - L.rsrp! * sig * w('rsrp') + noise(unit, 'rsrp', 2.5), -159, -40) }
          : {}),
        ...(has('sinr_db') && model.bearer !== 'wifi'
          ? {
              sinr_db: clamp(
                b.sinr! - L.sinr! * sig * w('sinr') - 3 * con - evening * 2 + noise(unit, 'sinr', 1.8),
                -29,
                49,
              ),
            }
          : {}),
        ...(has('rsrq_db') && model.bearer !== 'wifi'
          ? { rsrq_db: clamp(b.rsrq! - 5 * sig - 4 * con - evening + noise(unit, 'rsrq', 0.8), -39, 5) }
          : {}),
        ...(has('rtt_ms')
          ? {
              rtt_ms:
                Math.round(
                  b.rtt! *
                    Math.exp(L.rtt! * con + 0.5 * sig + 0.15 * evening + 0.2 * noise(unit, 'rtt', 1) + churn * 0.4),
                ) * spike,
            }
          : {}),
        ...(has('loss_pct') ? { loss_pct: Math.round(loss * 10) / 10 } : {}),
      },
      system: {
        uptime_s: Math.max(0, Math.round((ts - unit.bootedAt) / 1000)),
        ...(model.ambient ? { temp_c: ambient + 6 + noise(unit, 'st', 0.6) } : {}),
        ...(has('flash_free')
          ? {
              flash_free_mb: Math.max(
                0,
                Math.round(b.flash! * (1 - sev('storage_wear')) - 20 * u() - ((ts - START) / DAY) * 2),
              ),
            }
          : {}),
        ...(has('mem_free')
          ? {
              mem_free_mb: Math.max(
                5,
                Math.round(b.mem! * (1 - 0.8 * sev('crash_loop')) * (1 + 0.05 * noise(unit, 'mem', 1))),
              ),
            }
          : {}),
      },
    };
    const messages: Reading[] = [wrap(unit, 'heartbeat', ts, hb as unknown as Heartbeat)];
    if (ts - unit.counted >= b.counted! * 1000) {
      unit.counted = ts;
      messages.push(wrap(unit, 'counters', ts + 50, countersOf(unit, has)));
    }
    if (linkDown || ts < unit.offlineUntil) {
      unit.buffer.push(...messages);
      return;
    }
    if (options.nuisances && u.chance(0.0004)) unit.offlineUntil = ts + u.between(0.2, 9) * HOUR;
    if (unit.buffer.length > 0) {
      const late = unit.buffer;
      unit.buffer = [];
      // Half of the devices send the newest first.
      if (unit.phase % 2 > 1) yield* messages.splice(0);
      for (const r of late) yield { ...r, receivedAt: Math.round(ts) + 300 } as Reading;
    }
    for (const message of messages) if (!options.nuisances || !u.chance(0.01)) yield message;
  }

  function batteryHeat(unit: Unit, ts: number, level: number): number {
    for (const f of unit.faults) {
      if (f.component !== 'battery' || f.mode !== 'overheat' || ts < f.onset || unit.repaired.has(f)) continue;
      return level * (ts >= f.failed ? 1.05 : SHAPES[f.shape]!((ts - f.onset) / (f.failed - f.onset)));
    }
    return 0;
  }

  const names = new Map(models.map((m) => [m.name, [...m.lacks]]));
  return { readings: { [Symbol.iterator]: run }, truth, terminalDays: units.length * options.days, models: names };
}

function clamp(x: number, low: number, high: number): number {
  return x < low ? low : Math.min(x, high);
}

const GROUP_OF: Readonly<Record<string, string>> = {
  jobs: 'printer.jobs_total',
  retries: 'printer.retries_total',
  jams: 'printer.jams_total',
  cuts: 'printer.cuts_total',
  overheats: 'printer.overheats_total',
  low_voltage: 'printer.low_voltage_stops_total',
  reattaches: 'network.reattaches_total',
  reconnects: 'network.reconnects_total',
  brownouts: 'battery.brownouts_total',
  sessions: 'battery.charge_sessions_total',
  writes: 'system.flash_writes_mb_total',
  crashes: 'system.crashes_total',
};

function countersOf(unit: Unit, has: (f: string) => boolean): Record<string, Record<string, number>> {
  const hidden = new Set(
    Object.entries(GROUP_OF)
      .filter(([f]) => !has(f))
      .map(([, key]) => key),
  );
  if (!unit.model.cutter) for (const key of ['printer.cuts_total', 'printer.cutter_errors_total']) hidden.add(key);
  const groups: Record<string, Record<string, number>> = {};
  for (const [key, total] of Object.entries(unit.totals)) {
    if (hidden.has(key)) continue;
    const [group = '', field = ''] = key.split('.');
    (groups[group] ??= {})[field] = Math.floor(total);
  }
  return groups;
}

/** True where the model has at least one field that shows the mode: what nothing shows is not announced. */
function visible(model: Model, mode: Mode): boolean {
  const has = (...fields: string[]): boolean => fields.some((f) => !model.lacks.has(f));
  switch (mode) {
    case 'head_wear':
      return has('head_ohm', 'dead_dots');
    case 'paper_feed':
      return has('jams');
    case 'cutter_wear':
      return model.cutter;
    case 'overheat':
      return has('overheats') && has('temp_c');
    case 'power':
      return has('low_voltage', 'head_mv');
    case 'capacity_fade':
      return has('full_mah', 'current_ma');
    case 'resistance_rise':
      return has('resistance_mohm', 'current_ma', 'brownouts');
    case 'signal_degradation':
      return has('rsrp');
    case 'sim_wear':
      return has('reattaches');
    case 'congestion':
      return has('rtt_ms');
    case 'storage_wear':
      return has('flash_free', 'writes');
    case 'crash_loop':
      return has('crashes', 'mem_free');
    default:
      return true;
  }
}
