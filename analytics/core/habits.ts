import { CLOCK, SALES, SiteHours, WEEK } from './site-hours.ts';
import { ALONE, FLAGS, HABIT_SLOTS, OUT, SEEN_AT, SITE, type Terminals, UNKNOWN_HABIT } from './terminals.ts';
import { DAY, HOUR } from './time.ts';
import { offsetOf } from './time-zone.ts';

/** Half hours of a day. */
const SLOT_MS = HOUR / 2;
const DAY_SLOTS = HABIT_SLOTS;
/** Shares are kept as bytes from 0 to FULL; UNKNOWN has not been seen. */
const FULL = 200;
const UNKNOWN = UNKNOWN_HABIT;
const THERE = 0.6 * FULL;
/** Slots from now on in which a shop must usually be there: one that shuts a little early is not out. */
const AHEAD = 3;
/** ms of silence after which a terminal no longer counts as one of its shop's. */
const GONE = 3 * DAY;
/** Share of its days on which something is sold in a half hour or beside it, from which a shop is open then. */
const SELLS = 0.25 * FULL;
/** Days and half hours about a moment in which a slower pace was heard for it to be expected again; and days after which they are counted anew. */
const SLOW_DAYS = 15;
const SLOW_SLOTS = 2;
const ROUND = 250;
/** The same from which it surely is; and how often a terminal must be there at an hour to be there always: absent once, it is so again after nine days. */
const SELLS_SURELY = 0.6 * FULL;
const ALWAYS = 0.975 * FULL;
/** A terminal's own habit: there in this share of days, known for so long. */
const FAITHFUL = 0.7 * FULL;

/** Whether a silence now would be out of habit: `there` usually, `away` usually, or nothing is known of this hour yet. */
export type Habit = 'there' | 'away' | 'unknown';

/** When shops and terminals are usually heard of, by half hour of the week and of the day: what closes every evening is not out. */
export class Habits {
  readonly #terminals: Terminals;
  readonly #hours = new SiteHours();
  /** Sites that have sold something in this half hour. */
  readonly #selling = new Set<number>();
  #slot = 0;

  constructor(terminals: Terminals) {
    this.#terminals = terminals;
  }

  placed(site: number, timezone: string | undefined, at: number): void {
    if (timezone === undefined || this.#hours.zone(site) !== undefined) return;
    const offset = offsetOf(timezone, at);
    if (offset !== undefined) this.#hours.setZone(site, timezone, offset);
  }

  /** It stands in another shop: when it is heard of there is learned anew. */
  moved(index: number): void {
    for (let slot = 0; slot < DAY_SLOTS; slot++) this.#terminals.setHabit(index, slot, UNKNOWN);
    this.#terminals.setAwayDays(index, 0);
  }

  /**
   * Its silence has been told: if it comes back by itself, these hours are no longer its own. Untaught, a terminal that is switched off at
   * night from now on would be missed every morning, as an outage teaches nothing.
   */
  told(index: number, since: number, now: number): void {
    const t = this.#terminals;
    const first = Math.floor(Math.max(since, now - DAY) / SLOT_MS);
    for (let slot = first; slot < Math.floor(now / SLOT_MS); slot++) {
      t.setHabit(index, slot % DAY_SLOTS, blend(t.habit(index, slot % DAY_SLOTS), 0, 0.5));
    }
  }

  /** A terminal of the site has sold something since it was last asked. */
  sold(site: number): void {
    if (site !== 0) this.#selling.add(site);
  }

  /** Whether the site ever sells at this hour of the day; true where nothing is known of its sales. */
  sells(site: number, at: number): boolean {
    const slot = Math.floor(at / SLOT_MS);
    // What is unknown is more than any share.
    return [-1, 0, 1].some((k) => this.#hours.get(site, SALES, slot + k) >= SELLS);
  }

  /** ms from one moment to another, a day apart at the most, in which the site usually sells. */
  soldFor(site: number, from: number, to: number): number {
    let ms = 0;
    for (let at = from; at < to; at += SLOT_MS) if (this.sells(site, at)) ms += Math.min(SLOT_MS, to - at);
    return ms;
  }

  /** A terminal of the site spoke at its slower pace from one moment to another. */
  slowed(site: number, from: number, to: number): void {
    if (site === 0) return;
    for (let slot = Math.floor(from / SLOT_MS); slot <= Math.floor(to / SLOT_MS); slot++) {
      this.#hours.setSlow(site, slot, Math.floor(slot / DAY_SLOTS) % ROUND);
    }
  }

  /** Whether terminals of the site have spoken at their slower pace within the hour of the day, in the last two weeks. */
  isSlow(site: number, at: number): boolean {
    const slot = Math.floor(at / SLOT_MS);
    for (let k = slot - SLOW_SLOTS; k <= slot + SLOW_SLOTS; k++) {
      const day = this.#hours.slow(site, k);
      if (day !== UNKNOWN && daysSince(day, slot) <= SLOW_DAYS) return true;
    }
    return false;
  }

  /** Days go round: what is two weeks old is forgotten before it is new again. */
  #forgetSlow(slot: number): void {
    for (const site of this.#hours.sites()) {
      const day = this.#hours.slow(site, slot);
      if (day !== UNKNOWN && daysSince(day, slot) > SLOW_DAYS) this.#hours.setSlow(site, slot, UNKNOWN);
    }
  }

  /** Looks back over the half hour that has ended, where one has. `blind`: nothing was heard of anybody, so nothing is learned. */
  learn(now: number, blind: boolean): void {
    const slot = Math.floor(now / SLOT_MS);
    const last = slot - 1;
    const skip = blind || this.#slot === 0;
    if (slot === this.#slot) return;
    this.#slot = slot;
    this.#followClocks(now);
    const selling = new Set(this.#selling);
    this.#selling.clear();
    this.#forgetSlow(last);
    if (skip) return;
    const t = this.#terminals;
    const there = new Map<number, [there: number, all: number]>();
    for (let i = 0; i < t.count; i++) {
      const silent = now - t.time(i, SEEN_AT);
      const present = silent < SLOT_MS + 60_000;
      const habit = t.habit(i, last % DAY_SLOTS);
      // An outage teaches nothing of habits.
      if ((t.int(i, FLAGS) & (OUT | ALONE)) === 0) {
        if (habit !== UNKNOWN && habit >= FAITHFUL) this.#noteDay(i, last, present);
        t.setHabit(i, last % DAY_SLOTS, blend(habit, present ? FULL : 0, 0.25));
      }
      const site = t.int(i, SITE);
      if (site === 0 || silent > GONE) continue;
      let sums = there.get(site);
      if (!sums) there.set(site, (sums = [0, 0]));
      sums[1]++;
      if (present) sums[0]++;
    }
    for (const [site, [present, all]] of there) {
      const share = (present / all) * FULL;
      if (present > 0) this.#learnSales(site, last, selling.has(site));
      this.#hours.set(site, WEEK, last, blend(this.#hours.get(site, WEEK, last), share, 0.6));
      this.#hours.set(site, CLOCK, last, blend(this.#hours.get(site, CLOCK, last), share, 0.4));
    }
  }

  /** Where clocks have been put forward or back, shops keep their hours by the clock: what was learned of them moves with it. */
  #followClocks(now: number): void {
    const known = new Map<string, number | undefined>();
    const turned = new Map<number, number>();
    for (const site of this.#hours.sites()) {
      const zone = this.#hours.zone(site);
      if (!zone) continue;
      if (!known.has(zone.name)) known.set(zone.name, offsetOf(zone.name, now));
      const offset = known.get(zone.name) ?? zone.offset;
      const slots = Math.round((offset - zone.offset) / SLOT_MS);
      if (slots === 0) continue;
      this.#hours.setZone(site, zone.name, offset);
      turned.set(site, slots);
      for (const round of [WEEK, CLOCK, SALES]) this.#hours.turn(site, round, slots);
    }
    if (turned.size === 0) return;
    const t = this.#terminals;
    const day = new Uint8Array(DAY_SLOTS);
    for (let i = 0; i < t.count; i++) {
      const slots = turned.get(t.int(i, SITE));
      if (slots === undefined) continue;
      for (let k = 0; k < DAY_SLOTS; k++) day[k] = t.habit(i, k);
      earlier(day, slots);
      for (let k = 0; k < DAY_SLOTS; k++) t.setHabit(i, k, day[k]!);
    }
  }

  #learnSales(site: number, slot: number, sold: boolean): void {
    // Until something has been sold it is not known whether its terminals would tell.
    if (!sold && !this.#hours.knows(site, SALES)) return;
    this.#hours.set(site, SALES, slot, blend(this.#hours.get(site, SALES, slot), sold ? FULL : 0, 0.25));
  }

  /** Whether a site is usually heard of now and for an hour on. */
  ofSite(site: number, now: number): Habit {
    const slot = Math.floor(now / SLOT_MS);
    let least = UNKNOWN;
    let strange = false;
    for (let k = 0; k < AHEAD; k++) {
      const week = this.#hours.get(site, WEEK, slot + k);
      const day = this.#hours.get(site, CLOCK, slot + k);
      const known = week === UNKNOWN ? day : week;
      if (known === UNKNOWN) return this.#byDaylight(site, now);
      // A weekend is unlike the days before it: what those say of the hour is half the truth.
      strange ||= week === UNKNOWN && this.#weekend(site, now);
      least = Math.min(least, known);
    }
    if (least <= THERE) return 'away';
    return strange ? 'unknown' : 'there';
  }

  /** Whether the terminal itself is there at this hour on nearly every day, over an hour and more. */
  isFaithful(index: number, now: number): boolean {
    const slot = Math.floor(now / SLOT_MS);
    for (let k = 0; k < AHEAD; k++) {
      const own = this.#terminals.habit(index, (slot + k) % DAY_SLOTS);
      if (own === UNKNOWN || own < FAITHFUL) return false;
    }
    return true;
  }

  /** Whether the terminal itself is mostly away now or within the hour, or was on this day of the week the last time. */
  isAwaySoon(index: number, now: number): boolean {
    const slot = Math.floor(now / SLOT_MS);
    for (let k = 0; k < AHEAD; k++) {
      const own = this.#terminals.habit(index, (slot + k) % DAY_SLOTS);
      if (own !== UNKNOWN && own <= THERE) return true;
    }
    return this.wasAway(index, now);
  }

  /** Whether it was away at such hours on this day of the week, the last time. */
  wasAway(index: number, now: number): boolean {
    return (this.#terminals.awayDays(index) & dayBit(Math.floor(now / SLOT_MS))) !== 0;
  }

  /** It was away for the whole of the day that has ended, which has been told: on that day of the week it may be so again. */
  noteAway(index: number, since: number, now: number): void {
    const day = Math.floor(now / DAY) - 1;
    if (since <= day * DAY) this.#noteDay(index, day * DAY_SLOTS, false);
  }

  #noteDay(index: number, slot: number, present: boolean): void {
    const days = this.#terminals.awayDays(index);
    this.#terminals.setAwayDays(index, present ? days & ~dayBit(slot) : days | dayBit(slot));
  }

  /** ms of the hours in which it is usually there that have gone by in silence, up to two days; a day of the week on which it was away is none. */
  missed(index: number, since: number, now: number): number {
    let ms = 0;
    for (let at = Math.max(since, now - 2 * DAY); at < now; at += SLOT_MS) {
      if (this.isFaithful(index, at) && !this.wasAway(index, at)) ms += Math.min(SLOT_MS, now - at);
    }
    return ms;
  }

  /** ms up to now, in one piece, in which its shop sells and it has been there on every day for a week and more. */
  missedAlways(index: number, since: number, now: number): number {
    const t = this.#terminals;
    const site = t.int(index, SITE);
    let from = now;
    for (let at = now; at > since - SLOT_MS && at > now - DAY; at -= SLOT_MS) {
      const own = t.habit(index, Math.floor(at / SLOT_MS) % DAY_SLOTS);
      if (own === UNKNOWN || own < ALWAYS || !this.sellsThen(site, at)) break;
      from = Math.max(since, at - SLOT_MS);
    }
    return now - from;
  }

  /** Whether the site is known to sell in this half hour of the day. */
  sellsThen(site: number, at: number): boolean {
    const share = this.#hours.get(site, SALES, Math.floor(at / SLOT_MS));
    return share !== UNKNOWN && share >= SELLS_SURELY;
  }

  /** Nothing is known of this hour: in the middle of a working day shops are open, at night they are not. */
  #byDaylight(site: number, now: number): Habit {
    const hour = this.#timeOfDay(site, now);
    if (hour === undefined) return 'unknown';
    if (hour < 9.5 * HOUR || hour >= 16 * HOUR) return 'away';
    return this.#weekend(site, now) ? 'unknown' : 'there';
  }

  /** Whether it is between ten in the evening and six in the morning there, as far as its time zone is known. */
  isNight(site: number, now: number): boolean {
    const hour = this.#timeOfDay(site, now);
    return hour !== undefined && (hour >= 22 * HOUR || hour < 6 * HOUR);
  }

  /** ms that a site's time zone is east of Greenwich; undefined where it is not known. */
  east(site: number): number | undefined {
    return this.#hours.zone(site)?.offset;
  }

  /** ms since midnight there; undefined where its time zone is not known. */
  #timeOfDay(site: number, now: number): number | undefined {
    const offset = this.east(site);
    return offset === undefined ? undefined : (((now + offset) % DAY) + DAY) % DAY;
  }

  #weekend(site: number, now: number): boolean {
    const day = Math.floor((now + (this.east(site) ?? 0)) / DAY) % 7;
    // 1970 began on a Thursday.
    return day === 2 || day === 3;
  }

  get bytes(): number {
    return this.#hours.bytes;
  }

  save(): { saved: SavedHabits; parts: Uint8Array[] } {
    const { zones, parts } = this.#hours.save();
    return { saved: { slot: this.#slot, zones, selling: [...this.#selling] }, parts };
  }

  load({ slot, zones, selling }: SavedHabits, bytes: Uint8Array, at: number): number {
    this.#slot = slot;
    this.#selling.clear();
    for (const site of selling) this.#selling.add(site);
    return this.#hours.load(zones, bytes, at);
  }
}

export interface SavedHabits {
  readonly slot: number;
  readonly zones: readonly string[];
  readonly selling: readonly number[];
}

/** Days from a day counted round to that of a half hour, which may be of the evening before it. */
function daysSince(day: number, slot: number): number {
  return (Math.floor(slot / DAY_SLOTS) - day + ROUND + 1) % ROUND;
}

function blend(known: number, seen: number, weight: number): number {
  return known === UNKNOWN ? seen : Math.round(known + (seen - known) * weight);
}

/** Turns a round of half hours back by so many of them: where clocks go forward, hours come earlier in UTC. */
function earlier(round: Uint8Array, slots: number): void {
  const before = round.slice();
  const n = round.length;
  for (let k = 0; k < n; k++) round[k] = before[(((k + slots) % n) + n) % n]!;
}

function dayBit(slot: number): number {
  return 1 << (Math.floor(slot / DAY_SLOTS) % 7);
}
