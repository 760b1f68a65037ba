import type { Finding } from '../../contract/findings.ts';
import type { Component } from '../../contract/modes.ts';
import type { Birth, Counters, Heartbeat, TerminalEvent } from '../../contract/payloads.ts';
import type { Block } from './block.ts';
import { BATTERY, type Components, detectorOf, NETWORK, PRINTER } from './components.ts';
import type { Crowding } from './crowding.ts';
import { type Failure, OUTRIGHT } from './detector.ts';
import { DETECTORS } from './detectors/index.ts';
import { isElsewhere } from './detectors/link-bearer.ts';
import type { Explanations } from './explanations.ts';
import { judge, modeSpec, type Verdict } from './judge.ts';
import type { OutageWatch } from './outages.ts';
import { BY_SOFTWARE, type Rollouts } from './rollouts.ts';
import type { StandingBook } from './standing.ts';
import type { Statements } from './statements.ts';
import { DAY } from './time.ts';
import { continuing, leading, OWN_TRACE } from './verdict-choice.ts';

/** Days that a stopped part without any trend behind it must stay stopped, and the strength of a trend that says it will. */
const OVERNIGHT = OUTRIGHT;
const CORROBORATED = 0.6;
const NOTHING: readonly Finding[] = [];

/**
 * Findings on components of single terminals: messages go to the detectors that they concern; as a bucket closes, its verdicts become what
 * stands, unless something else speaks for them; a part that has stopped is told at once.
 */
export class ComponentWatch {
  readonly #components: Components;
  readonly #book: StandingBook;
  readonly #crowding: Crowding;
  readonly #outages: OutageWatch;
  readonly #rollouts: Rollouts;
  readonly #explanations: Explanations;
  readonly #statements: Statements;

  constructor(
    components: Components,
    book: StandingBook,
    crowding: Crowding,
    outages: OutageWatch,
    rollouts: Rollouts,
    explanations: Explanations,
    statements: Statements,
  ) {
    this.#components = components;
    this.#book = book;
    this.#crowding = crowding;
    this.#outages = outages;
    this.#rollouts = rollouts;
    this.#explanations = explanations;
    this.#statements = statements;
  }

  /** A birth may tell of parts. */
  birth(index: number, ts: number, birth: Birth): void {
    for (let d = 0; d < DETECTORS.length; d++) {
      const detector = DETECTORS[d]!;
      // A terminal without the part keeps no state for one.
      if (!detector.birth || birth[detector.component as 'battery'] === undefined) continue;
      const block = this.#components.open(index, d, ts);
      detector.birth(block, birth);
      this.#components.settle(index, d, block);
    }
  }

  /** Hands a heartbeat to the components it tells of; answers the transitions it caused. What was buffered (`backlog`) says nothing of a link. */
  heartbeat(index: number, ts: number, hb: Heartbeat, backlog: boolean, now: number): readonly Finding[] {
    let out: Finding[] | undefined;
    for (let d = 0; d < DETECTORS.length; d++) {
      const detector = DETECTORS[d]!;
      if (!detector.heartbeat || (backlog && detector.liveOnly) || !detector.concerns(hb)) continue;
      const block = this.#components.open(index, d, ts);
      if (block.due || block.stirs) out = this.#close(index, d, block, now, out);
      detector.heartbeat(block, hb);
      const failure = detector.failed?.(block);
      if (failure) out = this.#fail(index, d, block, failure, now, out);
      // What a terminal meets on another way than its own says nothing of its place.
      if (hb.network !== undefined && d === NETWORK && !isElsewhere(block)) {
        const said = this.#crowding.took(index, ts, hb.network.rtt_ms, hb.network.loss_pct, now);
        if (said) out = [...(out ?? []), ...said];
      }
      this.#components.settle(index, d, block);
    }
    return out ?? NOTHING;
  }

  /** The same of counters, `hours` after the last ones. */
  counters(
    index: number,
    ts: number,
    counters: Counters,
    hours: number,
    backlog: boolean,
    now: number,
  ): readonly Finding[] {
    let out: Finding[] | undefined;
    for (let d = 0; d < DETECTORS.length; d++) {
      const detector = DETECTORS[d]!;
      if (!detector.counters || !detector.concerns(counters)) continue;
      const block = this.#components.open(index, d, ts);
      if (block.due || block.stirs) out = this.#close(index, d, block, now, out);
      detector.counters(block, counters, hours);
      // What failed while the link was gone is told by its being gone.
      if (detector.liveOnly && (backlog || hours > 2)) block.discard();
      this.#components.settle(index, d, block);
    }
    return out ?? NOTHING;
  }

  /** Hands an event to the component it names; a replaced part begins anew. Answers the transitions it caused. */
  event(index: number, ts: number, event: TerminalEvent, now: number): readonly Finding[] {
    if (event.type === 'boot') this.#booted(index, ts, event.detail?.reason);
    const d = detectorOf(event.component);
    const block = d < 0 ? undefined : this.#components.known(index, d, ts);
    if (!block) return NOTHING;
    if (event.type !== 'part_replaced') {
      const { component, event: take, failed } = DETECTORS[d]!;
      take?.(block, event);
      const failure = event.type === 'boot' ? failed?.(block) : undefined;
      // A bad firmware that restarts its terminals without end is the firmware's own finding.
      const isOwn = failure && !this.#rollouts.speaksFor(index, component, failure.mode, 1);
      const out = isOwn ? this.#fail(index, d, block, failure, now, undefined) : undefined;
      this.#components.settle(index, d, block);
      return out ?? NOTHING;
    }
    return this.#renew(index, d, block, now);
  }

  #booted(index: number, ts: number, reason: unknown): void {
    DETECTORS.forEach(({ booted }, d) => {
      const block = booted && this.#components.known(index, d, ts);
      if (!block) return;
      booted(block, typeof reason === 'string' ? reason : undefined);
      this.#components.settle(index, d, block);
    });
  }

  /** A terminal is heard of again, `minutes` after it was lost by itself. */
  returned(index: number, ts: number, minutes: number): void {
    DETECTORS.forEach(({ returned }, d) => {
      const block = returned && this.#components.known(index, d, ts);
      if (!block) return;
      returned(block, minutes);
      this.#components.settle(index, d, block);
    });
  }

  /** A firmware that was bad for these components is gone: what it did is held against none of which nothing else was told. */
  relieved(index: number, of: readonly Component[], ts: number): void {
    DETECTORS.forEach(({ component, modes, rates }, d) => {
      if (!of.includes(component)) return;
      const block = this.#components.known(index, d, ts);
      const standing = this.#book.get(this.#components.key(index, d));
      if (!block || (standing && standing.finding.severity !== 'watch')) return;
      const its = modes.filter(({ mode }) => BY_SOFTWARE.includes(mode));
      rates.forEach((_, i) => {
        if (its.some((mode) => mode.rates.includes(i) || mode.sharedRates?.includes(i))) block.endRate(i);
      });
      this.#components.settle(index, d, block);
    });
  }

  /** Another device has come under the same name: nothing that was learned or held of the old one is its own. */
  replace(index: number, ts: number, now: number): Finding[] {
    const said = DETECTORS.flatMap((_, d) => this.#renew(index, d, this.#components.known(index, d, ts), now));
    this.#explanations.forgetPack(index);
    return said;
  }

  /** Closes a bucket that is due; answers `out` with the transitions it caused, made where there are some. */
  #close(index: number, d: number, block: Block, now: number, out: Finding[] | undefined): Finding[] | undefined {
    const view = this.#components.view(index, d);
    const { detector } = block;
    const due = block.due;
    const suspect = due ? block.close(view) : block.hurry(view);
    if (!due && !suspect) return out;
    // What has failed is not forecast.
    if (detector.failed?.(block) !== undefined) return out;
    const key = this.#components.key(index, d);
    const standing = this.#book.get(key);
    const lent = d === BATTERY ? this.#explanations.lentToPack(index, block.now) : undefined;
    if (!suspect && !standing && !lent) return out;
    // While a wider outage stands, its members' links are its own matter; what a bad firmware does is the firmware's.
    const { component } = detector;
    if (component === 'network' && this.#outages.isOut(index)) return out;
    const found = out ?? [];
    const feeder = d === PRINTER ? this.#explanations.feeder(index, block) : 'supply';
    view.isAlone = component === 'network' && this.#crowding.isAlone(index, block.now);
    const told = suspect || lent ? judge(block, view, lent) : [];
    const verdicts = told.filter(
      (v) =>
        (feeder === 'supply' || v.mode.mode !== 'power') &&
        !this.#explanations.explains(index, v, now, block.now) &&
        !this.#rollouts.speaksFor(index, component, v.mode.mode, v.own),
    );
    let verdict: Verdict | undefined;
    if (standing && standing.finding.severity !== 'watch') {
      const { mode } = standing.finding;
      if (verdicts.some((v) => v.mode.mode === mode && v.shows >= OWN_TRACE)) standing.heardAt = now;
      const days = (now - standing.openedAt) / DAY;
      const unheardDays = (now - (standing.heardAt ?? standing.openedAt)) / DAY;
      verdict = continuing(verdicts, mode, component === 'network', days, unheardDays);
    } else verdict = leading(verdicts, block.age);
    if (verdict) {
      if (standing && standing.finding.mode !== verdict.mode.mode) this.#book.clear(key, now, found);
      this.#book.hold(key, this.#statements.forecast(index, key, block, verdict, now), found);
    } else if (standing?.finding.mode === 'power' && feeder === 'pack' && standing.finding.probability < 1) {
      this.#book.clear(key, now, found);
    } else if (standing && !suspect && !lent) this.#book.well(key, now, detector.wellDays * DAY, found);
    return found;
  }

  /** Tells of a part that has stopped, where that is its own doing; answers `out` as closing does. */
  #fail(
    index: number,
    d: number,
    block: Block,
    { mode, days, why }: Failure,
    now: number,
    out: Finding[] | undefined,
  ): Finding[] | undefined {
    const { detector } = block;
    const key = this.#components.key(index, d);
    const standing = this.#book.get(key);
    if (standing?.finding.severity === 'critical' && standing.finding.probability === 1) return out;
    // What a failing pack stops is the pack's own finding, also for some days after.
    const spoken = standing !== undefined && standing.finding.severity !== 'watch';
    const asTold = { mode: modeSpec(detector, mode), own: 1, strength: 1, metric: undefined };
    if (!spoken && this.#explanations.explains(index, asTold, now, block.now)) return out;
    // A jam that staff clear in their own time is no failing part: without a trend behind it, it must outlast a night.
    const verdicts = judge(block, this.#components.view(index, d));
    const shown = verdicts.some((v) => v.mode.mode === mode && v.strength > CORROBORATED);
    if (!spoken && !shown && days < OVERNIGHT) return out;
    const found = out ?? [];
    // A part that was told of may stop for another reason, which its own trend shows, too.
    const spec = modeSpec(detector, spoken && !shown ? standing.finding.mode : mode);
    const seen = verdicts.find((v) => v.mode.mode === spec.mode)?.seen() ?? [];
    if (standing !== undefined && standing.finding.mode !== spec.mode) this.#book.clear(key, now, found);
    this.#book.hold(key, this.#statements.stopped(index, block, spec, why, seen, now), found);
    return found;
  }

  /** A new part has its own history: what was held of the old one is over. Answers the transitions. */
  #renew(index: number, d: number, block: Block | undefined, now: number): Finding[] {
    if (d === BATTERY) this.#explanations.packRenewed(index, now, block?.now ?? now);
    block?.resetAll();
    const key = this.#components.key(index, d);
    const out: Finding[] = [];
    this.#book.renew(key);
    this.#book.clear(key, now, out);
    return out;
  }
}
