import type { ChannelVerdict } from '../channel-verdict.ts';

/** Receipts tried again or jammed to each failed cut, from which bad paper brings both: lint and limp paper stop a cutter now and then, a worn one jams few receipts. */
const MOSTLY_PAPER = 2.5;
/** The most that a habit of failing receipts explains: where bad rolls follow each other it grows into one, but a till of small print has one, too. */
const MOST_USUAL = 0.03;

/**
 * What failed cuts say of the cutter beside trouble with paper: nothing where receipts fail far more often than cuts do; what has been told of it holds on
 * by how far it is from its habit. `troubled` is the share of receipts that fail now, 0 where that is no more than chance; `usual` that which does as a rule.
 */
export function besidePaper(cutter: ChannelVerdict, troubled: number, usual: number): ChannelVerdict {
  const failing = Math.max(troubled, Math.min(MOST_USUAL, usual));
  return failing < MOSTLY_PAPER * cutter.more ? cutter : { ...cutter, strength: 0, nats: 0, weight: 0, surprise: 0 };
}
