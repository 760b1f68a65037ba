/** Card readers and the sales they make: taps that fail become chips, chips that fail become swipes. */
import type { Frame, Step } from './frame.ts';
import type { Link } from './link.ts';

/** Ten minutes of cards; answers how many sales reached the end of one reader or another. */
export function readCards(f: Frame, m: Step, link: Link): number {
  const { d, rates, voice, ailments } = f;
  const { e, now, open, sales } = m;
  const tries = (name: 'tap' | 'chip' | 'swipe', n: number, p: number): number => {
    let left = n;
    for (let i = 0; i < 3 && left > 0; i++) {
      const missed = d.binomial(left, Math.min(0.97, p));
      voice.add(`reader.${name}_fail`, missed);
      voice.add(`reader.${name}_ok`, left - missed);
      left = missed;
    }
    return left;
  };
  const unsent = link.hostAway || link.down ? d.between(0.4, 1) : 0.003 + link.txFail * 0.25;
  let swipes = d.binomial(sales, 0.02);
  let chips = d.binomial(sales - swipes, 0.25);
  const tapP = rates.tap + e.tap;
  const chipP = rates.chip + e.chip;
  const swipeP = rates.swipe + e.swipe;
  const noTapAtAll = e.dead.has('reader.tap_fault');
  const noChipAtAll = e.dead.has('reader.contact_wear');
  const noSwipeAtAll = e.dead.has('reader.swipe');
  chips += tries('tap', sales - swipes - chips, tapP + (noTapAtAll ? 1 : 0));
  swipes += d.binomial(tries('chip', chips, chipP + (noChipAtAll ? 1 : 0)), 0.6);
  const served = sales - tries('swipe', swipes, swipeP + (noSwipeAtAll ? 1 : 0));
  ailments.note(now, 'reader.tap_fault', open && (tapP >= 0.9 || noTapAtAll));
  const noContact = chipP >= 0.9 || swipeP >= 0.9 || noChipAtAll || noSwipeAtAll;
  ailments.note(now, 'reader.contact_wear', open && noContact);
  const techFails = d.binomial(served, unsent);
  const declined = d.binomial(served - techFails, rates.decline);
  voice.add('txn.tech_fail', techFails);
  voice.add('txn.declined', declined);
  voice.add('txn.ok', served - techFails - declined);
  return served;
}
