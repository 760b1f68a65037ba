import type { GaugeGroups } from '../../../contract/payloads.ts';
import type { PrinterHardware } from '../hardware.ts';
import type { Random } from '../random.ts';

export type PrinterWord = NonNullable<NonNullable<GaugeGroups['printer']>['state']>;

/** A receipt printer: head, feed, cutter and supply. Progress of faults (0 none … 1 gives up) comes from outside. */
export interface PrinterState {
  /** Distance this head has printed, mm. */
  headMm: number;
  /** Its own resistance when new, Ω. */
  freshOhm: number;
  deadDots: number;
  /** Temperature of the head's body, °C. */
  bodyC: number;
  /** Dust on head and roller, 0–1: cleaning takes it away. */
  dust: number;
  paperMm: number;
  /** A bad roll raises jams and dust until it is used up. */
  badRoll: boolean;
  bladeCuts: number;
  /** Individual error of the voltage divider, relative. */
  sense: number;
  /** Minutes that a person will still take with paper, a jam or a cooling head. */
  blockedMin: number;
  blockedBy: PrinterWord;
  /** Gives up for good until a technician comes. */
  broken: '' | 'head_wear' | 'paper_feed' | 'cutter_wear' | 'overheat' | 'power';
  headWear: number;
  /** Head wear whose dots have been drawn. */
  headSeen: number;
  /** How much of its wear this head shows in its resistance: lots differ. */
  shows: number;
  paperFeed: number;
  cutterWear: number;
  overheat: number;
  power: number;
  printedMm: number;
  jobs: number;
  retries: number;
  jams: number;
  overheats: number;
  cuts: number;
  cutterErrors: number;
  paperOuts: number;
  lowVoltageStops: number;
}

export interface PrinterLoad {
  readonly minutes: number;
  readonly sales: number;
  readonly open: boolean;
  readonly ambientC: number;
  /** Voltage of the pack under load as a share of nominal; 1 on mains. */
  readonly pack: number;
}

/** What a step did that a message may tell of. */
export interface PrinterHappening {
  loaded: boolean;
  stepped: boolean;
  /** Receipts asked for and not printed. */
  missed: number;
}

export function newPrinter(hardware: PrinterHardware, random: Random, wear: number): PrinterState {
  return {
    headMm: hardware.ratedMm * wear,
    freshOhm: hardware.headOhm * (1 + 0.02 * random.normal()),
    deadDots: random.chance(0.06) ? 1 : 0,
    bodyC: 24,
    dust: random.range(0, 0.3),
    paperMm: hardware.rollMm * random.range(0.1, 1),
    badRoll: false,
    bladeCuts: hardware.ratedCuts * wear * random.range(0.5, 0.95),
    sense: 0.008 * random.normal(),
    blockedMin: 0,
    blockedBy: 'ok',
    broken: '',
    headWear: 0,
    headSeen: 0,
    shows: random.range(0.35, 1.15),
    paperFeed: 0,
    cutterWear: 0,
    overheat: 0,
    power: 0,
    printedMm: Math.round(hardware.ratedMm * wear),
    jobs: Math.round((hardware.ratedMm * wear) / 115),
    retries: 0,
    jams: 0,
    overheats: 0,
    cuts: 0,
    cutterErrors: 0,
    paperOuts: 0,
    lowVoltageStops: 0,
  };
}

/**
 * Relative drift of the mean element resistance. Makers end a head's life at a change of 15 %; wear of the glaze over the
 * rated distance is taken to cost a third of that (assumption), abrasive media take the rest in a hundredth of the distance
 * (BOCA FSP guide §7: uncoated paper wore heads through in under one of 60 rated km).
 */
export function headDrift(state: PrinterState, hardware: PrinterHardware): number {
  const worn = state.headMm / hardware.ratedMm;
  const p = state.headWear;
  return 0.012 * worn + 0.038 * worn ** 4 + state.shows * (0.025 * p + 0.1 * p * p * p);
}

const BODY_MIN = 9;

/** Runs the printer for some minutes: prints the sales' receipts, warms, wears, jams, runs out, and breaks. */
export function stepPrinter(
  state: PrinterState,
  hardware: PrinterHardware,
  load: PrinterLoad,
  random: Random,
  out: PrinterHappening,
): void {
  const { minutes } = load;
  out.loaded = false;
  out.stepped = false;
  out.missed = 0;

  // Body temperature: first order towards ambient plus dissipation. An ageing driver leaks into the head (assumption).
  const perHour = (load.sales * 60) / minutes;
  const target = load.ambientC + 1.8 + perHour * 0.11 + state.overheat * (2 + 9 * state.overheat);
  state.bodyC += (target - state.bodyC) * (1 - Math.exp(-minutes / BODY_MIN));

  if (state.broken !== '') {
    state.blockedBy = wordOf(state.broken);
    out.missed = load.sales;
    return;
  }
  let available = minutes;
  if (state.blockedMin > 0) {
    if (!load.open) return;
    available = Math.max(0, minutes - state.blockedMin);
    state.blockedMin -= minutes;
    if (state.blockedMin <= 0) {
      state.blockedMin = 0;
      if (state.blockedBy === 'paper_out') {
        loadRoll(state, hardware, random);
        out.loaded = true;
      }
      state.blockedBy = 'ok';
    }
  }
  let jobs = load.sales > 0 ? Math.round((load.sales * available) / minutes) : 0;
  out.missed = load.sales - jobs;
  if (jobs === 0) return;
  // Merchant copies and reports: 1.25 receipts a sale, 115 mm each (assumption: 2-inch card and till slips).
  jobs = jobs + random.binomial(jobs, 0.25);
  let mm = jobs * 115 * (1 + 0.12 * random.normal());
  if (mm < 40) mm = 40;

  const rough = (state.badRoll ? 14 : 1) * (1 + 2.5 * state.dust);
  const retries = random.binomial(
    jobs,
    Math.min(0.6, 0.0012 * rough * Math.exp(4.4 * state.paperFeed) + 0.002 * state.deadDots),
  );
  // One jam in some 4,000 receipts on a sound mechanism (assumption), ten times that on a bad roll, one in fifteen at the end.
  const jams = random.binomial(jobs, Math.min(0.5, 0.00024 * rough * Math.exp(5.6 * state.paperFeed)));
  mm += retries * 70;
  state.jobs += jobs;
  state.retries += retries;
  state.printedMm += mm;
  state.headMm += mm;
  state.dust = Math.min(1, state.dust + mm * (state.badRoll ? 6e-7 : 6e-8));
  if (jams > 0) {
    state.jams += jams;
    out.stepped = true;
    block(state, 'mech_error', jams * random.range(1.5, 5), random);
    // A worn roller that jams may tear or strip: the chance is in the wear, not in the roll.
    if (state.paperFeed > 0.85 && random.chance(jams * 0.35 * (state.paperFeed - 0.85))) state.broken = 'paper_feed';
  }

  if (hardware.ratedCuts > 0) {
    state.cuts += jobs;
    state.bladeCuts += jobs;
    const dull = state.bladeCuts / hardware.ratedCuts;
    const errors = random.binomial(jobs, Math.min(0.5, 2e-5 * (1 + 4 * dull ** 3) * Math.exp(8.2 * state.cutterWear)));
    if (errors > 0) {
      state.cutterErrors += errors;
      out.stepped = true;
      block(state, 'cutter_error', errors * random.range(0.8, 2.5), random);
      if (state.cutterWear > 0.85 && random.chance(errors * 0.4 * (state.cutterWear - 0.85)))
        state.broken = 'cutter_wear';
    }
  }

  // Heating elements open one by one after the resistance has drifted (Rohm and Kyocera application notes describe the order).
  const p = state.headWear;
  if (p > state.headSeen) {
    const opened = (at: number): number => (at > 0.35 ? Math.expm1(5.2 * (at - 0.35)) / Math.expm1(5.2 * 0.65) : 0);
    state.deadDots += random.poisson(hardware.deadLimit * (opened(p) - opened(state.headSeen)));
    state.headSeen = p;
  }
  if (state.deadDots >= hardware.deadLimit) state.broken = 'head_wear';

  // Bursts: a run of receipts heats the elements' carrier by up to 27 °C over the body; the firmware stops at 65 °C.
  const burst =
    (7 + 0.9 * Math.min(12, jobs)) * (0.7 + 0.8 * random.next()) * (1 + 1.7 * state.overheat * state.overheat);
  if (state.bodyC + burst > 65) {
    state.overheats++;
    out.stepped = true;
    block(state, 'overheat', random.range(2, 4), random);
    if (state.overheat > 0.8 && random.chance(0.03 + 0.3 * (state.overheat - 0.8))) state.broken = 'overheat';
  }
  if (state.overheat >= 1 && random.chance(0.1)) state.broken = 'overheat';

  // Low-voltage lock-out at 84 % of nominal under load.
  const loaded = loadedShare(state, load.pack);
  const ripple = 0.008 + 0.02 * state.power;
  const z = (loaded - 0.84) / ripple;
  if (z < 3.2) {
    const stops = random.binomial(
      jobs,
      z < -2 ? 0.9 : 0.5 * Math.exp(-0.5 * Math.max(0, z) ** 2 - 0.4 * Math.max(0, z)),
    );
    if (stops > 0) {
      state.lowVoltageStops += stops;
      state.retries += stops;
      out.stepped = true;
      block(state, 'low_voltage', random.range(0.5, 1.5), random);
      if (state.power > 0.8 && random.chance(0.02 * stops)) state.broken = 'power';
    }
  }
  if (state.power >= 1 && random.chance(0.15)) state.broken = 'power';

  state.paperMm -= mm;
  if (state.paperMm <= 0) {
    state.paperOuts++;
    out.stepped = true;
    state.paperMm = 0;
    state.blockedBy = 'paper_out';
    state.blockedMin = 1 + random.exponential(3);
  }
  if (state.broken !== '') {
    state.blockedBy = wordOf(state.broken);
    out.stepped = true;
  }
}

/** Loaded head voltage as a share of nominal: an ageing adapter's or booster's ripple capacitors let it sag (assumption). */
function loadedShare(state: PrinterState, pack: number): number {
  const p = state.power;
  return pack * (0.985 + state.sense) - 0.03 * p - 0.13 * p * p;
}

function block(state: PrinterState, by: PrinterWord, minutes: number, random: Random): void {
  if (state.blockedBy === 'paper_out') return;
  state.blockedBy = by;
  // Somebody has to notice first.
  state.blockedMin = Math.max(state.blockedMin, minutes + random.range(0, 1));
}

function loadRoll(state: PrinterState, hardware: PrinterHardware, random: Random): void {
  state.paperMm = hardware.rollMm * (1 + 0.02 * random.normal());
  state.badRoll = false;
}

function wordOf(broken: PrinterState['broken']): PrinterWord {
  if (broken === 'cutter_wear') return 'cutter_error';
  if (broken === 'overheat') return 'overheat';
  if (broken === 'power') return 'low_voltage';
  return 'mech_error';
}

/** The state word a heartbeat shows. */
export function printerWord(state: PrinterState, hardware: PrinterHardware, coverOpen: boolean): PrinterWord {
  if (state.broken !== '' || state.blockedMin > 0) return state.blockedBy;
  if (coverOpen) return 'cover_open';
  return state.paperMm < hardware.rollMm * 0.08 ? 'paper_low' : 'ok';
}

/** Head temperature as its thermistor shows it: the body plus what is left of the last receipt, °C. */
export function readHeadTemp(state: PrinterState, busy: boolean, random: Random): number {
  const hot = state.broken === 'overheat' ? 24 + 3 * random.normal() : 0;
  const spike = busy ? random.next() ** 3 * 16 * (1 + state.overheat) : 0;
  return state.bodyC + hot + spike + 0.35 * random.normal();
}

/** Head supply at the last print, mV. */
export function readHeadMv(state: PrinterState, hardware: PrinterHardware, pack: number, random: Random): number {
  const collapsed = state.broken === 'power' ? 0.2 : 0;
  return hardware.headMv * (loadedShare(state, pack) - collapsed + (0.003 + 0.012 * state.power) * random.normal());
}

/** Mean element resistance as measured, Ω: drift, a temperature coefficient of 300 ppm/°C (thick film, typical) and noise. */
export function readHeadOhm(state: PrinterState, hardware: PrinterHardware, random: Random): number {
  return (
    state.freshOhm *
    (1 + headDrift(state, hardware)) *
    (1 + 0.0003 * (state.bodyC - 25)) *
    (1 + 0.0032 * random.normal())
  );
}
