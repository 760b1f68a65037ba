import type { Finding } from '../../contract/findings.ts';
import type { Groups } from './groups.ts';
import type { Habits } from './habits.ts';
import { Lateness } from './lateness.ts';
import { CauseFinder, type Lost } from './outage-cause.ts';
import { Incidents, type SavedIncidents, TOGETHER_MS } from './outage-incidents.ts';
import { overdue, type Paces } from './paces.ts';
import type { StandingBook } from './standing.ts';
import {
  DOWN,
  FIRST_AT,
  FLAGS,
  GOODBYE,
  LOST_AT,
  LOW,
  OUT,
  SEEN_AT,
  SITE,
  STARTED,
  type Terminals,
} from './terminals.ts';

const TICK_MS = 10_000;
/** % of charge below which a terminal is about to go out by itself. */
const NEARLY_EMPTY = 15;
/** ms by which a reading comes later than its terminal's usually do, from which it was held back on the way. */
const HELD_BACK_MS = 5 * 60_000;
/** Seconds that never come: until it is heard of again. */
const NEVER = 0xffff_ffff;

/**
 * Many terminals that fall silent together are one outage, of the narrowest thing that explains them: a site, a cell, a carrier, or
 * several sites at once. A loss is told by a will, or seen as a heartbeat overdue while its neighbours' are too.
 */
export class OutageWatch {
  readonly #terminals: Terminals;
  readonly #habits: Habits;
  readonly #paces: Paces;
  readonly #causes: CauseFinder;
  readonly #incidents: Incidents;
  readonly #isCrowded: (index: number) => boolean;
  /** By tenant: losses in ten seconds, on average: a large fleet always loses some. */
  readonly #usual = new Map<string, number>();
  /** The same of the look under way. */
  readonly #fresh = new Map<string, number>();
  readonly #lateness = new Lateness();
  /** By terminal: whole seconds until which it cannot be overdue, as it was heard of lately; 0 to look. Found anew after a restart. */
  #fineUntil = new Uint32Array(64);
  #tick = 0;
  #newest = 0;
  #quietUntil = 0;

  constructor(
    terminals: Terminals,
    groups: Groups,
    book: StandingBook,
    habits: Habits,
    paces: Paces,
    isCrowded: (index: number) => boolean,
  ) {
    this.#terminals = terminals;
    this.#habits = habits;
    this.#paces = paces;
    this.#isCrowded = isCrowded;
    this.#causes = new CauseFinder(terminals, groups, paces);
    this.#incidents = new Incidents(terminals, book, habits, paces, (index) => this.#lateness.of(index));
  }

  /** ms that its messages usually come after they are measured. */
  usuallyLate(index: number): number {
    return this.#lateness.of(index);
  }

  /**
   * ms that it was lost for by itself, as a message comes at `at`: since its will, or since it was overdue; 0 where it was not, said goodbye, or was out with others.
   * Where the message does not open a session, it may have been back for a beat.
   */
  awayFor(index: number, at: number, opens: boolean): number {
    const t = this.#terminals;
    const flags = t.int(index, FLAGS);
    const seen = t.time(index, SEEN_AT);
    if (flags & (GOODBYE | OUT) || seen === 0) return 0;
    if (flags & DOWN) {
      const lost = t.time(index, LOST_AT);
      return Math.max(0, at - (opens ? lost : Math.max(lost, seen + this.#paces.beat(index, seen))));
    }
    // Of most messages this is asked, and no pace is shorter than the interval.
    if (at - seen <= overdue(this.#paces.interval(index))) return 0;
    const beat = this.#paces.beat(index, seen);
    return at - seen > overdue(beat) + this.#lateness.of(index) ? at - seen - beat : 0;
  }

  /** A message came, measured at `ts`: it is there again. */
  heard(index: number, at: number, ts = at): void {
    const t = this.#terminals;
    this.#lateness.came(index, at - ts, at - t.time(index, SEEN_AT));
    t.setTime(index, SEEN_AT, at);
    this.#lookAt(index);
    const flags = t.int(index, FLAGS);
    this.#newest = at;
    // What was measured before it said goodbye, and was held up on the way, does not bring it back.
    if (flags & GOODBYE && ts < t.time(index, LOST_AT)) return;
    if (flags & (DOWN | GOODBYE)) t.setInt(index, FLAGS, flags & ~(DOWN | GOODBYE));
    if (t.time(index, LOST_AT) !== 0) t.setTime(index, LOST_AT, 0);
  }

  /** The broker or the terminal itself says that its session ended; a goodbye was `said` by the terminal's own clock. */
  lost(index: number, at: number, goodbye: boolean, said = at): void {
    const t = this.#terminals;
    const flags = t.int(index, FLAGS);
    this.#newest = Math.max(this.#newest, at);
    if (goodbye) {
      t.setInt(index, FLAGS, flags | GOODBYE);
      // A clock that is ahead now and set right later would say goodbye for good.
      t.setTime(index, LOST_AT, Math.min(said, at));
      return;
    }
    if (flags & (DOWN | GOODBYE)) return;
    t.setInt(index, FLAGS, flags | DOWN);
    t.setTime(index, LOST_AT, at);
    this.#lookAt(index);
  }

  /** One that is out had reached the payment host at `ts`, as a reading tells that came after all. */
  reached(index: number, ts: number, now: number): void {
    if (this.isOut(index) && now - ts > HELD_BACK_MS + this.#lateness.of(index)) this.#incidents.reached(index, ts);
  }

  /** The next look at the fleet asks of it again. */
  #lookAt(index: number): void {
    if (index >= this.#fineUntil.length) {
      const longer = new Uint32Array(index + 64 + (index >> 3));
      longer.set(this.#fineUntil);
      this.#fineUntil = longer;
    }
    this.#fineUntil[index] = 0;
  }

  /** Notes whether the battery was nearly empty when last heard of: such a terminal goes silent of that. */
  charged(index: number, percent: number): void {
    const flags = this.#terminals.int(index, FLAGS);
    const next = percent < NEARLY_EMPTY ? flags | LOW : flags & ~LOW;
    if (next !== flags) this.#terminals.setInt(index, FLAGS, next);
  }

  /** It started at `at`, as it says: how an outage ends tells whether it was the mains. */
  started(index: number, at: number): void {
    if (this.#incidents.isOpen) this.#incidents.started(index, at);
  }

  /** It has started again by itself; or its readings show that it runs. */
  restarted(index: number, now: boolean): void {
    const flags = this.#terminals.int(index, FLAGS);
    const next = now ? flags | STARTED : flags & ~STARTED;
    if (next !== flags) this.#terminals.setInt(index, FLAGS, next);
  }

  /** True for some minutes after nothing was heard of anybody: silence then says nothing. */
  isBlind(now: number): boolean {
    return now < this.#quietUntil;
  }

  isOut(index: number): boolean {
    return (this.#terminals.int(index, FLAGS) & OUT) !== 0;
  }

  /** Whether ten seconds have passed since the last look. */
  due(now: number): boolean {
    return Math.floor(now / TICK_MS) !== this.#tick;
  }

  /** Looks at the whole fleet once every ten seconds of its time. */
  advance(now: number, out: Finding[]): void {
    const tick = Math.floor(now / TICK_MS);
    // After a pause of ours every terminal looks overdue: the clock starts over.
    const blind = now - this.#newest > TOGETHER_MS || (tick - this.#tick) * TICK_MS > TOGETHER_MS;
    this.#tick = tick;
    if (blind) this.#quietUntil = now + 2 * TOGETHER_MS;
    this.#habits.learn(now, blind);
    if (blind && !this.#incidents.isOpen) return;
    const lost = this.#incidents.absorb(this.#overdue(now), now);
    if (lost.length > 0 && now >= this.#quietUntil) this.#explain(lost, now, out);
    this.#incidents.follow(now, out);
  }

  /** Those lost lately whose loss is out of habit. */
  #overdue(now: number): Lost[] {
    const t = this.#terminals;
    const lost: Lost[] = [];
    const fresh = this.#fresh;
    // Clearing a map makes it a new table, even where there is nothing to clear.
    if (fresh.size > 0) fresh.clear();
    for (let i = 0; i < t.count; i++) {
      if (now <= this.#fineUntil[i]! * 1000) continue;
      const flags = t.int(i, FLAGS);
      if (flags & (GOODBYE | OUT)) continue;
      let at = 0;
      if (flags & DOWN) {
        at = t.time(i, LOST_AT);
        if (now - at > TOGETHER_MS) {
          this.#fineUntil[i] = NEVER;
          continue;
        }
      } else {
        const seen = t.time(i, SEEN_AT);
        const silence = now - seen;
        // Nothing but a message of its own changes how soon it may be missed.
        const soonest = overdue(this.#paces.interval(i)) + this.#lateness.of(i);
        if (silence <= soonest) {
          this.#fineUntil[i] = (seen + soonest) / 1000;
          continue;
        }
        const beat = this.#paces.beat(i, seen);
        const patience = overdue(beat) + this.#lateness.of(i);
        if (silence <= patience) continue;
        if (silence >= patience + Math.max(TOGETHER_MS, beat)) {
          // Gone for longer than any pace of its own: it is not asked of again before it is back.
          const slowest = this.#paces.slowest(i);
          const gone = overdue(slowest) + this.#lateness.of(i) + Math.max(TOGETHER_MS, slowest);
          if (silence >= gone) this.#fineUntil[i] = NEVER;
          continue;
        }
        // Of one that has only just been met, its rhythm is not known.
        if (seen - t.time(i, FIRST_AT) < 2 * beat) continue;
        at = seen + beat + this.#lateness.of(i);
      }
      // Where a place is told of as full, that its terminals come and go is part of it.
      if (this.#isCrowded(i)) continue;
      const habit = this.#habits.ofSite(t.int(i, SITE), at);
      // Some of a shop's terminals go by a clock though the shop as a whole is never silent.
      if (habit === 'away' || this.#habits.isAwaySoon(i, at)) continue;
      const silent = (flags & DOWN) === 0;
      lost.push({ index: i, at, silent, habit });
      if (!silent && now - at < TICK_MS) fresh.set(t.tenant(i), (fresh.get(t.tenant(i)) ?? 0) + 1);
    }
    for (const tenant of fresh.keys()) if (!this.#usual.has(tenant)) this.#usual.set(tenant, 0);
    for (const [tenant, usual] of this.#usual) {
      this.#usual.set(tenant, usual + (Math.min(fresh.get(tenant) ?? 0, usual * 5 + 1) - usual) * 0.005);
    }
    return lost;
  }

  #explain(lost: readonly Lost[], now: number, out: Finding[]): void {
    for (const [tenant, mine] of Map.groupBy(lost, (l) => this.#terminals.tenant(l.index))) {
      const usual = (this.#usual.get(tenant) ?? 0) / TICK_MS;
      const cause = this.#causes.find(tenant, mine, now, usual);
      if (cause) this.#incidents.open(tenant, cause.scope, cause.subject, cause.those, now, out);
    }
  }

  save(): SavedOutages {
    return {
      tick: this.#tick,
      newest: this.#newest,
      quietUntil: this.#quietUntil,
      usual: [...this.#usual],
      lateness: this.#lateness.save(),
      ...this.#incidents.save(),
    };
  }

  load(saved: SavedOutages): void {
    this.#tick = saved.tick;
    this.#newest = saved.newest;
    this.#quietUntil = saved.quietUntil;
    this.#usual.clear();
    for (const [tenant, usual] of saved.usual) this.#usual.set(tenant, usual);
    this.#lateness.load(saved.lateness);
    this.#fineUntil.fill(0);
    this.#incidents.load(saved);
  }
}

export interface SavedOutages extends SavedIncidents {
  readonly tick: number;
  readonly newest: number;
  readonly quietUntil: number;
  readonly usual: readonly (readonly [tenant: string, losses: number])[];
  readonly lateness: readonly (readonly [index: number, ms: number])[];
}
