import type { Dice } from '../wild-random.ts';
import { amountOf, during, MIN, type Nuisance, type Wear } from './frame.ts';
import type { Hardware } from './hardware.ts';
import type { Cell, Shop } from './shops.ts';

/** The way to the payment host: radio or cable, minute by minute. */
export class Link {
  readonly #d: Dice;
  readonly #shop: Shop;
  readonly #cells: readonly Cell[];
  readonly #roams: boolean;
  readonly #rtt: number;
  readonly #loss: number;
  readonly #drops: number;
  readonly #bssid: string;
  readonly bearer: Hardware['bearers'][number];
  cell: Cell;
  /** How strong it hears: dBm of rsrp, or of rssi on wifi. */
  #level: number;
  #wander = 0;
  #load = 0;
  #downUntil = 0;
  #rttNow = 0;
  #lossNow = 0;
  #worn = 0;
  up = true;
  /** Lost for so many minutes. */
  downFor = 0;
  readonly counters = {
    reconnects_total: 0,
    reattaches_total: 0,
    tx_fail_total: 0,
    dns_fail_total: 0,
    bytes_up_total: 0,
    bytes_down_total: 0,
  };

  constructor(hw: Hardware, shop: Shop, cells: readonly Cell[], d: Dice) {
    this.#d = d;
    this.#shop = shop;
    this.#cells = cells.filter(({ carrier }) => carrier === shop.plan.cell.carrier);
    this.#roams = hw.form === 'vehicle';
    this.bearer = d.pick(hw.bearers);
    this.cell = shop.plan.cell;
    this.#level = this.cellular ? (d.chance(0.15) ? d.between(-113, -107) : d.between(-104, -76)) : d.between(-70, -44);
    this.#rtt = this.cellular ? d.between(55, 130) : this.bearer === 'wifi' ? d.between(22, 60) : d.between(12, 35);
    this.#loss = this.cellular ? d.between(0.1, 0.7) : d.between(0, 0.2);
    this.#drops = (this.cellular ? d.between(0.2, 1.5) : this.bearer === 'wifi' ? d.between(0.1, 0.9) : 0.08) / 1_440;
    this.#bssid = Array.from({ length: 6 }, () =>
      Math.floor(d() * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join(':');
    this.counters.reconnects_total = Math.round(d.between(10, 900));
    this.counters.bytes_up_total = Math.round(d.between(1e7, 1e9));
    this.counters.bytes_down_total = Math.round(d.between(1e7, 1e9));
  }

  get cellular(): boolean {
    return this.bearer === 'lte' || this.bearer === 'nr';
  }

  /** Moved to another place in the shop. */
  move(by: number): void {
    const [least, most] = this.cellular ? [-110, -74] : [-70, -42];
    this.#level = Math.min(most, Math.max(least, this.#level + by));
  }

  /** `carrierDown`: nobody of that carrier has service. */
  step(
    t: number,
    wear: Wear,
    txns: number,
    carrierDown: boolean,
    variant: number,
    nuisances: readonly Nuisance[],
  ): void {
    const d = this.#d;
    this.#wander = this.#wander * 0.97 + (this.#roams ? 1.4 : 0.25) * d.normal();
    if (this.#roams && this.#shop.open && d.chance(1 / 25)) this.cell = d.pick(this.#cells);
    const busy = this.#shop.busy;
    const crowd = this.cellular ? crowdOf(this.cell.crowds, t) : 0;
    this.#load = Math.max(0, 0.12 * busy + crowd + wear.crowding * (0.35 + 1.7 * busy) + 0.03 * d.normal());
    this.#worn = Math.max(wear.signal, 0);
    const jitter = Math.exp(0.12 * d.normal());
    this.#rttNow = this.#rtt * jitter * (1 + 2.2 * this.#load + 1.2 * this.#worn + 0.5 * wear.offline);
    this.#lossNow = Math.max(
      0,
      this.#loss * jitter + 3.5 * this.#load ** 1.5 + 8 * this.#worn ** 1.5 + 5 * wear.offline + wear.sim,
    );
    const was = this.up;
    this.up = this.#isUp(t, wear, carrierDown, variant, nuisances);
    if (this.up && !was) this.counters.reconnects_total++;
    this.downFor = this.up ? 0 : this.downFor + 1;
    if (this.up) {
      this.counters.bytes_up_total += Math.round(900 + txns * 2_400);
      this.counters.bytes_down_total += Math.round(600 + txns * 1_800);
    }
    const lost = Math.min(0.9, 0.001 + this.#lossNow * 0.012);
    for (let i = 0; i < txns; i++) if (!this.up || d.chance(lost)) this.counters.tx_fail_total++;
    if (d.chance(this.up ? this.#lossNow * 0.001 : 0.2)) this.counters.dns_fail_total++;
  }

  gauges(t: number, buffered: number): Record<string, number | string | undefined> {
    const d = this.#d;
    const weak =
      this.#level + this.#wander - (this.cellular ? 22 : 24) * this.#worn - (crowdOf(this.cell.works, t) ? 7 : 0);
    const up = this.up;
    const out: Record<string, number | string | undefined> = {
      bearer: up ? this.bearer : 'none',
      rtt_ms: up ? this.#rttNow : undefined,
      loss_pct: up ? Math.min(100, this.#lossNow) : undefined,
      buffered,
    };
    if (this.bearer === 'wifi') return { ...out, rssi_dbm: clamp(weak + d.normal(), -100, -20), bssid: this.#bssid };
    if (!this.cellular) return out;
    const rsrp = clamp(weak + d.normal(), -139, -50);
    return {
      ...out,
      rsrp_dbm: rsrp,
      rssi_dbm: clamp(rsrp + 24, -119, -30),
      rsrq_db: clamp(-8 - Math.max(0, -95 - weak) * 0.15 - 4 * this.#load + 0.8 * d.normal(), -30, -3),
      sinr_db: clamp(16 + (weak + 88) * 0.45 - 8 * this.#load - 5 * this.#worn + 1.5 * d.normal(), -20, 30),
      cell: this.cell.id,
      carrier: this.cell.carrier,
    };
  }

  #isUp(t: number, wear: Wear, carrierDown: boolean, variant: number, nuisances: readonly Nuisance[]): boolean {
    const d = this.#d;
    if (this.cellular ? carrierDown : !this.#shop.line) return false;
    if (amountOf(nuisances, 'unplugged', t) > 0) return false;
    if (t < this.#downUntil) return false;
    if (wear.signal >= 1 || wear.sim >= 1) return false;
    if (wear.offline >= 1 || (wear.crowding >= 1 && this.#shop.busy > 0.5)) {
      // Mostly gone, with moments in which it comes back.
      if (d.chance(0.9)) this.#downUntil = t + d.between(20, 70) * MIN;
      return d.chance(0.1);
    }
    const perHour =
      wear.signal ** 1.3 * 3 +
      wear.sim * (variant === 1 ? 2 : 3.5) +
      wear.offline * 2.8 +
      wear.crowding ** 2 * this.#shop.busy * 1.2;
    if (!d.chance(this.#drops + perHour / 60)) return true;
    if (wear.sim > 0 || (this.cellular && d.chance(0.3))) this.counters.reattaches_total++;
    // Under a quarter of an hour: longer is an outage, and comes at the end.
    const long = 1 + 6 * Math.max(wear.offline, wear.sim * 0.6, wear.signal * 0.5);
    this.#downUntil = t + Math.min(12, d.between(0.5, 1.2) * long) * MIN;
    return false;
  }
}

function crowdOf(spans: Cell['crowds'], t: number): number {
  return during(spans, t) ? spans.find(({ from, to }) => t >= from && t < to)!.load : 0;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
