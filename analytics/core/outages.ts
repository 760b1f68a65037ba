import type { Finding, Scope } from '../../contract/findings.ts';
import type { Groups } from './groups.ts';
import type { Habits, SavedHabits } from './habits.ts';
import { Lateness } from './lateness.ts';
import { CauseFinder, type Lost } from './outage-cause.ts';
import { overdue, type Paces } from './paces.ts';
import type { StandingBook } from './standing.ts';
import {
  CELL,
  DOWN,
  FIRST_AT,
  FIXED,
  FLAGS,
  GOODBYE,
  LINE,
  LOST_AT,
  LOW,
  MOBILE,
  OUT,
  SEEN_AT,
  SITE,
  STARTED,
  type Terminals,
} from './terminals.ts';
import { DAY } from './time.ts';

const TICK_MS = 10_000;
/** Losses this close together have one cause. */
const TOGETHER_MS = 4 * 60_000;
/** % of charge below which a terminal is about to go out by itself. */
const NEARLY_EMPTY = 15;
/** How near to the minute, and for how many days back, a site that goes at the hour at which it went before goes by a clock. */
const SAME_HOUR_MS = 20 * 60_000;
const DAYS_BACK = 3;
const WEEK = 7;
/** ms after which a few more members are worth a word. */
const RETELL_MS = 60_000;

interface Incident {
  readonly key: string;
  readonly members: Set<number>;
  readonly statement: Omit<Finding, 'at' | 'state' | 'members' | 'evidence' | 'severity'>;
  readonly beganAt: number;
  /** A single site that went at this hour on a day before too, and came back by itself. */
  readonly again: boolean;
  /** A session of it was seen to end without a goodbye: until then there is nothing but silence. */
  willed: boolean;
  toldMembers: number;
  toldAt: number;
  backSince: number | null;
}

/**
 * Many terminals that fall silent together are one outage, of the narrowest thing that explains them: a site, a cell, a carrier, or
 * several sites at once. A loss is told by a will, or seen as a heartbeat overdue while its neighbours' are too.
 */
export class OutageWatch {
  readonly #terminals: Terminals;
  readonly #book: StandingBook;
  readonly #incidents = new Map<string, Incident>();
  readonly #habits: Habits;
  readonly #paces: Paces;
  readonly #causes: CauseFinder;
  readonly #isCrowded: (index: number) => boolean;
  /** By tenant: losses in ten seconds, on average: a large fleet always loses some. */
  readonly #usual = new Map<string, number>();
  /** When a site was last out, by its key, ms. */
  readonly #wentAt = new Map<string, number>();
  readonly #lateness = new Lateness();
  /** By terminal: ms until which it cannot be overdue, as it was heard of lately; 0 to look. Found anew after a restart. */
  #fineUntil = new Float64Array(64);
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
    this.#book = book;
    this.#habits = habits;
    this.#paces = paces;
    this.#isCrowded = isCrowded;
    this.#causes = new CauseFinder(terminals, groups, paces);
  }

  /** ms that its messages usually come after they are measured. */
  usuallyLate(index: number): number {
    return this.#lateness.of(index);
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

  /** The next look at the fleet asks of it again. */
  #lookAt(index: number): void {
    if (index >= this.#fineUntil.length) {
      const longer = new Float64Array(Math.max(index + 1, 2 * this.#fineUntil.length));
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
    if (blind && this.#incidents.size === 0) return;
    const lost = this.#absorb(this.#overdue(now), now);
    if (lost.length > 0 && now >= this.#quietUntil) this.#explain(lost, now, out);
    this.#follow(now, out);
  }

  /** Those lost lately whose loss is out of habit. */
  #overdue(now: number): Lost[] {
    const t = this.#terminals;
    const lost: Lost[] = [];
    const fresh = new Map<string, number>();
    for (let i = 0; i < t.count; i++) {
      if (now <= this.#fineUntil[i]!) continue;
      const flags = t.int(i, FLAGS);
      if (flags & (GOODBYE | OUT)) continue;
      let at = 0;
      if (flags & DOWN) {
        at = t.time(i, LOST_AT);
        if (now - at > TOGETHER_MS) {
          this.#fineUntil[i] = Number.POSITIVE_INFINITY;
          continue;
        }
      } else {
        const seen = t.time(i, SEEN_AT);
        const silence = now - seen;
        // Nothing but a message of its own changes how soon it may be missed.
        const soonest = overdue(this.#paces.interval(i)) + this.#lateness.of(i);
        if (silence <= soonest) {
          this.#fineUntil[i] = seen + soonest;
          continue;
        }
        const beat = this.#paces.beat(i, seen);
        const patience = overdue(beat) + this.#lateness.of(i);
        if (silence <= patience) continue;
        if (silence >= patience + Math.max(TOGETHER_MS, beat)) {
          // Gone for longer than any pace of its own: it is not asked of again before it is back.
          const slowest = this.#paces.slowest(i);
          const gone = overdue(slowest) + this.#lateness.of(i) + Math.max(TOGETHER_MS, slowest);
          if (silence >= gone) this.#fineUntil[i] = Number.POSITIVE_INFINITY;
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

  /** Those of a site that is out already are out with it; answers the others. */
  #absorb(lost: readonly Lost[], now: number): readonly Lost[] {
    let rest = lost;
    for (const incident of this.#incidents.values()) {
      if (now - incident.beganAt > 2 * TOGETHER_MS || rest.length === 0) continue;
      const sites = new Set([...incident.members].map((i) => this.#terminals.int(i, SITE)));
      const own = rest.filter((l) => sites.has(this.#terminals.int(l.index, SITE)));
      this.#join(incident, own);
      rest = rest.filter((l) => !own.includes(l));
    }
    return rest;
  }

  #explain(lost: readonly Lost[], now: number, out: Finding[]): void {
    for (const [tenant, mine] of Map.groupBy(lost, (l) => this.#terminals.tenant(l.index))) {
      const usual = (this.#usual.get(tenant) ?? 0) / TICK_MS;
      const cause = this.#causes.find(tenant, mine, now, usual);
      if (cause) this.#open(tenant, cause.scope, cause.subject, cause.those, now, out);
    }
  }

  #open(tenant: string, scope: Scope, subject: string, lost: readonly Lost[], now: number, out: Finding[]): void {
    const key = `${tenant}/${scope}/${subject}/outage`;
    const known = this.#incidents.get(key);
    for (const incident of this.#incidents.values()) {
      // What joins an outage under way belongs to it: the same cause reaches more terminals.
      if (incident.statement.tenant !== tenant || incident === known || now - incident.beganAt > TOGETHER_MS) continue;
      this.#join(incident, lost);
      return;
    }
    if (known) {
      this.#join(known, lost);
      return;
    }
    const incident: Incident = {
      key,
      members: new Set(),
      statement: {
        tenant: this.#terminals.tenant(lost[0]!.index),
        scope,
        subject,
        terminal: null,
        site: scope === 'site' && !subject.includes('+') ? subject : null,
        component: 'network',
        mode: 'offline',
        probability: 1,
        horizonH: 0,
        failsAt: now,
        failsAtP10: now,
        failsAtP90: now,
      },
      beganAt: now,
      again: this.#wentBefore(key, now),
      willed: false,
      toldMembers: 0,
      toldAt: now,
      backSince: null,
    };
    this.#join(incident, lost);
    this.#incidents.set(key, incident);
    if (scope === 'site') this.#wentAt.set(key, now);
    this.#state(incident, now, out);
  }

  #join(incident: Incident, lost: readonly Lost[]): void {
    for (const l of lost) {
      incident.members.add(l.index);
      if (!l.silent) incident.willed = true;
      this.#terminals.setInt(l.index, FLAGS, this.#terminals.int(l.index, FLAGS) | OUT);
    }
  }

  #state(incident: Incident, now: number, out: Finding[]): void {
    incident.toldMembers = incident.members.size;
    incident.toldAt = now;
    const members = [...incident.members].map((i) => this.#terminals.name(i)).sort();
    const { scope, subject } = incident.statement;
    const apart = scope === 'site' && this.#sharesNoWay(incident, now);
    const shut = apart || (scope === 'site' && (incident.again || this.#isShut(incident)));
    const likelier = incident.again
      ? 'It went at this hour on a day before too and came back by itself, so it is more likely shut, or switched off by a clock, than out.'
      : apart
        ? 'They went without a word on ways that share nothing, while others go on over the same cells, so the shop is more likely shut or without power than cut off.'
        : 'Nothing is sold there at this hour, so it is more likely shut than out.';
    this.#book.hold(
      incident.key,
      {
        ...incident.statement,
        at: now,
        severity: shut ? 'watch' : 'critical',
        members,
        evidence: [
          {
            metric: 'network.silence',
            value: members.length,
            baseline: 0,
            why: `${members.length} terminals fell silent within minutes of each other; what they share is the ${scope} ${subject}. ${shut ? likelier : 'No card payment goes through there until it is back.'}`,
          },
        ],
      },
      out,
    );
  }

  /** No cable is cut twice at the same minute of the day. */
  #wentBefore(key: string, now: number): boolean {
    const days = (now - (this.#wentAt.get(key) ?? Number.NEGATIVE_INFINITY)) / DAY;
    const whole = Math.round(days);
    return ((whole >= 1 && whole <= DAYS_BACK) || whole === WEEK) && Math.abs(days - whole) * DAY <= SAME_HOUR_MS;
  }

  /** One shop that went at an hour at which it never sells: it was shut without a word sooner than cut off. */
  #isShut({ members, beganAt }: Incident): boolean {
    const sites = new Set([...members].map((i) => this.#terminals.int(i, SITE)));
    return sites.size === 1 && [...sites].every((site) => !this.#habits.sells(site, beganAt));
  }

  /**
   * One shop that falls silent on its own line and on the mobile network at once, or on the mobile network alone while others go on over the
   * same cells. No cable and no cell does that: somebody shut it, or its mains failed. Where a session was seen to break, it is told all the same.
   */
  #sharesNoWay({ members, willed }: Incident, now: number): boolean {
    const t = this.#terminals;
    const sites = new Set([...members].map((i) => t.int(i, SITE)));
    const mobile = [...members].filter((i) => t.int(i, LINE) === MOBILE);
    if (willed || sites.size !== 1 || mobile.length === 0) return false;
    if ([...members].some((i) => t.int(i, LINE) === FIXED)) return true;
    const cells = new Set(mobile.map((i) => t.int(i, CELL)));
    if (cells.has(0)) return false;
    const alive = new Set<number>();
    for (let i = 0; i < t.count; i++) {
      const recent = now - t.time(i, SEEN_AT) <= this.#paces.interval(i) * 1.1;
      if (recent && !sites.has(t.int(i, SITE)) && !(t.int(i, FLAGS) & DOWN)) alive.add(t.int(i, CELL));
    }
    return [...cells].some((cell) => alive.has(cell));
  }

  #follow(now: number, out: Finding[]): void {
    const t = this.#terminals;
    for (const incident of this.#incidents.values()) {
      let back = 0;
      for (const i of incident.members) {
        if (t.time(i, SEEN_AT) > incident.beganAt && !(t.int(i, FLAGS) & DOWN)) back++;
      }
      if (back * 2 < incident.members.size) {
        incident.backSince = null;
        const more = incident.members.size - incident.toldMembers;
        if (more > 0 && (more > incident.toldMembers * 0.2 || now - incident.toldAt >= RETELL_MS))
          this.#state(incident, now, out);
        continue;
      }
      incident.backSince ??= now;
      if (now - incident.backSince < 2 * 60_000) continue;
      for (const i of incident.members) t.setInt(i, FLAGS, t.int(i, FLAGS) & ~OUT);
      this.#incidents.delete(incident.key);
      this.#book.clear(incident.key, now, out);
    }
  }

  save(): SavedOutages {
    return {
      tick: this.#tick,
      newest: this.#newest,
      quietUntil: this.#quietUntil,
      usual: [...this.#usual],
      habits: this.#habits.save(),
      wentAt: [...this.#wentAt],
      lateness: this.#lateness.save(),
      incidents: [...this.#incidents.values()].map((i) => ({ ...i, members: [...i.members] })),
    };
  }

  load(saved: SavedOutages): void {
    this.#tick = saved.tick;
    this.#newest = saved.newest;
    this.#quietUntil = saved.quietUntil;
    this.#usual.clear();
    for (const [tenant, usual] of saved.usual) this.#usual.set(tenant, usual);
    this.#habits.load(saved.habits);
    this.#wentAt.clear();
    for (const [key, at] of saved.wentAt) this.#wentAt.set(key, at);
    this.#lateness.load(saved.lateness);
    this.#fineUntil.fill(0);
    this.#incidents.clear();
    for (const i of saved.incidents) this.#incidents.set(i.key, { ...i, members: new Set(i.members) });
  }
}

export interface SavedOutages {
  readonly tick: number;
  readonly newest: number;
  readonly quietUntil: number;
  readonly usual: readonly (readonly [tenant: string, losses: number])[];
  readonly habits: SavedHabits;
  readonly wentAt: readonly (readonly [key: string, at: number])[];
  readonly lateness: readonly (readonly [index: number, ms: number])[];
  readonly incidents: readonly (Omit<Incident, 'members'> & { readonly members: readonly number[] })[];
}
