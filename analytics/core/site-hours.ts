import { GroupRefs } from './group-sums.ts';
import { Slab } from './slab.ts';
import { HABIT_SLOTS, UNKNOWN_HABIT } from './terminals.ts';

/** Bytes of a site: half hours of a week, of a day, and those in which something was sold; then halves: minutes east of Greenwich, and its time zone's number. */
export const WEEK = { at: 0, slots: 7 * HABIT_SLOTS };
export const CLOCK = { at: WEEK.slots, slots: HABIT_SLOTS };
export const SALES = { at: CLOCK.at + CLOCK.slots, slots: HABIT_SLOTS };
const OFFSET = (SALES.at + SALES.slots) / 2;
const ZONE = OFFSET + 1;
/** Word: block of the half hours in which its terminals spoke at their slower pace, which few have. */
const SLOW = (ZONE + 1) / 2;
const STRIDE = SLOW + 1;

/** A round of half hours of a site. */
export interface Round {
  readonly at: number;
  readonly slots: number;
}

/** What is known of the hours of sites, by number of their group: a row of words each, bytes of half hours, of which 255 says unknown. */
export class SiteHours {
  readonly #rows = new Slab(STRIDE);
  readonly #slow = new Slab(HABIT_SLOTS / 4);
  readonly #refs = new GroupRefs();
  /** Names of time zones, by number from 1. */
  readonly #zones: string[] = [];

  /** A half hour of one of its rounds, whichever round of them it is counted in. */
  get(site: number, { at, slots }: Round, slot: number): number {
    const id = this.#refs.get(site);
    if (id === 0) return UNKNOWN_HABIT;
    const k = at + (slot % slots);
    const half = this.#rows.halves(id)[2 * this.#rows.offset(id) + (k >> 1)]!;
    return k & 1 ? half >> 8 : half & 0xff;
  }

  set(site: number, { at, slots }: Round, slot: number, value: number): void {
    const id = this.#rowOf(site);
    const k = at + (slot % slots);
    setByte(this.#rows.halves(id), 2 * this.#rows.offset(id) + (k >> 1), k, value);
  }

  /** Whether anything is known of one of its rounds. */
  knows(site: number, round: Round): boolean {
    for (let slot = 0; slot < round.slots; slot++) if (this.get(site, round, slot) !== UNKNOWN_HABIT) return true;
    return false;
  }

  /** Turns a round back by so many half hours: where clocks go forward, hours come earlier in UTC. */
  turn(site: number, round: Round, slots: number): void {
    const n = round.slots;
    const before = Array.from({ length: n }, (_, k) => this.get(site, round, k));
    for (let k = 0; k < n; k++) this.set(site, round, k, before[(((k + slots) % n) + n) % n]!);
  }

  /** Day, counted round, on which its terminals last spoke at their slower pace in a half hour of the day. */
  slow(site: number, slot: number): number {
    const id = this.#slowOf(site);
    if (id === 0) return UNKNOWN_HABIT;
    const half = this.#slow.halves(id)[2 * this.#slow.offset(id) + ((slot % HABIT_SLOTS) >> 1)]!;
    return slot & 1 ? half >> 8 : half & 0xff;
  }

  setSlow(site: number, slot: number, day: number): void {
    let id = this.#slowOf(site);
    if (id === 0) {
      const row = this.#rowOf(site);
      id = this.#slow.allocate();
      fill(this.#slow, id, HABIT_SLOTS / 4);
      this.#rows.words(row)[this.#rows.offset(row) + SLOW] = id;
    }
    setByte(this.#slow.halves(id), 2 * this.#slow.offset(id) + ((slot % HABIT_SLOTS) >> 1), slot, day);
  }

  /** Name of its time zone, and ms east of Greenwich that its habits were learned at; undefined where none has been told. */
  zone(site: number): { readonly name: string; readonly offset: number } | undefined {
    const id = this.#refs.get(site);
    if (id === 0) return undefined;
    const halves = this.#rows.halves(id);
    const at = 2 * this.#rows.offset(id);
    const zone = halves[at + ZONE]!;
    return zone === 0
      ? undefined
      : { name: this.#zones[zone - 1]!, offset: ((halves[at + OFFSET]! << 16) >> 16) * 60_000 };
  }

  setZone(site: number, name: string, offset: number): void {
    const id = this.#rowOf(site);
    const known = this.#zones.indexOf(name);
    const halves = this.#rows.halves(id);
    const at = 2 * this.#rows.offset(id);
    halves[at + ZONE] = known >= 0 ? known + 1 : this.#zones.push(name);
    halves[at + OFFSET] = Math.round(offset / 60_000);
  }

  /** Every site of which anything is known. */
  sites(): number[] {
    return this.#refs.groups();
  }

  #slowOf(site: number): number {
    const id = this.#refs.get(site);
    return id === 0 ? 0 : this.#rows.words(id)[this.#rows.offset(id) + SLOW]!;
  }

  #rowOf(site: number): number {
    const known = this.#refs.get(site);
    if (known !== 0) return known;
    const id = this.#rows.allocate();
    fill(this.#rows, id, (SALES.at + SALES.slots) / 4);
    this.#refs.set(site, id);
    return id;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#slow.bytes + this.#refs.bytes;
  }

  save(): { zones: readonly string[]; parts: Uint8Array[] } {
    return { zones: this.#zones, parts: [...this.#refs.save(), ...this.#rows.save(), ...this.#slow.save()] };
  }

  load(zones: readonly string[], bytes: Uint8Array, at: number): number {
    this.#zones.length = 0;
    this.#zones.push(...zones);
    return this.#slow.load(bytes, this.#rows.load(bytes, this.#refs.load(bytes, at)));
  }
}

/** Sets the lower byte of a half where `k` is even, the upper one where it is odd. */
function setByte(halves: Uint16Array, at: number, k: number, value: number): void {
  halves[at] = k & 1 ? (halves[at]! & 0xff) | (value << 8) : (halves[at]! & 0xff00) | value;
}

/** Says of the first words of a block that nothing is known. */
function fill(slab: Slab, id: number, words: number): void {
  const at = slab.offset(id);
  slab.words(id).fill(0xffff_ffff, at, at + words);
}
