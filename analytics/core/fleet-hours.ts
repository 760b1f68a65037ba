import { GroupRefs } from './group-sums.ts';
import { Slab } from './slab.ts';

/** Words of a fleet, twice: an hour, how many have told of it, the sum of what they were beyond their habits (float), and how many were slower than it. */
const AT = 0;
const TOLD = 1;
const SUM = 2;
const SLOWER = 3;
const HOUR_WORDS = 4;
const HOURS = 2;
/** Log times its habit from which a terminal is slower, and the most that one may add: what stands still is no host that is slow. */
const SLOWER_FROM = 0.15;
const MOST = 2.5;
/** Terminals elsewhere that must have told of an hour, and the share of them that must be slower, for it to be everybody's. */
const QUORUM = 5;
const NEARLY_ALL = 0.75;

/**
 * What all terminals of a tenant were beyond their habits in an hour, wherever they are: a payment host that is slow, or the way to it, is slow for
 * every shop and every cell at once, and no place's own. The hour under way and the one before it are kept.
 */
export class FleetHours {
  readonly #rows = new Slab(HOURS * HOUR_WORDS);
  readonly #refs = new GroupRefs();

  /** Takes down by how much (log times) a terminal of the fleet was beyond its habit in an hour. */
  tell(fleet: number, hour: number, deviation: number): void {
    let id = this.#refs.get(fleet);
    if (id === 0) {
      id = this.#rows.allocate();
      this.#refs.set(fleet, id);
    }
    const at = this.#cell(id, hour);
    const words = this.#rows.words(id);
    const floats = this.#rows.floats(id);
    if (words[at + AT] !== hour) {
      // What comes hours late is of an hour that has been judged.
      if (words[at + AT]! > hour) return;
      words[at + AT] = hour;
      words[at + TOLD] = 0;
      floats[at + SUM] = 0;
      words[at + SLOWER] = 0;
    }
    words[at + TOLD]! += 1;
    floats[at + SUM]! += held(deviation);
    words[at + SLOWER]! += deviation > SLOWER_FROM ? 1 : 0;
  }

  /**
   * By how much (log times) everybody else was slower in that hour than a place whose own terminals were beyond their habits by `own`; 0 where not
   * nearly all were. Where the others have yet to tell, what they were an hour ago stands for it.
   */
  elsewhere(fleet: number, hour: number, own: readonly number[]): number {
    const id = this.#refs.get(fleet);
    return id === 0 ? 0 : (this.#of(id, hour, own) ?? this.#of(id, hour - 1, own) ?? 0);
  }

  #of(id: number, hour: number, own: readonly number[]): number | undefined {
    const at = this.#cell(id, hour);
    const words = this.#rows.words(id);
    const n = words[at + TOLD]! - own.length;
    if (words[at + AT] !== hour || n < QUORUM) return undefined;
    const slower = words[at + SLOWER]! - own.filter((deviation) => deviation > SLOWER_FROM).length;
    if (slower < NEARLY_ALL * n) return 0;
    const sum = this.#rows.floats(id)[at + SUM]! - own.reduce((all, deviation) => all + held(deviation), 0);
    return Math.max(0, sum / n);
  }

  #cell(id: number, hour: number): number {
    return this.#rows.offset(id) + (hour % HOURS) * HOUR_WORDS;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#refs.bytes;
  }

  save(): Uint8Array[] {
    return [...this.#refs.save(), ...this.#rows.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#rows.load(bytes, this.#refs.load(bytes, at));
  }
}

function held(deviation: number): number {
  return Math.max(-MOST, Math.min(MOST, deviation));
}
