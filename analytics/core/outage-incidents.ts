import type { Finding, Scope, Severity } from '../../contract/findings.ts';
import type { Habits } from './habits.ts';
import type { Lost } from './outage-cause.ts';
import { Patience, type SavedPatience } from './outage-patience.ts';
import { SAYS } from './outage-sentences.ts';
import type { Paces } from './paces.ts';
import type { StandingBook } from './standing.ts';
import { DOWN, FLAGS, OUT, SEEN_AT, SITE, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';

/** Losses this close together have one cause, ms. */
export const TOGETHER_MS = 4 * 60_000;
/** How near to the minute, and for how many days back, a site that goes at the hour at which it went before goes by a clock. */
const SAME_HOUR_MS = 20 * 60_000;
const DAYS_BACK = 3;
const WEEK = 7;
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
  /** When most of them went again after they had been back for a moment, before anybody was told. */
  againAt?: number;
  /** A single site that went at this hour on a day before too, and came back by itself. */
  readonly again: boolean;
  /** A session of it was seen to end without a goodbye: until then there is nothing but silence. */
  willed: boolean;
  /** Members of which a reading of the meantime came late, and shows that the payment host was reached. */
  readonly reached: Set<number>;
  /** When members have started anew since it began, ms, the last time. */
  readonly started: Map<number, number>;
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
  readonly #patience: Patience;
  readonly #incidents = new Map<string, Incident>();
  /** When a site was last out, by its key, ms. */
  readonly #wentAt = new Map<string, number>();

  /** `usuallyLate`: ms that a terminal's messages usually come late. */
  constructor(
    terminals: Terminals,
    book: StandingBook,
    habits: Habits,
    paces: Paces,
    usuallyLate: (index: number) => number,
  ) {
    this.#terminals = terminals;
    this.#book = book;
    this.#patience = new Patience(terminals, habits, paces, usuallyLate);
  }

  get count(): number {
    return this.#incidents.size;
  }

  /** Whether anybody is out, or was lately. */
  get isOpen(): boolean {
    return this.#incidents.size > 0 || this.#patience.learns;
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
      started: new Map(),
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

  /** One of those that are or were out with others started at `at`. */
  started(index: number, at: number): void {
    for (const incident of this.#incidents.values()) {
      if (incident.members.has(index) && at > incident.beganAt - TOGETHER_MS) incident.started.set(index, at);
    }
    this.#patience.started(index, at);
  }

  /** It had been back, and goes again before it was over. */
  #reopen(incident: Incident, lost: readonly Lost[], now: number, out: Finding[]): void {
    incident.members.clear();
    incident.beganAt = now;
    incident.againAt = undefined;
    incident.backSince = null;
    incident.released = false;
    incident.reached.clear();
    incident.started.clear();
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
    const apart = scope === 'site' && this.#patience.sharesNoWay(incident, now);
    incident.shut = !incident.told && this.#patience.isShut(incident, now);
    const dark = !incident.told && this.#patience.isDark(incident, now);
    const shut = apart || dark || incident.shut || (scope === 'site' && incident.again);
    incident.waits = !shut && !incident.told && this.#patience.mayBeBack(incident, now);
    incident.told ||= !shut && !incident.waits;
    const likelier = incident.again ? SAYS.again : apart ? SAYS.apart : dark ? SAYS.dark : SAYS.shut;
    const says = shut ? likelier : incident.waits ? this.#patience.waitsFor(incident) : SAYS.out;
    this.#tell(incident, now, shut || incident.waits ? 'watch' : 'critical', says, out);
  }

  #tell(incident: Incident, now: number, severity: Severity, says: string, out: Finding[]): void {
    const { scope, subject } = incident.statement;
    const members = [...incident.members].map((i) => this.#terminals.name(i)).sort();
    const why = `${members.length} terminals fell silent within minutes of each other; what they share is the ${scope} ${subject}. ${says}`;
    const evidence = [{ metric: 'network.silence', value: members.length, baseline: 0, why }];
    this.#book.hold(incident.key, { ...incident.statement, at: now, severity, members, evidence }, out, true);
  }

  /** No cable is cut twice at the same minute of the day. */
  #wentBefore(key: string, now: number): boolean {
    const days = (now - (this.#wentAt.get(key) ?? Number.NEGATIVE_INFINITY)) / DAY;
    const whole = Math.round(days);
    return ((whole >= 1 && whole <= DAYS_BACK) || whole === WEEK) && Math.abs(days - whole) * DAY <= SAME_HOUR_MS;
  }

  /** Most of its terminals are back: they are judged by themselves again. What had been told is said to be back, and waits for that to last. */
  #release(incident: Incident, now: number, out: Finding[]): void {
    const t = this.#terminals;
    for (const i of incident.members) t.setInt(i, FLAGS, t.int(i, FLAGS) & ~OUT);
    incident.released = true;
    if (incident.statement.site !== null) this.#patience.learnHeld(incident, now);
    if (incident.told) this.#tell(incident, now, 'warning', SAYS.back, out);
  }

  /** Tells of those that have grown, and ends those whose terminals are back. */
  follow(now: number, out: Finding[]): void {
    const t = this.#terminals;
    this.#patience.learn(now);
    for (const incident of this.#incidents.values()) {
      let back = 0;
      for (const i of incident.members) {
        if (t.time(i, SEEN_AT) > incident.beganAt && !(t.int(i, FLAGS) & DOWN)) back++;
      }
      if (!incident.released && back * 2 < incident.members.size) {
        if (incident.backSince !== null) incident.againAt = this.#patience.goneAgain(incident, now);
        incident.backSince = null;
        const more = incident.members.size - incident.toldMembers;
        const due =
          (incident.waits && !this.#patience.mayBeBack(incident, now)) ||
          (incident.shut && !this.#patience.isShut(incident, now));
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
      if (incident.statement.site !== null) this.#patience.learnEnd(incident, now);
      this.#incidents.delete(incident.key);
      this.#book.clear(incident.key, now, out);
    }
  }

  save(): SavedIncidents {
    return {
      wentAt: [...this.#wentAt],
      ...this.#patience.save(),
      incidents: [...this.#incidents.values()].map((i) => ({
        ...i,
        members: [...i.members],
        reached: [...i.reached],
        started: [...i.started],
      })),
    };
  }

  load(saved: SavedIncidents): void {
    this.#wentAt.clear();
    for (const [key, at] of saved.wentAt) this.#wentAt.set(key, at);
    this.#patience.load(saved);
    this.#incidents.clear();
    for (const i of saved.incidents) {
      this.#incidents.set(i.key, {
        ...i,
        members: new Set(i.members),
        reached: new Set(i.reached),
        started: new Map(i.started),
      });
    }
  }
}

export interface SavedIncidents extends SavedPatience {
  readonly wentAt: readonly (readonly [key: string, at: number])[];
  readonly incidents: readonly (Omit<Incident, 'members' | 'reached' | 'started'> & {
    readonly members: readonly number[];
    readonly reached: readonly number[];
    readonly started: readonly (readonly [index: number, at: number])[];
  })[];
}
