import type { Counters } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';

const CHIP = 0;
const SWIPE = 1;
const TAP = 2;

/** A reader's method has failed when nine reads in ten fail. */
const DEAD = 0.9;

/** Share of reads that fail, method by method. */
export const reader: Detector = {
  component: 'reader',
  bucketMs: 1.5 * HOUR,
  learnBuckets: 28,
  holdDays: 1.1,
  carried: 0.9,
  fullLevel: 0.16,
  wellDays: 1.5,
  horizonDays: 12,
  gauges: [],
  rates: [
    {
      metric: 'reader.chip_fail_total',
      per: 'chip read',
      absolute: true,
      reach: DEAD,
      reachSd: 0.35,
      prior: 0.02,
      priorUnits: 60,
      rise: 0.03,
      units: 6,
      describe: 'failed chip reads',
    },
    {
      metric: 'reader.swipe_fail_total',
      per: 'swipe',
      absolute: true,
      reach: DEAD,
      reachSd: 0.35,
      prior: 0.03,
      priorUnits: 40,
      rise: 0.05,
      units: 4,
      describe: 'failed swipes',
    },
    {
      metric: 'reader.tap_fail_total',
      per: 'tap',
      absolute: true,
      reach: DEAD,
      reachSd: 0.35,
      prior: 0.02,
      priorUnits: 60,
      rise: 0.03,
      units: 6,
      // An antenna has no contacts that get dirty: what is innocent is a customer with a dead card, who is gone within a bucket or two.
      allowance: 12,
      most: 4.5,
      describe: 'failed taps',
    },
  ],
  totals: ['chip_ok_total', 'chip_fail_total', 'swipe_ok_total', 'swipe_fail_total', 'tap_ok_total', 'tap_fail_total'],
  scratch: 0,
  modes: [
    {
      mode: 'contact_wear',
      gauges: [],
      rates: [CHIP, SWIPE],
      cost: 'Chip cards will not be read any more: customers are turned away or pay by signature.',
    },
    { mode: 'tap_fault', gauges: [], rates: [TAP], cost: 'Contactless payment will stop working.' },
  ],

  concerns: (payload) => 'reader' in payload && payload.reader !== undefined,

  counters(block: Block, c: Counters): void {
    const r = c.reader;
    if (!r) return;
    const d = [
      r.chip_ok_total,
      r.chip_fail_total,
      r.swipe_ok_total,
      r.swipe_fail_total,
      r.tap_ok_total,
      r.tap_fail_total,
    ].map((total, i) => block.delta(i, total));
    if (Math.min(...d) < 0) return;
    if (r.chip_ok_total !== undefined && r.chip_fail_total !== undefined) block.rate(CHIP, d[1]!, d[0]! + d[1]!);
    if (r.swipe_ok_total !== undefined && r.swipe_fail_total !== undefined) block.rate(SWIPE, d[3]!, d[2]! + d[3]!);
    if (r.tap_ok_total !== undefined && r.tap_fail_total !== undefined) block.rate(TAP, d[5]!, d[4]! + d[5]!);
  },
};
