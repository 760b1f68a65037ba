import { BEARERS } from '../../../contract/metrics.ts';
import type { Birth, Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { type Detector, FLOAT } from '../detector.ts';
import { HOUR } from '../time.ts';
import { isLost, weighLink } from './link-evidence.ts';

const SIGNAL = 0;
const SINR = 1;
const RSRQ = 2;
const RTT = 3;
const LOSS = 0;
const RECONNECTS = 1;
const REATTACHES = 2;
const TX_FAIL = 3;
const DNS_FAIL = 4;
const GAUGES = 4;
/** Where attaches stand among its totals. */
const ATTACHED = 1;
/** Round trips as far as they are no queue's: what `weigh` answers beside the gauges that are kept. */
const RESENT = GAUGES;

/** Probes that a heartbeat's share of loss stands for; none says how many it was. */
const PROBES = 20;
/** Round trips from here on are time-outs, which loss tells of. */
const TIMEOUT_MS = 15_000;

/** Round trips below this are not told apart: nobody waits for them. */
const UNFELT_MS = 60;

/** Scratch: the usual bearer (its code; negative where a mobile signal is told as the power of its whole band), when last seen on it, and beats on another since. */
const HOME = 0;
const SEEN = 1;
const ELSEWHERE = 2;

/** What HOME holds for a terminal on wifi, on a cable, and where none was ever told. */
const WIFI = codeOf('wifi');
const ETHERNET = codeOf('ethernet');
const UNTOLD = 1;

const LINK = {
  signal: [SIGNAL, SINR],
  rtt: RTT,
  loss: LOSS,
  reconnects: RECONNECTS,
  attaches: REATTACHES,
  losses: [LOSS, RECONNECTS, TX_FAIL, DNS_FAIL],
};

/** Levels below which a link does not hold: dBm of LTE/NR reference signal and of wifi (3GPP TS 36.133 reporting range; 802.11 practice). */
const LTE_FLOOR = -124;
const WIFI_FLOOR = -90;
/** The power of a whole band is that of 300 to 600 reference signals: 25 to 28 dB more. */
const BAND_FLOOR = -98;
/** dB above that from which a signal is no longer weak, and over how many it becomes so; errors that a weak one is used to, as a multiple. */
const SOUND_DB = 16;
const WEAKENS_DB = 8;
const WEAK_TIMES = 4;
/** Days on an older network after which it is there to stay: cells are worked on for a day or two, and what was known of the link is worth keeping. */
const FALLBACK = 3;
/** dB below its own habit from which losses are no longer the place's, but the fall's. */
const FALLEN_DB = 6;
/** dB below its habit at which a weak signal has faded for an hour or two, as it does. */
const FADED_DB = 2.5;

/** Signal, quality, latency, loss and attach churn apart, each against the link's own habit and what its cell and site share. */
export const network: Detector = {
  component: 'network',
  bucketMs: HOUR / 2,
  liveOnly: true,
  learnBuckets: 96,
  holdDays: 0.11,
  carried: 0.45,
  fullLevel: 0.34,
  // What is crowded or jammed is so at its hours, and not on every day.
  wellDays: 2,
  horizonDays: 5,
  gauges: [
    {
      metric: 'network.rsrp_dbm',
      // A weaker signal that costs no packet is a place, not yet a fault.
      alone: 0.66,
      costs: true,
      // A sixteenth of the power, and ever less.
      grave: 12,
      holdDays: 0.14,
      dir: -1,
      reach: (base) => Math.max(16, base),
      reachSd: 0.4,
      floor: 2,
      diurnal: true,
      common: true,
      steps: true,
      least: 0.2,
      describe: 'signal, dBm',
      show: (above, block) => above + floorOf(block),
      metricOn: (block) => (floorOf(block) === LTE_FLOOR ? 'network.rsrp_dbm' : 'network.rssi_dbm'),
    },
    {
      metric: 'network.sinr_db',
      alone: 0.66,
      costs: true,
      grave: 10,
      echoes: true,
      holdDays: 0.14,
      dir: -1,
      reach: (base) => Math.max(10, base + 6),
      reachSd: 0.35,
      floor: 1.6,
      diurnal: true,
      common: true,
      steps: true,
      least: 0.2,
      describe: 'signal to noise',
    },
    {
      metric: 'network.rsrq_db',
      dir: -1,
      reach: (base) => Math.max(6, base + 20),
      reachSd: 0.35,
      floor: 1,
      diurnal: true,
      common: true,
      steps: true,
      least: 0.2,
      describe: 'signal quality',
    },
    {
      metric: 'network.rtt_ms',
      alone: 0.7,
      dir: 1,
      // Payments time out at seconds, however fast the line was: a fast one has further to go.
      reach: (base) => Math.max(1.8, Math.min(3.2, Math.log(700) - base)),
      reachSd: 0.45,
      floor: 0.16,
      diurnal: true,
      common: true,
      steps: true,
      least: 0.2,
      describe: 'round trip to the payment host',
      show: Math.exp,
    },
  ],
  rates: [
    {
      metric: 'network.loss_pct',
      allowance: 14,
      absolute: true,
      per: 'probe',
      reach: 0.5,
      reachSd: 0.5,
      prior: 0.004,
      priorUnits: 300,
      rise: 0.06,
      units: 40,
      describe: 'probes lost',
    },
    {
      metric: 'network.reconnects_total',
      // A spell of loss raises these with it: one disturbance, one allowance.
      pool: LOSS,
      absolute: true,
      steps: true,
      per: 'hour',
      reach: 6,
      reachSd: 0.9,
      prior: 0.05,
      priorUnits: 10,
      rise: 0.35,
      units: 0.4,
      describe: 'sessions opened again',
    },
    {
      metric: 'network.reattaches_total',
      allowance: 9,
      holdDays: 0.2,
      per: 'hour',
      reach: 5,
      reachSd: 0.9,
      prior: 0.03,
      priorUnits: 10,
      rise: 0.25,
      units: 0.4,
      describe: 'attaches to the mobile network',
    },
    {
      metric: 'network.tx_fail_total',
      pool: LOSS,
      per: 'hour',
      reach: 8,
      reachSd: 0.9,
      prior: 0.2,
      priorUnits: 6,
      rise: 1,
      units: 0.4,
      describe: 'failed transmissions',
    },
    {
      metric: 'network.dns_fail_total',
      pool: LOSS,
      per: 'hour',
      reach: 10,
      reachSd: 0.9,
      prior: 0.1,
      priorUnits: 6,
      rise: 1.5,
      units: 0.4,
      describe: 'failed name look-ups',
    },
  ],
  totals: ['reconnects_total', 'reattaches_total', 'tx_fail_total', 'dns_fail_total'],
  // A code of either sign, a day, a count.
  scratch: [-1, FLOAT, 1],
  modes: [
    {
      mode: 'signal_degradation',
      usual: true,
      gauges: [SIGNAL, SINR],
      rates: [],
      sharedGauges: [RSRQ],
      sharedRates: [LOSS, RECONNECTS, TX_FAIL, DNS_FAIL, REATTACHES],
      cost: 'The link will drop and card payments with it.',
    },
    {
      mode: 'sim_wear',
      backedOnly: true,
      yieldsTo: ['signal_degradation'],
      gauges: [],
      rates: [REATTACHES],
      sharedRates: [LOSS, RECONNECTS, TX_FAIL],
      cost: 'The SIM will be lost by the modem and the terminal stay off the network.',
    },
    {
      mode: 'congestion',
      yieldsTo: ['signal_degradation', 'sim_wear'],
      gauges: [RTT],
      rates: [],
      sharedGauges: [RSRQ],
      sharedRates: [LOSS, RECONNECTS, TX_FAIL, DNS_FAIL],
      cost: 'Payments will time out at the till.',
    },
    {
      // Sessions are lost again and again while signal, SIM and latency are as they were: the modem, a cable, a port, a router.
      mode: 'offline',
      remainder: true,
      yieldsTo: ['signal_degradation', 'sim_wear', 'congestion'],
      gauges: [RESENT],
      rates: [RECONNECTS],
      sharedRates: [LOSS, TX_FAIL, DNS_FAIL],
      cost: 'The link will stay down: no card payment will go through.',
    },
  ],

  concerns: (payload) => payload.network !== undefined,

  weighed: 1,

  weigh(block, gauges, rates, isAlone) {
    const isSound = block.viewGauge(SIGNAL).now >= SOUND_DB;
    const weighed = weighLink(gauges, rates, LINK, isAlone && isFixed(block), isSound);
    if (isFixed(block) || block.told(ATTACHED) || isLost(rates[LOSS])) return weighed;
    // A modem that does not count its attaches: sessions that are opened again while no packet is lost between are all that shows of them.
    const sessions = weighed.rates[RECONNECTS];
    return {
      gauges: weighed.gauges.map((v, i) => (i === RESENT ? undefined : v)),
      rates: weighed.rates.map((v, i) => (i === REATTACHES ? sessions : i === RECONNECTS ? undefined : v)),
    };
  },

  birth(block: Block, birth: Birth): void {
    // Where it has but one way to the host, its messages need not say which.
    const [only, second] = birth.network?.bearers ?? [];
    if (only === undefined || second !== undefined || homeOf(block) > UNTOLD) return;
    if (codeOf(only) > UNTOLD) onHomeBearer(block, only);
  },

  fails: (block, mode) => homeOf(block) !== ETHERNET || (mode !== 'signal_degradation' && mode !== 'sim_wear'),

  heartbeat(block: Block, hb: Heartbeat): void {
    const n = hb.network;
    if (!n || n.bearer === 'none') return;
    const bearer = n.bearer ?? (n.bssid === undefined ? undefined : 'wifi');
    if (!onHomeBearer(block, bearer, toldOf(n, bearer))) return;
    const onWifi = homeOf(block) === WIFI;
    const ofBand = !onWifi && n.rsrp_dbm === undefined;
    const signal = onWifi ? n.rssi_dbm : (n.rsrp_dbm ?? n.rssi_dbm);
    if (signal !== undefined && signal < 0) {
      block.setScratch(HOME, ofBand ? -homeOf(block) : homeOf(block));
      block.gauge(SIGNAL, signal - floorOf(block));
    }
    if (n.sinr_db !== undefined) block.gauge(SINR, n.sinr_db);
    if (n.rsrq_db !== undefined) block.gauge(RSRQ, n.rsrq_db);
    if (n.rtt_ms !== undefined && n.rtt_ms < TIMEOUT_MS && !isFaded(block, signal))
      block.gauge(RTT, Math.log(Math.max(UNFELT_MS, n.rtt_ms)));
    if (n.loss_pct !== undefined) block.rate(LOSS, ((n.loss_pct / 100) * PROBES) / weakness(block, n.loss_pct), PROBES);
  },

  counters(block: Block, c: Counters, hours: number): void {
    const n = c.network;
    if (!n) return;
    const reconnects = block.delta(0, n.reconnects_total);
    const reattaches = block.delta(ATTACHED, n.reattaches_total);
    const txFail = block.delta(2, n.tx_fail_total);
    const dnsFail = block.delta(3, n.dns_fail_total);
    if (Math.min(reconnects, reattaches, txFail, dnsFail) < 0) return;
    // After a long silence the hours say little of how long the link was tried: they count for an hour at most.
    const use = Math.min(hours, 1);
    const weak = weakness(block, reconnects + reattaches + txFail + dnsFail);
    // What is left out now and then is told by the next message that has it; the link was tried meanwhile.
    if (block.told(0)) block.rate(RECONNECTS, reconnects / weak, use);
    if (block.told(ATTACHED)) block.rate(REATTACHES, reattaches / weak, use);
    if (block.told(2)) block.rate(TX_FAIL, txFail / weak, use);
    if (block.told(3)) block.rate(DNS_FAIL, dnsFail / weak, use);
  },
};

/**
 * How many times the errors of a good link this one makes because of where it stands. Near the level at which a link does not hold, a few
 * dB of ordinary fading lose packets by the hour: a stable but weak link errs many times as often as a sound one, and none of it says that
 * a part fails. It is the habit that makes a place weak: what a signal loses on its way down from there is the fall's. 1 where nothing was lost.
 */
function weakness(block: Block, lost: number): number {
  if (lost === 0) return 1;
  const base = block.baseOf(SIGNAL);
  if (base === 0 || base >= SOUND_DB) return 1;
  const weak = Math.min(1, (SOUND_DB - base) / WEAKENS_DB);
  const fallen = Math.min(1, Math.max(0, (base - block.viewGauge(SIGNAL).now - FALLEN_DB) / 4));
  return 1 + WEAK_TIMES * weak * (1 - fallen);
}

/** Whether a signal that is weak by habit is below even that: round trips are slow then because packets are sent again, and say nothing of who else is on the line. */
function isFaded(block: Block, signal: number | undefined): boolean {
  if (signal === undefined || signal >= 0) return false;
  const base = block.baseOf(SIGNAL);
  return base !== 0 && base < SOUND_DB && signal - floorOf(block) < base - FADED_DB;
}

/** On a shop's line, which its tills share: a cable, or wifi. */
function isFixed(block: Block): boolean {
  return homeOf(block) === WIFI || homeOf(block) === ETHERNET;
}

function codeOf(bearer: string): number {
  return BEARERS.indexOf(bearer as (typeof BEARERS)[number]) + 2;
}

/** The usual bearer's code; 0 before its first beat. */
function homeOf(block: Block): number {
  return Math.abs(block.scratch(HOME));
}

/** Whether a mobile signal is told as its reference signal or as the power of its whole band; undefined where none is told. */
function toldOf(n: NonNullable<Heartbeat['network']>, bearer: string | undefined): 'reference' | 'band' | undefined {
  if (n.rsrp_dbm !== undefined) return 'reference';
  return n.rssi_dbm === undefined || bearer === 'wifi' ? undefined : 'band';
}

/** Whether it goes another way than it is used to, for now: what is measured there says nothing of its link. */
export function isElsewhere(block: Block): boolean {
  return block.scratch(ELSEWHERE) > 0;
}

function floorOf(block: Block): number {
  if (homeOf(block) === WIFI) return WIFI_FLOOR;
  return block.scratch(HOME) < 0 ? BAND_FLOOR : LTE_FLOOR;
}

/**
 * A link that changes its bearer has another habit, which is learned anew once it has stayed for hours. Cells and access points change
 * without that: a failing antenna hops too, and a step without growth raises nothing.
 */
function onHomeBearer(block: Block, bearer: string | undefined, told?: 'reference' | 'band'): boolean {
  const home = homeOf(block);
  // What is not told is as it was.
  const code = bearer === undefined ? home || UNTOLD : codeOf(bearer);
  const isFixedLine = code === WIFI || code === ETHERNET;
  // The older network that a phone falls back to has no reference signal to tell, and twice the round trips.
  const isOlder =
    told !== undefined && !isFixedLine && block.baseOf(SIGNAL) !== 0 && (told === 'band') !== block.scratch(HOME) < 0;
  if (home === 0 || (home === code && !isOlder)) {
    if (home === 0) block.setScratch(HOME, code);
    block.setScratch(SEEN, block.day);
    block.setScratch(ELSEWHERE, 0);
    return true;
  }
  block.setScratch(ELSEWHERE, block.scratch(ELSEWHERE) + 1);
  const stays = isOlder && home === code ? FALLBACK : 6 / 24;
  const isKnown = home !== UNTOLD || isOlder;
  if (isKnown && (block.day - block.scratch(SEEN) < stays || block.scratch(ELSEWHERE) < 6)) return false;
  block.setScratch(HOME, told === 'band' && !isFixedLine ? -code : code);
  block.setScratch(SEEN, block.day);
  for (let gauge = 0; gauge < GAUGES; gauge++) block.resetGauge(gauge);
  return true;
}
