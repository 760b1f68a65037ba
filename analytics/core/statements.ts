import type { Evidence, Finding, Severity } from '../../contract/findings.ts';
import type { Mode } from '../../contract/modes.ts';
import type { Belonging } from './belonging.ts';
import type { Block } from './block.ts';
import type { ModeSpec } from './detector.ts';
import type { Verdict } from './judge.ts';
import type { Opinions } from './opinions.ts';
import type { Rollouts } from './rollouts.ts';
import type { StandingBook } from './standing.ts';
import type { Terminals } from './terminals.ts';
import { DAY, HOUR } from './time.ts';
import { OWN_TRACE, RAISE } from './verdict-choice.ts';

/** Days until failure, as expected, from which a ticket waits for the next day's word; and that wait, ms. */
const PATIENT = 5;
const NEXT_DAY = 12 * HOUR;
/** Shares of the way from habit to the end from which an update's own files do not explain what has run out, and from which no cache is as large, however slowly it got there. */
const SPENT = 0.45;
const NEARLY_OUT = 0.65;
/** Days until failure, as expected, within which nothing is waited for. */
const SOON = 1.5;
/** How much more must be seen of a part for each time that what was foretold of it went away by itself, and of how many times at the most. */
const WARY = 0.35;
const WARY_TIMES = 3;

/** What is said of a terminal's component: how grave it is, how likely, how soon, in the light of what is known of its kind. */
export class Statements {
  readonly #terminals: Terminals;
  readonly #belonging: Belonging;
  readonly #book: StandingBook;
  readonly #opinions: Opinions;
  readonly #rollouts: Rollouts;

  constructor(terminals: Terminals, belonging: Belonging, book: StandingBook, opinions: Opinions, rollouts: Rollouts) {
    this.#terminals = terminals;
    this.#belonging = belonging;
    this.#book = book;
    this.#opinions = opinions;
    this.#rollouts = rollouts;
  }

  /** What a verdict comes to. */
  forecast(index: number, key: string, block: Block, verdict: Verdict, now: number): Omit<Finding, 'state'> {
    const { forecast, mode } = verdict;
    const tenant = this.#terminals.tenant(index);
    const terminal = this.#terminals.name(index);
    const { component } = block.detector;
    const model = this.#belonging.modelName(index);
    const runsOut = mode.runsOut === true && verdict.own >= RAISE && forecast.p50 < 1 && verdict.level > SPENT;
    const fresh =
      !runsOut && this.#rollouts.isFresh(index, component, mode.mode, now, this.#book.get(key)?.openedAt ?? now);
    const demand =
      fresh || this.#opinions.muted(tenant, terminal, component, mode.mode, now)
        ? Number.POSITIVE_INFINITY
        : this.#opinions.demand(tenant, terminal, model, component, mode.mode);
    const unfounded = Math.min(WARY_TIMES, this.#book.unfounded(key));
    const at = block.now;
    const sure = verdict.strength >= (mode.raisedAt ?? RAISE) * demand * (1 + WARY * unfounded);
    const severity: Severity =
      !sure || this.#waits(key, block, verdict, now) ? 'watch' : forecast.within1 >= 0.5 ? 'critical' : 'warning';
    const horizonH = forecast.p50 < 1 ? 24 : forecast.p50 < 3 ? 72 : 168;
    const likely = horizonH === 24 ? forecast.within1 : horizonH === 72 ? forecast.within3 : forecast.within7;
    const belief = this.#opinions.calibrated(
      tenant,
      model,
      component,
      mode.mode,
      0.4 + 0.55 * Math.min(1, verdict.strength),
    );
    const evidence = verdict.evidence().map((e, i) => (i === 0 ? { ...e, why: `${e.why} ${mode.cost}` } : e));
    return {
      ...this.#subject(index, block, mode.mode, now),
      severity,
      probability: Number((likely * belief).toFixed(3)),
      horizonH,
      failsAt: Math.round(at + forecast.p50 * DAY),
      failsAtP10: Math.round(at + forecast.p10 * DAY),
      failsAtP90: Math.round(at + forecast.p90 * DAY),
      evidence,
    };
  }

  /** A part that has stopped, by the mode that it is told under, with what had been `seen` of that. */
  stopped(
    index: number,
    block: Block,
    { mode, cost }: ModeSpec,
    why: string | undefined,
    seen: readonly Evidence[],
    now: number,
  ): Omit<Finding, 'state'> {
    return {
      ...this.#subject(index, block, mode, now),
      severity: 'critical',
      probability: 1,
      horizonH: 0,
      failsAt: now,
      failsAtP10: now,
      failsAtP90: now,
      evidence: [
        {
          metric: `${block.detector.component}.state`,
          value: 'stopped',
          baseline: 'ok',
          why: `${why ?? 'It has stopped and not come back for half an hour.'} ${cost}`,
        },
        // What foretold it tells the technician which part to bring.
        ...seen,
      ],
    };
  }

  /** What is expected to fail only in days can be looked at again on the next one before anybody is sent: a bad day is over by then. */
  #waits(key: string, block: Block, { mode, own, level, forecast: { p50 } }: Verdict, now: number): boolean {
    const lasting = this.#book.sure(key, now);
    if (p50 > (mode.ticketDays ?? Number.POSITIVE_INFINITY) && level < NEARLY_OUT) return true;
    // What a mode has from its neighbours alone is waited for as it is where their usual one is named by it.
    const asked = own < OWN_TRACE && mode.sharedRates ? (block.detector.modes.find((m) => m.usual) ?? mode) : mode;
    if (asked.patient && p50 > PATIENT && lasting < NEXT_DAY) return true;
    return p50 > SOON && block.detector.openQuestion?.(block, asked.mode) === true;
  }

  #subject(
    index: number,
    block: Block,
    mode: Mode,
    now: number,
  ): Pick<Finding, 'at' | 'tenant' | 'scope' | 'subject' | 'terminal' | 'site' | 'component' | 'mode'> {
    const terminal = this.#terminals.name(index);
    return {
      at: now,
      tenant: this.#terminals.tenant(index),
      scope: 'terminal',
      subject: terminal,
      terminal,
      site: this.#belonging.siteName(index),
      component: block.detector.component,
      mode,
    };
  }
}
