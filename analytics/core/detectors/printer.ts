import type { Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';
import { besidePaper } from './cutter-paper.ts';
import { followPaper, newRoll, paperPace, rollWillTell, surelyTroubled } from './paper.ts';
import {
  AMBIENT,
  BAD_STATE,
  BLOCKED,
  CUTS,
  CUTTER,
  CUTTER_FAILED,
  DOTS,
  HEAD_FED,
  HEAD_MV,
  HEAD_TEMP,
  HEAD_TEMP_BARE,
  JAMMED,
  JAMS,
  JOBS,
  LOW_VOLTAGE,
  OHM,
  OVERHEATED,
  OVERHEATS,
  PAPER_FROM,
  PRINTED,
  PRINTER_SCRATCH,
  RETRIED,
  RETRIES,
  STOPPED,
  TOTALS,
} from './printer-channels.ts';
import { PRINTER_GAUGES, PRINTER_RATES } from './printer-measures.ts';
import { countUnprinted, customersOf, noteCounted, stopOf, takeState } from './printer-stops.ts';
import { isRushed, learnStrain, strained, takeAmbient } from './printer-strain.ts';
import { hasRunLow, isFed, takeCharge, takeSupply } from './printer-supply.ts';

/** Rates that a bad roll raises for as long as it lasts. */
const PAPER = [RETRIES, JAMS, BLOCKED];
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
  gauges: PRINTER_GAUGES,
  rates: PRINTER_RATES,
  totals: TOTALS,
  scratch: PRINTER_SCRATCH,
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
    if (p.head_temp_c !== undefined && !isRushed(block)) {
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
    const mm = block.delta(PRINTED, p.printed_mm_total);
    const jobs = block.delta(JOBS, p.jobs_total);
    const retries = block.delta(RETRIED, p.retries_total);
    const jams = block.delta(JAMMED, p.jams_total);
    const overheats = block.delta(OVERHEATED, p.overheats_total);
    const cuts = block.delta(CUTS, p.cuts_total);
    const cutterErrors = block.delta(CUTTER_FAILED, p.cutter_errors_total);
    const lowVoltage = block.delta(STOPPED, p.low_voltage_stops_total);
    if (block.delta(8, p.paper_outs_total) > 0) newRoll(block, PAPER_FROM);
    countUnprinted(block, customersOf(block, c), Math.max(mm, jobs, cuts));
    const isLow = hasRunLow(block);
    noteCounted(block);
    // One total that stepped back means that the others may have too: the message only sets the new footing.
    if (Math.min(mm, jobs, retries, jams, overheats, cuts, cutterErrors, lowVoltage) < 0) return;
    const use = receiptsOf(block, p, mm, jobs, cuts);
    // Far more errors than jobs allow are a slip of the counter, not a bad day: no job is tried ten times.
    if (Math.max(retries, jams, overheats, lowVoltage) > use * 10 + 20) return;
    // What is left out now and then is told by the next message that has it; the work was done meanwhile.
    if (block.told(RETRIED)) block.rate(RETRIES, Math.min(retries, use * 4 + 4), use);
    if (block.told(JAMMED)) block.rate(JAMS, Math.min(jams, use + 4), use);
    followPaper(block, PAPER_FROM, PAPER, use, retries + jams);
    learnStrain(block, use, hours);
    // How busy it is shows an hour late: what stopped it while it became so is the rush's, too.
    if (strained(block)) block.discardRate(OVERHEATS);
    else if (block.told(OVERHEATED)) block.rate(OVERHEATS, Math.min(overheats, use + 4), use);
    // A head that is fed from the pack stops when that is empty: somebody has not charged it.
    if (block.told(STOPPED) && !(isLow && isFed(block))) block.rate(LOW_VOLTAGE, Math.min(lowVoltage, use + 4), use);
    if (block.told(CUTTER_FAILED)) {
      const good = p.cuts_total !== undefined && !block.isFull(CUTS) ? cuts : use;
      // Until a jam is cleared every try fails, and no cut succeeds between two of them: there were no more jams than good cuts, and one.
      block.rate(CUTTER, Math.min(block.events(CUTTER, cutterErrors), good + 1), good);
    }
  },

  event(block: Block, event): void {
    if (event.type === 'paper_loaded') newRoll(block, PAPER_FROM);
    if (event.type !== 'cleaned' && event.type !== 'paper_loaded') return;
    // Cleaning takes dirt away, not wear: rates start over, the head's own gauges go on.
    if (event.type === 'cleaned') for (const rate of PAPER) block.calmRate(rate);
    block.setScratch(BAD_STATE, 0);
  },

  weigh(block, gauges, rates, group) {
    const cutter = rates[CUTTER];
    if (cutter === undefined) return { gauges, rates };
    const weighed = rates.slice();
    weighed[CUTTER] = besidePaper(cutter, surelyTroubled(block, PAPER_FROM), block.viewRate(RETRIES, group).base);
    return { gauges, rates: weighed };
  },

  pace: (block, rate) => (PAPER.includes(rate) ? paperPace(block, PAPER_FROM, PAPER) : 1),

  openQuestion: (block, mode) => mode === 'paper_feed' && rollWillTell(block, PAPER_FROM),

  failed: stopOf,
};

/** Receipts since the last counters, by the first counter of work that is not full; none where all are: errors without receipts are not judged. */
function receiptsOf(block: Block, p: NonNullable<Counters['printer']>, mm: number, jobs: number, cuts: number): number {
  if (p.jobs_total !== undefined && !block.isFull(JOBS)) return jobs;
  return p.printed_mm_total !== undefined && !block.isFull(PRINTED) ? mm / RECEIPT_MM : cuts;
}
