import { GroupRows } from './group-sums.ts';

/** Words of a fleet, twice: an hour, how many have told of it, the sum of what they were beyond their habits (float), how many were slower than it, and how many places they are of. */
const AT = 0;
const TOLD = 1;
const SUM = 2;
const SLOWER = 3;
const PLACES = 4;
const HOUR_WORDS = 5;
const HOURS = 2;
/** Log times its habit from which a terminal is slower, and the most that one may add: what stands still is no host that is slow. */
const SLOWER_FROM = 0.15;
const MOST = 2.5;
/** Other places, and terminals of theirs, that must have told of an hour, and the share of these that must be slower, for it to be everybody's. */
const OTHER_PLACES = 3;
const QUORUM = 5;
const NEARLY_ALL = 0.75;
/** Terminals of one place that count: a large shop is no more places than a small one. */
const OF_A_PLACE = 6;

/**
 * What all terminals of a tenant were beyond their habits in an hour, wherever they are: a payment host that is slow, or the way to it, is slow for
 * every shop and every cell at once, and no place's own. The hour under way and the one before it are kept.
 */
export class FleetHours {
  readonly #rows = new GroupRows(HOURS * HOUR_WORDS);

  /** Takes down by how much (log times) a terminal of the fleet was beyond its habit in an hour: the `nth` of its place, from 1, to tell of it. */
  tell(fleet: number, hour: number, deviation: number, nth: number): void {
    if (nth > OF_A_PLACE) return;
    const id = this.#rows.rowOf(fleet);
    const at = this.#cell(id, hour);
    const words = this.#rows.slab.words(id);
    const floats = this.#rows.slab.floats(id);
    if (words[at + AT] !== hour) {
      // What comes hours late is of an hour that has been judged.
      if (words[at + AT]! > hour) return;
      words[at + AT] = hour;
      words[at + TOLD] = 0;
      floats[at + SUM] = 0;
      words[at + SLOWER] = 0;
      words[at + PLACES] = 0;
    }
    if (nth === 1) words[at + PLACES]! += 1;
    words[at + TOLD]! += 1;
    floats[at + SUM]! += held(deviation);
    words[at + SLOWER]! += deviation > SLOWER_FROM ? 1 : 0;
  }

  /** By how much (log times) everybody else was slower in that hour than a place whose own terminals, in the order in which they told, were beyond their habits by `told`; 0 where not nearly all were. */
  elsewhere(fleet: number, hour: number, told: readonly number[]): number {
    const id = this.#rows.find(fleet);
    if (id === 0) return 0;
    const at = this.#cell(id, hour);
    const words = this.#rows.slab.words(id);
    const own = told.slice(0, OF_A_PLACE);
    const n = words[at + TOLD]! - own.length;
    if (words[at + AT] !== hour || n < QUORUM || words[at + PLACES]! <= OTHER_PLACES) return 0;
    const slower = words[at + SLOWER]! - own.filter((deviation) => deviation > SLOWER_FROM).length;
    if (slower < NEARLY_ALL * n) return 0;
    const sum = this.#rows.slab.floats(id)[at + SUM]! - own.reduce((all, deviation) => all + held(deviation), 0);
    return Math.max(0, sum / n);
  }

  #cell(id: number, hour: number): number {
    return this.#rows.slab.offset(id) + (hour % HOURS) * HOUR_WORDS;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  save(): Uint8Array[] {
    return this.#rows.save();
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#rows.load(bytes, at);
  }
}

function held(deviation: number): number {
  return Math.max(-MOST, Math.min(MOST, deviation));
}
