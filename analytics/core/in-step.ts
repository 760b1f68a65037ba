import type { ChannelView } from './channel.ts';
import { surpriseOf } from './channel-verdict.ts';
import type { Components } from './components.ts';
import { BEAT_AT, type CARRIER, type CELL, MOBILE, type SITE, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';

/** Others that are asked, and how few of them answer for what they share. */
const ASKED = 30;
const FEWEST = 2;
/** The same where only those are asked of whom it would show: they are picked. */
const FEWEST_PICKED = 3;
/** Share of them that must err more than they are used to, too, for that to be the doing of what they share. */
const MOST = 0.5;
/** Nats from which one errs more than it is used to: once, where it hardly ever does. */
const RISEN = 0.5;
/** ms without a word after which a terminal tells nothing of what the others do now. */
const IDLE = DAY / 2;
/** Nats by which one errs more often than the middle of the others, and how many times as often, from which that is its own. */
const OWN = 8;
const OWN_TIMES = 2.5;

/** What is counted of a component, and of whom: those that share a `slot` with the terminal. */
export interface Shared {
  readonly slot: typeof CARRIER | typeof CELL | typeof SITE;
  readonly component: number;
  readonly rate: number;
  /** Only of those on the mobile network. */
  readonly mobile?: boolean;
}

/**
 * Whether most others that share something with a terminal err more often than they are used to, and it does no more often than they: what all do at once is not
 * the wear of each. Leaves cursor and view where it found them.
 */
export function goesWithOthers(
  terminals: Terminals,
  components: Components,
  { slot, component, rate, mobile }: Shared,
  index: number,
  now: number,
  at: number,
): boolean {
  const shared = terminals.int(index, slot);
  const block = shared === 0 ? undefined : components.known(index, component, at);
  if (block === undefined) return false;
  const mine = block.viewRate(rate, components.view(index, component));
  const others: ChannelView[] = [];
  for (let k = 1; k < terminals.count && others.length < ASKED; k++) {
    const i = (index + k) % terminals.count;
    if (terminals.int(i, slot) !== shared || now - terminals.time(i, BEAT_AT) > IDLE) continue;
    if (mobile && terminals.line(i) !== MOBILE) continue;
    const view = components.known(i, component, at)?.viewRate(rate, components.view(i, component));
    if (view?.ready) others.push(view);
  }
  components.known(index, component, at);
  components.view(index, component);
  // Of those that err as often at any time it would not show.
  const showing = others.filter((other) => mine.now >= OWN_TIMES * other.base);
  return doAs(mine, others, FEWEST) || doAs(mine, showing, FEWEST_PICKED);
}

/** Whether most of the others err more often than they are used to, and one does no more often than they. */
function doAs(mine: ChannelView, others: readonly ChannelView[], fewest: number): boolean {
  const risen = others.filter((other) => other.score >= RISEN).length;
  if (others.length < fewest || risen < Math.max(fewest, MOST * others.length)) return false;
  const middle = middleOf(others.map((other) => other.now));
  return mine.now < OWN_TIMES * middle || surpriseOf({ ...mine, base: middle }) < OWN;
}

/** The middle of some numbers, the upper of two; 0 of none. */
export function middleOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
