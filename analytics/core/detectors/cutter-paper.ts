import type { ChannelVerdict } from '../channel-verdict.ts';
import type { PaperTrouble } from './paper.ts';

/** Times that paper must have shown its trouble for the share of receipts to be known. */
const PLAIN = 6;
/** Receipts tried again or jammed to each failed cut, from which bad paper brings both: lint and limp paper stop a cutter now and then, a worn one jams few receipts. */
const MOSTLY_PAPER = 2.5;
/** What a cutter's errors count for while the paper explains them. */
const LEFT = 0.25;

/**
 * What failed cuts say of the cutter beside trouble with paper: little where receipts fail far more often than cuts do. `usual` is the share of
 * receipts that fail as a rule: where bad rolls follow each other it has become that.
 */
export function besidePaper(cutter: ChannelVerdict, { times, share }: PaperTrouble, usual: number): ChannelVerdict {
  const failing = times < PLAIN ? usual : Math.max(share, usual);
  if (failing < MOSTLY_PAPER * cutter.more) return cutter;
  return {
    ...cutter,
    strength: cutter.strength * LEFT,
    nats: cutter.nats * LEFT,
    weight: cutter.weight * LEFT,
    surprise: cutter.surprise * LEFT,
  };
}
