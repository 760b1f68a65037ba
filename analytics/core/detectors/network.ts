import type { Counters, Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import type { Detector } from '../detector.ts';
import { HOUR } from '../time.ts';

const SIGNAL = 0;
const SINR = 1;
const RSRQ = 2;
const RTT = 3;
const LOSS = 4;
const BUFFERED = 5;
const RECONNECTS = 0;
const REATTACHES = 1;
const TX_FAIL = 2;
const DNS_FAIL = 3;

/** Scratch: hash of where the link is attached (bearer and cell or access point), a candidate for a new place, and buckets it has held. */
const PLACE = 0;
const CANDIDATE = 1;
const HELD_SINCE = 2;

/** Levels below which a link does not hold: dBm of LTE/NR reference signal and of wifi (3GPP TS 36.133 reporting range; 802.11 practice). */
const LTE_FLOOR = -124;
const WIFI_FLOOR = -90;

const square = (x: number): number => x * x;

/** Signal, quality, latency, loss and attach churn apart, each against the link's own habit and what its cell and site share. */
export const network: Detector = {
  component: 'network',
  bucketMs: HOUR / 2,
  learnBuckets: 48,
  holdDays: 0.11,
  wellDays: 0.4,
  horizonDays: 5,
  gauges: [
    {
      metric: 'network.rsrp_dbm',
      dir: -1,
      reach: (base) => Math.max(10, base),
      reachSd: 0.4,
      floor: 2,
      diurnal: true,
      common: true,
      least: 0.2,
      describe: 'signal above the point where the link is lost, dB',
    },
    {
      metric: 'network.sinr_db',
      dir: -1,
      reach: (base) => Math.max(8, base + 6),
      reachSd: 0.35,
      floor: 1.6,
      diurnal: true,
      common: true,
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
      least: 0.2,
      describe: 'signal quality',
    },
    {
      metric: 'network.rtt_ms',
      dir: 1,
      reach: 2.2,
      reachSd: 0.45,
      floor: 0.16,
      diurnal: true,
      common: true,
      least: 0.2,
      describe: 'round trip to the payment host',
      show: Math.exp,
    },
    {
      metric: 'network.loss_pct',
      dir: 1,
      reach: 6,
      reachSd: 0.4,
      floor: 0.5,
      diurnal: true,
      common: true,
      least: 0.15,
      describe: 'probes lost',
      show: square,
    },
    {
      metric: 'network.buffered',
      dir: 1,
      reach: 5,
      reachSd: 0.6,
      floor: 0.7,
      common: true,
      least: 0.25,
      describe: 'messages waiting',
      show: Math.expm1,
    },
  ],
  rates: [
    {
      metric: 'network.reconnects_total',
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
      per: 'hour',
      reach: 20,
      reachSd: 0.9,
      prior: 0.2,
      priorUnits: 6,
      rise: 1,
      units: 0.4,
      describe: 'failed transmissions',
    },
    {
      metric: 'network.dns_fail_total',
      per: 'hour',
      reach: 10,
      reachSd: 0.9,
      prior: 0.1,
      priorUnits: 6,
      rise: 0.8,
      units: 0.4,
      describe: 'failed name look-ups',
    },
  ],
  totals: ['reconnects_total', 'reattaches_total', 'tx_fail_total', 'dns_fail_total'],
  scratch: 3,
  modes: [
    {
      mode: 'signal_degradation',
      gauges: [SIGNAL, SINR],
      rates: [],
      sharedGauges: [LOSS, RSRQ, BUFFERED],
      sharedRates: [RECONNECTS, TX_FAIL],
      cost: 'The link will drop and card payments with it.',
    },
    {
      mode: 'sim_wear',
      gauges: [],
      rates: [REATTACHES],
      sharedGauges: [LOSS],
      sharedRates: [RECONNECTS, TX_FAIL],
      cost: 'The SIM will be lost by the modem and the terminal stay off the network.',
    },
    {
      mode: 'congestion',
      gauges: [RTT],
      rates: [DNS_FAIL],
      sharedGauges: [LOSS, RSRQ, BUFFERED],
      sharedRates: [RECONNECTS, TX_FAIL],
      usual: true,
      cost: 'Payments will time out at the till.',
    },
  ],

  concerns: (payload) => payload.network !== undefined,

  heartbeat(block: Block, hb: Heartbeat): void {
    const n = hb.network;
    if (!n || n.bearer === 'none') return;
    followPlace(block, n);
    const signal = n.bearer === 'wifi' ? n.rssi_dbm : (n.rsrp_dbm ?? n.rssi_dbm);
    if (signal !== undefined && signal < 0)
      block.gauge(SIGNAL, signal - (n.bearer === 'wifi' ? WIFI_FLOOR : LTE_FLOOR));
    if (n.sinr_db !== undefined) block.gauge(SINR, n.sinr_db);
    if (n.rsrq_db !== undefined) block.gauge(RSRQ, n.rsrq_db);
    if (n.rtt_ms !== undefined) block.gauge(RTT, Math.log(Math.max(1, n.rtt_ms)));
    if (n.loss_pct !== undefined) block.gauge(LOSS, Math.sqrt(n.loss_pct));
    if (n.buffered !== undefined) block.gauge(BUFFERED, Math.log1p(n.buffered));
  },

  counters(block: Block, c: Counters, hours: number): void {
    const n = c.network;
    if (!n) return;
    const reconnects = block.delta(0, n.reconnects_total);
    const reattaches = block.delta(1, n.reattaches_total);
    const txFail = block.delta(2, n.tx_fail_total);
    const dnsFail = block.delta(3, n.dns_fail_total);
    if (Math.min(reconnects, reattaches, txFail, dnsFail) < 0) return;
    // After a long silence the hours say little of how long the link was tried: they count for an hour at most.
    const use = Math.min(hours, 1);
    if (n.reconnects_total !== undefined) block.rate(RECONNECTS, reconnects, use);
    if (n.reattaches_total !== undefined) block.rate(REATTACHES, reattaches, use);
    if (n.tx_fail_total !== undefined) block.rate(TX_FAIL, txFail, use);
    if (n.dns_fail_total !== undefined) block.rate(DNS_FAIL, dnsFail, use);
  },
};

/** A link that moves to another bearer, cell or access point and stays there has another habit: it is learned anew. */
function followPlace(block: Block, n: NonNullable<Heartbeat['network']>): void {
  const place = hash(`${n.bearer ?? ''}/${n.bearer === 'wifi' ? (n.bssid ?? '') : (n.cell ?? '')}`);
  const known = block.scratch(PLACE);
  if (known === place) {
    block.setScratch(CANDIDATE, 0);
    return;
  }
  if (known === 0) {
    block.setScratch(PLACE, place);
    return;
  }
  if (block.scratch(CANDIDATE) !== place) {
    block.setScratch(CANDIDATE, place);
    block.setScratch(HELD_SINCE, block.day);
    return;
  }
  if (block.day - block.scratch(HELD_SINCE) < 3 / 24) return;
  block.setScratch(PLACE, place);
  block.setScratch(CANDIDATE, 0);
  for (const gauge of [SIGNAL, SINR, RSRQ, RTT]) block.resetGauge(gauge);
}

/** A small hash that a 32-bit float holds exactly; 0 is kept for "none". */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return ((h >>> 0) % 0xff_fffe) + 1;
}
