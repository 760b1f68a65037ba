import type { Counters } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';

const CHIP = 0;
const SWIPE = 1;
const TAP = 2;

const PAIRS = [
  { ok: 'chip_ok_total', fail: 'chip_fail_total', rate: CHIP },
  { ok: 'swipe_ok_total', fail: 'swipe_fail_total', rate: SWIPE },
  { ok: 'tap_ok_total', fail: 'tap_fail_total', rate: TAP },
] as const;
/** What each pair grew by: filled and read within one message. */
const GOOD = new Float64Array(PAIRS.length);
const BAD = new Float64Array(PAIRS.length);

/** A reader's method has failed when nine reads in ten fail. */
const DEAD = 0.9;

/** Share of cards that fail from bucket to bucket for no innocent reason: dirt and worn cards come to a quarter, and staff clean what is worse. */
const EVERY_SECOND = 0.5;
/** Share of taps that a metal counter beneath the reader, or a cheap radio beside it, makes fail for as long as it stands there: it is no step of a way to nine in ten. */
const DETUNED = 0.18;
/** Days for which it is a party's foreign cards, or a customer who tries all of his. */
const PARTY = 0.108;
/** Of three cards in a quiet hour two fail by chance. */
const SEVERAL = 5;
/** Good reads for each of which another failure beside them may be another customer's, what each beyond these counts for, and how many tries one customer makes at the most. */
const CUSTOMERS = 4;
const TRY_AGAIN = 1 / 5;
const MOST_TRIES = 9;

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
      plain: EVERY_SECOND,
      plainErrors: SEVERAL,
      passing: PARTY,
      units: 6,
      // One card that is tried again and again is one bad hour.
      most: 3.5,
      hurries: true,
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
      plain: EVERY_SECOND,
      plainErrors: SEVERAL,
      passing: PARTY,
      units: 4,
      hurries: true,
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
      passing: PARTY,
      innocent: DETUNED,
      hurries: true,
      describe: 'failed taps',
    },
  ],
  totals: PAIRS.flatMap(({ ok, fail }) => [ok, fail]),
  scratch: [],
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
    // Of a pair of which one was left out, the next whole message counts for both.
    let stepped = false;
    for (let i = 0; i < PAIRS.length; i++) {
      const { ok, fail } = PAIRS[i]!;
      const isWhole = r[ok] !== undefined && r[fail] !== undefined;
      GOOD[i] = isWhole ? block.delta(2 * i, r[ok]) : 0;
      BAD[i] = isWhole ? block.delta(2 * i + 1, r[fail]) : Number.NaN;
      if (GOOD[i]! < 0 || BAD[i]! < 0) stepped = true;
    }
    // One total that stepped back means that the others may have too.
    if (stepped) return;
    for (let i = 0; i < PAIRS.length; i++) {
      const bad = BAD[i]!;
      // Of a pair of which one counter is full nothing is told: failed reads without the good ones would be a dead reader.
      if (!(bad >= 0 && block.told(2 * i) && block.told(2 * i + 1))) continue;
      const { rate } = PAIRS[i]!;
      const tries = block.events(rate, bad);
      // An antenna has no innocent day but that of one card, which its buckets are held to.
      const events = rate === TAP ? tries : customersOf(tries, GOOD[i]!);
      block.rate(rate, events, GOOD[i]! + events);
    }
  },
};

/**
 * How many customers failed, of whom each may try a bad card several times, in the `failures` that one message adds beside `good` reads. As few as there may be would be one for every
 * nine failures, as many as there may be one for each: where few others were read it is sooner the same card again, and what no single customer makes counts whole.
 */
function customersOf(failures: number, good: number): number {
  const others = Math.max(1, good / CUSTOMERS);
  if (failures <= others) return failures;
  return Math.max(others + (failures - others) * TRY_AGAIN, failures - MOST_TRIES + 1);
}
