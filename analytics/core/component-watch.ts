import type { Finding } from '../../contract/findings.ts';
import type { Block } from './block.ts';
import { BATTERY, type Components, PRINTER } from './components.ts';
import type { Crowding } from './crowding.ts';
import { type Failure, OUTRIGHT } from './detector.ts';
import { DETECTORS } from './detectors/index.ts';
import type { Explanations } from './explanations.ts';
import { judge, modeSpec } from './judge.ts';
import type { OutageWatch } from './outages.ts';
import type { Rollouts } from './rollouts.ts';
import type { StandingBook } from './standing.ts';
import type { Statements } from './statements.ts';
import { DAY } from './time.ts';
import { continuing, leading } from './verdict-choice.ts';

/** Days that a stopped part without any trend behind it must stay stopped, and the strength of a trend that says it will. */
const OVERNIGHT = OUTRIGHT;
const CORROBORATED = 0.6;

/**
 * Findings on components of single terminals: as a bucket closes, its verdicts become what stands, unless something else speaks for them;
 * a part that has stopped is told at once.
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

  /** Closes a bucket that is due; answers `out` with the transitions it caused, made where there are some. */
  close(index: number, d: number, block: Block, now: number, out: Finding[] | undefined): Finding[] | undefined {
    const view = this.#components.view(index, d);
    const { detector } = block;
    const suspect = block.close(view);
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
        !this.#explanations.explains(index, v, now) &&
        !this.#rollouts.speaksFor(index, component, v.mode.mode, v.own),
    );
    const verdict =
      standing && standing.finding.severity !== 'watch'
        ? continuing(verdicts, standing.finding.mode, component === 'network')
        : leading(verdicts, block.age);
    if (verdict) {
      if (standing && standing.finding.mode !== verdict.mode.mode) this.#book.clear(key, now, found);
      this.#book.hold(key, this.#statements.forecast(index, key, block, verdict, now), found);
    } else if (standing?.finding.mode === 'power' && feeder === 'pack' && standing.finding.probability < 1) {
      this.#book.clear(key, now, found);
    } else if (standing && !suspect && !lent) this.#book.well(key, now, detector.wellDays * DAY, found);
    return found;
  }

  /** Tells of a part that has stopped, where that is its own doing; answers `out` as `close` does. */
  fail(
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
    if (!spoken && this.#explanations.explains(index, { mode: modeSpec(detector, mode), own: 1, evidence: [] }, now)) {
      return out;
    }
    // A jam that staff clear in their own time is no failing part: without a trend behind it, it must outlast a night.
    const verdicts = judge(block, this.#components.view(index, d));
    if (!spoken && days < OVERNIGHT) {
      if (!verdicts.some((v) => v.mode.mode === mode && v.strength > CORROBORATED)) return out;
    }
    const found = out ?? [];
    const spec = modeSpec(detector, spoken ? standing.finding.mode : mode);
    const seen = verdicts.find((v) => v.mode.mode === spec.mode)?.seen ?? [];
    this.#book.hold(key, this.#statements.stopped(index, block, spec, why, seen, now), found);
    return found;
  }

  /** A new part has its own history: what was held of the old one is over. Answers the transitions. */
  renew(index: number, d: number, block: Block | undefined, now: number): Finding[] {
    block?.resetAll();
    if (d === BATTERY) this.#explanations.packRenewed(index, now);
    const key = this.#components.key(index, d);
    const out: Finding[] = [];
    this.#book.renew(key);
    this.#book.clear(key, now, out);
    return out;
  }

  /** Another device has come under the same name: nothing that was learned or held of the old one is its own. */
  replace(index: number, ts: number, now: number): Finding[] {
    return DETECTORS.flatMap((_, d) => this.renew(index, d, this.#components.known(index, d, ts), now));
  }
}
