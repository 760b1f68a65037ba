import type { Dice } from '../wild-random.ts';
import type { Wear } from './frame.ts';
import type { Hardware } from './hardware.ts';

export interface BatteryMinute {
  readonly jobs: number;
  readonly open: boolean;
  readonly on: boolean;
  readonly ambient: number;
  /** Whether there is power in the dock, and the till is put into it for the night. */
  readonly mains: boolean;
  readonly docksAtNight: boolean;
  readonly wear: Wear;
  readonly variant: number;
}

/** `flat`: nothing left in it; `sagged`: shut down under load; `hot`: thermal shutdown. */
export type BatteryEnd = 'flat' | 'sagged' | 'hot';

/** A lithium pack with its charger, minute by minute. */
export class Battery {
  readonly #d: Dice;
  readonly #hw: NonNullable<Hardware['battery']>;
  readonly #alwaysDocked: boolean;
  readonly #dockBelow: number;
  readonly #undockAt: number;
  #health: number;
  #worst = 0;
  #ohm: number;
  #learned: number;
  #cycles: number;
  #soc: number;
  #temp = 24;
  #current = 0;
  #docked = false;
  #dockedFor = 0;
  #charging = false;
  #flicker = false;
  readonly counters = { charge_sessions_total: 0, brownouts_total: 0, over_temp_total: 0 };

  constructor(hw: NonNullable<Hardware['battery']>, vehicle: boolean, d: Dice) {
    this.#d = d;
    this.#hw = hw;
    this.#health = d.chance(0.12) ? d.between(0.69, 0.76) : d.between(0.8, 1.0);
    this.#ohm = this.#fresh();
    this.#learned = hw.mah * this.#health * d.between(0.99, 1.02);
    this.#cycles = Math.round((1.02 - this.#health) * 1_400 * d.between(0.7, 1.2));
    this.#soc = d.between(50, 95);
    this.#alwaysDocked = !vehicle && d.chance(0.12);
    this.#dockBelow = vehicle ? 60 : d.between(18, 50);
    this.#undockAt = d.between(78, 97);
    this.counters.charge_sessions_total = this.#cycles * 2;
  }

  /** What became of it: undefined while it holds the till up. */
  step(m: BatteryMinute): BatteryEnd | undefined {
    const { wear, jobs, on } = m;
    const d = this.#d;
    this.#age(wear.capacity);
    this.#dock(m);
    const ohm = this.#ohm * (1 + wear.resistance * 3.2);
    const load = (on ? this.#hw.idleMa * (m.open ? 1 : 0.45) : 3) + jobs * 45;
    const charge = this.#charge(wear.charging, m.variant);
    this.#current = charge - (charge > 0 ? 0 : load) + (on ? 4 * d.normal() : 0);
    const mah = this.#hw.mah * this.#health;
    const moved = (charge > 0 ? charge : -load) / 60;
    this.#soc = Math.min(100, Math.max(0, this.#soc + (moved / mah) * 100));
    this.#cycles += Math.abs(moved) / mah / 2;
    const standing = wear.packHeat * (m.variant === 0 ? 6 : 15);
    const own = charge > 0 ? 3.5 + wear.packHeat * 17 : (on ? 2 : 0) + jobs * (0.6 + wear.packHeat * 2);
    this.#temp += (m.ambient + own + standing - this.#temp) * 0.05 + 0.05 * d.normal();
    if (wear.packHeat > 0.1 && d.chance((wear.packHeat - 0.05) * 0.04)) this.counters.over_temp_total++;
    if (!on) return undefined;
    if (wear.packHeat >= 1 && (charge > 0 || m.open)) {
      this.#temp = 66;
      this.counters.over_temp_total++;
      return 'hot';
    }
    if (this.#soc <= 0.5) return 'flat';
    if (jobs > 0 && !this.#docked && wear.resistance > 0.1) {
      if (wear.resistance >= 1) {
        this.counters.brownouts_total++;
        return 'sagged';
      }
      // The peak of a print dips below what the radio needs; the till lives through it and counts.
      if (ohm * 0.9 > 60 && d.chance((wear.resistance - 0.1) * 0.15)) this.counters.brownouts_total++;
    }
    return undefined;
  }

  get capacityGone(): boolean {
    return this.#health < 0.6;
  }

  /** Somebody puts it on a charger that works, or what made it hot is over. */
  revive(): void {
    this.#soc = Math.max(this.#soc, this.#d.between(25, 45));
    this.#temp = Math.min(this.#temp, 30);
  }

  /** Another pack: a new one, or the one out of the drawer. */
  swap(health: number): void {
    this.#health = health;
    this.#worst = 0;
    this.#learned = this.#hw.mah * health * this.#d.between(0.97, 1.03);
    this.#ohm = this.#fresh();
    this.#cycles = Math.round((1.02 - health) * 1_400);
    this.#soc = this.#d.between(40, 90);
  }

  /** The gauge starts its learning over and is off for some days. */
  relearn(): void {
    this.#learned *= this.#d.pick([0.94, 1.05]);
  }

  gauges(ohmRise: number): Record<string, number | string> {
    const d = this.#d;
    const ohm = this.#ohm * (1 + ohmRise * 3.2);
    const full = this.#soc > 99 && this.#docked;
    return {
      soc_pct: this.#soc,
      voltage_mv: Math.max(
        0,
        this.#hw.cells * (openCircuit(this.#soc) + (this.#current * ohm) / this.#hw.cells / 1_000) + 4 * d.normal(),
      ),
      current_ma: full ? 0 : this.#current,
      temp_c: this.#temp,
      full_mah: Math.round(this.#learned),
      cycles: Math.floor(this.#cycles),
      resistance_mohm: ohm * (1 + 0.002 * (25 - this.#temp) + 0.02 * d.normal()),
      status: full ? 'full' : this.#charging ? 'charging' : this.#docked ? 'not_charging' : 'discharging',
    };
  }

  /** Resistance of a pack of this design and health. */
  #fresh(): number {
    const { cells, mah } = this.#hw;
    return ((62 * cells) / Math.sqrt(mah / 2_600)) * (1 + 1.3 * (1 - this.#health)) * this.#d.between(0.93, 1.07);
  }

  #age(x: number): void {
    if (x <= this.#worst) return;
    // The health at onset is what is left to lose: at 1 it is just under six tenths of the design.
    const fresh = this.#worst === 0 ? this.#health : (this.#health - 0.595 * this.#worst) / (1 - this.#worst);
    this.#worst = Math.min(1, x);
    this.#health = x >= 1 ? 0.59 : fresh - this.#worst * (fresh - 0.595);
  }

  #dock({ open, on, mains, docksAtNight }: BatteryMinute): void {
    const wasDocked = this.#docked;
    if (!mains) this.#docked = false;
    else if (this.#alwaysDocked) this.#docked = true;
    else if (!open) this.#docked = docksAtNight;
    else if (this.#docked) {
      this.#dockedFor++;
      if (this.#soc >= this.#undockAt || this.#dockedFor > 100) this.#docked = false;
    } else if (on && this.#soc < this.#dockBelow && this.#d.chance(0.08)) this.#docked = true;
    if (this.#docked && !wasDocked) {
      this.#dockedFor = 0;
      this.counters.charge_sessions_total++;
    }
  }

  #charge(x: number, variant: number): number {
    this.#charging = false;
    if (!this.#docked || this.#soc >= 99.9) {
      if (this.#docked) this.#learn();
      return 0;
    }
    if (x >= 1) return 0;
    const taper = this.#soc > 80 ? Math.max(0.06, (100 - this.#soc) / 20) : 1;
    let ma = this.#hw.mah * 0.45 * taper;
    if (x > 0) {
      // Dirty contacts let less through, a loose plug flickers, a tired charger stops early.
      if (variant === 0) ma *= 1 - 0.9 * x ** 0.7;
      else if (variant === 1) {
        if (this.#d.chance(0.3)) this.#flicker = this.#d.chance(0.25 + 0.6 * x);
        if (this.#flicker) {
          if (this.#d.chance(0.05)) this.counters.charge_sessions_total++;
          return 0;
        }
      } else if (this.#soc > 100 - 75 * x) return 0;
    }
    this.#charging = true;
    if (this.#soc > 98.5) this.#learn();
    return ma;
  }

  #learn(): void {
    this.#learned += (this.#hw.mah * this.#health * (1 + 0.006 * this.#d.normal()) - this.#learned) * 0.01;
  }
}

function openCircuit(soc: number): number {
  const s = soc / 100;
  return 3_350 + 620 * s + 180 * s ** 6 - 250 * Math.exp(-soc / 5);
}
