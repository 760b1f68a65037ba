import { broken, count, faultOf, ill, noise, type Step, type Till } from './till.ts';
import { isIn } from './world.ts';

type Gauges = Record<string, number | string>;

/** Receipts, and what goes wrong with them. */
export function printer(till: Till, step: Step): Gauges | undefined {
  const { model, base, d, nuisances } = till;
  if (!model.printer) return { state: 'absent' };
  const { ends } = model;
  const stuck = stuckState(till);
  if (!till.waiting && step.open) {
    if (d.chance(Math.min(0.5, step.jobs * 0.004))) wait(till, step, 'paper_out', d.chance(0.08) ? 50 : 6);
    else if (d.chance(0.0008)) wait(till, step, 'cover_open', 4);
  }
  if (till.waiting && step.at >= till.waiting.until) {
    if (till.waiting.state === 'paper_out') count(till, 'printer.paper_outs_total', 1);
    till.waiting = null;
  }
  const jobs = stuck === undefined && !till.waiting ? step.jobs : 0;
  const roll = isIn(nuisances.roll, step.at) ? nuisances.roll.force : 0;
  const feed = faultOf(till, 'paper_feed');
  const hot = Math.max(0, step.air - 33);
  count(till, 'printer.jobs_total', jobs);
  count(till, 'printer.printed_mm_total', Math.round(jobs * 88 * (1 + 0.2 * d())));
  if (model.printer.cutter) count(till, 'printer.cuts_total', jobs);
  // A job that fails is tried once or twice more before staff are called.
  const retry =
    base.retry + ends.retry! * (0.8 * ill(till, 'head_wear', 'retry') + 0.5 * ill(till, 'paper_feed', 'retry'));
  count(till, 'printer.retries_total', d.poisson(jobs * (retry + 0.12 * roll)));
  const jams = d.poisson(jobs * (base.jam + ends.jam! * ill(till, 'paper_feed', 'jam') + 0.05 * roll));
  count(till, 'printer.jams_total', jams);
  if (model.printer.cutter)
    count(
      till,
      'printer.cutter_errors_total',
      d.poisson(jobs * (base.cut + ends.cut! * ill(till, 'cutter_wear', 'cut'))),
    );
  count(
    till,
    'printer.overheats_total',
    d.poisson(jobs * (0.0003 + 0.0004 * hot + ends.overheat! * ill(till, 'overheat', 'heat', 'printer'))),
  );
  count(
    till,
    'printer.low_voltage_stops_total',
    d.poisson(jobs * (0.0004 + ends.lowVolt! * ill(till, 'power', 'lowVolt'))),
  );

  const heat =
    step.air + 3 + 26 * (1 - Math.exp(-step.pace / 45)) + ends.headHeat! * ill(till, 'overheat', 'headHeat', 'printer');
  till.headC += (heat - till.headC) * Math.min(1, step.hours * 3);
  const worn = faultOf(till, 'head_wear');
  const byDots = model.lacks.has('printer.head_ohm') || worn?.variant === 'dots';
  const byOhm = model.lacks.has('printer.dead_dots') || worn?.variant === 'abrasion';
  const ohm = 1 + ends.ohm! * ill(till, 'head_wear', 'ohm') * (byOhm ? 1 : 0.3) + 0.0006 * (till.headC - 30);
  const dots = base.dots + ends.dots! * ill(till, 'head_wear', 'dots') * (byDots ? 1 : 0.3);
  const seen = jams > 0 && d.chance(0.25) ? 'mech_error' : d.chance(Math.min(0.3, step.pace / 400)) ? 'busy' : 'ok';
  // Staff free a roller that slips again and again: each time it works for a little.
  if (feed?.variant === 'roller' && jams > 2 && stuck === undefined && !till.waiting) wait(till, step, 'mech_error', 5);
  return {
    state: stuck ?? till.waiting?.state ?? seen,
    head_temp_c: till.headC + noise(till, 'head_temp', 1.2),
    head_mv:
      base.supply * (1 - ends.sag! * ill(till, 'power', 'sag')) * (1 + noise(till, 'head_mv', 0.004)) -
      (till.soc < 15 && model.battery ? 300 : 0),
    head_ohm: base.ohm * ohm * (1 + noise(till, 'ohm', 0.004)),
    dead_dots: Math.floor(dots),
  };
}

function wait(till: Till, step: Step, state: string, minutes: number): void {
  till.waiting = { state, until: step.at + minutes * 60_000 * (0.5 + till.d()) };
}

function stuckState(till: Till): string | undefined {
  if (broken(till, 'cutter_wear')) return 'cutter_error';
  if (broken(till, 'overheat', 'printer')) return 'overheat';
  if (broken(till, 'power')) return 'low_voltage';
  return broken(till, 'paper_feed') || broken(till, 'head_wear') ? 'mech_error' : undefined;
}

/** Open-circuit voltage of a lithium cell, mV (a common shape: steep at both ends, flat between). */
function openVoltage(soc: number): number {
  const x = soc / 100;
  return 3480 + 560 * x + 130 * x ** 6 - 330 * Math.exp(-x * 22);
}

/** Charge, sag, heat; says when the pack takes the terminal down. */
export function battery(till: Till, step: Step): { gauges: Gauges; dies: '' | 'empty' | 'sag' | 'hot' } | undefined {
  const { model, base, d } = till;
  if (!model.battery) return undefined;
  const { ends } = model;
  const soh = base.soh - (base.soh - 0.59) * ill(till, 'capacity_fade', 'fade');
  const capacity = model.battery.mah * soh;
  if (!step.open) till.docked = true;
  else if (
    till.docked ? till.soc > 85 && d.chance(step.hours) : till.soc < 22 + 12 * d() || d.chance(step.hours * 0.15)
  )
    till.docked = !till.docked;
  const refusal = ill(till, 'charging_fault', 'refuse');
  const charger = faultOf(till, 'charging_fault')?.variant === 'charger';
  const refuses = broken(till, 'charging_fault') || (!charger && d.chance(ends.refuse! * refusal));
  const wants = till.docked && (till.charging ? till.soc < 99.5 : till.soc < 94);
  const charges = wants && !refuses;
  if (charges && !till.charging) count(till, 'battery.charge_sessions_total', 1);
  if (wants && refuses && till.charging && d.chance(0.7)) count(till, 'battery.charge_sessions_total', 1);
  till.charging = charges;
  const load = (base.idleMa + (step.open ? 40 : 0) + step.pace * 1.3) * (0.9 + 0.2 * d());
  const taper = till.soc > 82 ? Math.max(0.06, (100 - till.soc) / 18) : 1;
  const current = charges
    ? model.battery.mah * 0.42 * taper * (charger ? 1 - ends.refuse! * refusal : 1)
    : till.docked && !refuses
      ? 0
      : -load;
  till.soc = Math.max(0, Math.min(100, till.soc + (100 * current * step.hours) / capacity));
  if (till.soc >= 99) till.learned = Math.round((capacity * (1 + 0.008 * d.normal())) / 10) * 10;
  const heat = step.air + 4 + (charges ? 4 * taper : 1) + ends.packHeat! * ill(till, 'overheat', 'packHeat', 'battery');
  till.packC += (heat - till.packC) * Math.min(1, step.hours * 1.5);
  const mohm =
    base.mohm *
    (1 + (ends.resist! - 1) * ill(till, 'resistance_rise', 'resist')) *
    Math.exp(-0.014 * (till.packC - 25));
  const open = openVoltage(till.soc);
  // A printed line draws amperes: what is left of the voltage decides whether the board browns out.
  const left = open - 1.7 * mohm;
  const sags = current < 0 && step.jobs > 0 ? step.jobs / (1 + Math.exp((left - 3290) / 22)) / 12 : 0;
  count(till, 'battery.brownouts_total', d.poisson(sags + 0.002 * step.hours));
  const hot = broken(till, 'overheat', 'battery');
  count(
    till,
    'battery.over_temp_total',
    hot ? 1 : d.poisson(0.02 * step.hours * ill(till, 'overheat', 'heat', 'battery') ** 2),
  );
  const dies =
    hot && step.open
      ? 'hot'
      : till.soc <= 1 && step.open
        ? 'empty'
        : broken(till, 'resistance_rise') && current < 0 && step.jobs > 0
          ? 'sag'
          : '';
  const gauge = model.battery.gauge;
  return {
    dies,
    gauges: {
      soc_pct: till.soc,
      voltage_mv: open + (current * mohm) / 1000 + noise(till, 'mv', 5),
      current_ma: current + noise(till, 'ma', 6),
      temp_c: till.packC + (hot ? 14 : 0) + noise(till, 'pack', 0.5),
      cycles: base.cycles + Math.floor((till.totals['battery.charge_sessions_total'] ?? 0) / 6),
      ...(gauge === 'fixed'
        ? { full_mah: model.battery.mah }
        : gauge === 'learning' && till.learned > 0
          ? { full_mah: till.learned }
          : {}),
      resistance_mohm: Math.max(1, mohm * (1 + noise(till, 'mohm', 0.03))),
      status: charges ? 'charging' : wants && refuses ? 'not_charging' : till.docked ? 'full' : 'discharging',
    },
  };
}

/** The link; says whether it carries anything. */
export function network(till: Till, step: Step): { gauges: Gauges; up: boolean } {
  const { model, base, d, nuisances } = till;
  const { ends, radio } = model;
  const works = isIn(nuisances.roadworks, step.at) ? nuisances.roadworks.force : 0;
  const fault = faultOf(till, 'signal_degradation');
  const fades = fault?.variant === 'antenna' || radio === 'wifi' || model.lacks.has('network.sinr_db');
  const faint = ill(till, 'signal_degradation', 'rsrp');
  const jammed = ill(till, 'signal_degradation', 'sinr');
  const contact = ill(till, 'sim_wear', 'attach');
  const crowd = ill(till, 'congestion', 'latency') * (step.open ? 1 : 0.35);
  const busy = radio === 'ethernet' ? 0 : step.airtime;
  const sinr = base.sinr - (fades ? 0.5 : 1) * ends.sinr! * jammed - 3.5 * busy - 3 * works + noise(till, 'sinr', 1.5);
  const lossy =
    ends.loss! * (0.8 * ill(till, 'signal_degradation', 'loss') ** 1.4 + 0.35 * contact ** 1.5 + 0.7 * crowd ** 2);
  const loss = Math.max(
    0,
    base.loss + lossy + 6 * works * d() + 1.5 * busy * d() + Math.abs(noise(till, 'loss', 0.25)) - 0.2,
  );
  const flaps = d.poisson(
    step.hours *
      (base.reconnect +
        ends.reconnect! * (ill(till, 'signal_degradation', 'reconnect') + 0.4 * contact + 0.3 * crowd) +
        3 * works),
  );
  const attaches =
    radio === 'lte' || radio === 'nr'
      ? d.poisson(step.hours * (base.attach + ends.attach! * contact + 0.15 * ends.attach! * faint))
      : 0;
  count(till, 'network.reconnects_total', flaps);
  if (radio === 'lte' || radio === 'nr') count(till, 'network.reattaches_total', attaches);
  count(till, 'network.tx_fail_total', d.poisson((step.jobs * loss) / 100 + 0.05 * step.hours));
  count(till, 'network.dns_fail_total', d.poisson(0.02 * step.hours * (1 + loss)));
  count(till, 'network.bytes_up_total', step.jobs * 900 + Math.round(40_000 * step.hours));
  // A card that loses contact is gone for a few minutes; what lasts longer is the failure itself.
  if (attaches > 1 && d.chance(0.2)) till.downUntil = step.at + d.between(1, 8) * 60_000;
  const dead = broken(till, 'signal_degradation') || broken(till, 'sim_wear') || broken(till, 'congestion');
  const up = !dead && !step.cut && step.at >= till.downUntil;
  if (radio !== 'wifi' && radio !== 'ethernet' && d.chance(0.01)) till.cell = 1 - till.cell;
  const rtt =
    base.rtt *
    Math.exp(Math.log(ends.latency!) * crowd + 0.3 * faint + 0.22 * busy + 0.3 * works + noise(till, 'rtt', 0.13)) *
    (1 + loss / 60);
  const gauges: Gauges = { bearer: radio, rtt_ms: Math.min(60_000, rtt), loss_pct: Math.min(100, loss) };
  if (radio === 'wifi') {
    gauges.rssi_dbm = clamp(base.rssi - ends.rsrp! * 0.9 * faint + noise(till, 'rssi', 2), -119, -10);
    gauges.bssid = `ap-${till.site.name}`;
  } else if (radio !== 'ethernet') {
    gauges.rsrp_dbm = clamp(base.rsrp - (fades ? ends.rsrp! * faint : 0) + noise(till, 'rsrp', 1.8), -139, -44);
    gauges.rsrq_db = clamp(-9 - 4 * jammed - 3 * busy - 3 * crowd + noise(till, 'rsrq', 0.7), -30, 3);
    gauges.sinr_db = clamp(sinr, -19, 39);
    gauges.cell = till.site.cells[till.cell] ?? '';
    gauges.carrier = till.site.carrier;
  }
  return { gauges, up };
}

/** Cards: each way of reading fails by itself. */
export function reader(till: Till, step: Step): void {
  const { base, d, nuisances } = till;
  const cards = isIn(nuisances.cards, step.at) ? 0.2 * nuisances.cards.force : 0;
  const ways = [
    ['chip', 0.35, base.chip + cards, ill(till, 'contact_wear', 'chip')],
    ['tap', 0.6, base.tap, ill(till, 'tap_fault', 'tap')],
    ['swipe', 0.05, base.swipe, 0],
  ] as const;
  for (const [way, share, usual, harm] of ways) {
    const tries = d.poisson(step.jobs * share);
    const p = Math.min(0.97, usual + (0.92 - usual) * harm);
    let fails = 0;
    for (let i = 0; i < tries; i++) if (d.chance(p)) fails++;
    count(till, `reader.${way}_ok_total`, tries - fails);
    count(till, `reader.${way}_fail_total`, fails);
  }
  count(till, 'txn.ok_total', step.jobs);
  count(till, 'txn.declined_total', d.poisson(step.jobs * 0.03));
  count(till, 'txn.tech_fail_total', d.poisson(step.jobs * (0.004 + 0.06 * till.regression)));
}

/** Board, memory, flash; says whether it restarts, and whether that was a crash. */
export function system(till: Till, step: Step): { gauges: Gauges; restarts: '' | 'crash' | 'planned' } {
  const { base, d, model } = till;
  const { ends } = model;
  const fault = faultOf(till, 'crash_loop');
  const leaks = fault?.variant === 'leak' && !model.lacks.has('system.mem_free_mb');
  const harm = ill(till, 'crash_loop', 'crash');
  const worn = ill(till, 'storage_wear', 'writes');
  // A leak empties the memory in `1/rate` hours, and then the application dies.
  till.leaked += step.hours * (base.leak / 24 + (leaks ? harm * 0.35 : 0) + till.regression * 0.06);
  const perDay = base.crash + ends.crash! * harm * (leaks ? 0.25 : 1) + 5 * worn ** 3 + 2.2 * till.regression;
  const crashes = till.leaked > 0.96 || d.poisson((perDay * step.hours) / 24) > 0;
  const nightly = base.nightly && !step.open && (step.at / 3_600_000 + till.site.offset) % 24 < step.hours;
  count(
    till,
    'system.flash_writes_mb_total',
    base.writes * step.hours * (1 + (ends.writes! - 1) * worn) * (0.8 + 0.4 * d()),
  );
  return {
    restarts: crashes ? 'crash' : nightly ? 'planned' : '',
    gauges: {
      uptime_s: Math.max(0, Math.round((step.at - till.bootedAt) / 1000)),
      cpu_pct: clamp(12 + 0.5 * step.pace + noise(till, 'cpu', 4) + 25 * till.leaked, 1, 100),
      mem_free_mb: Math.max(1, base.mem * till.resized * (1 - till.leaked) + noise(till, 'mem', base.mem * 0.012)),
      flash_free_mb: Math.max(
        1,
        base.flash * (1 - 0.93 * ill(till, 'storage_wear', 'flash')) + noise(till, 'flash', 3),
      ),
      temp_c: step.air + 11 + noise(till, 'board', 0.6),
    },
  };
}

function clamp(x: number, low: number, high: number): number {
  return x < low ? low : Math.min(x, high);
}
