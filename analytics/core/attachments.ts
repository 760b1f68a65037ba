import { type Components, NETWORK } from './components.ts';
import { ATTACHED, REATTACHES, RECONNECTS } from './detectors/network-channels.ts';
import { goesWithOthers } from './in-step.ts';
import { CARRIER, CELL, SITE, type Terminals } from './terminals.ts';

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
    const own = this.#components.known(index, NETWORK, at);
    if (own === undefined) return false;
    // A modem that does not count its attaches shows them as sessions.
    const rate = own.told(ATTACHED) ? REATTACHES : RECONNECTS;
    return ([CARRIER, CELL, SITE] as const).some((slot) =>
      goesWithOthers(
        this.#terminals,
        this.#components,
        { slot, component: NETWORK, rate, mobile: true },
        index,
        now,
        at,
      ),
    );
  }
}
