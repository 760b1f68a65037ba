import type { Birth, Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';
import {
  floorOf,
  isFixed,
  isOnCable,
  isOnWifi,
  LINK_SCRATCH,
  LTE_FLOOR,
  noteTold,
  onHomeBearer,
  takeBearers,
  toldOf,
  UNATTACHED,
  UNOPENED,
} from './link-bearer.ts';
import { breakMinutes, noteBreak, noteSessions } from './link-breaks.ts';
import { heardOf, isLost, unheardOf, weighLink } from './link-evidence.ts';
import { faintness, noteLost, noteSignal } from './link-faint.ts';
import { noteRestarts, withoutRestarts } from './link-restarts.ts';
import { noteCell } from './link-travel.ts';
import { isFaded, isSound, travels, weakness } from './link-weakness.ts';
import {
  ATTACHED,
  DNS_FAIL,
  GAUGES,
  LOSS,
  RATES,
  REATTACHES,
  RECONNECTS,
  RESTARTS,
  RSRQ,
  RTT,
  SIGNAL,
  SINR,
  TIMEOUT_MS,
  TX_FAIL,
} from './network-channels.ts';

/** Round trips as far as they are no queue's: what `weigh` answers beside the gauges that are kept. */
const RESENT = GAUGES;
/** Attaches as far as the signal is why: what `weigh` answers beside the rates that are kept. */
const UNHEARD = RATES;

/** Probes that a heartbeat's share of loss stands for; none says how many it was. */
const PROBES = 20;

/** Round trips below this are not told apart: nobody waits for them. */
const UNFELT_MS = 60;

const LINK = {
  signal: [SIGNAL, SINR],
  rtt: RTT,
  loss: LOSS,
  reconnects: RECONNECTS,
  attaches: REATTACHES,
  losses: [LOSS, RECONNECTS, TX_FAIL, DNS_FAIL],
  failed: [TX_FAIL, DNS_FAIL],
};

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
      // A modem that has lost its cell tries again every minute: one event, too.
      allowance: 5.5,
      renewDays: 0.08,
      asked: true,
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
  totals: ['reconnects_total', 'reattaches_total', 'tx_fail_total', 'dns_fail_total', 'reboots_total'],
  scratch: LINK_SCRATCH,
  modes: [
    {
      mode: 'signal_degradation',
      usual: true,
      gauges: [SIGNAL, SINR],
      rates: [UNHEARD],
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
  weighedRates: 1,

  weigh(block, gauges, rates, group) {
    const faint = faintness(block);
    const isAlone = group.isAlone && isFixed(block);
    const weighed = weighLink(gauges, rates, LINK, {
      isAlone,
      isSound: isSound(block),
      travels: travels(block, group),
      roundTrip: Math.exp(block.viewGauge(RTT).now),
      hasOwnLine: group.isAlone === true && isOnCable(block),
      faint,
      breakMinutes: breakMinutes(block),
    });
    if (isFixed(block) || block.told(ATTACHED) || isLost(rates[LOSS])) return weighed;
    // A modem that does not count its attaches: sessions that are opened again while no packet is lost between are all that shows of them.
    const sessions = weighed.rates[RECONNECTS];
    return {
      gauges: weighed.gauges.map((v, i) => (i === RESENT ? undefined : v)),
      rates: weighed.rates.map((v, i) => {
        if (i === REATTACHES) return heardOf(sessions, faint);
        return i === UNHEARD ? unheardOf(sessions, faint) : i === RECONNECTS ? undefined : v;
      }),
    };
  },

  birth(block: Block, birth: Birth): void {
    takeBearers(block, birth.network?.bearers ?? []);
  },

  fails: (block, mode) => !isOnCable(block) || (mode !== 'signal_degradation' && mode !== 'sim_wear'),

  booted(block: Block): void {
    if (!block.told(RESTARTS)) noteRestarts(block, 1, 0);
  },

  returned: noteBreak,

  heartbeat(block: Block, hb: Heartbeat): void {
    const n = hb.network;
    if (!n || n.bearer === 'none') return;
    const bearer = n.bearer ?? (n.bssid === undefined ? undefined : 'wifi');
    if (!onHomeBearer(block, bearer, toldOf(n, bearer))) return;
    noteCell(block, n.cell);
    const signal = isOnWifi(block) ? n.rssi_dbm : (n.rsrp_dbm ?? n.rssi_dbm);
    if (signal !== undefined && signal < 0) {
      noteTold(block, n.rsrp_dbm === undefined ? 'band' : 'reference');
      noteSignal(block, signal - floorOf(block));
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
    noteRestarts(block, Math.max(0, block.delta(RESTARTS, c.system?.reboots_total)), hours);
    const reconnects = withoutRestarts(block, block.delta(0, n.reconnects_total), UNOPENED);
    const reattaches = withoutRestarts(block, block.delta(ATTACHED, n.reattaches_total), UNATTACHED);
    const txFail = block.delta(2, n.tx_fail_total);
    const dnsFail = block.delta(3, n.dns_fail_total);
    if (Math.min(reconnects, reattaches, txFail, dnsFail) < 0) return;
    if (block.told(0)) noteSessions(block, reconnects, hours);
    noteLost(block, block.told(ATTACHED) ? reattaches : reconnects);
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
