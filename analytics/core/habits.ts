import { type Groups, nameOf } from './groups.ts';
import { FLAGS, SEEN_AT, SITE, type Terminals } from './terminals.ts';
import { DAY, HOUR } from './time.ts';

/** Half hours of a week, and of a day. */
const SLOT_MS = HOUR / 2;
const DAY_SLOTS = 48;
const WEEK_SLOTS = 7 * DAY_SLOTS;
/** Shares are kept as bytes from 0 to FULL; UNKNOWN has not been seen. */
const FULL = 200;
const UNKNOWN = 255;
const THERE = 0.6 * FULL;
/** Slots from now on in which a shop must usually be there: one that shuts a little early is not out. */
const AHEAD = 3;
/** ms of silence after which a terminal no longer counts as one of its shop's. */
const GONE = 3 * DAY;
/** A terminal's own habit: there in this share of days, known for so long. */
const FAITHFUL = 0.85 * FULL;

/** Whether a silence now would be out of habit: `there` usually, `away` usually, or nothing is known of this hour yet. */
export type Habit = 'there' | 'away' | 'unknown';

/** When shops and terminals are usually heard of, by half hour of the week and of the day: what closes every evening is not out. */
export class Habits {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  /** By site: a week of half hours, then a day of them. */
  readonly #sites = new Map<number, Uint8Array>();
  /** By site: ms east of Greenwich, where a birth has told. */
  readonly #offsets = new Map<number, number>();
  /** By terminal: a day of half hours. */
  #own = new Uint8Array(0);
  #slot = 0;

  constructor(terminals: Terminals, groups: Groups) {
    this.#terminals = terminals;
    this.#groups = groups;
  }

  placed(site: number, timezone: string | undefined, at: number): void {
    if (timezone === undefined || this.#offsets.has(site)) return;
    const offset = offsetOf(timezone, at);
    if (offset !== undefined) this.#offsets.set(site, offset);
  }

  /** Looks back over the half hour that has ended, where one has. `blind`: nothing was heard of anybody, so nothing is learned. */
  learn(now: number, blind: boolean): void {
    const slot = Math.floor(now / SLOT_MS);
    const last = slot - 1;
    const skip = blind || this.#slot === 0;
    if (slot === this.#slot) return;
    this.#slot = slot;
    if (skip) return;
    const t = this.#terminals;
    if (this.#own.length < t.count * DAY_SLOTS) {
      const own = new Uint8Array(Math.max(256, t.count * 2) * DAY_SLOTS).fill(UNKNOWN);
      own.set(this.#own);
      this.#own = own;
    }
    const there = new Map<number, [there: number, all: number]>();
    for (let i = 0; i < t.count; i++) {
      const silent = now - t.time(i, SEEN_AT);
      const present = silent < SLOT_MS + 60_000;
      const at = i * DAY_SLOTS + (last % DAY_SLOTS);
      // What was out for a reason of its own teaches nothing of its habit.
      if ((t.int(i, FLAGS) & OUT_OR_GONE) === 0) this.#own[at] = blend(this.#own[at]!, present ? FULL : 0, 0.25);
      const site = t.int(i, SITE);
      if (site === 0 || silent > GONE) continue;
      let sums = there.get(site);
      if (!sums) there.set(site, (sums = [0, 0]));
      sums[1]++;
      if (present) sums[0]++;
    }
    for (const [site, [present, all]] of there) {
      let habit = this.#sites.get(site);
      if (!habit) this.#sites.set(site, (habit = new Uint8Array(WEEK_SLOTS + DAY_SLOTS).fill(UNKNOWN)));
      const share = (present / all) * FULL;
      const week = last % WEEK_SLOTS;
      const day = WEEK_SLOTS + (last % DAY_SLOTS);
      habit[week] = blend(habit[week]!, share, 0.6);
      habit[day] = blend(habit[day]!, share, 0.4);
    }
  }

  /** Whether a site is usually heard of now and for an hour on. */
  ofSite(site: number, now: number): Habit {
    const habit = this.#sites.get(site);
    const slot = Math.floor(now / SLOT_MS);
    let least = UNKNOWN;
    for (let k = 0; k < AHEAD; k++) {
      const week = habit?.[(slot + k) % WEEK_SLOTS] ?? UNKNOWN;
      const day = habit?.[WEEK_SLOTS + ((slot + k) % DAY_SLOTS)] ?? UNKNOWN;
      // A weekend is unlike the days before it: what those say of the hour is not enough.
      const known = week !== UNKNOWN ? week : this.#weekend(site, now) ? UNKNOWN : day;
      if (known === UNKNOWN) return this.#byDaylight(site, now);
      least = Math.min(least, known);
    }
    return least > THERE ? 'there' : 'away';
  }

  /** Whether the terminal itself is there at this hour on nearly every day, over an hour and more. */
  isFaithful(index: number, now: number): boolean {
    const slot = Math.floor(now / SLOT_MS);
    for (let k = 0; k < AHEAD; k++) {
      const own = this.#own[index * DAY_SLOTS + ((slot + k) % DAY_SLOTS)] ?? UNKNOWN;
      if (own === UNKNOWN || own < FAITHFUL) return false;
    }
    return true;
  }

  /** ms of the hours in which it is usually there that have gone by in silence, up to a day. */
  missed(index: number, since: number, now: number): number {
    let ms = 0;
    for (let at = Math.max(since, now - DAY); at < now; at += SLOT_MS) {
      if (this.isFaithful(index, at)) ms += Math.min(SLOT_MS, now - at);
    }
    return ms;
  }

  /** Nothing is known of this hour: in the middle of a working day shops are open, else it stays unknown. */
  #byDaylight(site: number, now: number): Habit {
    const offset = this.#offsets.get(site);
    if (offset === undefined || this.#weekend(site, now)) return 'unknown';
    const hour = (((now + offset) % DAY) + DAY) % DAY;
    return hour >= 9.5 * HOUR && hour < 16 * HOUR ? 'there' : 'unknown';
  }

  #weekend(site: number, now: number): boolean {
    const day = Math.floor((now + (this.#offsets.get(site) ?? 0)) / DAY) % 7;
    // 1970 began on a Thursday.
    return day === 2 || day === 3;
  }

  get bytes(): number {
    return this.#own.length + this.#sites.size * (WEEK_SLOTS + DAY_SLOTS);
  }

  save(): SavedHabits {
    return {
      slot: this.#slot,
      own: Buffer.from(this.#own.subarray(0, this.#terminals.count * DAY_SLOTS)).toString('base64'),
      sites: [...this.#sites].map(([site, habit]) => [
        nameOf(this.#groups.nameOf(site)),
        site,
        Buffer.from(habit).toString('base64'),
        this.#offsets.get(site) ?? null,
      ]),
    };
  }

  load(saved: SavedHabits): void {
    this.#slot = saved.slot;
    this.#own = Uint8Array.from(Buffer.from(saved.own, 'base64'));
    this.#sites.clear();
    this.#offsets.clear();
    for (const [, site, habit, offset] of saved.sites) {
      this.#sites.set(site, Uint8Array.from(Buffer.from(habit, 'base64')));
      if (offset !== null) this.#offsets.set(site, offset);
    }
  }
}
