import { surpriseOf } from './channel-verdict.ts';
import { type Components, NETWORK } from './components.ts';
import { ATTACHED, REATTACHES, RECONNECTS } from './detectors/network-channels.ts';
import { BEAT_AT, CARRIER, CELL, MOBILE, SITE, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';

/** Others of a carrier that are asked, and how few of them answer for it. */
const ASKED = 30;
const FEWEST = 2;
/** Share of them that must attach again and again, too, for that to be the carrier's doing. */
const MOST = 0.5;
/** Nats from which a SIM has attached more than it is used to: one attach of a SIM that hardly ever does. */
const RISEN = 0.5;
/** ms without a word after which a terminal tells nothing of what its carrier does now. */
const IDLE = DAY / 2;
/** Nats by which a SIM attaches more often than the middle of its carrier's, and how many times as often, from which that is its own. */
const OWN = 8;
const OWN_TIMES = 2.5;

/**
 * What the SIMs of one carrier do together. A core network that is worked on has all of them attach again and again, for a day or for
 * four, where each card's own wear comes to one of them.
 */
export class Attachments {
  readonly #terminals: Terminals;
  readonly #components: Components;

  constructor(terminals: Terminals, components: Components) {
    this.#terminals = terminals;
    this.#components = components;
  }

  /**
   * Whether most others of a terminal's carrier attach more often than they are used to, and it does no more often than they; or those of its
   * cell or site, for a SIM that roams has another carrier every day. Leaves cursor and view where it found them.
   */
  areCarriers(index: number, now: number, at: number): boolean {
    return ([CARRIER, CELL, SITE] as const).some((slot) => this.#isOf(slot, index, now, at));
  }

  #isOf(slot: typeof CARRIER | typeof CELL | typeof SITE, index: number, now: number, at: number): boolean {
    const t = this.#terminals;
    const shared = t.int(index, slot);
    const own = this.#components.known(index, NETWORK, at);
    if (shared === 0 || own === undefined) return false;
    // A modem that does not count its attaches shows them as sessions.
    const rate = own.told(ATTACHED) ? REATTACHES : RECONNECTS;
    const rates: number[] = [];
    let risen = 0;
    for (let k = 1; k < t.count && rates.length < ASKED; k++) {
      const i = (index + k) % t.count;
      if (t.int(i, slot) !== shared || t.line(i) !== MOBILE || now - t.time(i, BEAT_AT) > IDLE) continue;
      const other = this.#components.known(i, NETWORK, at);
      const view = other?.viewRate(rate, this.#components.view(i, NETWORK));
      if (!view?.ready) continue;
      rates.push(view.now);
      if (view.score >= RISEN) risen++;
    }
    const block = this.#components.known(index, NETWORK, at)!;
    const mine = block.viewRate(rate, this.#components.view(index, NETWORK));
    if (rates.length < FEWEST || risen < Math.max(FEWEST, MOST * rates.length)) return false;
    const middle = rates.sort((a, b) => a - b)[rates.length >> 1]!;
    return mine.now < OWN_TIMES * middle || surpriseOf({ ...mine, base: middle }) < OWN;
  }
}
