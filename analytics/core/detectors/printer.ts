import type { Mode } from '../../../contract/modes.ts';
import type { Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { type Detector, type Failure, FLOAT, OUTRIGHT } from '../detector.ts';
import { HOUR } from '../time.ts';
import { busier, followBusiest, followBusy, followCoolest, followHigh } from './high.ts';
import { followPaper, newRoll, PAPER_SCRATCH, paperPace, rollWillTell } from './paper.ts';

const OHM = 0;
const DOTS = 1;
const HEAD_TEMP = 2;
const HEAD_MV = 3;
const HEAD_TEMP_BARE = 4;
/** Supply of a head that is fed from the pack. */
export const HEAD_FED = 5;
const RETRIES = 0;
const JAMS = 1;
const CUTTER = 2;
const OVERHEATS = 3;
export const LOW_VOLTAGE = 4;
const BLOCKED = 5;

const TOTALS = [
  'printed_mm_total',
  'jobs_total',
  'retries_total',
  'jams_total',
  'overheats_total',
  'cuts_total',
  'cutter_errors_total',
  'low_voltage_stops_total',
  'paper_outs_total',
  // Of sales.
  'ok_total',
] as const;

/**
 * Scratch: state that stops printing (its code; in steps of `BEAT` the heartbeats seen in it, as many as matter; in steps of `SALE` the sales without a receipt since), since when
 * (days); what it counts itself.
 */
const BAD_STATE = 0;
const BEAT = 8;
const BEATS = 4;
const SALE = 64;
/** Sales without one receipt, and days of that, after which nobody waits for the staff to clear a jam. */
const UNPRINTED = 30;
const UNPRINTED_DAYS = 0.125;
const BAD_SINCE = 1;
const COUNTED = 2;
/** Temperature around the printer, and that of its hottest hours; jobs an hour lately, and those of its busiest hours. */
const AMBIENT = 3;
const HOT = 4;
const BUSY = 5;
const BUSIEST = 6;
/** When what surrounds it was last told or taken, days. */
const AMBIENT_AT = 7;
/** First of what is remembered of paper. */
const PAPER_FROM = 8;
/** Codes, bits and counts are kept as whole numbers. */
const WHOLE = 1;
/** How much hotter, K, is strain; how fast summer comes, K a day: a heat wave outruns it. */
const HOTTER = 3;
const HOTTER_A_DAY = 0.4;
/** What a pack's voltage loses from full to nearly empty (natural logarithm), and the most that a full pack of two cells gives a head, at its charger and at rest. */
const DISCHARGED = 0.15;
const ONE_PACK_MV = 8800;
/** Rates that a bad roll raises for as long as it lasts. */
const PAPER = [RETRIES, JAMS, BLOCKED];

const BAD: Readonly<Record<string, number>> = { overheat: 1, cutter_error: 2, low_voltage: 3, mech_error: 4 };
/** Bit of COUNTED that says that the printer counts such stops itself. */
const COUNTED_BY = [0, 8, 4, 16, 2];
/** Bits of COUNTED: its pack runs empty now, and it did since the last counters. */
const LOW_NOW = 32;
const WAS_LOW = 64;
/** Charge, %, under which a pack gives way to a head that prints, whatever the supply is worth. */
const NEARLY_EMPTY = 35;
/** Totals, as they are numbered below. */
const RETRIED = 2;
const JAMMED = 3;
const OVERHEATED = 4;
const CUTTER_FAILED = 6;
const STOPPED = 7;
const SOLD = 9;
const RATE_OF_BAD = [-1, OVERHEATS, CUTTER, LOW_VOLTAGE, BLOCKED];
const BAD_MODES: readonly (Mode | undefined)[] = [undefined, 'overheat', 'cutter_wear', 'power', 'paper_feed'];
/** Paper of an ordinary receipt, mm: what a job is taken to be where jobs are not counted. */
const RECEIPT_MM = 90;

/** Wear of head, platen and cutter, heat and supply: rates per job and per cut, and the head's own gauges. */
export const printer: Detector = {
  component: 'printer',
  bucketMs: 1.5 * HOUR,
  learnBuckets: 28,
  holdDays: 0.75,
  carried: 0.85,
  fullLevel: 0.22,
  wellDays: 1.5,
  horizonDays: 12,
  gauges: [
    {
      metric: 'printer.head_ohm',
      scaled: true,
      dir: 1,
      reach: 0.16,
      reachSd: 0.5,
      floor: 0.004,
      full: 0.16,
      grave: 0.035,
      describe: 'head resistance',
      show: Math.exp,
    },
    {
      metric: 'printer.dead_dots',
      dir: 1,
      reach: 18,
      reachSd: 0.8,
      floor: 0.25,
      full: 0.16,
      grave: 4,
      describe: 'dead heating elements',
    },
    {
      metric: 'printer.head_temp_c',
      steps: true,
      dir: 1,
      reach: 24,
      reachSd: 0.45,
      floor: 1.2,
      diurnal: true,
      common: true,
      alone: 0.65,
      // A rush or a draught is over within a day: what goes on climbing for days is told before the head has had to stop.
      grave: 5,
      describe: 'head temperature above its surroundings',
      unit: 'K',
    },
    {
      metric: 'printer.head_mv',
      dir: -1,
      reach: 0.14,
      reachSd: 0.5,
      floor: 0.006,
      full: 0.15,
      // Mains are steady: what a supply no longer gives it will not give tomorrow.
      holdDays: 0.4,
      common: true,
      describe: 'head supply voltage',
      show: Math.exp,
    },
    {
      metric: 'printer.head_temp_c',
      steps: true,
      dir: 1,
      reach: 24,
      reachSd: 0.45,
      floor: 1.2,
      diurnal: true,
      common: true,
      alone: 0.6,
      describe: 'head temperature above its coolest',
      unit: 'K',
    },
    {
      metric: 'printer.head_mv',
      dir: -1,
      reach: 0.14,
      reachSd: 0.5,
      floor: 0.006,
      full: 0.15,
      // A discharge is over within a day; a worn pack or supply is not.
      holdDays: 1.2,
      common: true,
      describe: 'head supply voltage, fed from the pack',
      show: Math.exp,
    },
  ],
  rates: [
    {
      metric: 'printer.retries_total',
      holdDays: 1.8,
      allowance: 6.5,
      per: 'job',
      reach: 0.45,
      reachSd: 0.7,
      prior: 0.01,
      priorUnits: 60,
      rise: 0.008,
      units: 8,
      describe: 'print retries',
    },
    {
      metric: 'printer.jams_total',
      pool: RETRIES,
      holdDays: 1.8,
      allowance: 6.5,
      per: 'job',
      reach: 0.16,
      reachSd: 0.8,
      prior: 0.002,
      priorUnits: 150,
      rise: 0.003,
      units: 8,
      describe: 'paper jams',
    },
    {
      metric: 'printer.cutter_errors_total',
      allowance: 10,
      per: 'cut',
      reach: 0.25,
      reachSd: 0.8,
      prior: 0.003,
      priorUnits: 150,
      rise: 0.002,
      units: 8,
      describe: 'failed cuts',
    },
    {
      metric: 'printer.overheats_total',
      per: 'job',
      reach: 0.12,
      reachSd: 0.9,
      prior: 0.002,
      priorUnits: 200,
      rise: 0.003,
      units: 8,
      describe: 'stops for an overheated head',
    },
    {
      metric: 'printer.low_voltage_stops_total',
      allowance: 10,
      per: 'job',
      reach: 0.12,
      reachSd: 0.9,
      prior: 0.002,
      priorUnits: 200,
      rise: 0.003,
      units: 8,
      describe: 'stops for low head voltage',
    },
    {
      metric: 'printer.state',
      pool: RETRIES,
      holdDays: 1.8,
      allowance: 6.5,
      per: 'heartbeat',
      reach: 0.1,
      reachSd: 0.8,
      prior: 0.003,
      priorUnits: 150,
      rise: 0.005,
      units: 8,
      describe: 'stops for mechanical errors',
    },
  ],
  totals: TOTALS,
  scratch: [WHOLE, FLOAT, WHOLE, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, ...PAPER_SCRATCH],
  modes: [
    {
      mode: 'head_wear',
      gauges: [OHM, DOTS],
      rates: [],
      sharedRates: [RETRIES],
      cost: 'Receipts fade, then the head stops printing: customers get no receipt and the till stands still.',
    },
    {
      mode: 'paper_feed',
      patient: true,
      gauges: [],
      rates: [JAMS, BLOCKED],
      sharedRates: [RETRIES],
      usual: true,
      cost: 'Jams stop the till in mid-receipt more and more often, until the feed no longer moves paper.',
    },
    {
      mode: 'cutter_wear',
      raisedAt: 0.56,
      gauges: [],
      rates: [CUTTER],
      cost: 'The cutter will block and hold the printer with it.',
    },
    {
      mode: 'overheat',
      gauges: [HEAD_TEMP, HEAD_TEMP_BARE],
      rates: [OVERHEATS],
      cost: 'The printer will stop to cool down in the busiest hours.',
    },
    {
      mode: 'power',
      gauges: [HEAD_MV, HEAD_FED],
      rates: [LOW_VOLTAGE],
      cost: 'The supply no longer carries a full print: the printer stops in mid-receipt.',
    },
  ],

  concerns: (payload) => payload.printer !== undefined,

  heartbeat(block: Block, hb: Heartbeat): void {
    const p = hb.printer;
    if (!p) return;
    if (p.head_ohm !== undefined && p.head_ohm > 1) block.gauge(OHM, Math.log(p.head_ohm));
    if (p.dead_dots !== undefined) block.gauge(DOTS, p.dead_dots);
    const ambient = hb.system?.temp_c ?? hb.battery?.temp_c;
    takeAmbient(block, ambient, p.head_temp_c);
    if (p.head_temp_c !== undefined) {
      // Heads with and without a thermometer beside them follow the weather differently: each is compared with its like. What a heat wave
      // adds is there at night, too, when nothing is printed: what a head is above its own coolest is the printer's.
      if (ambient === undefined) block.gauge(HEAD_TEMP_BARE, p.head_temp_c - block.scratch(AMBIENT));
      else block.gauge(HEAD_TEMP, p.head_temp_c - ambient);
    }
    if (hb.battery !== undefined) takeCharge(block, hb.battery);
    if (p.head_mv !== undefined && p.head_mv > 500) takeSupply(block, p.head_mv, hb.battery);
    if (p.state !== undefined) takeState(block, p.state);
  },

  counters(block: Block, c: Counters, hours: number): void {
    const p = c.printer;
    if (!p) return;
    const mm = block.delta(0, p.printed_mm_total);
    const jobs = block.delta(1, p.jobs_total);
    const retries = block.delta(RETRIED, p.retries_total);
    const jams = block.delta(JAMMED, p.jams_total);
    const overheats = block.delta(OVERHEATED, p.overheats_total);
    const cuts = block.delta(5, p.cuts_total);
    const cutterErrors = block.delta(CUTTER_FAILED, p.cutter_errors_total);
    const lowVoltage = block.delta(STOPPED, p.low_voltage_stops_total);
    if (block.delta(8, p.paper_outs_total) > 0) newRoll(block, PAPER_FROM);
    countUnprinted(block, block.delta(SOLD, c.txn?.ok_total), Math.max(mm, jobs, cuts));
    const before = block.scratch(COUNTED);
    const isLow = (before & (LOW_NOW | WAS_LOW)) !== 0;
    block.setScratch(
      COUNTED,
      (before & LOW_NOW) +
        (block.told(JAMMED) ? 2 : 0) +
        (block.told(CUTTER_FAILED) ? 4 : 0) +
        (block.told(OVERHEATED) ? 8 : 0) +
        (block.told(STOPPED) ? 16 : 0),
    );
    // One total that stepped back means that the others may have too: the message only sets the new footing.
    if (Math.min(mm, jobs, retries, jams, overheats, cuts, cutterErrors, lowVoltage) < 0) return;
    const use = p.jobs_total !== undefined ? jobs : p.printed_mm_total !== undefined ? mm / RECEIPT_MM : cuts;
    // Far more errors than jobs allow are a slip of the counter, not a bad day: no job is tried ten times.
    if (Math.max(retries, jams, overheats, lowVoltage) > use * 10 + 20) return;
    // What is left out now and then is told by the next message that has it; the work was done meanwhile.
    if (block.told(RETRIED)) block.rate(RETRIES, Math.min(retries, use * 4 + 4), use);
    if (block.told(JAMMED)) block.rate(JAMS, Math.min(jams, use + 4), use);
    followPaper(block, PAPER_FROM, PAPER, use, retries + jams > 0);
    learnStrain(block, use, hours);
    // How busy it is shows an hour late: what stopped it while it became so is the rush's, too.
    if (strained(block)) block.discardRate(OVERHEATS);
    else if (block.told(OVERHEATED)) block.rate(OVERHEATS, Math.min(overheats, use + 4), use);
    // A head that is fed from the pack stops when that is empty: somebody has not charged it.
    if (block.told(STOPPED) && !(isLow && isFed(block))) block.rate(LOW_VOLTAGE, Math.min(lowVoltage, use + 4), use);
    if (block.told(CUTTER_FAILED)) {
      block.rate(CUTTER, Math.min(cutterErrors, use + cuts + 4), p.cuts_total !== undefined ? cuts : use);
    }
  },

  event(block: Block, event): void {
    if (event.type === 'paper_loaded') newRoll(block, PAPER_FROM);
    if (event.type !== 'cleaned' && event.type !== 'paper_loaded') return;
    // Cleaning takes dirt away, not wear: rates start over, the head's own gauges go on.
    if (event.type === 'cleaned') for (const rate of PAPER) block.calmRate(rate);
    block.setScratch(BAD_STATE, 0);
  },

  pace: (block, rate) => (PAPER.includes(rate) ? paperPace(block, PAPER_FROM) : 1),

  openQuestion: (block, mode) => mode === 'paper_feed' && rollWillTell(block, PAPER_FROM),

  failed(block: Block): Failure | undefined {
    const state = block.scratch(BAD_STATE);
    const mode = BAD_MODES[state % BEAT];
    const days = block.day - block.scratch(BAD_SINCE);
    if (mode === undefined || state % SALE < BEATS * BEAT || days < 25 / 1440) return undefined;
    if (days < UNPRINTED_DAYS || state < UNPRINTED * SALE) return { mode, days };
    return { mode, days: Math.max(days, OUTRIGHT), why: 'It has not printed for hours, while sales went on.' };
  },
};

/** What surrounds the head: where no other thermometer tells, the head itself at its coolest of late, when nothing was printed. */
function takeAmbient(block: Block, beside: number | undefined, head: number | undefined): void {
  const known = beside ?? head;
  if (known === undefined) return;
  const last = block.scratch(AMBIENT);
  block.setScratch(AMBIENT, beside ?? followCoolest(last, known, block.day - block.scratch(AMBIENT_AT)));
  block.setScratch(AMBIENT_AT, block.day);
}

/** Learns how hot and how busy its hottest and busiest hours are. */
function learnStrain(block: Block, use: number, hours: number): void {
  if (hours <= 0) return;
  const busy = followBusy(block.scratch(BUSY), use, hours);
  block.setScratch(BUSY, busy);
  const ambient = block.scratch(AMBIENT);
  if (ambient !== 0)
    block.setScratch(HOT, followHigh(block.scratch(HOT), ambient, HOTTER_A_DAY, hours / 24, block.age));
  block.setScratch(BUSIEST, followBusiest(block.scratch(BUSIEST), busy, hours, block.age));
}

/** True in hours hotter, or busier, than it is used to at its hottest and busiest: any head stops to cool down then, so stops say nothing of this one. */
function strained(block: Block): boolean {
  const hot = block.scratch(HOT);
  return (hot !== 0 && block.scratch(AMBIENT) > hot + HOTTER) || busier(block.scratch(BUSY), block.scratch(BUSIEST));
}

/**
 * A head that is fed from the pack follows its charge, which a day takes down and a night brings back: that is taken out by what cells of
 * cobalt and its kin lose from full to empty. A nearly empty pack says nothing of the supply.
 */
function takeSupply(block: Block, mv: number, pack: Heartbeat['battery']): void {
  const soc = pack?.soc_pct;
  if (soc !== undefined && soc <= NEARLY_EMPTY) return;
  const volts = pack?.voltage_mv;
  // What was steady is a supply's; a voltage that has begun to fall does not make it the pack's.
  const fed =
    volts === undefined ? mv < ONE_PACK_MV && !block.viewGauge(HEAD_MV).ready : mv / volts > 0.7 && mv / volts < 1.15;
  if (fed && pack !== undefined && pack.status !== 'absent')
    block.gauge(HEAD_FED, Math.log(mv) + DISCHARGED * (1 - (soc ?? 100) / 100));
  else block.gauge(HEAD_MV, Math.log(mv));
}

/** Whether the pack feeds the head, as far as the head's voltage has told. */
function isFed(block: Block): boolean {
  return block.baseOf(HEAD_MV) === 0;
}

/** Notes while a pack runs empty. */
function takeCharge(block: Block, { soc_pct, status }: NonNullable<Heartbeat['battery']>): void {
  if (soc_pct === undefined) return;
  const counted = block.scratch(COUNTED);
  const isLow = soc_pct <= NEARLY_EMPTY && status !== 'charging' && status !== 'absent';
  if (isLow) block.setScratch(COUNTED, counted | LOW_NOW);
  else if (counted & LOW_NOW) block.setScratch(COUNTED, (counted & ~LOW_NOW) | WAS_LOW);
}

/** Counts the sales that a stopped printer gave no receipt for; one that prints again begins anew. */
function countUnprinted(block: Block, sold: number, printed: number): void {
  const state = block.scratch(BAD_STATE);
  if (state === 0) return;
  if (printed > 0) block.setScratch(BAD_STATE, state % SALE);
  else if (sold > 0 && state < UNPRINTED * SALE) block.setScratch(BAD_STATE, state + SALE * Math.min(sold, UNPRINTED));
}

function takeState(block: Block, state: string): void {
  const bad = BAD[state] ?? 0;
  const counted = block.scratch(COUNTED);
  const before = block.scratch(BAD_STATE);
  const fresh = bad !== 0 && bad !== before % BEAT;
  if (fresh) {
    block.setScratch(BAD_SINCE, block.day);
    // Where the stops are not counted by the printer itself, each time it is found stopped counts as one.
    const strain = bad === BAD.overheat && strained(block);
    if (bad < 4 && (counted & COUNTED_BY[bad]!) === 0 && !strain) block.rate(RATE_OF_BAD[bad]!, 1, 0);
  }
  const beats = fresh ? 1 : Math.min(BEATS, Math.floor((before % SALE) / BEAT) + 1);
  block.setScratch(BAD_STATE, bad === 0 ? 0 : bad + BEAT * beats + (fresh ? 0 : before - (before % SALE)));
  if (state !== 'absent' && (counted & COUNTED_BY[4]!) === 0) block.rate(BLOCKED, fresh && bad === 4 ? 1 : 0, 1);
}
