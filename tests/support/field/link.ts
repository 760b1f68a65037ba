/** The link: radio and its fading, the cell's load, what is lost on the way and when nothing gets through at all. */
import type { Frame, Gauges, Step } from './frame.ts';
import { logistic } from './frame.ts';
import { type Cell, cellLoad, HOUR, STEP } from './shops.ts';

export class Link {
  readonly bearer: 'lte' | 'wifi' | 'ethernet';
  /** Nothing gets through in this step. */
  down = false;
  hostAway = false;
  /** Share of sends that fail. */
  txFail = 0;
  readonly #f: Frame;
  #cell: Cell;
  /** Slow fading, dB. */
  #shadow = 0;
  #simGone = false;
  #load = 0;
  #poor = 0;
  #crowd = 0;
  #lost = 0;
  #rsrp = 0;
  #rssi = 0;
  #sinr = 0;

  constructor(f: Frame, bearer: Link['bearer'], cell: Cell) {
    this.#f = f;
    this.bearer = bearer;
    this.#cell = cell;
  }

  get carrier(): string | undefined {
    return this.bearer === 'lte' ? this.#cell.carrier : undefined;
  }

  usesCell(cell: Cell): boolean {
    return this.#cell === cell;
  }

  /** The terminal was moved to a place with another cell, and other walls. */
  move(cell: Cell): void {
    this.#cell = cell;
    this.#f.rates.rsrp = this.#f.d.between(-104, -78);
  }

  step(m: Step): void {
    const { d, rates, voice, ailments } = this.#f;
    const { e, now, site, world } = m;
    const lte = this.bearer === 'lte';
    this.#radio(m);
    const badLink = Math.min(0.98, this.#poor * 0.9 + Math.min(0.9, this.#crowd * 1.3) + e.loss / 100);
    this.#simGone = e.dead.has('network.sim_wear');
    const cut =
      this.#simGone ||
      e.dead.has('network.offline') ||
      e.dead.has('network.signal_degradation') ||
      (site.outage && !lte && now >= site.outage[0] && now < site.outage[1]);
    this.down = cut || d.chance(Math.max(0, badLink - 0.35) * 0.8);
    const attaches = lte ? d.poisson(((rates.attach + e.attach + 3 * this.#poor) * STEP) / HOUR) : 0;
    const flaps = d.poisson(((rates.flap + e.flap + 2.5 * this.#poor + this.#crowd) * STEP) / HOUR);
    voice.add('network.reattaches', attaches);
    voice.add('network.reconnects', attaches + flaps);
    const brief = Math.min(0.6, (attaches + flaps) * 0.03);
    this.hostAway = now >= world.hostAway[0] && now < world.hostAway[1];
    for (const mode of ['signal_degradation', 'sim_wear', 'offline'])
      ailments.note(now, `network.${mode}`, this.down && m.used);
    this.txFail = this.down ? 0.9 : Math.min(0.9, 0.004 + badLink * 0.4 + brief);
    this.#lost = Math.min(1, 0.003 + badLink * 0.7 + brief);
    voice.add('network.tx_fail', d.binomial(m.sales + 10, this.txFail));
    voice.add('network.dns_fail', d.binomial(6, this.down ? 0.8 : 0.004 + badLink * 0.1));
    voice.add('network.bytes_up', 6000 + m.sales * 2200);
    voice.add('network.bytes_down', 2500 + m.sales * 3100);
  }

  #radio({ e, now, site }: Step): void {
    const { d, rates } = this.#f;
    this.#load = Math.min(1.6, cellLoad(this.#cell, now, site.offset));
    this.#shadow = this.#shadow * 0.93 + d.normal(1);
    this.#rsrp = Math.max(-140, rates.rsrp + this.#shadow + d.normal(1.2) - e.antenna);
    this.#rssi = Math.max(-98, rates.rssi + 0.7 * this.#shadow + d.normal(1.5) - e.antenna);
    this.#sinr = Math.min(28, Math.max(-12, (this.#rsrp + 118) * 0.55 - 9 * this.#load + d.normal(2)));
    this.#poor = {
      lte: logistic((-119 - this.#rsrp) / 2),
      wifi: logistic((-84 - this.#rssi) / 2),
      ethernet: 0,
    }[this.bearer];
    this.#crowd = this.bearer === 'lte' ? Math.max(0, this.#load - 0.95) : 0;
  }

  /** A round trip as a heartbeat measures one, ms. */
  measure({ e, site }: Step): number {
    const { d, rates } = this.#f;
    return (
      { lte: 75, wifi: site.lan + 6, ethernet: site.lan }[this.bearer] *
      rates.rtt *
      (1 + 0.7 * (this.bearer === 'lte' ? this.#load : 0) + 9 * this.#crowd + 4 * this.#poor + e.loss / 15) *
      d.spread(1, 0.18) *
      (d.chance(0.01) ? 8 : 1)
    );
  }

  gauges({ site }: Step, rtt: number): Gauges {
    const { d, voice } = this.#f;
    const heard = !this.hostAway && !this.down;
    return {
      'network.bearer': this.#simGone ? 'none' : this.bearer,
      'network.buffered': voice.waiting,
      ...(this.bearer === 'lte' && !this.#simGone && this.#mobile()),
      ...(this.bearer === 'wifi' && {
        'network.rssi_dbm': Math.round(this.#rssi),
        'network.bssid': `ap-${site.name}-${d.chance(0.9) ? 1 : 2}`,
      }),
      ...(heard && { 'network.rtt_ms': Math.round(rtt) }),
      'network.loss_pct': heard ? 5 * d.binomial(20, this.#lost) : 100,
    };
  }

  #mobile(): Gauges {
    const { d, hw } = this.#f;
    return {
      'network.rsrp_dbm': Math.round(this.#rsrp),
      'network.rsrq_db': Math.round(-8 - 6 * this.#load - 4 * this.#poor + d.normal(1)),
      'network.sinr_db': Math.round(this.#sinr),
      'network.cell': this.#cell.name,
      'network.carrier': this.#cell.carrier,
      // CSQ: -113 dBm and 2 dB a step, of the whole band's power.
      ...(!hw.gauges.has('network.rsrp_dbm') && {
        'network.rssi_dbm': -113 + 2 * Math.max(0, Math.min(31, Math.round((this.#rsrp + 25 + 113) / 2))),
      }),
    };
  }
}
