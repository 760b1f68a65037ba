import type { Scope } from '../../contract/findings.ts';
import type { Habits } from './habits.ts';
import { SAYS } from './outage-sentences.ts';
import type { Paces } from './paces.ts';
import { CELL, DOWN, FIXED, FLAGS, MOBILE, SEEN_AT, SITE, type Terminals } from './terminals.ts';
import { HOUR } from './time.ts';

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
/** Terminals of several shops, a cell or a carrier, that are few enough to have gone within a minute by chance, as each has a weak link, or its carrier works on it. */
const FEW = 4;
/** ms from the first of it within which those that had been back and went again are waited for anew. */
const AGAIN_MS = 30 * 60_000;
/** ms for which mains stay away; for longer somebody must see to it, whatever it is. */
const DARK_MS = 2 * HOUR;
/**
 * Outages of one shop that are remembered of a tenant; how many of them must have been mains, and which share of them (each way one is taken for granted), for the next to be taken for one; and how many
 * times as long as the longest it may last.
 */
const REMEMBERED = 12;
const LEAST_MAINS = 2;
const MOSTLY_MAINS = 0.6;
const DARK_AGAIN = 1.5;
/** ms before they are back within which terminals start whose mains were off: those that start while a line is cut are started by staff, or in the morning. */
const START_MS = 15 * 60_000;
/** ms after an outage for which it is waited to hear how long its terminals have been up: slow ones tell it with their next heartbeat. */
const LESSON_MS = 30 * 60_000;
/** Shops that may go at once where none of them sells: their provider works on the line by night. */
const SHUT_TOGETHER = 3;
/** Share of the shops of a cell, a carrier, or of many that may sell all night where the others are shut. */
const OPEN_BY_NIGHT = 0.3;

/** What is asked of an outage: who is out, since when, and how that was seen. */
interface Silenced {
  readonly key: string;
  readonly statement: { readonly scope: Scope; readonly tenant: string };
  readonly members: ReadonlySet<number>;
  readonly reached: ReadonlySet<number>;
  readonly started: ReadonlyMap<number, number>;
  readonly beganAt: number;
  readonly againAt?: number;
  readonly backSince: number | null;
  readonly willed: boolean;
  readonly told: boolean;
}

/** For how long an outage may be something else (a router that restarts, readings that are held back, a shop that is shut, works by night), and is watched before anybody is sent. */
export class Patience {
  readonly #terminals: Terminals;
  readonly #habits: Habits;
  readonly #paces: Paces;
  /** ms that a terminal's messages usually come late. */
  readonly #usuallyLate: (index: number) => number;
  /** How long a site's readings were held back at the most while its payments went on, by its key, ms. */
  readonly #heldFor = new Map<string, number>();
  /** How the last outages of one shop each ended, by tenant: ms for which its mains were off, 0 where they had been on. */
  readonly #ends = new Map<string, number[]>();
  /** Outages that are over, and of which it is not known yet how they ended. */
  #lessons: Lesson[] = [];

  constructor(terminals: Terminals, habits: Habits, paces: Paces, usuallyLate: (index: number) => number) {
    this.#terminals = terminals;
    this.#habits = habits;
    this.#paces = paces;
    this.#usuallyLate = usuallyLate;
  }

  /**
   * One shop is soon back where only its router restarts, a few terminals where each of them flaps, and any number by night, when routers restart by the clock and carriers
   * work on their networks. Many at once by day are out.
   */
  mayBeBack(incident: Silenced, now: number): boolean {
    if (now - (incident.againAt ?? incident.beganAt) >= this.#patience(incident).ms) return false;
    if (this.#isOneShop(incident) || incident.members.size <= FEW) return true;
    return [...this.#sitesOf(incident)].every((site) => this.#habits.isNight(site, now));
  }

  #isOneShop(incident: Silenced): boolean {
    return incident.statement.scope === 'site' && this.#sitesOf(incident).size === 1;
  }

  /** When they are counted as gone where they had been back: mains that are back start the router, too. A line that flaps on is told in the end. */
  goneAgain({ beganAt, againAt, told }: Silenced, now: number): number | undefined {
    return !told && now - beganAt < AGAIN_MS ? now : againAt;
  }

  #sitesOf({ members }: Silenced): ReadonlySet<number> {
    return new Set([...members].map((i) => this.#terminals.int(i, SITE)));
  }

  /** ms for which it is waited, and for what. What was told, or whose sessions were seen to break, is not merely held back. */
  #patience(incident: Silenced): Wait {
    const router = { ms: RESTART_MS, says: SAYS.restarts };
    if (incident.told || !this.#isOneShop(incident)) return router;
    const waits: Wait[] = [router, { ms: this.#darkAgain(incident), says: SAYS.mains }];
    if (!incident.willed) {
      waits.push({ ms: this.#heldAgain(incident), says: SAYS.holds });
      if (this.#isBatched(incident)) waits.push({ ms: BATCHED_MS, says: SAYS.batched });
    }
    return waits.reduce((longest, wait) => (wait.ms > longest.ms ? wait : longest));
  }

  /** ms for which its mains may be off as those of others were, where that is what mostly silenced shops of its tenant; else 0. */
  #darkAgain({ statement }: Silenced): number {
    const ends = this.#ends.get(statement.tenant) ?? [];
    const mains = ends.filter((ms) => ms > 0);
    if (mains.length < LEAST_MAINS || mains.length + 1 < MOSTLY_MAINS * (ends.length + 2)) return 0;
    return Math.min(DARK_MS, DARK_AGAIN * Math.max(0, ...mains));
  }

  /** ms for which its readings may be held back as they once were; 0 where they never were. */
  #heldAgain({ key }: Silenced): number {
    return Math.min(HELD_MOST_MS, HELD_AGAIN * (this.#heldFor.get(key) ?? 0));
  }

  #isBatched({ members }: Silenced): boolean {
    // One that happens to speak just before each batch is never late.
    return [...members].filter((i) => this.#usuallyLate(i) > BATCH_MS).length * 2 > members.size;
  }

  /** What it is watched for, and not told yet. */
  waitsFor(incident: Silenced): string {
    if (!this.#isOneShop(incident)) return incident.members.size <= FEW ? SAYS.few : SAYS.night;
    return this.#patience(incident).says;
  }

  /**
   * One shop that went at an hour at which it never sells: it was shut without a word sooner than cut off. Two or three that went together are
   * cut off, but nobody is sent by night: once one of them should sell, they are told. More of them, and a cell or a carrier that most of its shops
   * need only by day, are told after a quarter of an hour: what is worked on by night is back by then.
   */
  isShut(incident: Silenced, now: number): boolean {
    const { statement, beganAt } = incident;
    const sites = this.#sitesOf(incident);
    const at = sites.size === 1 ? beganAt : now;
    const selling = [...sites].filter((site) => this.#habits.sells(site, at)).length;
    if (statement.scope === 'site' && sites.size <= SHUT_TOGETHER) return selling === 0;
    // Carriers work on their networks by night, while not one of its shops sells. By day machines that hardly ever sell are out all the same.
    const asleep = selling === 0 && [...sites].every((site) => this.#habits.isNight(site, now));
    if (statement.scope === 'carrier' && asleep) return true;
    return now - beganAt < RESTART_MS && selling <= sites.size * OPEN_BY_NIGHT;
  }

  /**
   * One shop that falls silent on its own line and on the mobile network at once, or on the mobile network alone while others go on over the
   * same cells. No cable and no cell does that: somebody shut it, or its mains failed. Where a session was seen to break, it is told all the same.
   */
  sharesNoWay({ members, willed }: Silenced, now: number): boolean {
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

  /**
   * One shop, half of whose terminals on its line and two at the least have gone on over the mobile network before, and now do not: its line alone did not silence them, its mains did.
   * Those that do go on over it are no longer on the line.
   */
  isDark(incident: Silenced, now: number): boolean {
    if (!this.#isOneShop(incident) || now - incident.beganAt > DARK_MS) return false;
    const t = this.#terminals;
    const onLine = [...incident.members].filter((i) => t.line(i) === FIXED);
    const both = onLine.filter((i) => t.fallsBack(i)).length;
    return both >= 2 && both * 2 >= onLine.length;
  }

  /** Where each of them reached the payment host all the while, its readings were held back; a true outage ends that habit. */
  learnHeld({ key, members, reached, backSince, beganAt }: Silenced, now: number): void {
    if (reached.size < members.size) this.#heldFor.delete(key);
    else this.#heldFor.set(key, Math.max((backSince ?? now) - beganAt, this.#heldFor.get(key) ?? 0));
  }

  /** An outage is over. What a router's restart may be is no lesson. */
  learnEnd(incident: Silenced, now: number): void {
    const { members, started, beganAt, backSince, statement } = incident;
    const back = backSince ?? now;
    if (!this.#isOneShop(incident) || back - beganAt <= RESTART_MS) return;
    this.#lessons.push({ tenant: statement.tenant, members: [...members], started: [...started], beganAt, back });
  }

  /** Whether it is waited to hear how an outage ended. */
  get learns(): boolean {
    return this.#lessons.length > 0;
  }

  started(index: number, at: number): void {
    for (const { members, started } of this.#lessons) if (members.includes(index)) started.push([index, at]);
  }

  /**
   * Terminals that come back from a cut of the mains have started anew just then; a router or a line that is mended leaves them running. What lasted longer than mains are off for
   * and ended so may have been anything: a shop that was shut, a line that was out overnight.
   */
  learn(now: number): void {
    if (this.#lessons.length === 0) return;
    const open = ({ back }: Lesson): boolean => now - back < LESSON_MS;
    for (const { tenant, members, started, beganAt, back } of this.#lessons.filter((lesson) => !open(lesson))) {
      const anew = new Set(started.filter(([, at]) => at >= back - START_MS).map(([index]) => index));
      const isMains = anew.size * 2 >= members.length;
      if (isMains && back - beganAt > DARK_MS) continue;
      const ends = [...(this.#ends.get(tenant) ?? []), isMains ? back - beganAt : 0];
      this.#ends.set(tenant, ends.slice(-REMEMBERED));
    }
    this.#lessons = this.#lessons.filter(open);
  }

  save(): SavedPatience {
    return { heldFor: [...this.#heldFor], ends: [...this.#ends], lessons: this.#lessons };
  }

  load({ heldFor, ends, lessons }: SavedPatience): void {
    this.#heldFor.clear();
    for (const [key, ms] of heldFor) this.#heldFor.set(key, ms);
    this.#ends.clear();
    for (const [tenant, lasted] of ends) this.#ends.set(tenant, [...lasted]);
    this.#lessons = lessons.map((lesson) => ({ ...lesson, started: [...lesson.started] }));
  }
}

/** ms for which it is waited, and the words for it. */
interface Wait {
  readonly ms: number;
  readonly says: string;
}

/** An outage of one shop that is over: when it began and most were back, ms, and when members have started since it began. */
interface Lesson {
  readonly tenant: string;
  readonly members: readonly number[];
  readonly started: (readonly [index: number, at: number])[];
  readonly beganAt: number;
  readonly back: number;
}

export interface SavedPatience {
  readonly lessons: readonly Lesson[];
  readonly heldFor: readonly (readonly [key: string, ms: number])[];
  readonly ends: readonly (readonly [tenant: string, lasted: readonly number[]])[];
}
