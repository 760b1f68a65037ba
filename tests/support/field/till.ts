/** One terminal in a shop: what its parts do in ten minutes, and what it says of it. */
import { Ailments } from './ailments.ts';
import { Battery, drawPack, type Style } from './battery.ts';
import { effectsOf, type Fault } from './faults.ts';
import type { Frame, Step, World } from './frame.ts';
import { Dice, type Hardware } from './hardware.ts';
import { Link } from './link.ts';
import { drawHead, Printer } from './printer.ts';
import { drawRates, live, type Quirk } from './rates.ts';
import { readCards } from './reader.ts';
import { type Cell, DAY, HOUR, isOpen, MIN, type Site, STEP, trade } from './shops.ts';
import { dead, System } from './system.ts';
import { Voice } from './voice.ts';

/** Peculiarities without a fault, and how many terminals have each; most of them have their one day. */
const QUIRKS = [
  ['bad_roll_day', 0.08],
  ['jam_day', 0.08],
  ['unplugger', 0.05],
  ['clock_fast', 0.03],
  ['clock_slow', 0.03],
  ['clock_1970', 0.03],
  ['power_cycles', 0.06],
  ['dusty', 0.06],
  ['test_prints', 0.05],
] as const;

export class Till {
  readonly d: Dice;
  readonly id: string;
  readonly hw: Hardware;
  readonly tenantSite: Site;
  firmware: string;
  updateAt?: number;
  moveAt?: [number, Site];
  swapAt?: number;
  readonly #f: Frame;
  readonly #battery: Battery;
  readonly #printer: Printer;
  readonly #system: System;
  readonly #link: Link;
  readonly #rebootHour: number;
  /** This till's share of its shop's sales. */
  readonly #share: number;
  #site: Site;
  #serial: string;
  #on = false;
  #step: number;

  constructor(seed: number, n: number, hw: Hardware, site: Site, world: World) {
    this.hw = hw;
    this.#site = this.tenantSite = site;
    const d = (this.d = new Dice(`till/${seed}/${n}`));
    this.id = `${hw.model}-${String(n).padStart(3, '0')}`;
    const quirks = new Set<string>();
    const quirk: Quirk = (name, p) => d.chance(p) && quirks.add(name).has(name);
    this.#serial = this.#newSerial();
    const bearer = d.pick(hw.bearers);
    this.firmware = hw.firmware[0];
    this.#step = n % hw.countersEvery;
    const age = d.between(0.1, 5);
    const share = d.between(0.1, 1);
    const length = d.spread(130, 0.35);
    this.#rebootHour = d.between(1, 5);
    const style: Style = site.breakerOff ? 'mixed' : d.pick(['counter', 'mixed', 'mixed', 'shift'] as const);
    const pack = drawPack(d, hw, age, quirk);
    const head = drawHead(d, hw, quirk);
    const busy = quirk('busy', 0.06);
    this.#share = busy ? 1 : share;
    const voice = new Voice(d, world.lines, site.tenant, this.id);
    const rates = drawRates(d, hw, quirk);
    this.#f = { d, hw, quirks, rates, voice, ailments: new Ailments(d) };
    this.#battery = new Battery(this.#f, pack, style);
    this.#printer = new Printer(this.#f, head, busy ? length * 1.6 : length);
    this.#system = new System(this.#f, d.u());
    this.#link = new Link(this.#f, bearer, d.chance(0.7) ? site.cell : site.cell2);
    live(this.#f, age, site.tx, busy ? length * 1.6 : length);
    for (const [name, p] of QUIRKS) quirk(name, p);
  }

  get bearer(): Link['bearer'] {
    return this.#link.bearer;
  }

  get faults(): Fault[] {
    return this.#f.ailments.faults;
  }

  get alwaysDocked(): boolean {
    return this.#battery.alwaysDocked;
  }

  usesCell(cell: Cell): boolean {
    return this.#link.usesCell(cell);
  }

  #newSerial(): string {
    return `${this.hw.vendor.slice(0, 1)}${this.d.int(100_000, 999_999)}`;
  }

  #birth(ts: number): void {
    const { model, rated_mm, rated_cuts } = this.hw.printer;
    const { battery } = this.hw;
    const { carrier } = this.#link;
    this.#f.voice.say('birth', ts, {
      serial: this.#serial,
      vendor: this.hw.vendor,
      model: this.hw.model,
      firmware: this.firmware,
      site: this.#site.name,
      timezone: this.#site.timezone,
      heartbeat_s: STEP / 1000,
      printer: { model, ...(rated_mm ? { rated_mm } : {}), ...(rated_cuts ? { rated_cuts } : {}) },
      ...(battery?.tellsDesign && {
        battery: {
          design_mah: battery.design,
          ...(battery.ratedCycles ? { rated_cycles: battery.ratedCycles } : {}),
        },
      }),
      network: { bearers: [...this.hw.bearers], ...(carrier ? { carrier } : {}) },
    });
  }

  #startUp(ts: number): void {
    const { d, hw, quirks, voice } = this.#f;
    this.#on = true;
    voice.newBoot();
    this.#system.bootedAt = ts;
    voice.clock = quirks.has('clock_fast') ? 7 * MIN : quirks.has('clock_slow') && d.chance(0.5) ? -2 * HOUR : 0;
    voice.add('system.reboots', 1);
    voice.reset(hw.volatile);
    voice.say('state', ts, { online: true });
    this.#birth(ts + 200);
    voice.event(ts + 300, 'boot', 'system');
  }

  #goDown(ts: number, clean: boolean): void {
    const { d, voice } = this.#f;
    if (!this.#on) return;
    if (clean) {
      voice.event(ts, 'shutdown', 'system');
      voice.say('state', ts + 100, { online: false, reason: 'shutdown' });
      if (voice.online) voice.flush(ts);
    } else if (voice.online) voice.will(ts + d.between(60_000, 900_000));
    this.#on = false;
  }

  #repair(now: number, f: Fault): void {
    const { d, voice } = this.#f;
    f.done = true;
    this.faults.splice(this.faults.indexOf(f), 1);
    if (d.chance(0.2)) {
      this.#swap(now);
      return;
    }
    if (f.component === 'battery') this.#battery.renew();
    else if (f.component === 'printer') {
      this.#printer.renew();
      if (d.chance(0.4)) voice.reset(['printer']);
    }
    if (f.mode === 'overheat' && d.chance(0.5)) voice.event(now, 'cleaned', f.component);
    else if (d.chance(0.85)) voice.event(now, 'part_replaced', f.component);
  }

  /** Another terminal of the same kind is put in this one's place and takes its name. */
  #swap(now: number): void {
    this.#serial = this.#newSerial();
    this.#f.voice.reset();
    this.#battery.swap();
    this.#printer.swap();
    this.#on = false;
    this.faults.length = 0;
    this.#system.bootedAt = now;
  }

  step(world: World, now: number): void {
    const { voice } = this.#f;
    if (this.#moves(now)) return;
    if (this.swapAt && now >= this.swapAt) {
      delete this.swapAt;
      this.#swap(now);
    }
    const bad = this.firmware === this.hw.firmware[1] && world.badFirmware === this.hw.model;
    const m = this.#look(world, now, bad);
    const out = this.#battery.step(m, this.#on);
    const broken = dead(m.e.dead);
    if (this.#on && broken) this.#noteSoftware(m);
    if (out) {
      const cause = this.#battery.hot > 60 ? 'over temperature' : 'battery empty';
      voice.event(now, 'fault', 'battery', { cause });
      this.#goDown(now, false);
      return;
    }
    if (!this.#isUp(m)) return;
    this.#update(m);
    if (this.#f.quirks.has('clock_1970') && m.day === 5 && now - this.#system.bootedAt < 20 * MIN)
      voice.clock = -now + DAY;
    else if (voice.clock < -DAY) voice.clock = 0;
    if (this.#system.step(m) && !this.#recovers(m, broken)) return;
    this.#link.step(m);
    const served = readCards(this.#f, m, this.#link);
    if (this.#printer.step(m, served, this.#battery)) {
      this.#goDown(now, false);
      return;
    }
    this.#tell(m, bad);
  }

  /** The terminal goes to another shop of its merchant, unplugged as it stands. */
  #moves(now: number): boolean {
    if (!this.moveAt || now < this.moveAt[0]) return false;
    this.#site = this.moveAt[1];
    this.#link.move(this.d.chance(0.5) ? this.#site.cell : this.#site.cell2);
    delete this.moveAt;
    this.#goDown(now, false);
    return true;
  }

  /** What the shop, the day and the faults bring; parts that are due are replaced first. */
  #look(world: World, now: number, bad: boolean): Step {
    const { d, quirks, ailments, rates } = this.#f;
    const site = this.#site;
    const open = isOpen(site, now);
    const used = open || !!this.hw.unattended;
    const local = new Date(now + site.offset);
    const hour = local.getUTCHours() + local.getUTCMinutes() / 60;
    const weekly = ((site.closes - site.opens) / 24) * ((7 - site.closedDays.size) / 7);
    for (const f of [...this.faults]) if (f.repairAt && now >= f.repairAt && used) this.#repair(now, f);
    ailments.wear(now, open, this.#on, weekly);
    const e = effectsOf(this.faults, now, d);
    if (bad) {
      e.crash += 0.06;
      e.leak += 0.03;
      e.tap += 0.04;
    }
    const day = Math.floor((now - world.start) / DAY);
    const oddDay = 8 + (Math.floor(rates.rtt * 1e6) % 18);
    const heat = now >= world.heat[0] && now < world.heat[1] ? 8 : 0;
    const sun = 4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
    return {
      world,
      now,
      site,
      open,
      used,
      hour,
      day,
      mains: !(site.breakerOff && !open),
      heat,
      ambient: site.ambient + (sun + heat) * site.aircon + (quirks.has('dusty') ? 4 : 0),
      sales: open && this.#on ? d.poisson(trade(site, now, world.start) * this.#share) : 0,
      e,
      odd: (quirk) => quirks.has(quirk) && day === oddDay,
    };
  }

  #noteSoftware({ now, used }: Step): void {
    this.#f.ailments.note(now, 'system.storage_wear', used);
    this.#f.ailments.note(now, 'system.crash_loop', used);
  }

  /** Switched off at night, the daily restart, and people who pull the plug; answers whether it is on afterwards. */
  #isUp(m: Step): boolean {
    const { d, hw } = this.#f;
    const { site, now, open, hour, mains } = m;
    const closed = site.closure && now >= site.closure[0] && now < site.closure[1];
    const unpowered = !hw.battery && (!mains || closed);
    const night = (site.offAtNight && !open && !hw.unattended) || unpowered;
    if (this.#on && night) {
      this.#goDown(now, mains && d.chance(0.8));
      return false;
    }
    if (!this.#on) {
      if (night || !this.#battery.canStart(m) || this.#battery.hot > 52) return false;
      this.#startUp(now + d.between(5, 90) * 1000);
    } else if (hour >= this.#rebootHour && hour < this.#rebootHour + 1 / 6) {
      this.#goDown(now, true);
      this.#startUp(now + 45_000);
    } else if (m.odd('power_cycles') && open && d.chance(0.12)) {
      this.#goDown(now, false);
      this.#startUp(now + 60_000);
    }
    return true;
  }

  #update({ now, hour }: Step): void {
    const { d, hw, voice } = this.#f;
    if (!this.updateAt || now < this.updateAt || hour >= 5) return;
    delete this.updateAt;
    const from = this.firmware;
    this.firmware = hw.firmware[1];
    this.#goDown(now, true);
    this.#startUp(now + 240_000);
    if (d.chance(0.5)) voice.reset(['txn', 'reader']);
    voice.event(now + 241_000, 'firmware_updated', 'system', { from, to: this.firmware });
  }

  /** After a crash; answers whether the terminal comes back to work within the step. */
  #recovers({ e, now, used }: Step, broken: boolean): boolean {
    const { d, voice, ailments } = this.#f;
    voice.event(now, 'fault', 'system', { cause: 'watchdog' });
    this.#goDown(now, false);
    if (e.dead.has('system.storage_wear')) {
      ailments.note(now, 'system.storage_wear', used);
      if (d.chance(0.9)) return false;
    }
    this.#startUp(now + d.between(40, 150) * 1000);
    if (!broken) return true;
    voice.add('system.reboots', d.int(2, 6));
    voice.flush(now + 150_000);
    return false;
  }

  #tell(m: Step, bad: boolean): void {
    const { d, hw, rates, voice } = this.#f;
    const milliamps = this.#battery.measure(this.#printer.printing(), this.#printer.peakA);
    const rtt = this.#link.measure(m);
    const gauges = {
      ...this.#battery.gauges(milliamps),
      ...this.#printer.gauges(m),
      ...this.#link.gauges(m, rtt),
      ...this.#system.gauges(m, this.#battery.charging, bad),
    };
    const at = m.now + (((rates.rtt * 1e7) % 500_000) + 60_000);
    voice.tell('heartbeat', at, gauges, hw.gauges, 0.008);
    if (this.#step++ % hw.countersEvery === 0) voice.tell('counters', at + 900, voice.counters, hw.counters, 0.002);
    if (this.#link.down) {
      voice.hold(at, hw.keeps);
      return;
    }
    if (!voice.online) {
      voice.online = true;
      voice.say('state', at + 1000, { online: true });
    }
    voice.flush(at + d.between(50, 3000));
  }
}
