import type { Finding } from '../../contract/findings.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import type { Counters } from '../../contract/payloads.ts';
import { type Groups, nameOf } from './groups.ts';
import { comparableModels, ownTroubleOf, type Tried, triedOf } from './own-trouble.ts';
import { RolloutComparison, type Speaks } from './rollout-comparison.ts';
import { RolloutCounts } from './rollout-counts.ts';
import { MEASURED, MEASURES, type Measure } from './rollout-measures.ts';
import { readSum } from './rollout-sums.ts';
import {
  isSick,
  loadTrial,
  markSick,
  newTrial,
  partOf,
  type SavedTrial,
  saveTrial,
  type Trial,
} from './rollout-trial.ts';
import { evidenceOf, type Worse } from './rollout-verdict.ts';
import { type Standing, type StandingBook, terminalKey } from './standing.ts';
import { FIRMWARE, MODEL, SEEN_AT, type Terminals } from './terminals.ts';
import { DAY, HOUR } from './time.ts';

const LOOK_MS = 6 * HOUR;
/** Days of a rollout in which its terminals are compared, and after which what stands is only followed. */
const TRIAL = 21 * DAY;
const FROZEN = 64;
/** ms after an update in which a terminal's own trouble is watched: it may be everybody's. */
const FRESH = 4 * DAY;
/** The same for what shows at other parts: until those that took it can be compared. */
const FRESH_PART = DAY;
const WELL = DAY;
const BETTER = 1.12;

/** What software does to a part: other modes are worn hardware, whose own evidence no firmware explains. */
export const BY_SOFTWARE: readonly Mode[] = [
  'crash_loop',
  'paper_feed',
  'contact_wear',
  'tap_fault',
  'signal_degradation',
  'sim_wear',
  'congestion',
  'offline',
];
/** And what of it waits for a comparison: a signal that falls is seldom an update's, and hardly any that come together are. */
const NOT_YET_ITS_OWN: readonly Mode[] = BY_SOFTWARE.filter((mode) => mode !== 'signal_degradation');
/** What worn hardware shows of its own, beside what it shares with software, to be believed. */
const OF_ITS_OWN = 0.5;
/** Times the rate of the firmware's terminals, and events over what it makes of them, from which a member has trouble of its own. */
const OUTDOES = 4;
const OUTDONE_BY = 12;

/**
 * Updates on trial: every terminal's rates are kept before and since, and those that took a firmware are tested against those that did not.
 * What is worse is one finding about the firmware; its members say nothing of their own while it stands.
 */
export class Rollouts {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #counts = new RolloutCounts();
  readonly #comparison: RolloutComparison;
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
    this.#comparison = new RolloutComparison(terminals, this.#counts);
  }

  get bytes(): number {
    return this.#counts.bytes;
  }

  /** Says which firmware a terminal runs; a change of it puts the firmware on trial. Answers the components that it relieves of one that was bad for them: none as a rule, undefined where nothing has changed. */
  runs(index: number, firmware: string, at: number): readonly Component[] | undefined {
    const t = this.#terminals;
    const tenant = t.tenant(index);
    const id = this.#groups.idOf(`${tenant}/firmware/${firmware}`);
    const before = t.int(index, FIRMWARE);
    if (before === id) return undefined;
    t.setInt(index, FIRMWARE, id);
    if (before === 0) return undefined;
    let trial = this.#trials.get(id);
    if (!trial) {
      const epoch = (this.#epochs.get(tenant) ?? 0) + 1;
      this.#epochs.set(tenant, epoch);
      trial = newTrial(tenant, id, at);
      this.#trials.set(id, trial);
    }
    // What a bad firmware did is no measure of its successor, nor part of anybody's past.
    const left = this.#trials.get(before);
    const relieved = left?.components.filter((component) => !isSick(left, index, component)) ?? [];
    if (this.#spokenFor.delete(index)) this.#counts.forgetSince(index);
    else if (this.#changedIn(index) === undefined) this.#freeze(trial, index);
    this.#counts.change(index, at);
    this.#noteSick(trial, index);
    return relieved;
  }

  #noteSick(trial: Trial, index: number): void {
    for (const component of MEASURED) if (this.#hasTicket(trial, index, component)) markSick(trial, index, component);
  }

  #standing({ tenant }: Trial, index: number, component: Component): Standing | undefined {
    return this.#book.get(terminalKey(tenant, this.#terminals.name(index), component));
  }

  #hasTicket(trial: Trial, index: number, component: Component): boolean {
    const standing = this.#standing(trial, index, component);
    return standing !== undefined && standing.finding.severity !== 'watch';
  }

  /** Whether a terminal's counts of a measure may be the firmware's: not where a part of its own was failing as it took it, or brings them about now. */
  #maySpeak(trial: Trial, index: number, { component, broughtBy }: Measure): boolean {
    if (isSick(trial, index, component)) return false;
    const standing = broughtBy && this.#standing(trial, index, broughtBy.component);
    return !standing || standing.finding.severity === 'watch' || !broughtBy.modes.includes(standing.finding.mode);
  }

  /** Takes totals in, twice an hour at the most; answers whether something was sold, printed or read since the last time. */
  counted(index: number, ts: number, counters: Counters): boolean {
    if (!this.#counts.isDue(index, ts)) return false;
    const isNew = this.#counts.enter(index, this.#epochs.get(this.#terminals.tenant(index)) ?? 0);
    // Those on trial are counted since their own change, the others since the latest rollout began.
    if (isNew && this.#changedIn(index) === undefined) this.#counts.fold(index);
    return this.#counts.take(index, ts, counters);
  }

  /**
   * Whether a finding about its firmware speaks for that mode of a terminal's component, whose own evidence amounts to `own`. It does not
   * for worn hardware that shows by itself, nor for a terminal that does far worse than the others which took it, nor for a part that was told
   * of before the update.
   */
  speaksFor(index: number, component: Component, mode: Mode, own: number): boolean {
    const firmware = this.#spokenFor.get(index);
    if (firmware === undefined || (own >= OF_ITS_OWN && !BY_SOFTWARE.includes(mode))) return false;
    const trial = this.#trials.get(firmware)!;
    if (!trial.components.includes(component) || isSick(trial, index, component)) return false;
    return !this.#outdoes(index, component, trial);
  }

  #outdoes(index: number, component: Component, trial: Trial): boolean {
    const since = this.#counts.since(index);
    return MEASURES.some((measure, m) => {
      if (measure.component !== component) return false;
      const { events, units } = readSum(since, m);
      const due = units * Math.max(trial.rates[m]!, measure.matters);
      return events > OUTDOES * due && events - due > OUTDONE_BY;
    });
  }

  /**
   * Whether the terminal was updated so lately that what it shows may be the update's, and everybody's, and is no ticket of its own yet: unless that is older than the update (a finding
   * stands since `since`), or was seen to be its own when those that took it were last compared, or too few of its model took it to be. Of its own software that is so for longer, and only a loop of crashes is told sooner.
   */
  isFresh(index: number, component: Component, mode: Mode, at: number, since: number): boolean {
    const firmware = MEASURED.includes(component) ? this.#changedIn(index) : undefined;
    if (firmware === undefined) return false;
    const changedAt = this.#counts.changedAt(index);
    const trial = this.#trials.get(firmware)!;
    const isOwn = trial.ownTrouble.has(partOf(index, component));
    if (component === 'system') return at - changedAt < FRESH && !(mode === 'crash_loop' && isOwn);
    return (
      NOT_YET_ITS_OWN.includes(mode) &&
      at - changedAt < FRESH_PART &&
      since >= changedAt &&
      !isOwn &&
      trial.comparable.has(this.#terminals.int(index, MODEL))
    );
  }

  /** Parts of those that took it whose trouble is their own. Of parts beside the computer only those are compared of which something is held. */
  #ownTrouble(trial: Trial, tried: readonly Tried[]): ReadonlySet<number> {
    const isHeld = (component: Component) => (index: number) =>
      component === 'system' || this.#standing(trial, index, component) !== undefined;
    return new Set(
      MEASURED.flatMap((component) =>
        ownTroubleOf(tried, component, isHeld(component)).map((index) => partOf(index, component)),
      ),
    );
  }

  #triedOf(index: number): Tried {
    return triedOf(index, this.#terminals.int(index, MODEL), this.#counts.changedAt(index), this.#counts.since(index));
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
    const tried = took.map((index) => this.#triedOf(index));
    trial.comparable = comparableModels(tried);
    trial.ownTrouble = this.#ownTrouble(trial, tried);
    const key = this.#key(trial);
    const speaks: Speaks = (i, m) => this.#maySpeak(trial, i, MEASURES[m]!);
    if (took.length < 2) {
      if (trial.standing && took.length === 1 && now - trial.startedAt <= TRIAL) {
        // The last that runs what is known to be bad is still its matter, while it is no better there.
        if (this.#comparison.pooledRatio(took, trial.components, speaks) > BETTER) return;
        this.#book.well(key, now, WELL, out);
        if (this.#book.get(key)) return;
        trial.components = [];
      }
      if (trial.standing) this.#end(trial, now, out);
      if (now - trial.startedAt > TRIAL) this.#trials.delete(trial.firmware);
      return;
    }
    const { members, worse } = this.#comparison.worst(trial.frozen, took, others, speaks);
    if (trial.standing) {
      if (worse.length > 0 || this.#comparison.pooledRatio(members, trial.components, speaks) > BETTER) {
        if (worse.length > 0) this.#state(trial, members, worse, speaks, now, out);
      } else this.#book.well(key, now, WELL, out);
      if (!this.#book.get(key)) {
        this.#end(trial, now, out);
        trial.components = [];
      }
      return;
    }
    if (now - trial.startedAt > TRIAL) {
      this.#trials.delete(trial.firmware);
      return;
    }
    trial.hits = worse.length > 0 ? trial.hits + 1 : 0;
    if (trial.hits >= 2) this.#state(trial, members, worse, speaks, now, out);
  }

  #state(
    trial: Trial,
    members: readonly number[],
    worse: readonly Worse[],
    speaks: Speaks,
    now: number,
    out: Finding[],
  ): void {
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
        evidence: ranked.slice(0, 4).map(({ effect, m }) => {
          const speaking = members.filter((i) => speaks(i, m)).length;
          return evidenceOf(effect, m, speaking, subject);
        }),
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
    return this.#counts.changedAt(index) >= trial.startedAt - HOUR ? firmware : undefined;
  }

  #freeze(trial: Trial, index: number): void {
    MEASURES.forEach((_, m) => {
      const sample = this.#counts.sampleOf(index, m);
      if (sample && trial.frozen[m]!.length < FROZEN) trial.frozen[m]!.push(sample);
    });
  }

  #key(trial: Trial): string {
    return `${this.#groups.nameOf(trial.firmware)}/regression`;
  }

  save(): { saved: SavedRollouts; parts: Uint8Array[] } {
    return {
      saved: {
        looked: this.#looked,
        epochs: [...this.#epochs],
        trials: [...this.#trials.values()].map(saveTrial),
        spokenFor: [...this.#spokenFor],
      },
      parts: this.#counts.save(),
    };
  }

  load(saved: SavedRollouts, bytes: Uint8Array, at: number): number {
    this.#looked = saved.looked;
    this.#epochs.clear();
    for (const [tenant, epoch] of saved.epochs) this.#epochs.set(tenant, epoch);
    this.#trials.clear();
    for (const trial of saved.trials) this.#trials.set(trial.firmware, loadTrial(trial));
    this.#spokenFor.clear();
    for (const [index, firmware] of saved.spokenFor) this.#spokenFor.set(index, firmware);
    return this.#counts.load(bytes, at);
  }
}

export interface SavedRollouts {
  readonly looked: number;
  readonly epochs: readonly (readonly [tenant: string, epoch: number])[];
  readonly trials: readonly SavedTrial[];
  readonly spokenFor: readonly (readonly [index: number, firmware: number])[];
}
