import type { Heartbeat } from '../../../contract/payloads.ts';
import type { Dice } from '../wild-random.ts';
import type { Wear } from './frame.ts';
import type { Hardware } from './hardware.ts';

type State = Exclude<NonNullable<NonNullable<Heartbeat['printer']>['state']>, 'absent'>;

export interface PrinterMinute {
  readonly jobs: number;
  readonly open: boolean;
  readonly ambient: number;
  /** Times that the retries and jams of a sound printer go up: a bad roll, damp paper. */
  readonly badPaper: number;
  readonly wear: Wear;
  /** Which of the ways that lead to a mode this fault takes. */
  readonly variant: number;
}

const ROLL_MM = 28_000;

/** A thermal printer, minute by minute. */
export class Printer {
  readonly #d: Dice;
  readonly #hw: NonNullable<Hardware['printer']>;
  readonly #retry: number;
  readonly #jam: number;
  readonly #heat: number;
  readonly #ohm: number;
  readonly #mv: number;
  readonly #deadAtBirth: number;
  readonly #mmPerJob: number;
  #temp = 22;
  #paper: number;
  #dead: number;
  #blocked = 0;
  #why: State = 'ok';
  #jobsNow = 0;
  #mvNow: number;
  #ohmRise = 0;
  paperLoaded = false;
  readonly counters = {
    printed_mm_total: 0,
    jobs_total: 0,
    retries_total: 0,
    jams_total: 0,
    overheats_total: 0,
    cuts_total: 0,
    cutter_errors_total: 0,
    paper_outs_total: 0,
    low_voltage_stops_total: 0,
  };

  constructor(hw: NonNullable<Hardware['printer']>, d: Dice) {
    this.#d = d;
    this.#hw = hw;
    this.#retry = d.between(0.002, 0.015);
    this.#jam = d.between(0.0001, 0.001);
    this.#heat = d.between(1.2, 2.6);
    this.#ohm = hw.ohm * d.between(0.96, 1.05);
    this.#mv = hw.mv * d.between(0.985, 1.015);
    this.#mvNow = this.#mv;
    this.#deadAtBirth = d.chance(0.25) ? 1 + Math.floor(d() * 3) : 0;
    this.#dead = this.#deadAtBirth;
    this.#mmPerJob = d.between(110, 320);
    this.#paper = d.between(0.1, 1) * ROLL_MM;
    const age = d.between(2_000, 180_000);
    this.counters.jobs_total = Math.round(age);
    this.counters.cuts_total = Math.round(age);
    this.counters.printed_mm_total = Math.round(age * this.#mmPerJob);
    this.counters.retries_total = Math.round(age * this.#retry);
    this.counters.jams_total = Math.round(age * this.#jam);
    this.counters.paper_outs_total = Math.round((age * this.#mmPerJob) / ROLL_MM);
  }

  /** True where the printer cannot print for what wears. */
  step({ jobs, open, ambient, badPaper, wear, variant }: PrinterMinute): boolean {
    const d = this.#d;
    this.paperLoaded = false;
    this.#jobsNow = 0;
    const standing = wear.headHeat * (variant === 0 ? 10 : 22) * (open ? 1 : 0.4);
    this.#temp += (ambient + 7 + standing - this.#temp) * 0.11 + 0.15 * d.normal();
    const load = 1 + wear.headHeat * (variant === 1 ? 0.8 : 2);
    this.#wornHead(wear.headWear, variant);
    this.#mvNow = this.#mv * (1 - wear.headPower * (variant === 2 ? 0.04 : 0.09));
    const failed = this.#failed(wear, open);
    if (failed !== undefined) {
      this.#why = failed;
      this.#blocked = 1;
      if (failed === 'overheat') this.#temp = Math.max(this.#temp, 74);
      if (failed === 'low_voltage') {
        this.#mvNow *= 0.78;
        if (jobs > 0) this.counters.low_voltage_stops_total++;
      }
      if (failed === 'overheat' && jobs > 0 && d.chance(0.5)) this.counters.overheats_total++;
      if (failed === 'mech_error' && jobs > 0) this.counters.jams_total++;
      if (failed === 'cutter_error' && jobs > 0) this.counters.cutter_errors_total++;
      return true;
    }
    if (this.#blocked > 0) {
      this.#blocked--;
      if (this.#blocked === 0 && this.#why === 'paper_out') this.#load();
      if (this.#blocked > 0) return false;
    }
    this.#why = 'ok';
    for (let i = 0; i < jobs && this.#blocked === 0; i++) this.#print(wear, badPaper, load, variant);
    return false;
  }

  renew(): void {
    this.#dead = 0;
    this.#ohmRise = 0;
  }

  gauges(): Record<string, number | string> {
    const d = this.#d;
    const sag = this.#jobsNow > 0 ? 0.02 : 0;
    return {
      state:
        this.#blocked > 0
          ? this.#why
          : this.#jobsNow > 0 && d.chance(0.2)
            ? 'busy'
            : this.#paper < 2_500
              ? 'paper_low'
              : 'ok',
      head_temp_c: this.#temp,
      head_mv: this.#mvNow * (1 - sag * d.between(0.3, 1) + 0.003 * d.normal()),
      head_ohm: this.#ohm * (1 + this.#ohmRise + 0.0002 * (this.#temp - 30) + 0.002 * d.normal()),
      dead_dots: this.#dead,
    };
  }

  /** What holds the printer up for good; undefined while it prints. */
  #failed(wear: Wear, open: boolean): State | undefined {
    if (wear.headWear >= 1 || wear.paperFeed >= 1) return 'mech_error';
    if (wear.cutter >= 1) return 'cutter_error';
    if (wear.headHeat >= 1) return open ? 'overheat' : undefined;
    return wear.headPower >= 1 ? 'low_voltage' : undefined;
  }

  #wornHead(x: number, variant: number): void {
    // Elements burn out one by one, all age together, or a scratch takes neighbours.
    const dots = [34, 12, 60][variant]! * x;
    if (x > 0) this.#dead = Math.max(this.#dead, this.#deadAtBirth + Math.floor(dots));
    if (x > 0) this.#ohmRise = Math.max(this.#ohmRise, x * [0.05, 0.2, 0.08][variant]!);
  }

  #print(wear: Wear, badPaper: number, load: number, variant: number): void {
    const d = this.#d;
    const c = this.counters;
    const stop = (why: State, minutes: number): void => {
      this.#why = why;
      this.#blocked = Math.max(1, Math.round(minutes));
    };
    const retry = Math.min(
      0.8,
      this.#retry * badPaper + wear.headWear * 0.2 + wear.paperFeed * (variant === 1 ? 0.35 : 0.2),
    );
    if (d.chance(retry)) c.retries_total++;
    const jam = Math.min(0.6, this.#jam * badPaper + wear.paperFeed * (variant === 1 ? 0.02 : 0.1));
    if (d.chance(jam)) {
      c.jams_total++;
      stop('mech_error', d.between(1, 5));
      return;
    }
    const low = Math.max(0, wear.headPower - 0.05) * (variant === 2 ? 0.3 : 0.2);
    if (low > 0 ? d.chance(low) : d.chance(0.00005)) {
      c.low_voltage_stops_total++;
      if (d.chance(0.3)) c.retries_total++;
      stop('low_voltage', d.between(1, 3));
      return;
    }
    const mm = this.#mmPerJob * d.between(0.6, 1.6);
    this.#jobsNow++;
    c.jobs_total++;
    c.printed_mm_total += Math.round(mm);
    this.#temp += this.#heat * load * d.between(0.7, 1.3);
    if (this.#temp > 67 || (wear.headHeat > 0 && d.chance(Math.max(0, wear.headHeat - 0.05) * 0.12))) {
      c.overheats_total++;
      this.#temp = Math.max(this.#temp, 62);
      stop('overheat', d.between(1, 4));
    }
    if (this.#hw.cutter) {
      c.cuts_total++;
      if (d.chance(0.0006 + wear.cutter * (variant === 0 ? 0.1 : 0.16))) {
        c.cutter_errors_total++;
        if (d.chance(0.6)) stop('cutter_error', d.between(1, 4));
      }
    }
    this.#paper -= mm;
    if (this.#paper <= 0) {
      c.paper_outs_total++;
      stop('paper_out', d.chance(0.1) ? d.between(15, 50) : d.between(1, 6));
    } else if (d.chance(0.0008)) stop('cover_open', d.between(1, 4));
  }

  #load(): void {
    this.#paper = ROLL_MM;
    this.paperLoaded = true;
  }
}
