import type { Finding } from '../../contract/findings.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import type { Counters } from '../../contract/payloads.ts';
import type { TenantId } from '../../contract/topics.ts';
import { type Groups, nameOf } from './groups.ts';
import { MEASURES } from './rollout-measures.ts';
import { readSum, type Sums, writeSum } from './rollout-sums.ts';
import { evidenceOf, isWorse, SURE, SURE_ONE, WORSE, type Worse } from './rollout-verdict.ts';
import { Slab } from './slab.ts';
import { type StandingBook, terminalKey } from './standing.ts';
import { FIRMWARE, MODEL, SEEN_AT, type Terminals } from './terminals.ts';
import { DAY, HOUR } from './time.ts';
import { type BeforeAfter, type Effect, effectOf } from './two-sample.ts';

/** Terminals of a model that can be judged by themselves. */
const LEAST_KIND = 4;
const LOOK_MS = 6 * HOUR;
/** Days of a rollout in which its terminals are compared, and after which what stands is only followed. */
const TRIAL = 21 * DAY;
/** Memory of the past and, shorter, of what came since: days. */
const PAST_DAYS = 10;
const SINCE_DAYS = 5;
/** Days since the change, and before it, that a terminal needs to be counted. */
const LEAST_SINCE = 0.6;
const LEAST_PAST = 2;
/** Terminals of other models that stand in where too few of the same are left as they were. */
const LEAST_STRANGERS = 8;
const FROZEN = 64;
/** ms after an update in which a terminal's own trouble is watched: it may be everybody's. */
const FRESH = 4 * DAY;
const WELL = DAY;
const BETTER = 1.12;

/** What software does to a part: other modes are worn hardware, whose own evidence no firmware explains. */
const BY_SOFTWARE: readonly Mode[] = [
  'crash_loop',
  'paper_feed',
  'contact_wear',
  'tap_fault',
  'signal_degradation',
  'sim_wear',
  'congestion',
  'offline',
];
/** What worn hardware shows of its own, beside what it shares with software, to be believed. */
const OF_ITS_OWN = 0.5;
/** Times the rate of the firmware's terminals, and events over what it makes of them, from which a member has trouble of its own. */
const OUTDOES = 4;
const OUTDONE_BY = 12;

/** ms between two looks at a terminal's counters: totals lose nothing by it. */
const SAMPLE = HOUR / 2;
const M = MEASURES.length;
/** A terminal's record, words: when it changed and when it last counted (s), then totals plus one: events, and units where they are counted. */
const CHANGED = 0;
const COUNTED = 1;
const TOTALS = 2;
const UNIT_TOTALS = MEASURES.flatMap((measure, m) => (measure.units ? [m] : []));
const HALVES = 2 * (TOTALS + M + UNIT_TOTALS.length);
/** Halves: epoch it counts in, and the past. What came since has rows of its own, once there has been a rollout. */
const EPOCH = HALVES;
/** Which of the parts of its sums a terminal tells, eight bits a sum. */
const PARTS = HALVES + 1;
const PAST = HALVES + 2;
const SUMS = MEASURES.flatMap((measure, m) => (measure.parts ? [m] : []));
const STRIDE = Math.ceil((PAST + 2 * M) / 2);
interface Trial {
  readonly tenant: TenantId;
  readonly firmware: number;
  readonly startedAt: number;
  /** Those that were compared as unchanged until they changed too, by measure. */
  readonly frozen: BeforeAfter[][];
  members: string[];
  standing: boolean;
  hits: number;
  /** Components that its evidence speaks of. */
  components: Component[];
  /** Rate that its terminals have since, by measure: events a unit; 0 where it is not worse. */
  rates: number[];
}

/**
 * Updates on trial: every terminal's rates are kept before and since, and those that took a firmware are tested against those that did not.
 * What is worse is one finding about the firmware; its members say nothing of their own while it stands.
 */
export class Rollouts {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #slab = new Slab(STRIDE);
  readonly #since = new Slab(M);
  /** By tenant: number of its latest rollout, from 1. */
  readonly #epochs = new Map<string, number>();
  readonly #trials = new Map<number, Trial>();
  /** Terminals that a finding speaks for, with its firmware. */
  readonly #spokenFor = new Map<number, number>();
  #looked = 0;

  constructor(terminals: Terminals, groups: Groups, book: StandingBook) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
  }

  get bytes(): number {
    return this.#slab.bytes + this.#since.bytes;
  }

  /** Says which firmware a terminal runs; a change of it puts the firmware on trial. True where it has changed. */
  runs(index: number, firmware: string, at: number): boolean {
    const t = this.#terminals;
    const tenant = t.tenant(index);
    const id = this.#groups.idOf(`${tenant}/firmware/${firmware}`);
    const before = t.int(index, FIRMWARE);
    if (before === id) return false;
    t.setInt(index, FIRMWARE, id);
    if (before === 0) return false;
    let trial = this.#trials.get(id);
    if (!trial) {
      const epoch = (this.#epochs.get(tenant) ?? 0) + 1;
      this.#epochs.set(tenant, epoch);
      const frozen = MEASURES.map(() => []);
      trial = {
        tenant,
        firmware: id,
        startedAt: at,
        frozen,
        members: [],
        standing: false,
        hits: 0,
        components: [],
        rates: [],
      };
      this.#trials.set(id, trial);
    }
    // What a bad firmware did is no measure of its successor, nor part of anybody's past.
    const since = this.#sinceOf(index);
    if (this.#spokenFor.delete(index)) since.h.fill(0, since.at, since.at + 2 * M);
    else if (this.#changedIn(index) === undefined) this.#freeze(trial, index);
    this.#fold(index);
    const { w, h, o } = this.#record(index);
    w[o + CHANGED] = at / 1000;
    // The update's own restart, and the reset of its counters, belong to neither side.
    w.fill(0, o + COUNTED, o + HALVES / 2);
    // Another firmware may tell other parts.
    h[2 * o + PARTS] = 0;
    return true;
  }

  /** Takes totals in, twice an hour at the most; answers whether something was sold, printed or read since the last time. */
  counted(index: number, ts: number, counters: Counters): boolean {
    const t = this.#terminals;
    const { w, h, o } = this.#record(index);
    const last = w[o + COUNTED]!;
    if (last !== 0 && ts / 1000 - last < SAMPLE / 1000) return false;
    w[o + COUNTED] = ts / 1000;
    const days = last === 0 ? 0 : Math.min(0.25, Math.max(0, ts / 1000 - last) / 86_400);
    const epoch = (this.#epochs.get(t.tenant(index)) ?? 0) & 0xffff;
    // Those on trial are counted since their own change, the others since the latest rollout began.
    if (h[2 * o + EPOCH] !== epoch) {
      h[2 * o + EPOCH] = epoch;
      if (epoch > 0 && this.#changedIn(index) === undefined) this.#fold(index);
    }
    const sums = epoch === 0 ? { h, at: 2 * o + PAST } : this.#sinceOf(index);
    const keep = Math.exp(-days / (epoch === 0 ? PAST_DAYS : SINCE_DAYS));
    let counted = M;
    let sold = false;
    for (let m = 0; m < M; m++) {
      const measure = MEASURES[m]!;
      const unitsAt = o + TOTALS + (measure.units ? counted++ : 0);
      const events = measure.events(counters);
      if (events === undefined) continue;
      const at = o + TOTALS + m;
      if (measure.parts) {
        const shift = 8 * SUMS.indexOf(m);
        const known = (h[2 * o + PARTS]! >> shift) & 0xff;
        const told = bitsOf(measure.parts(counters));
        h[2 * o + PARTS]! |= told << shift;
        if ((told & ~known) !== 0) w[at] = 0;
        // A part that was left out this once: the next whole message counts for both.
        if ((known & ~told) !== 0) continue;
      }
      const units = measure.units ? measure.units(counters) : 0;
      // Without its units the total says nothing: the next whole message counts for both.
      if (units === undefined) continue;
      const newEvents = events + 1 - w[at]!;
      const newUnits = measure.units ? units + 1 - w[unitsAt]! : days * measure.perDay;
      const known = w[at]! > 0;
      w[at] = events + 1;
      if (measure.units) w[unitsAt] = units + 1;
      sold ||= known && measure.units !== undefined && newUnits > 0;
      if (!known || newEvents < 0 || newUnits <= 0 || days === 0) continue;
      const sum = readSum(sums, m);
      const most = measure.most * Math.max(newUnits, 1);
      writeSum(sums, m, sum.events * keep + Math.min(newEvents, most), sum.units * keep + newUnits);
    }
    return sold;
  }

  /**
   * Whether a finding about its firmware speaks for that mode of a terminal's component, whose own evidence amounts to `own`. It does not
   * for worn hardware that shows by itself, nor for a terminal that does far worse than the others which took it.
   */
  speaksFor(index: number, component: Component, mode: Mode, own: number): boolean {
    const firmware = this.#spokenFor.get(index);
    if (firmware === undefined || (own >= OF_ITS_OWN && !BY_SOFTWARE.includes(mode))) return false;
    const trial = this.#trials.get(firmware)!;
    return trial.components.includes(component) && !this.#outdoes(index, component, trial);
  }

  #outdoes(index: number, component: Component, trial: Trial): boolean {
    const since = this.#sinceOf(index);
    return MEASURES.some((measure, m) => {
      if (measure.component !== component) return false;
      const { events, units } = readSum(since, m);
      const due = units * Math.max(trial.rates[m]!, measure.matters);
      return events > OUTDOES * due && events - due > OUTDONE_BY;
    });
  }

  /** Whether the terminal was updated lately, so that trouble of its software may be the update's. */
  isFresh(index: number, component: Component, at: number): boolean {
    if (component !== 'system' || this.#changedIn(index) === undefined) return false;
    const { w, o } = this.#record(index);
    return at - w[o + CHANGED]! * 1000 < FRESH;
  }

  /** Compares, four times a day of the fleet's time. */
  advance(now: number, out: Finding[]): void {
    const look = Math.floor(now / LOOK_MS);
    if (look === this.#looked) return;
    this.#looked = look;
    for (const trial of this.#trials.values()) this.#compare(trial, now, out);
  }

  #compare(trial: Trial, now: number, out: Finding[]): void {
    const t = this.#terminals;
    const took: number[] = [];
    const others: number[] = [];
    for (let i = 0; i < t.count; i++) {
      if (t.tenant(i) !== trial.tenant || t.int(i, FIRMWARE) === 0 || now - t.time(i, SEEN_AT) > 2 * DAY) continue;
      if (t.int(i, FIRMWARE) !== trial.firmware) {
        if (this.#changedIn(i) === undefined) others.push(i);
      } else if (this.#changedIn(i) === trial.firmware) took.push(i);
    }
    const key = this.#key(trial);
    if (took.length < 2) {
      if (trial.standing) this.#end(trial, now, out);
      if (now - trial.startedAt > TRIAL) this.#trials.delete(trial.firmware);
      return;
    }
    const { members, worse } = this.#worst(trial, took, others);
    if (trial.standing) {
      if (worse.length > 0 || this.#pooledRatio(trial, members) > BETTER) {
        if (worse.length > 0) this.#state(trial, members, worse, now, out);
      } else this.#book.well(key, now, WELL, out);
      if (!this.#book.get(key)) this.#end(trial, now, out);
      return;
    }
    if (now - trial.startedAt > TRIAL) {
      this.#trials.delete(trial.firmware);
      return;
    }
    trial.hits = worse.length > 0 ? trial.hits + 1 : 0;
    if (trial.hits >= 2) this.#state(trial, members, worse, now, out);
  }

  /**
   * What is worse, and on which of those that took it. One name may stand for the software of several models, and only one of them be
   * bad: models that are seen to do no worse are left out, and each that is large enough is judged by itself where the whole is not worse.
   */
  #worst(
    trial: Trial,
    took: readonly number[],
    others: readonly number[],
  ): { members: readonly number[]; worse: readonly Worse[] } {
    const kinds = Map.groupBy(took, (i) => this.#terminals.int(i, MODEL));
    const whole = this.#effects(trial, took, others).filter(({ effect, m }) => isWorse(effect, m, SURE));
    if (kinds.size < 2) return { members: took, worse: whole };
    const judged = [...kinds.values()].filter((kind) => kind.length >= LEAST_KIND);
    if (whole.length === 0) {
      for (const members of judged) {
        const worse = this.#effects(trial, members, others).filter(({ effect, m }) => isWorse(effect, m, SURE_ONE));
        if (worse.length > 0) return { members, worse };
      }
      return { members: took, worse: whole };
    }
    const well = judged.filter((kind) => {
      const own = this.#effects(trial, kind, others);
      return whole.every(({ effect, m }) =>
        own.some((e) => e.m === m && e.effect.ratio < Math.max(WORSE, Math.sqrt(effect.ratio))),
      );
    });
    const members = took.filter((i) => !well.some((kind) => kind.includes(i)));
    if (well.length === 0 || members.length < LEAST_KIND) return { members: took, worse: whole };
    const worse = this.#effects(trial, members, others).filter(({ effect, m }) => isWorse(effect, m, SURE));
    return worse.length > 0 ? { members, worse } : { members: took, worse: whole };
  }

  #effects(trial: Trial, members: readonly number[], others: readonly number[]): Worse[] {
    const models = new Set(members.map((i) => this.#terminals.int(i, MODEL)));
    const alike = others.filter((i) => models.has(this.#terminals.int(i, MODEL)));
    return MEASURES.flatMap((_, m) => {
      const effect = this.#effect(trial, m, members, alike, others);
      return effect ? [{ effect, m }] : [];
    });
  }

  #effect(
    trial: Trial,
    m: number,
    members: readonly number[],
    alike: readonly number[],
    others: readonly number[],
  ): Effect | undefined {
    const changed = this.#samples(members, m);
    const same = [...this.#samples(alike, m), ...trial.frozen[m]!];
    const effect = effectOf(changed, same);
    if (effect) return effect;
    const strangers = this.#samples(others, m);
    return strangers.length >= LEAST_STRANGERS ? effectOf(changed, strangers) : undefined;
  }

  #samples(indexes: readonly number[], m: number): BeforeAfter[] {
    return indexes.flatMap((i) => this.#sampleOf(i, m) ?? []);
  }

  /** Times the members' rates stand above their own past, in what the finding is about. */
  #pooledRatio(trial: Trial, members: readonly number[]): number {
    let most = 0;
    for (let m = 0; m < M; m++) {
      if (!trial.components.includes(MEASURES[m]!.component)) continue;
      let after = 0;
      let expected = 0;
      for (const s of this.#samples(members, m)) {
        after += s.after;
        expected += ((s.before + 0.1) / s.beforeUnits) * s.afterUnits;
      }
      if (after - expected > 3) most = Math.max(most, after / expected);
    }
    return most;
  }

  #state(trial: Trial, members: readonly number[], worse: readonly Worse[], now: number, out: Finding[]): void {
    const t = this.#terminals;
    const names = members.map((i) => t.name(i)).sort();
    const subject = nameOf(this.#groups.nameOf(trial.firmware));
    const ranked = [...worse].sort((a, b) => b.effect.z - a.effect.z);
    trial.members = names;
    trial.standing = true;
    trial.components = [...new Set<Component>(['system', ...ranked.map(({ m }) => MEASURES[m]!.component)])];
    trial.rates = MEASURES.map((_, m) => worse.find((one) => one.m === m)?.effect.now ?? 0);
    for (const [index, firmware] of this.#spokenFor) {
      if (firmware === trial.firmware && !members.includes(index)) this.#spokenFor.delete(index);
    }
    for (const i of members) {
      this.#spokenFor.set(i, trial.firmware);
      for (const component of trial.components) {
        const key = terminalKey(trial.tenant, t.name(i), component);
        const standing = this.#book.get(key);
        if (standing && this.speaksFor(i, component, standing.finding.mode, 1)) this.#book.clear(key, now, out);
      }
    }
    this.#book.hold(
      this.#key(trial),
      {
        at: now,
        tenant: trial.tenant,
        scope: 'firmware',
        subject,
        terminal: null,
        members: names,
        site: null,
        component: 'system',
        mode: 'firmware_regression',
        severity: 'warning',
        // How sure it is that the update did it; nothing of it is still to come.
        probability: 0.994,
        horizonH: 0,
        failsAt: null,
        failsAtP10: null,
        failsAtP90: null,
        evidence: ranked.slice(0, 4).map(({ effect, m }) => evidenceOf(effect, m, names.length, subject)),
      },
      out,
    );
  }

  #end(trial: Trial, now: number, out: Finding[]): void {
    this.#book.clear(this.#key(trial), now, out);
    trial.standing = false;
    trial.hits = 0;
    for (const [index, firmware] of this.#spokenFor) if (firmware === trial.firmware) this.#spokenFor.delete(index);
  }

  /** The firmware on trial that a terminal changed to; undefined where it has not changed, or long ago. */
  #changedIn(index: number): number | undefined {
    const firmware = this.#terminals.int(index, FIRMWARE);
    const trial = this.#trials.get(firmware);
    if (!trial) return undefined;
    const { w, o } = this.#record(index);
    return w[o + CHANGED]! * 1000 >= trial.startedAt - HOUR ? firmware : undefined;
  }

  #freeze(trial: Trial, index: number): void {
    MEASURES.forEach((_, m) => {
      const sample = this.#sampleOf(index, m);
      if (sample && trial.frozen[m]!.length < FROZEN) trial.frozen[m]!.push(sample);
    });
  }

  #sampleOf(index: number, m: number): BeforeAfter | undefined {
    const { perDay, typical } = MEASURES[m]!;
    const day = perDay > 0 ? perDay : typical;
    const before = readSum(this.#pastOf(index), m);
    const after = readSum(this.#sinceOf(index), m);
    if (before.units < LEAST_PAST * day || after.units < LEAST_SINCE * day) return undefined;
    return { before: before.events, beforeUnits: before.units, after: after.events, afterUnits: after.units };
  }

  /** What came since becomes part of the past. */
  #fold(index: number): void {
    const past = this.#pastOf(index);
    const since = this.#sinceOf(index);
    for (let m = 0; m < M; m++) {
      const before = readSum(past, m);
      const after = readSum(since, m);
      writeSum(past, m, before.events + after.events, before.units + after.units);
    }
    since.h.fill(0, since.at, since.at + 2 * M);
  }

  #record(index: number): Record {
    while (this.#slab.used <= index) this.#slab.allocate();
    return { w: this.#slab.words(index + 1), h: this.#slab.halves(index + 1), o: this.#slab.offset(index + 1) };
  }

  #pastOf(index: number): Sums {
    const { h, o } = this.#record(index);
    return { h, at: 2 * o + PAST };
  }

  #sinceOf(index: number): Sums {
    while (this.#since.used <= index) this.#since.allocate();
    return { h: this.#since.halves(index + 1), at: 2 * this.#since.offset(index + 1) };
  }

  #key(trial: Trial): string {
    return `${this.#groups.nameOf(trial.firmware)}/regression`;
  }

  save(): { saved: SavedRollouts; parts: Uint8Array[] } {
    return {
      saved: {
        looked: this.#looked,
        epochs: [...this.#epochs],
        trials: [...this.#trials.values()],
        spokenFor: [...this.#spokenFor],
      },
      parts: [...this.#slab.save(), ...this.#since.save()],
    };
  }

  load(saved: SavedRollouts, bytes: Uint8Array, at: number): number {
    this.#looked = saved.looked;
    this.#epochs.clear();
    for (const [tenant, epoch] of saved.epochs) this.#epochs.set(tenant, epoch);
    this.#trials.clear();
    for (const trial of saved.trials) this.#trials.set(trial.firmware, trial);
    this.#spokenFor.clear();
    for (const [index, firmware] of saved.spokenFor) this.#spokenFor.set(index, firmware);
    return this.#since.load(bytes, this.#slab.load(bytes, at));
  }
}

export interface SavedRollouts {
  readonly looked: number;
  readonly epochs: readonly (readonly [tenant: string, epoch: number])[];
  readonly trials: readonly Trial[];
  readonly spokenFor: readonly (readonly [index: number, firmware: number])[];
}

/** A bit for each part that is told. */
function bitsOf(parts: readonly (number | undefined)[]): number {
  return parts.reduce<number>((bits, part, i) => (part === undefined ? bits : bits | (1 << i)), 0);
}

interface Record {
  readonly w: Uint32Array;
  readonly h: Uint16Array;
  readonly o: number;
}
