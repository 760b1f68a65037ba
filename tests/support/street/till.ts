import type { Dice } from '../wild-random.ts';
import { Battery, type BatteryEnd } from './battery.ts';
import type { Fault } from './course.ts';
import { amountOf, during, KINDS, MIN, type Nuisance, soundWear, type Wear } from './frame.ts';
import type { Hardware } from './hardware.ts';
import { Link } from './link.ts';
import { Printer } from './printer.ts';
import { Reader } from './reader.ts';
import type { Cell, Shop } from './shops.ts';
import { System } from './system.ts';
import type { Voice } from './voice.ts';

/** What is done to a till at one time. */
export interface Deed {
  readonly at: number;
  readonly kind: 'move' | 'swap_pack' | 'relearn' | 'update';
  readonly amount: number;
}

/** One terminal in its shop. */
export class Till {
  readonly shop: Shop;
  readonly hw: Hardware;
  readonly voice: Voice;
  readonly link: Link;
  readonly nuisances: Nuisance[] = [];
  readonly deeds: Deed[] = [];
  readonly faults: Fault[] = [];
  /** Receipts against the shop's usual till. */
  readonly pace: number;
  joins = 0;
  /** Lies in a drawer most of the time: it has no history to fail against. */
  spare = false;
  retires = Number.POSITIVE_INFINITY;
  /** When a bad firmware came onto it. */
  regressedAt = Number.POSITIVE_INFINITY;
  readonly regressed: { after: string; reader: boolean } = { after: '', reader: false };
  readonly #d: Dice;
  readonly #printer: Printer | undefined;
  readonly #battery: Battery | undefined;
  readonly #reader: Reader;
  readonly #system: System;
  readonly #serial: string;
  readonly #switchedOff: boolean;
  readonly #early: number;
  readonly #birth: object;
  readonly #wear: Wear = soundWear();
  readonly #mended = new Set<Fault>();
  readonly #txn = { ok_total: 0, declined_total: 0, tech_fail_total: 0 };
  #firmware: string;
  #variant = 0;
  #on = false;
  #bootAt = 0;
  #downUntil = 0;
  #nextBeat = 0;
  #nextCounters = 0;
  #forgot = false;
  #wasUp = false;

  constructor(hw: Hardware, shop: Shop, cells: readonly Cell[], voice: Voice, d: Dice) {
    this.hw = hw;
    this.shop = shop;
    this.voice = voice;
    this.#d = d;
    this.pace = d.pick([0.45, 0.8, 1, 1, 1.25]);
    this.link = new Link(hw, shop, cells, d);
    this.#printer = hw.printer && new Printer(hw.printer, d);
    this.#battery = hw.battery && new Battery(hw.battery, hw.form === 'vehicle', d);
    this.#reader = new Reader(hw.swipe, d);
    this.#system = new System(d);
    this.#firmware = hw.firmware;
    this.#serial = `${hw.vendor.slice(0, 2).toUpperCase()}${Math.floor(d.between(100_000, 999_999))}`;
    this.#switchedOff =
      hw.form === 'countertop' ? d.chance(0.4) : hw.form === 'vehicle' ? true : hw.form === 'portable' && d.chance(0.3);
    this.#early = d.between(3, 25) * MIN;
    const bought = new Date(Date.UTC(2021, Math.floor(d() * 40), 1 + Math.floor(d() * 27)));
    this.#birth = {
      serial: this.#serial,
      vendor: hw.vendor,
      model: hw.model,
      site: shop.plan.id,
      timezone: shop.plan.zone.name,
      heartbeat_s: hw.beatS,
      bought_on: bought.toISOString().slice(0, 10),
      ...(hw.printer ? { printer: { model: hw.printer.model, rated_mm: 5e7, rated_cuts: 1.5e6 } } : {}),
      ...(hw.battery ? { battery: { design_mah: hw.battery.mah, rated_cycles: 500 } } : {}),
      network: {
        bearers: [...new Set(hw.bearers)],
        ...(this.link.cellular ? { carrier: this.link.cell.carrier } : {}),
      },
    };
  }

  get jobsPerHour(): number {
    return this.shop.plan.jobs * this.pace * 0.6;
  }

  step(t: number, carrierDown: boolean): void {
    if (t < this.joins || t >= this.retires) {
      if (this.#on) this.#shutDown(t);
      return;
    }
    this.voice.tick(t);
    this.#worn(t);
    const wanted = this.#wanted(t);
    if (wanted && !this.#on && t >= this.#downUntil) this.#start(t);
    else if (!wanted && this.#on) this.#stop(t);
    const { shop } = this;
    const demand = this.#on && shop.open ? this.#d.poisson(shop.jobsPerMin * this.pace) : 0;
    if (this.#on) this.#use(t, demand, carrierDown);
    if (this.#battery) this.#power(t, demand);
    if (!this.#on) return;
    while (this.#on && t + MIN > this.#nextBeat) {
      const at = Math.max(t, this.#nextBeat) + this.#d.between(0, 1_500);
      this.voice.heartbeat(at, this.#gauges(t), this.link.up);
      this.#nextBeat += this.hw.beatS * 1_000;
    }
    if (t < this.#nextCounters) return;
    this.voice.counters(t + this.#d.between(2_000, 20_000), this.#totals(), this.link.up);
    this.#nextCounters = t + this.hw.countersMin * MIN;
  }

  #worn(t: number): void {
    for (const fault of this.faults) {
      const x = fault.at(t);
      this.#wear[fault.plan.of] = x;
      if (x > 0) this.#variant = fault.variant;
      if (t >= fault.mendedAt && !this.#mended.has(fault)) this.#mend(t, fault);
    }
    for (const deed of this.deeds) if (deed.at === t) this.#do(t, deed);
  }

  #mend(t: number, fault: Fault): void {
    this.#mended.add(fault);
    const { component } = KINDS[fault.plan.of];
    if (component === 'printer') this.#printer?.renew();
    if (component === 'battery') this.#battery?.swap(this.#d.between(0.95, 1.02));
    if (component === 'system') this.#system.renew();
    if (component === 'battery' || component === 'system') this.#downUntil = t;
    if (fault.plan.mend === 'quietly' || !this.#on) return;
    this.voice.say('event', t, { type: fault.plan.mend, component }, this.link.up);
  }

  #do(t: number, { kind, amount }: Deed): void {
    if (kind === 'move') this.link.move(amount);
    if (kind === 'relearn') this.#battery?.relearn();
    if (kind === 'swap_pack') {
      this.#battery?.swap(amount);
      if (this.#on) this.voice.say('event', t, { type: 'part_replaced', component: 'battery' }, this.link.up);
    }
    if (kind !== 'update') return;
    const from = this.#firmware;
    this.#firmware = amount > 0 ? this.regressed.after : `${from}.1`;
    if (amount === 0) this.#system.reset();
    if (this.#on) {
      this.voice.say(
        'event',
        t,
        { type: 'firmware_updated', component: 'system', detail: { from, to: this.#firmware } },
        this.link.up,
      );
      this.#crash(t, 3);
    }
  }

  #wanted(t: number): boolean {
    const { shop } = this;
    if (
      during(
        this.nuisances.filter(({ kind }) => kind === 'off'),
        t,
      )
    )
      return false;
    if (!this.hw.battery && !shop.mains) return false;
    if (!this.#switchedOff) return true;
    return shop.open || shop.isOpen(t + this.#early) || shop.isOpen(t - this.#early);
  }

  #start(t: number): void {
    this.#on = true;
    this.#bootAt = t;
    this.#wasUp = false;
    this.#system.boot();
    this.voice.begin(t);
    this.#nextBeat = t + this.#d.between(5_000, 40_000);
    this.#nextCounters = t + MIN;
    this.voice.say('birth', t + 1_000, { ...this.#birth, firmware: this.#firmware }, this.link.up);
    this.voice.say('event', t + 1_500, { type: 'boot' }, this.link.up);
  }

  #stop(t: number): void {
    // Who pulls the plug, or has none, says no goodbye.
    const pulled =
      !this.hw.battery &&
      (!this.shop.mains ||
        during(
          this.nuisances.filter((n) => n.kind === 'off' && n.amount > 0),
          t,
        ));
    if (pulled) this.#cut(t);
    else this.#shutDown(t);
  }

  #shutDown(t: number): void {
    this.voice.end(t, this.link.up);
    this.#on = false;
  }

  #cut(t: number): void {
    this.voice.lose(t);
    this.#on = false;
  }

  #crash(t: number, minutes: number): void {
    this.#cut(t);
    this.#downUntil = t + minutes * MIN;
  }

  #use(t: number, demand: number, carrierDown: boolean): void {
    const { shop, link } = this;
    const wear = this.#wear;
    const regressed = t >= this.regressedAt;
    const dirt = amountOf(this.nuisances, 'dirty_reader', t);
    link.step(t, wear, demand, carrierDown, this.#variant, this.nuisances);
    if (link.up && !this.#wasUp) this.voice.connect(t);
    if (!link.up && this.#wasUp) this.voice.lose(t);
    this.#wasUp = link.up;
    if (!link.up && link.downFor >= 15 && shop.open) this.#failed(t, 'network');
    for (let i = 0; i < demand; i++) {
      const read = this.#reader.read(wear, dirt, regressed && this.regressed.reader ? 1 : 0);
      if (!read || !link.up) this.#txn.tech_fail_total++;
      else if (this.#d.chance(0.025)) this.#txn.declined_total++;
      else this.#txn.ok_total++;
    }
    if (demand > 0 && (wear.contact >= 1 || wear.tap >= 1)) this.#failed(t, 'reader');
    if (this.#printer) {
      const badPaper = amountOf(this.nuisances, 'bad_roll', t) || 1;
      const out = this.#printer.step({
        jobs: demand,
        open: shop.open,
        ambient: shop.ambient,
        badPaper,
        wear,
        variant: this.#variant,
      });
      if (out && shop.open) this.#failed(t, 'printer');
      if (this.#printer.paperLoaded)
        this.voice.say('event', t + 30_000, { type: 'paper_loaded', component: 'printer' }, link.up);
    }
    if (this.#system.step(wear, demand, shop.ambient, regressed && !this.regressed.reader ? 1 : 0, this.#variant))
      this.#crash(t, 2);
    if (wear.storage < 1 && wear.crash < 1) return;
    // It stays down, or comes up and falls over again before it is of use.
    if (t - this.#bootAt < 2 * MIN) return;
    this.#failed(t, 'system');
    this.#system.fall();
    this.#crash(t, wear.storage >= 1 && this.#variant === 0 ? this.#d.between(120, 600) : this.#d.between(1, 4));
  }

  #power(t: number, jobs: number): void {
    const { shop } = this;
    const battery = this.#battery!;
    if (!shop.open && shop.isOpen(t - MIN)) this.#forgot = this.#d.chance(0.03);
    const warm = amountOf(this.nuisances, 'warm_spot', t);
    const end = battery.step({
      jobs,
      open: shop.open,
      on: this.#on,
      ambient: shop.ambient + warm,
      mains: shop.mains,
      docksAtNight: !this.#forgot,
      wear: this.#wear,
      variant: this.#variant,
    });
    if (this.#wear.capacity >= 1 && battery.capacityGone && this.#on) this.#failed(t, 'battery');
    if (end) this.#died(t, end);
  }

  #died(t: number, end: BatteryEnd): void {
    const known = this.faults.some((f) => KINDS[f.plan.of].component === 'battery' && f.at(t) > 0);
    if (known) this.#failed(t, 'battery');
    this.#battery!.revive();
    if (end === 'flat') this.#shutDown(t);
    else this.#cut(t);
    this.#downUntil = t + (end === 'sagged' ? 25 : this.#d.between(30, 120)) * MIN;
  }

  /** The outage that a fault of this component leads to is there. */
  #failed(t: number, component: string): void {
    for (const fault of this.faults)
      if (KINDS[fault.plan.of].component === component && fault.at(t) > 0.3) fault.fail(t);
  }

  #gauges(t: number): Record<string, Record<string, number | string | undefined>> {
    return {
      ...(this.#printer ? { printer: this.#printer.gauges() } : {}),
      ...(this.#battery ? { battery: this.#battery.gauges(this.#wear.resistance) } : {}),
      network: this.link.gauges(t, this.voice.buffered),
      system: this.#system.gauges((t - this.#bootAt) / 1_000, this.#wear),
      custom: { screen_on_pct: this.shop.open ? 60 + 10 * this.#d.normal() : 5 },
    };
  }

  #totals(): Record<string, Record<string, number>> {
    return {
      ...(this.#printer ? { printer: this.#printer.counters } : {}),
      ...(this.#battery ? { battery: this.#battery.counters } : {}),
      network: this.link.counters,
      reader: this.#reader.counters,
      system: this.#system.counters,
      txn: this.#txn,
    };
  }
}
