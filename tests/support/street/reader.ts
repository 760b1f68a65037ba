import type { Dice } from '../wild-random.ts';
import type { Wear } from './frame.ts';

/** Chip, stripe and antenna, try by try. A customer who fails tries again, then another way. */
export class Reader {
  readonly #d: Dice;
  readonly #tapShare: number;
  readonly #swipeShare: number;
  readonly #hasSwipe: boolean;
  readonly #chipFail: number;
  readonly #tapFail: number;
  readonly #swipeFail: number;
  readonly counters = {
    chip_ok_total: 0,
    chip_fail_total: 0,
    swipe_ok_total: 0,
    swipe_fail_total: 0,
    tap_ok_total: 0,
    tap_fail_total: 0,
  };

  constructor(hasSwipe: boolean, d: Dice) {
    this.#d = d;
    this.#hasSwipe = hasSwipe;
    this.#tapShare = d.between(0.4, 0.68);
    this.#swipeShare = hasSwipe ? d.between(0.01, 0.08) : 0;
    this.#chipFail = d.between(0.006, 0.035);
    this.#tapFail = d.between(0.008, 0.045);
    // Some staff never learn how fast to draw a card.
    this.#swipeFail = d.chance(0.2) ? d.between(0.25, 0.45) : d.between(0.05, 0.15);
    const age = d.between(1_000, 90_000);
    this.counters.tap_ok_total = Math.round(age * this.#tapShare);
    this.counters.chip_ok_total = Math.round(age * (1 - this.#tapShare));
    this.counters.chip_fail_total = Math.round(age * 0.4 * this.#chipFail);
    this.counters.tap_fail_total = Math.round(age * 0.6 * this.#tapFail);
  }

  /** Reads one card; true where some way worked. */
  read(wear: Wear, dirt: number, regression: number): boolean {
    const d = this.#d;
    const chip = wear.contact >= 1 ? 0.98 : Math.min(0.85, this.#chipFail + dirt + wear.contact * 0.82);
    const tap = wear.tap >= 1 ? 0.98 : Math.min(0.85, this.#tapFail + regression * 0.1 + wear.tap * 0.82);
    const c = this.counters;
    const draw = d();
    let way = draw < this.#tapShare ? 'tap' : draw < 1 - this.#swipeShare ? 'chip' : 'swipe';
    for (let tries = 0; tries < 4; tries++) {
      if (way === 'tap') {
        if (!d.chance(tap)) {
          c.tap_ok_total++;
          return true;
        }
        c.tap_fail_total++;
        if (d.chance(0.5)) way = 'chip';
      } else if (way === 'chip') {
        if (!d.chance(chip)) {
          c.chip_ok_total++;
          return true;
        }
        c.chip_fail_total++;
        if (d.chance(0.4)) way = this.#hasSwipe && d.chance(0.4) ? 'swipe' : 'tap';
      } else {
        if (!d.chance(this.#swipeFail)) {
          c.swipe_ok_total++;
          return true;
        }
        c.swipe_fail_total++;
      }
    }
    return false;
  }
}
