import type { HardwareModel } from '../hardware.ts';
import type { Random } from '../random.ts';

export type Bearer = HardwareModel['bearers'][number];

/** A terminal's way to its host: radio or cable, SIM, and the session over it. Progress of faults comes from outside. */
export interface NetworkState {
  bearer: Bearer | 'none';
  /** Index of the serving cell among the store's cells, and of the access point. */
  cell: number;
  ap: number;
  /** Received power where it stands, without shadowing: dBm. */
  rsrp: number;
  rssi: number;
  /** Slow shadowing (people, doors, shelves), dB. */
  shadow: number;
  /** Measured each step. */
  sinr: number;
  rsrq: number;
  rttMs: number;
  lossPct: number;
  up: boolean;
  /** Minutes until a re-attach or a person's reset brings a broken link back. */
  downMin: number;
  broken: '' | 'offline' | 'sim_wear';
  signal: number;
  interference: number;
  simWear: number;
  congestion: number;
  reconnects: number;
  reattaches: number;
  txFail: number;
  dnsFail: number;
  bytesUp: number;
  bytesDown: number;
}

export interface NetworkLoad {
  readonly minutes: number;
  readonly sales: number;
  readonly cellLoad: number;
  readonly lineLoad: number;
  /** The store's line, the carrier or the host is away: nothing on the terminal is broken. */
  readonly lineDown: boolean;
  readonly carrierDown: boolean;
  readonly hostDown: boolean;
}

export function newNetwork(model: HardwareModel, cells: number, aps: number, random: Random): NetworkState {
  return {
    bearer: model.bearers[0] ?? 'none',
    cell: random.int(cells),
    ap: random.int(aps),
    // Indoors at street level: good to fair by the usual bands (−80 excellent, −90 good, −100 fair, −110 poor; Teltonika's wiki).
    rsrp: Math.max(-104, Math.min(-70, -88 + 7 * random.normal())),
    rssi: Math.max(-71, Math.min(-40, -56 + 6 * random.normal())),
    shadow: 0,
    sinr: 15,
    rsrq: -10,
    rttMs: 60,
    lossPct: 0,
    up: true,
    downMin: 0,
    broken: '',
    signal: 0,
    interference: 0,
    simWear: 0,
    congestion: 0,
    reconnects: 0,
    reattaches: random.int(40),
    txFail: 0,
    dnsFail: 0,
    bytesUp: 0,
    bytesDown: 0,
  };
}

/** How far the antenna's loss has come, dB: a loosening connector costs little for long, then everything. */
function antennaLoss(state: NetworkState): number {
  const p = state.signal;
  const start = state.bearer === 'wifi' ? state.rssi : state.rsrp;
  const end = state.bearer === 'wifi' ? -91 : -124;
  return Math.max(8, start - end) * (0.3 * p + 0.7 * p * p * p);
}

/** Reference power as received now, dBm. */
export function powerOf(state: NetworkState): number {
  return (state.bearer === 'wifi' ? state.rssi : state.rsrp) - antennaLoss(state) + state.shadow;
}

/** Runs the link for some minutes and answers how many of the step's transmissions failed; `up` says how it ended. */
export function stepNetwork(state: NetworkState, load: NetworkLoad, random: Random): number {
  const { minutes } = load;
  const radio = state.bearer === 'lte' || state.bearer === 'nr';
  // Shadowing: first-order Gauss–Markov with 2.2 dB and half an hour (Gudmundson 1991 gives the form; a loose connector adds its own).
  const keep = Math.exp(-minutes / 30);
  const spread = (2.2 + 2.6 * state.signal) * (state.bearer === 'wifi' ? 1.15 : 1);
  state.shadow = state.shadow * keep + spread * Math.sqrt(1 - keep * keep) * random.normal();

  const p = state.congestion;
  const wifi = state.bearer === 'wifi';
  let busy = radio ? load.cellLoad : load.lineLoad;
  // Shared air or line filling up: the peak goes first, the night stays clean.
  if (p > 0) busy = Math.min(1.04, busy * (1 + 0.9 * p) + 0.14 * p * p);

  let quality: number;
  if (radio) {
    const noise = state.interference * (5 + 22 * state.interference * state.interference);
    quality = Math.min(27, powerOf(state) + 111 - 7 * busy - noise + 1.2 * random.normal());
    state.sinr = quality;
    state.rsrq = Math.max(
      -28,
      Math.min(-5, -7.8 - 6.5 * busy - 0.42 * Math.max(0, 9 - quality) + 0.5 * random.normal()),
    );
  } else if (wifi) {
    const noise = state.interference * (5 + 24 * state.interference * state.interference);
    quality = powerOf(state) + 84 - 4 * busy - noise;
  } else {
    quality = 30;
  }
  // Loss climbs where coding gives up, around −3 dB; a busy queue drops too. RTT: base, retransmissions, queueing (M/M/1).
  const air = 1 / (1 + Math.exp(Math.min(30, (quality + 2.6) * 0.72)));
  const queue = busy > 0.9 ? (busy - 0.9) * 5.2 : 0;
  const loss = Math.min(1, air + queue + 0.0008);
  const base = radio ? (state.bearer === 'nr' ? 34 : 52) : wifi ? 24 : 13;
  const wait = (base * 0.5 * busy) / Math.max(0.03, 1 - busy);
  state.rttMs = Math.max(4, (base + wait) * (1 + 3.5 * Math.min(0.8, loss)) * Math.exp(0.16 * random.normal()));
  state.lossPct = Math.min(100, (random.binomial(50, loss) / 50) * 100);

  const hours = minutes / 60;
  let downtime = 0;
  if (radio && state.simWear > 0) {
    // Worn SIM flash: files are read again and again, the modem re-attaches ever more often (assumption on the course;
    // SIM flash is rated 100–500 k writes a cell).
    const churn = random.poisson(hours * 0.03 * Math.exp(5.9 * state.simWear));
    state.reattaches += churn;
    state.reconnects += random.binomial(churn, 0.7);
    downtime += churn * random.range(0.3, 1.4);
    if (state.simWear > 0.85 && random.chance(hours * 0.09 * (state.simWear - 0.85) * 8)) state.broken = 'sim_wear';
  }
  if (radio && random.chance(hours * 0.012)) state.reattaches++;
  const shaky = random.poisson(hours * (0.015 + 14 * Math.max(0, loss - 0.03) ** 1.5));
  state.reconnects += shaky;
  downtime += shaky * 0.3;

  const away = (radio ? load.carrierDown : load.lineDown) || load.hostDown;
  if (state.broken !== '' || away || loss > 0.62 || (radio && powerOf(state) < -127)) {
    state.up = false;
    state.downMin = 0;
  } else if (state.downMin > minutes) {
    state.downMin -= minutes;
    state.up = false;
  } else {
    state.downMin = 0;
    state.up = true;
    if (downtime > minutes * 0.8) {
      state.downMin = downtime;
      state.up = false;
    }
  }
  const share = state.up ? Math.min(1, loss * loss * 4 + Math.min(0.9, downtime / minutes) * 0.8) : 1;
  const failed = random.binomial(load.sales, share);
  // Background traffic: a few calls an hour besides sales.
  state.txFail += failed + random.binomial(random.poisson(hours * 6), share);
  if (random.chance(hours * (0.02 + (state.up ? 4 * loss : 1.5)))) state.dnsFail++;
  if (state.up) {
    state.bytesUp += Math.round(load.sales * 2100 + hours * 52_000);
    state.bytesDown += Math.round(load.sales * 3300 + hours * 38_000);
  }
  return failed;
}
