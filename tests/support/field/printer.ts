/** The printer: what feeds its head, how warm that gets, paper, jams and the knife. */
import type { Battery } from './battery.ts';
import type { Frame, Gauges, Step } from './frame.ts';
import { logistic, round } from './frame.ts';
import type { Dice, Hardware } from './hardware.ts';
import type { Quirk } from './rates.ts';
import { DAY, STEP } from './shops.ts';

interface Head {
  readonly ohm: number;
  readonly dots: number;
  /** K that a step of steady printing warms it by. */
  readonly rise: number;
  /** Dust in it at first; 0.8 asks for cleaning. */
  readonly dirt: number;
}

export function drawHead(d: Dice, hw: Hardware, quirk: Quirk): Head {
  const old = quirk('old_head', 0.06);
  return {
    ohm: d.spread(hw.printer.ohm, 0.03) * (old ? 1.08 : 1),
    dots: old ? d.int(2, 6) : d.chance(0.1) ? 1 : 0,
    rise: d.between(6, 16),
    dirt: d.u() * 0.5,
  };
}

/** The word for a printer that a fault has stopped, by mode; a mechanical error where it has none of its own. */
const STOPPED: Readonly<Record<string, string>> = {
  overheat: 'overheat',
  power: 'low_voltage',
  cutter_wear: 'cutter_error',
  head_wear: 'mech_error',
  paper_feed: 'mech_error',
};

export class Printer {
  readonly #f: Frame;
  /** mm of a receipt. */
  readonly #length: number;
  #state = 'ok';
  #ohm: number;
  #dots: number;
  #rise: number;
  #heat = 0;
  #dirt: number;
  #roll = { left: 0, quality: 1 };
  /** Steps until somebody loads paper. */
  #paperOut = 0;
  #duty = 0;
  #loaded = 0;
  #temp = 0;

  constructor(f: Frame, head: Head, length: number) {
    this.#f = f;
    this.#length = length;
    this.#ohm = head.ohm;
    this.#dots = head.dots;
    this.#rise = head.rise;
    this.#dirt = head.dirt;
  }

  /** What the head draws from a pack, A. */
  get peakA(): number {
    const { battery } = this.#f.hw;
    if (!battery) return 0;
    return battery.cells === 2 ? 2.1 : battery.design > 4000 ? 3 : 2;
  }

  /** Whether it prints at the moment of a heartbeat. */
  printing(): boolean {
    return this.#duty > 0 && this.#f.d.chance(this.#duty * 0.4) && this.#state === 'busy';
  }

  /** Ten minutes of receipts for `served` sales; answers whether they pulled the pack so low that the terminal went out. */
  step(m: Step, served: number, battery: Battery): boolean {
    const { d, hw, quirks, voice } = this.#f;
    const { site, now, open } = m;
    this.#dirt += (STEP / DAY) * 0.025 * site.dust * (quirks.has('dusty') ? 2 : 1) * (open ? 1.5 : 0.2);
    if (open && d.chance(this.#dirt > 0.8 ? 0.004 : 0.0006)) {
      this.#dirt = 0;
      if (d.chance(0.6)) voice.event(now, 'cleaned', 'printer');
    }
    let jobs = d.binomial(served, 0.75);
    if (m.odd('test_prints') && open && d.chance(0.1)) jobs += d.int(15, 60);
    const lowVolt = this.#supply(m, battery);
    if (hw.battery && jobs > 0 && !battery.charging && this.#brownsOut(m, jobs, lowVolt)) return true;
    this.#state = 'ok';
    const stops = d.binomial(jobs, Math.min(0.9, lowVolt));
    voice.add('printer.low_voltage_stops', stops);
    if (stops > jobs * 0.5 && stops > 1) this.#state = 'low_voltage';
    this.#warm(m, jobs);
    this.#suffer(m, jobs);
    if (this.#state === 'low_voltage' || this.#state === 'overheat') jobs = d.binomial(jobs, 0.3);
    else if (this.#state !== 'ok') jobs = 0;
    if (this.#paperOut > 0 && open) {
      jobs = 0;
      this.#wait(now);
    }
    if (jobs > 0) this.#print(m, jobs);
    return false;
  }

  /** Feeds the head; answers how likely it is that a receipt stops for want of voltage. */
  #supply({ e }: Step, battery: Battery): number {
    const { d, hw } = this.#f;
    const { cells } = hw.battery ?? { cells: 0 };
    const supply = cells ? battery.volts * 1000 : hw.printer.supply * (1 - e.sag);
    this.#loaded = supply - this.peakA * battery.milliohm * 0.9 - d.between(0, 0.015) * supply;
    return cells
      ? logistic((3050 * cells - this.#loaded) / (45 * cells))
      : logistic((hw.printer.supply * 0.83 - this.#loaded) / (hw.printer.supply * 0.012));
  }

  #brownsOut({ e, now }: Step, jobs: number, lowVolt: number): boolean {
    const { d, voice, ailments } = this.#f;
    const brown = d.binomial(jobs, Math.min(0.5, lowVolt * 0.35));
    voice.add('battery.brownouts', brown);
    if (brown === 0 || !d.chance((e.resist > 1.2 ? 0.03 : 0.01) * brown)) return false;
    ailments.note(now, 'battery.resistance_rise', true, 1);
    voice.event(now, 'fault', 'battery', { cause: 'undervoltage' });
    return true;
  }

  #warm({ e, ambient, heat, open }: Step, jobs: number): void {
    const { d, hw, voice } = this.#f;
    const rise = this.#rise * (1 + 0.25 * this.#dirt);
    this.#duty = Math.min(1, (jobs * this.#length) / 6000);
    this.#heat = this.#heat * 0.45 + rise * (0.35 + 2.4 * this.#duty) * 0.55;
    // A driver that leaks, vents that are blocked: warm at rest, hotter in use.
    const warm = e.warm * (0.7 + 0.3 * Math.min(1, 4 * this.#duty));
    this.#temp = ambient + 5 + this.#heat + warm + (heat && hw.unattended ? 4 : 0);
    const tooHot = logistic((this.#temp - 68) / 2.5);
    const overheats = d.binomial(Math.max(jobs, tooHot > 0.5 ? 2 : 0), tooHot * 0.8);
    voice.add('printer.overheats', overheats);
    if (overheats > 0 && d.chance(tooHot)) this.#state = 'overheat';
    if (e.dead.has('printer.overheat') && open && this.#temp > 58) this.#state = 'overheat';
  }

  /** What is dead stops it, and is noted where somebody wants to print. */
  #suffer({ e, now, used }: Step, jobs: number): void {
    const { ailments } = this.#f;
    for (const mode of ['paper_feed', 'head_wear', 'cutter_wear', 'power'])
      if (e.dead.has(`printer.${mode}`)) this.#state = STOPPED[mode]!;
    for (const mode of ['head_wear', 'paper_feed', 'cutter_wear', 'overheat', 'power']) {
      const key = `printer.${mode}`;
      // Nobody tries again while nobody has anything to print.
      const still = ailments.brokeLately(key) && jobs === 0 && e.dead.has(key);
      ailments.note(now, key, used && (this.#state === STOPPED[mode] || still));
    }
  }

  /** The roll is at its end, and somebody will see to it. */
  #wait(now: number): void {
    const { d, voice } = this.#f;
    this.#state = d.chance(0.3) ? 'cover_open' : 'paper_out';
    if (--this.#paperOut > 0) return;
    this.#roll = {
      left: d.pick([20_000, 30_000, 40_000]),
      // Now and then a roll is damp or badly wound.
      quality: d.chance(0.02) ? d.between(3, 8) : d.spread(1, 0.35),
    };
    this.#state = 'ok';
    voice.event(now, 'paper_loaded', 'printer');
  }

  #print({ e, site, day, hour, odd }: Step, jobs: number): void {
    const { d, hw, rates, voice } = this.#f;
    const humid = site.humid + 0.2 * Math.sin(day / 3 + rates.rtt * 9);
    const rough = this.#roll.quality * (odd('bad_roll_day') ? 7 : 1) * (0.6 + humid);
    const retries = d.binomial(jobs, Math.min(0.9, rates.retry * rough * (1 + this.#dirt) + e.retry));
    const lunchJams = odd('jam_day') && Math.abs(hour - 13) < 1.5 ? 0.12 : 0;
    const jams = d.binomial(jobs, Math.min(0.6, rates.jam * rough + e.jam + lunchJams));
    const mm = Math.round((jobs + retries) * this.#length * d.between(0.9, 1.1));
    voice.add('printer.jobs', jobs);
    voice.add('printer.retries', retries);
    voice.add('printer.jams', jams);
    voice.add('printer.printed_mm', mm);
    if (hw.printer.cutter) {
      const missed = d.binomial(jobs, Math.min(0.9, rates.cut * (1 + this.#dirt) + e.cut));
      voice.add('printer.cuts', jobs);
      voice.add('printer.cutter_errors', missed);
      if (missed > 0 && d.chance(0.25 * missed)) this.#state = 'cutter_error';
    }
    if (jams > 0 && this.#state === 'ok' && d.chance(0.3)) this.#state = d.pick(['mech_error', 'cover_open']);
    this.#roll.left -= mm;
    if (this.#roll.left <= 0) {
      voice.add('printer.paper_outs', 1);
      this.#paperOut = d.chance(0.85) ? 1 : d.int(2, 4);
      this.#state = 'paper_out';
    } else if (this.#state === 'ok' && this.#roll.left < 2500 && d.chance(0.6)) this.#state = 'paper_low';
    else if (this.#state === 'ok' && d.chance(this.#duty * 0.2)) this.#state = 'busy';
  }

  /** A new head, cleaned as it was put in. */
  renew(): void {
    const { d, hw } = this.#f;
    this.#dots = 0;
    this.#ohm = d.spread(hw.printer.ohm, 0.03);
    this.#dirt = 0;
  }

  /** The printer of another terminal, with the old one's place and dust. */
  swap(): void {
    const { d, hw } = this.#f;
    this.#dots = 0;
    this.#ohm = d.spread(hw.printer.ohm, 0.03);
    this.#rise = d.between(6, 16);
    this.#heat = 0;
  }

  gauges({ e }: Step): Gauges {
    const { d } = this.#f;
    return {
      'printer.state': this.#state,
      'printer.head_temp_c': Math.round(this.#temp + d.normal(1)),
      'printer.head_mv': Math.round(this.#loaded),
      'printer.head_ohm': round(this.#ohm * (1 + e.ohm) * (1 + 0.0002 * (this.#temp - 30)) * d.spread(1, 0.002), 1),
      'printer.dead_dots': this.#dots + e.dots,
    };
  }
}
