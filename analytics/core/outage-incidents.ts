import type { Finding, Scope, Severity } from '../../contract/findings.ts';
import type { Habits } from './habits.ts';
import type { Lost } from './outage-cause.ts';
import { SAYS } from './outage-sentences.ts';
import type { Paces } from './paces.ts';
import type { StandingBook } from './standing.ts';
import { CELL, DOWN, FIXED, FLAGS, MOBILE, OUT, SEEN_AT, SITE, type Terminals } from './terminals.ts';
import { DAY, HOUR } from './time.ts';

/** Losses this close together have one cause, ms. */
export const TOGETHER_MS = 4 * 60_000;
/** How near to the minute, and for how many days back, a site that goes at the hour at which it went before goes by a clock. */
const SAME_HOUR_MS = 20 * 60_000;
const DAYS_BACK = 3;
const WEEK = 7;
/**
 * ms from being told within which one shop's router that restarts, its provider's line or its mains is back: until then it is watched, and nobody
 * is sent. Together with what it took to be told that is the quarter of an hour that makes an outage.
 */
const RESTART_MS = 12 * 60_000;
/** How many times as long as its readings were once held back they may be held again, ms at the most. */
const HELD_AGAIN = 2;
const HELD_MOST_MS = 2 * HOUR;
/**
 * ms for which a shop is waited for of which most terminals usually come late: a gateway sends its readings by the batch, and keeps their sessions to itself. That nothing
 * comes says of that one box that it does not send, and not yet of the shop that it does not sell.
 */
const BATCHED_MS = HOUR;
/** ms by which what comes by the batch comes late now and then: more than clocks are off. */
const BATCH_MS = 3 * 60_000;
/** ms for which a carrier works on its network by night. */
const WORKS_MS = HOUR;
/** Shops that may go at once where none of them sells: their provider works on the line by night. */
const SHUT_TOGETHER = 3;
/** Share of the shops of a cell, a carrier, or of many that may sell all night where the others are shut. */
const OPEN_BY_NIGHT = 0.3;
/** ms for which most of an outage's terminals must be back to be judged by themselves again; and for it to be over once it has been told: works on a line cut it several times. */
const BACK_MS = 2 * 60_000;
const SETTLED_MS = 30 * 60_000;
/** ms after which a few more members are worth a word. */
const RETELL_MS = 60_000;

interface Incident {
  readonly key: string;
  readonly members: Set<number>;
  readonly statement: Omit<Finding, 'at' | 'state' | 'members' | 'evidence' | 'severity'>;
  /** When it began, the last time. */
  beganAt: number;
  /** A single site that went at this hour on a day before too, and came back by itself. */
  readonly again: boolean;
  /** A session of it was seen to end without a goodbye: until then there is nothing but silence. */
  willed: boolean;
  /** Members of which a reading of the meantime came late, and shows that the payment host was reached. */
  readonly reached: Set<number>;
  /** It is watched only because it may be back in a moment. */
  waits: boolean;
  /** It is watched only because nobody sells there now. */
  shut: boolean;
  /** It has been told as an outage, and stays one until it is over. */
  told: boolean;
  toldMembers: number;
  toldAt: number;
  backSince: number | null;
  /** Its terminals are back and judged by themselves; it is not over before they have stayed. */
  released: boolean;
}

/** Outages that stand: who is out with each, what is said of it, and when it is over. */
export class Incidents {
  readonly #terminals: Terminals;
  readonly #book: StandingBook;
  readonly #habits: Habits;
  readonly #paces: Paces;
  /** ms that a terminal's messages usually come late. */
  readonly #usuallyLate: (index: number) => number;
  readonly #incidents = new Map<string, Incident>();
  /** When a site was last out, by its key, ms. */
  readonly #wentAt = new Map<string, number>();
  /** How long a site's readings were held back at the most while its payments went on, by its key, ms. */
  readonly #heldFor = new Map<string, number>();

  constructor(
    terminals: Terminals,
    book: StandingBook,
    habits: Habits,
    paces: Paces,
    usuallyLate: (index: number) => number,
  ) {
    this.#terminals = terminals;
    this.#book = book;
    this.#habits = habits;
    this.#paces = paces;
    this.#usuallyLate = usuallyLate;
  }

  get count(): number {
    return this.#incidents.size;
  }

  /** Those of a site that is out already are out with it; answers the others. */
  absorb(lost: readonly Lost[], now: number): readonly Lost[] {
    let rest = lost;
    for (const incident of this.#incidents.values()) {
      if (incident.released || now - incident.beganAt > 2 * TOGETHER_MS || rest.length === 0) continue;
      const sites = new Set([...incident.members].map((i) => this.#terminals.int(i, SITE)));
      const own = rest.filter((l) => sites.has(this.#terminals.int(l.index, SITE)));
      this.#join(incident, own);
      rest = rest.filter((l) => !own.includes(l));
    }
    return rest;
  }

  /** One more outage, unless it belongs to one that stands. */
  open(tenant: string, scope: Scope, subject: string, lost: readonly Lost[], now: number, out: Finding[]): void {
    const key = `${tenant}/${scope}/${subject}/outage`;
    const known = this.#incidents.get(key);
    for (const incident of this.#incidents.values()) {
      // What joins an outage under way belongs to it: the same cause reaches more terminals.
      if (incident.statement.tenant !== tenant || incident === known) continue;
      if (incident.released || now - incident.beganAt > TOGETHER_MS) continue;
      this.#join(incident, lost);
      return;
    }
    if (known) {
      if (known.released) this.#reopen(known, lost, now, out);
      else this.#join(known, lost);
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
      reached: new Set(),
      waits: false,
      shut: false,
      told: false,
      toldMembers: 0,
      toldAt: now,
      backSince: null,
      released: false,
    };
    this.#join(incident, lost);
    this.#incidents.set(key, incident);
    if (scope === 'site') this.#wentAt.set(key, now);
    this.#state(incident, now, out);
  }

  /** A reading measured at `ts`, while nothing was heard of it, reached the payment host: what held it back was on the way to us only. */
  reached(index: number, ts: number): void {
    for (const incident of this.#incidents.values()) {
      if (!incident.released && incident.members.has(index) && ts > incident.beganAt) incident.reached.add(index);
    }
  }

  /** It had been back, and goes again before it was over. */
  #reopen(incident: Incident, lost: readonly Lost[], now: number, out: Finding[]): void {
    incident.members.clear();
    incident.beganAt = now;
    incident.backSince = null;
    incident.released = false;
    incident.reached.clear();
    this.#join(incident, lost);
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
    const { scope } = incident.statement;
    const apart = scope === 'site' && this.#sharesNoWay(incident, now);
    incident.shut = !incident.told && this.#isShut(incident, now);
    const shut = apart || incident.shut || (scope === 'site' && incident.again);
    incident.waits = !shut && this.#mayBeBack(incident, now);
    incident.told ||= !shut && !incident.waits;
    const likelier = incident.again ? SAYS.again : apart ? SAYS.apart : SAYS.shut;
    const says = shut ? likelier : incident.waits ? this.#waitsFor(incident) : SAYS.out;
    this.#tell(incident, now, shut || incident.waits ? 'watch' : 'critical', says, out);
  }

  #tell(incident: Incident, now: number, severity: Severity, says: string, out: Finding[]): void {
    const { scope, subject } = incident.statement;
    const members = [...incident.members].map((i) => this.#terminals.name(i)).sort();
    const why = `${members.length} terminals fell silent within minutes of each other; what they share is the ${scope} ${subject}. ${says}`;
    const evidence = [{ metric: 'network.silence', value: members.length, baseline: 0, why }];
    this.#book.hold(incident.key, { ...incident.statement, at: now, severity, members, evidence }, out, true);
  }

  /** One shop is soon back where only its router restarts; several at once, a cell or a carrier are out. */
  #mayBeBack(incident: Incident, now: number): boolean {
    const { statement, members, beganAt } = incident;
    if (statement.scope !== 'site' || now - beganAt >= this.#patience(incident)) return false;
    return new Set([...members].map((i) => this.#terminals.int(i, SITE))).size === 1;
  }

  /** ms for which it is waited. What was told, or whose sessions were seen to break, is not merely held back. */
  #patience(incident: Incident): number {
    if (incident.willed || incident.told) return RESTART_MS;
    return Math.max(this.#heldAgain(incident), this.#isBatched(incident) ? BATCHED_MS : RESTART_MS);
  }

  /** ms for which its readings may be held back as they once were; 0 where they never were. */
  #heldAgain({ key }: Incident): number {
    return Math.min(HELD_MOST_MS, HELD_AGAIN * (this.#heldFor.get(key) ?? 0));
  }

  #isBatched({ members }: Incident): boolean {
    // One that happens to speak just before each batch is never late.
    return [...members].filter((i) => this.#usuallyLate(i) > BATCH_MS).length * 2 > members.size;
  }

  /** What it is watched for, and not told yet. */
  #waitsFor(incident: Incident): string {
    const patience = this.#patience(incident);
    if (patience === RESTART_MS) return SAYS.restarts;
    return patience === this.#heldAgain(incident) ? SAYS.holds : SAYS.batched;
  }

  /** No cable is cut twice at the same minute of the day. */
  #wentBefore(key: string, now: number): boolean {
    const days = (now - (this.#wentAt.get(key) ?? Number.NEGATIVE_INFINITY)) / DAY;
    const whole = Math.round(days);
    return ((whole >= 1 && whole <= DAYS_BACK) || whole === WEEK) && Math.abs(days - whole) * DAY <= SAME_HOUR_MS;
  }

  /**
   * One shop that went at an hour at which it never sells: it was shut without a word sooner than cut off. Two or three that went together are
   * cut off, but nobody is sent by night: once one of them should sell, they are told. More of them, and a cell or a carrier that most of its shops
   * need only by day, are told after a quarter of an hour: what is worked on by night is back by then.
   */
  #isShut({ statement, members, beganAt }: Incident, now: number): boolean {
    const sites = new Set([...members].map((i) => this.#terminals.int(i, SITE)));
    const at = sites.size === 1 ? beganAt : now;
    const selling = [...sites].filter((site) => this.#habits.sells(site, at)).length;
    if (statement.scope === 'site' && sites.size <= SHUT_TOGETHER) return selling === 0;
    // Carriers work on their networks by night, while not one of its shops sells; machines that hardly ever sell would have it go on for ever.
    if (statement.scope === 'carrier' && selling === 0 && now - beganAt < WORKS_MS) return true;
    return now - beganAt < RESTART_MS && selling <= sites.size * OPEN_BY_NIGHT;
  }

  /**
   * One shop that falls silent on its own line and on the mobile network at once, or on the mobile network alone while others go on over the
   * same cells. No cable and no cell does that: somebody shut it, or its mains failed. Where a session was seen to break, it is told all the same.
   */
  #sharesNoWay({ members, willed }: Incident, now: number): boolean {
    const t = this.#terminals;
    const sites = new Set([...members].map((i) => t.int(i, SITE)));
    const mobile = [...members].filter((i) => t.line(i) === MOBILE);
    if (willed || sites.size !== 1 || mobile.length === 0) return false;
    if ([...members].some((i) => t.line(i) === FIXED)) return true;
    const cells = new Set(mobile.map((i) => t.int(i, CELL)));
    if (cells.has(0)) return false;
    const alive = new Set<number>();
    for (let i = 0; i < t.count; i++) {
      const recent = now - t.time(i, SEEN_AT) <= this.#paces.interval(i) * 1.1;
      if (recent && !sites.has(t.int(i, SITE)) && !(t.int(i, FLAGS) & DOWN)) alive.add(t.int(i, CELL));
    }
    return [...cells].some((cell) => alive.has(cell));
  }

  /** Most of its terminals are back: they are judged by themselves again. What had been told is said to be back, and waits for that to last. */
  #release(incident: Incident, now: number, out: Finding[]): void {
    const t = this.#terminals;
    for (const i of incident.members) t.setInt(i, FLAGS, t.int(i, FLAGS) & ~OUT);
    incident.released = true;
    if (incident.statement.site !== null) this.#learnHeld(incident, now);
    if (incident.told) this.#tell(incident, now, 'warning', SAYS.back, out);
  }

  /** Where each of them reached the payment host all the while, its readings were held back; a true outage ends that habit. */
  #learnHeld({ key, members, reached, backSince, beganAt }: Incident, now: number): void {
    if (reached.size < members.size) this.#heldFor.delete(key);
    else this.#heldFor.set(key, Math.max((backSince ?? now) - beganAt, this.#heldFor.get(key) ?? 0));
  }

  /** Tells of those that have grown, and ends those whose terminals are back. */
  follow(now: number, out: Finding[]): void {
    const t = this.#terminals;
    for (const incident of this.#incidents.values()) {
      let back = 0;
      for (const i of incident.members) {
        if (t.time(i, SEEN_AT) > incident.beganAt && !(t.int(i, FLAGS) & DOWN)) back++;
      }
      if (!incident.released && back * 2 < incident.members.size) {
        incident.backSince = null;
        const more = incident.members.size - incident.toldMembers;
        const due =
          (incident.waits && !this.#mayBeBack(incident, now)) || (incident.shut && !this.#isShut(incident, now));
        if (due) this.#state(incident, now, out);
        else if (more > 0 && (more > incident.toldMembers * 0.2 || now - incident.toldAt >= RETELL_MS))
          this.#state(incident, now, out);
        continue;
      }
      incident.backSince ??= now;
      const backFor = now - incident.backSince;
      if (backFor < BACK_MS) continue;
      if (!incident.released) this.#release(incident, now, out);
      if (incident.told && backFor < SETTLED_MS) continue;
      this.#incidents.delete(incident.key);
      this.#book.clear(incident.key, now, out);
    }
  }

  save(): SavedIncidents {
    return {
      wentAt: [...this.#wentAt],
      heldFor: [...this.#heldFor],
      incidents: [...this.#incidents.values()].map((i) => ({
        ...i,
        members: [...i.members],
        reached: [...i.reached],
      })),
    };
  }

  load(saved: SavedIncidents): void {
    this.#wentAt.clear();
    for (const [key, at] of saved.wentAt) this.#wentAt.set(key, at);
    this.#heldFor.clear();
    for (const [key, ms] of saved.heldFor) this.#heldFor.set(key, ms);
    this.#incidents.clear();
    for (const i of saved.incidents) {
      this.#incidents.set(i.key, { ...i, members: new Set(i.members), reached: new Set(i.reached) });
    }
  }
}

export interface SavedIncidents {
  readonly wentAt: readonly (readonly [key: string, at: number])[];
  readonly heldFor: readonly (readonly [key: string, ms: number])[];
  readonly incidents: readonly (Omit<Incident, 'members' | 'reached'> & {
    readonly members: readonly number[];
    readonly reached: readonly number[];
  })[];
}
