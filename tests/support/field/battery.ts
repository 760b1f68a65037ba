/** The pack of a terminal that has one: on and off its dock, filled, drained, warmed and worn. */
import type { Frame, Gauges, Step } from './frame.ts';
import { round } from './frame.ts';
import type { Dice, Hardware } from './hardware.ts';
import type { Quirk } from './rates.ts';
import { DAY, STEP } from './shops.ts';

/** Open-circuit voltage of a lithium cell at each tenth of its charge, V. */
const OCV = [3.3, 3.6, 3.68, 3.72, 3.76, 3.81, 3.87, 3.94, 4.01, 4.09, 4.18];

function openCircuit(soc: number): number {
  const x = Math.min(9.999, Math.max(0, soc / 10));
  const i = Math.floor(x);
  return OCV[i]! + (OCV[i + 1]! - OCV[i]!) * (x - i);
}

/** How a terminal is carried: `counter` stays docked, `mixed` comes and goes, `shift` is out all day. */
export type Style = 'counter' | 'mixed' | 'shift';

interface Pack {
  readonly health: number;
  readonly cycles: number;
  /** mΩ at 25 °C. */
  readonly r: number;
  readonly soc: number;
}

/** A pack of `age` years. */
export function drawPack(d: Dice, hw: Hardware, age: number, quirk: Quirk): Pack {
  const old = quirk('old_battery', 0.07);
  return {
    health: old ? d.between(0.66, 0.74) : Math.max(0.76, 1 - 0.05 * Math.sqrt(age) - 0.02 * age * d.u()),
    cycles: Math.round(age * d.between(60, 220)),
    r: hw.battery ? d.spread(hw.battery.r, 0.12) * (1 + 0.09 * age) * (old ? 1.5 : 1) : 0,
    soc: d.between(60, 100),
  };
}

export class Battery {
  charging = false;
  hot = 0;
  soc: number;
  readonly #f: Frame;
  readonly #style: Style;
  #docked = true;
  #full = false;
  #current = 0;
  #health: number;
  /** The health when it began to fade. */
  #faded?: number;
  /** The health that the gauge believes in: it learns after a full swing only. */
  #learned: number;
  #swing = 0;
  #cycles: number;
  #r: number;
  #r0: number;

  constructor(f: Frame, pack: Pack, style: Style) {
    this.#f = f;
    this.#style = style;
    this.#health = this.#learned = pack.health;
    this.#cycles = pack.cycles;
    this.#r = this.#r0 = pack.r;
    this.soc = pack.soc;
  }

  /** A till that never leaves its dock shows nothing of a weak pack, unless its gauge measures it. */
  get alwaysDocked(): boolean {
    return this.#style === 'counter';
  }

  /** Of the whole pack without load, V. */
  get volts(): number {
    return openCircuit(this.soc) * (this.#f.hw.battery?.cells ?? 0);
  }

  /** Of the pack as it is now: worn, and cold or warm. */
  get milliohm(): number {
    return this.#r;
  }

  canStart({ mains, e }: Step): boolean {
    return this.#f.hw.battery ? (this.#docked && mains && e.loose < 1) || this.soc > 6 : mains;
  }

  /** Ten minutes; answers whether the terminal is out for want of power, or of cooling. */
  step(m: Step, on: boolean): boolean {
    const { d, hw, voice, ailments } = this.#f;
    const { battery } = hw;
    if (!battery) return false;
    const { e, now, open, ambient } = m;
    const contact = this.#dock(m);
    if (e.fade > 0) {
      const from = (this.#faded ??= Math.max(this.#health, 0.7));
      this.#health = Math.min(this.#health, from - (from - 0.57) * Math.min(1.1, e.fade));
    }
    this.#health -= (0.00006 * STEP) / DAY;
    const cap = battery.design * this.#health;
    this.#r = this.#r0 * (1 + e.resist + 0.5 * Math.max(0, e.fade)) * (1 + 0.006 * Math.max(-10, 25 - ambient));
    const use = on ? battery.idle * d.between(0.8, 1.2) + m.sales * 14 : 3;
    this.#charge(contact, use, cap);
    const target =
      ambient +
      3 +
      (this.charging ? 6 : 0) +
      (on ? 2 : 0) +
      Math.abs(this.#current) / 300 +
      (open || this.charging ? e.packHeat : e.packHeat * 0.4);
    this.hot = this.hot ? this.hot + (target - this.hot) * 0.35 : target;
    if (this.hot > 47 && e.packHeat > 0 && d.chance(0.4)) voice.add('battery.over_temp', 1);
    let out = on && this.soc <= 0.5 && !this.charging;
    if (on && this.hot > 60) {
      out = true;
      voice.add('battery.over_temp', 1);
      ailments.note(now, 'battery.overheat', true, 1);
    }
    // A pack that was merely not charged in time is nobody's failure, before the fault has a hand in it.
    ailments.note(now, 'battery.capacity_fade', this.#health < 0.6 || (out && e.fade > 0.5), 1);
    ailments.note(now, 'battery.charging_fault', out && e.loose > 0.4, 1);
    return out;
  }

  /** Where staff leave it, and whether the contacts hold there. */
  #dock({ open, hour, mains, e }: Step): boolean {
    const { d, quirks, voice } = this.#f;
    const was = this.#docked;
    if (!open) this.#docked = true;
    else if (this.#style === 'shift') this.#docked = (hour > 14.5 && hour < 15.5) || (this.soc < 8 && d.chance(0.6));
    else if (this.#style === 'mixed') this.#docked = this.#docked ? d.chance(0.7) : this.soc < 15 || d.chance(0.35);
    else this.#docked = !d.chance(quirks.has('unplugger') ? 0.3 : 0.04);
    const contact = this.#docked && mains && !d.chance(e.loose) && !e.dead.has('battery.charging_fault');
    if (contact && !was) voice.add('battery.charge_sessions', 1);
    if (this.#docked && mains && e.loose > 0 && e.loose < 1)
      voice.add('battery.charge_sessions', d.poisson(e.loose * 2.5));
    return contact;
  }

  #charge(contact: boolean, use: number, cap: number): void {
    const { d, hw } = this.#f;
    if (this.soc >= 99) this.#full = true;
    else if (this.soc < 94 || !contact) this.#full = false;
    this.charging = contact && !this.#full && this.hot < 47;
    const most = hw.battery!.design * 0.45;
    const feed = this.charging ? Math.min(most, cap * 0.045 * Math.max(1, 100.5 - this.soc)) : contact ? use : 0;
    this.#current = feed - use;
    const delta = (this.#current / 6 / cap) * 100;
    this.soc = Math.min(100, Math.max(0, this.soc + delta));
    if (delta > 0) this.#cycles += (delta / 100) * this.#health;
    this.#swing += Math.abs(delta);
    if (this.#swing > 110) {
      this.#swing = 0;
      this.#learned += (this.#health - this.#learned) * d.between(0.4, 0.9) + d.normal(0.004);
    }
  }

  /** A new pack. */
  renew(): void {
    const { d, hw } = this.#f;
    this.#health = this.#learned = d.between(0.96, 1.02);
    this.#r = this.#r0 = d.spread(hw.battery!.r, 0.08);
    this.#cycles = 0;
    this.soc = 50;
  }

  /** The pack of another terminal. */
  swap(): void {
    const { d, hw } = this.#f;
    this.#health = this.#learned = d.between(0.9, 1);
    this.#r = this.#r0 = hw.battery ? d.spread(hw.battery.r, 0.1) : 0;
    this.#cycles = d.int(0, 80);
    this.soc = 60;
  }

  /** mA in (+) or out (−) at the moment of a heartbeat; `peakA` is what the head draws while it prints. */
  measure(printing: boolean, peakA: number): number {
    return printing && !this.charging ? -peakA * 700 : this.#current + this.#f.d.normal(8);
  }

  gauges(milliamps: number): Gauges {
    const { d, hw } = this.#f;
    const { battery } = hw;
    if (!battery) return {};
    return {
      'battery.soc_pct': Math.round(this.soc),
      'battery.current_ma': Math.round(milliamps),
      'battery.temp_c': round(this.hot + d.normal(0.4), 1),
      'battery.voltage_mv': Math.round(
        (openCircuit(this.soc) + (milliamps / 1e6) * (this.#r / battery.cells)) * battery.cells * 1000 + d.normal(6),
      ),
      'battery.full_mah': Math.round(battery.design * this.#learned),
      'battery.cycles': Math.floor(this.#cycles),
      'battery.resistance_mohm': Math.round(this.#r * d.spread(1, 0.03)),
      'battery.status': this.#status(),
    };
  }

  #status(): string {
    if (this.charging) return 'charging';
    if (this.#current >= 0 && this.soc > 95) return 'full';
    return this.#docked && this.hot >= 47 ? 'not_charging' : 'discharging';
  }
}
