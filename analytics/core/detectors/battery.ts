import type { Birth, Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';

const FULL = 0;
const COULOMB = 1;
const RESISTANCE = 2;
const SAG = 3;
const CHARGE_SPEED = 4;
const TEMP = 5;
const DRAIN = 6;
const TEMP_BARE = 7;
const SWING = 8;
const CHARGE_TIME = 9;
const BROWNOUTS = 0;
const OVER_TEMP = 1;
const SESSIONS = 2;
const REFUSED = 3;

/** Scratch: design charge; the previous sample (day, soc, mV, mA, status); the discharge or charge run under way. */
const DESIGN = 0;
const P_DAY = 1;
const P_SOC = 2;
const P_MV = 3;
const P_MA = 4;
const RUN = 5;
const RUN_SOC = 6;
const RUN_DAY = 7;
const RUN_MAH = 8;
const RUN_GAPS = 9;
/** Voltage while discharging, bursts left out; the last two resistances told by single steps of current (logarithms). */
const AT_REST = 10;
const STEP = 11;
const STEP_BEFORE = 12;
/** Receipts or sales ever; those at the beginning of the run; and how many an hour (logarithm) a run usually has. */
const USED = 13;
const RUN_USED = 14;
const USUAL_USE = 15;
/** What a run does to the pack. */
const DISCHARGE = 1;
const CHARGE = 2;
/** Charge, %, above which every charger slows down; and what one more percent adds to a cell's open voltage (NMC and cobalt, 20 to 80 %). */
const STEEP = 82;
const PER_PERCENT = 0.002;
/** Days in which usual use is first learned, and how much of a run is learned then and later. */
const FIRST_DAYS = 4;
const FIRST_SHARE = 0.2;
const SHARE = 0.02;
/** What charging adds to a pack's temperature, K, and the temperature from which a pack is warm in itself. */
const CHARGING_K = 4;
const WARM_C = 30;
/** Drain that goes with use: more of it explains as much of the drain. */
const BY_USE = 0.7;

/** Share of the way to failure from which resistance has risen, and by how much (logarithm) two steps must have; nats of brownouts that say so too. */
const RISEN = 0.1;
const STEPPED = 0.08;
const GIVES_WAY = 1.5;

type Pack = NonNullable<Heartbeat['battery']>;

/** A battery has failed when it holds under 60 % of its design charge. */
const WORN = 0.6;
const toWorn = (base: number): number => Math.max(0.08, base - WORN);
/** Packs shut down near 60 °C (the usual limit of cells while discharging); the mean of an hour stays under its peak. */
const toHot = (base: number): number => Math.max(12, 55 - base);
const times = (x: number): number => Math.exp(x);
/** Charge in mAh, from its share of the design charge. */
const ofDesign = (share: number, block: Block): number => share * block.scratch(DESIGN);

/** Charge held, inner resistance, charging and heat. Packs whose gauge tells nothing of capacity are judged by drain, sag and charging speed. */
export const battery: Detector = {
  component: 'battery',
  bucketMs: 1.5 * HOUR,
  learnBuckets: 28,
  holdDays: 0.7,
  carried: 0.9,
  fullLevel: 0.22,
  wellDays: 2,
  horizonDays: 12,
  gauges: [
    {
      metric: 'battery.full_mah',
      scaled: true,
      dir: -1,
      reach: toWorn,
      reachSd: 0.12,
      floor: 0.006,
      full: 0.18,
      steps: true,
      describe: 'full charge, mAh',
      show: ofDesign,
    },
    {
      metric: 'battery.capacity',
      learn: 10,
      dir: -1,
      reach: toWorn,
      reachSd: 0.3,
      floor: 0.03,
      common: true,
      describe: 'charge held as measured by discharging, mAh',
      show: ofDesign,
      unit: 'mAh',
    },
    {
      metric: 'battery.resistance_mohm',
      scaled: true,
      dir: 1,
      reach: 0.75,
      reachSd: 0.45,
      floor: 0.03,
      full: 0.18,
      steps: true,
      describe: 'inner resistance',
      show: times,
    },
    {
      metric: 'battery.sag',
      alone: 0.6,
      learn: 5,
      // A sample a day, and a receipt being printed makes one look bad: days of them are wanted.
      holdDays: 2,
      dir: 1,
      reach: 0.75,
      reachSd: 0.5,
      floor: 0.09,
      common: true,
      describe: 'voltage sag under load, mΩ',
      show: times,
      unit: 'mOhm',
    },
    {
      metric: 'battery.charge_speed',
      learn: 10,
      dir: -1,
      reach: 1.1,
      reachSd: 0.5,
      floor: 0.12,
      common: true,
      describe: 'charging speed, % an hour',
      show: times,
      unit: '%/h',
    },
    {
      metric: 'battery.temp_c',
      steps: true,
      full: 0.18,
      holdDays: 0.4,
      dir: 1,
      reach: 20,
      reachSd: 0.4,
      floor: 1,
      diurnal: true,
      common: true,
      describe: 'pack temperature above its surroundings',
      unit: 'K',
    },
    {
      metric: 'battery.drain',
      learn: 10,
      dir: 1,
      reach: 0.5,
      reachSd: 0.45,
      floor: 0.14,
      common: true,
      least: 0.25,
      alone: 0.6,
      // A shop's busy days drain packs as a worn one is drained: charge fades over weeks, so it can wait for them to pass.
      holdDays: 3,
      describe: 'drain in use, % an hour',
      show: times,
      unit: '%/h',
    },
    {
      metric: 'battery.temp_c',
      steps: true,
      alone: 0.6,
      dir: 1,
      reach: toHot,
      reachSd: 0.4,
      floor: 1,
      diurnal: true,
      common: true,
      describe: 'pack temperature',
    },
    {
      metric: 'battery.sag',
      alone: 0.6,
      learn: 5,
      holdDays: 2,
      dir: 1,
      reach: 0.75,
      reachSd: 0.5,
      floor: 0.06,
      common: true,
      describe: 'voltage step at its charger, mV',
      show: times,
      unit: 'mV',
    },
    {
      metric: 'battery.charge_speed',
      learn: 8,
      // What a charger gives is the same for any pack: one that holds less is full sooner. So is any at a stronger charger: its drain must agree.
      steps: true,
      alone: 0.45,
      holdDays: 2,
      dir: 1,
      reach: 0.42,
      reachSd: 0.35,
      floor: 0.05,
      common: true,
      describe: 'charging speed of a pack that holds less, % an hour',
      show: times,
      unit: '%/h',
    },
  ],
  rates: [
    {
      metric: 'battery.brownouts_total',
      per: 'day',
      reach: 2.5,
      reachSd: 1,
      prior: 0.02,
      priorUnits: 8,
      rise: 3,
      units: 0.1,
      // One deep discharge brings several: only days of it speak for a worn pack.
      holdDays: 0.9,
      allowance: 4.5,
      describe: 'brownouts',
    },
    {
      metric: 'battery.over_temp_total',
      per: 'day',
      reach: 2,
      reachSd: 1,
      prior: 0.02,
      priorUnits: 8,
      rise: 0.3,
      units: 0.1,
      describe: 'stops for pack temperature',
    },
    {
      metric: 'battery.charge_sessions_total',
      per: 'day',
      reach: 25,
      reachSd: 0.8,
      prior: 2,
      priorUnits: 1,
      rise: 4,
      times: 8,
      allowance: 12,
      units: 0.1,
      holdDays: 1,
      describe: 'charge sessions',
    },
    {
      metric: 'battery.status',
      absolute: true,
      per: 'heartbeat',
      reach: 0.5,
      reachSd: 0.6,
      prior: 0.02,
      priorUnits: 60,
      rise: 0.03,
      units: 4,
      allowance: 10,
      describe: 'time on power without charging',
    },
  ],
  totals: ['brownouts_total', 'over_temp_total', 'charge_sessions_total'],
  scratch: 16,
  modes: [
    {
      mode: 'capacity_fade',
      gauges: [FULL, COULOMB, DRAIN, CHARGE_TIME],
      addsUp: true,
      rates: [],
      usual: true,
      cost: 'The terminal will not last a shift off its cradle and will die in the middle of sales.',
    },
    {
      mode: 'resistance_rise',
      gauges: [RESISTANCE, SAG, SWING],
      rates: [BROWNOUTS],
      cost: 'The pack gives way under a print or a radio burst and the terminal switches itself off.',
    },
    {
      mode: 'charging_fault',
      gauges: [CHARGE_SPEED],
      rates: [SESSIONS, REFUSED],
      cost: 'The terminal will stop charging and be flat at the next opening.',
    },
    {
      mode: 'overheat',
      gauges: [TEMP, TEMP_BARE],
      rates: [OVER_TEMP],
      cost: 'The pack will shut the terminal down for heat, and a swelling pack is a hazard.',
    },
  ],

  concerns: (payload) => payload.battery !== undefined,

  birth(block: Block, birth: Birth): void {
    const design = birth.battery?.design_mah;
    if (design !== undefined && design > 0) block.setScratch(DESIGN, design);
  },

  heartbeat(block: Block, hb: Heartbeat): void {
    const b = hb.battery;
    if (!b || b.status === 'absent') return;
    if (b.full_mah !== undefined && b.full_mah > 0) {
      if (block.scratch(DESIGN) === 0) block.setScratch(DESIGN, b.full_mah);
      block.gauge(FULL, b.full_mah / block.scratch(DESIGN));
    }
    if (b.resistance_mohm !== undefined && b.resistance_mohm > 1) block.gauge(RESISTANCE, Math.log(b.resistance_mohm));
    if (b.temp_c !== undefined) {
      const ambient = hb.system?.temp_c;
      const head = hb.printer?.head_temp_c;
      if (ambient !== undefined) block.gauge(TEMP, b.temp_c - ambient);
      else if (head !== undefined) block.gauge(TEMP, overHead(b.temp_c, head));
      else block.gauge(TEMP_BARE, b.temp_c);
    }
    // A pack that is nearly full wants no charge, and says nothing of whether it would take one.
    if (b.status !== undefined && b.status !== 'discharging' && (b.soc_pct ?? 0) < 90) {
      block.rate(REFUSED, b.status === 'not_charging' ? 1 : 0, 1);
    }
    followRun(block, b);
  },

  counters(block: Block, c: Counters, hours: number): void {
    const b = c.battery;
    if (!b) return;
    const used = c.printer?.jobs_total ?? c.printer?.cuts_total ?? c.txn?.ok_total;
    if (used !== undefined) block.setScratch(USED, used);
    const brownouts = block.delta(0, b.brownouts_total);
    const overTemp = block.delta(1, b.over_temp_total);
    const sessions = block.delta(2, b.charge_sessions_total);
    if (Math.min(brownouts, overTemp, sessions) < 0) return;
    const days = Math.min(hours, 24) / 24;
    // A pack that was run empty gives way, worn or not.
    const empty = block.scratch(P_SOC) > 0 && block.scratch(P_SOC) < 20;
    if (b.brownouts_total !== undefined && !empty) block.rate(BROWNOUTS, brownouts, days);
    if (b.over_temp_total !== undefined) block.rate(OVER_TEMP, overTemp, days);
    if (b.charge_sessions_total !== undefined) block.rate(SESSIONS, sessions, days);
  },
};

/**
 * Where the computer tells no temperature the head's stands for it: weather moves both. A head is often cooler than a computer, so a pack that
 * is not warm in itself is not taken for warmer than charging makes it.
 */
function overHead(pack: number, head: number): number {
  return Math.min(pack - head, CHARGING_K + 2 * Math.max(0, pack - WARM_C));
}

/** Follows sample to sample: sag from steps of current, and over a run of discharge or charge its charge, drain and speed. */
function followRun(block: Block, b: Pack): void {
  const hours = (block.day - block.scratch(P_DAY)) * 24;
  const near = hours > 0 && hours <= 0.75;
  const run = runOf(b);
  // A gauge that tells resistance itself knows better.
  if (b.voltage_mv !== undefined && b.resistance_mohm === undefined && near) {
    if (b.current_ma === undefined) swing(block, b.voltage_mv, b, run);
    else sag(block, b.voltage_mv, b.current_ma, b);
  }
  // Current is a mean, voltage a moment: a receipt that is being printed pulls it down, never up. Of two samples the higher is the pack's.
  const mv = b.voltage_mv ?? 0;
  const restedBefore = near && block.scratch(AT_REST) > 0;
  const rests = b.current_ma === undefined ? run === DISCHARGE : b.current_ma < 0;
  block.setScratch(AT_REST, rests ? (restedBefore ? Math.max(mv, block.scratch(P_MV)) : mv) : 0);
  if (b.soc_pct !== undefined) {
    if (run === 0 || run !== block.scratch(RUN) || !near) {
      if (block.scratch(RUN) === CHARGE) endCharge(block, b.current_ma === undefined);
      block.setScratch(RUN, run);
      startRun(block, b.soc_pct);
    } else {
      extendRun(block, run, b.soc_pct, hours, b.current_ma);
    }
    block.setScratch(P_SOC, b.soc_pct);
  }
  block.setScratch(P_DAY, block.day);
  block.setScratch(P_MV, mv);
  block.setScratch(P_MA, b.current_ma ?? 0);
}

/** Whether the pack is emptied or filled, by its status or else by its current; 0 where neither is known. */
function runOf({ status, current_ma: ma }: Pack): number {
  if (status === 'discharging') return DISCHARGE;
  if (status === 'charging') return CHARGE;
  if (status !== undefined || ma === undefined) return 0;
  return ma < -20 ? DISCHARGE : ma > 20 ? CHARGE : 0;
}

/** Resistance from a step of current, mΩ. */
function sag(block: Block, mv: number, ma: number, { soc_pct: soc }: Pack): void {
  if (block.scratch(P_MA) === 0 || block.scratch(P_MV) === 0) return;
  const dI = ma - block.scratch(P_MA);
  const charged = soc === undefined ? 0 : soc - block.scratch(P_SOC);
  const moved = Math.abs(charged);
  // Only a real step of current, at about the same charge, tells resistance: mV / mA × 1000 = mΩ. The largest is that of a charger,
  // which holds the voltage of a pack that is nearly full, whatever flows, and charges on until the next sample.
  // Of what the terminal draws only as large a step counts: a small one tells that the current does not show what pulled the voltage.
  const draws = ma < 0 && block.scratch(P_MA) < 0;
  const step = draws ? Math.abs(dI) >= 400 && moved <= 4 : dI >= 400 && moved <= 10 && (soc ?? 100) < 85;
  const dV =
    mv * (1 - PER_PERCENT * charged) -
    (draws ? block.scratch(P_MV) : Math.max(block.scratch(P_MV), block.scratch(AT_REST)));
  const mohm = (dV / dI) * 1000;
  if (step && mohm > 5 && mohm < 5000) takeStep(block, SAG, Math.log(mohm));
}

/**
 * Where no current is told, the step at the charger: as much is fed each time, so that it rises as resistance does. What the charge that
 * came meanwhile has added to the cells' own voltage is taken out.
 */
function swing(block: Block, mv: number, { soc_pct: soc }: Pack, run: number): void {
  if (run !== CHARGE || block.scratch(RUN) !== DISCHARGE || soc === undefined || soc > 82) return;
  const moved = soc - block.scratch(P_SOC);
  if (block.scratch(AT_REST) === 0 || moved < -2 || moved > 12) return;
  const dV = mv * (1 - PER_PERCENT * moved) - block.scratch(AT_REST);
  if (dV > 0.002 * mv) takeStep(block, SWING, Math.log(dV));
}

/**
 * Whether what measures its resistance says that it has risen; undefined where nothing measures it. A head that is fed from the pack and
 * loses voltage shows the pack's resistance or its own supply's: this tells which.
 */
export function hasRisen(block: Block): boolean | undefined {
  if (block.score(BROWNOUTS) >= GIVES_WAY) return true;
  const measured = [RESISTANCE, SAG, SWING].map((i) => block.viewGauge(i)).filter((view) => view.ready);
  // Steps are rare: the last two are heard as they come.
  const steps = (block.scratch(STEP) + block.scratch(STEP_BEFORE)) / 2;
  const stepped = [SAG, SWING]
    .map((i) => block.viewGauge(i))
    .some((view) => view.ready && steps - view.base >= STEPPED);
  if (stepped || measured.some((view) => view.level >= RISEN)) return true;
  return measured.length > 0 ? false : undefined;
}

/** One step is a poor witness: the middle one of the last three is heard. */
function takeStep(block: Block, gauge: number, step: number): void {
  const [last, before] = [block.scratch(STEP), block.scratch(STEP_BEFORE)];
  block.setScratch(STEP_BEFORE, last);
  block.setScratch(STEP, step);
  if (last === 0) return;
  block.gauge(gauge, Math.max(Math.min(step, last), Math.min(Math.max(step, last), before)));
}

/** How much busier this run was than runs usually are (natural logarithm; nothing where it was quieter). Learns what is usual. */
function busier(block: Block, hours: number): number {
  const used = block.scratch(USED) - block.scratch(RUN_USED);
  // Nothing counted, or a counter that stepped back.
  if (used <= 0 || block.scratch(RUN_USED) === 0) return 0;
  const use = Math.log(1 + used / hours);
  const usual = block.scratch(USUAL_USE);
  block.setScratch(
    USUAL_USE,
    usual === 0 ? use : usual + (use - usual) * (block.age < FIRST_DAYS ? FIRST_SHARE : SHARE),
  );
  return usual === 0 ? 0 : Math.max(0, use - usual);
}

function startRun(block: Block, soc: number): void {
  block.setScratch(RUN_USED, block.scratch(USED));
  block.setScratch(RUN_SOC, soc);
  block.setScratch(RUN_DAY, block.day);
  block.setScratch(RUN_MAH, 0);
  block.setScratch(RUN_GAPS, 0);
}

function extendRun(block: Block, run: number, soc: number, hours: number, ma: number | undefined): void {
  if (run === CHARGE && soc > STEEP) {
    endCharge(block, ma === undefined);
    startRun(block, soc);
    return;
  }
  if (ma === undefined) block.setScratch(RUN_GAPS, 1);
  else block.setScratch(RUN_MAH, block.scratch(RUN_MAH) + ((ma + block.scratch(P_MA)) / 2) * hours);
  const moved = soc - block.scratch(RUN_SOC);
  const length = (block.day - block.scratch(RUN_DAY)) * 24;
  if (run === DISCHARGE && moved <= -12 && length >= 0.5) {
    // Where the current is known, what was drawn is measured: how fast it went says how busy the shop was.
    if (ma === undefined) block.gauge(DRAIN, Math.log(-moved / length) - BY_USE * busier(block, length));
    const mah = -block.scratch(RUN_MAH);
    const design = block.scratch(DESIGN);
    if (block.scratch(RUN_GAPS) === 0 && mah > 20) {
      const held = mah / (-moved / 100);
      if (design === 0) block.setScratch(DESIGN, held);
      const share = held / block.scratch(DESIGN);
      if (share > 0.1 && share < 2) block.gauge(COULOMB, share);
    }
    startRun(block, soc);
  } else if (run === CHARGE && (moved >= 30 || length >= 1.5)) {
    takeSpeed(block, moved, length, ma === undefined);
    startRun(block, soc);
  }
}

/** A charge ends with the sample before: it was interrupted, or went on where every charger slows down. */
function endCharge(block: Block, blind: boolean): void {
  const moved = block.scratch(P_SOC) - block.scratch(RUN_SOC);
  if (moved >= 8) takeSpeed(block, moved, (block.scratch(P_DAY) - block.scratch(RUN_DAY)) * 24, blind);
}

/** Of what was charged in the steep part, % an hour; where no current is told it says what the pack holds, too. */
function takeSpeed(block: Block, moved: number, hours: number, blind: boolean): void {
  if (block.scratch(RUN_SOC) >= 70 || hours < 0.1) return;
  const speed = Math.log(Math.max(0.3, moved / hours));
  block.gauge(CHARGE_SPEED, speed);
  if (blind && moved >= 15) block.gauge(CHARGE_TIME, speed);
}
