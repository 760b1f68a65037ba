import type { Finding } from '../../contract/findings.ts';
import { COMPONENTS } from '../../contract/modes.ts';
import { type Groups, nameOf } from './groups.ts';
import type { Habits } from './habits.ts';
import type { Paces } from './paces.ts';
import { type StandingBook, terminalKey } from './standing.ts';
import { ALONE, FIRST_AT, FLAGS, GOODBYE, LOW, OUT, SEEN_AT, SITE, STARTED, type Terminals } from './terminals.ts';
import { DAY, HOUR } from './time.ts';

/** What its evidence is named after. */
const SILENCE = 'network.silence';
/** ms between looks. */
const LOOK_MS = 5 * 60_000;
/** ms of silence, beyond what its heartbeat allows, that is an outage by contract.md. */
const OUTAGE = 15 * 60_000;
/** ms of its usual hours in silence before somebody is sent: less has a hundred harmless causes. */
const TICKET = 10 * HOUR;
/** The same of one whose link was seen to lose more than ever, at hours at which it has been there on every day for a week and more, while its shop sells: nobody has merely pulled its plug. */
const SURE = 75 * 60_000;
/** ms of silence before somebody is sent to one that was merely not switched on: shops close for a weekend, and move. */
const ABSENT = 64 * HOUR;
/** ms of its usual hours in silence from the morning on: it may be switched on late. */
const LATE = 2 * HOUR;
/** ms of its silence in which its shop sells before somebody is sent, if it is no longer than a day: whoever opens it puts back a plug that was pulled at night. */
const ATTENDED = 2 * HOUR;
/** ms known before its habits are believed, each day of the week among them. */
const KNOWN = 7.5 * DAY;
/** ms of silence after which it has been taken away rather than lost. */
const TAKEN = 7 * DAY;
/** Share of its site's other terminals that must be there: where they are gone too, the shop is shut or out. */
const PEERS = 0.5;

/** A terminal that is silent by itself in hours in which it is always there: no goodbye, no closing time, no outage of others, no fault that explains it. */
export class SilenceWatch {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #habits: Habits;
  readonly #paces: Paces;
  readonly #isCrowded: (index: number) => boolean;
  /** Whether its link was under suspicion when last heard of. */
  readonly #isFailing: (index: number) => boolean;
  /** When a site of one that is silent was last away itself, ms: what was silent with its shop is no silence of its own. */
  readonly #awayAt = new Map<number, number>();
  /** When one whose link was failing was last told of soon, ms. */
  readonly #sureAt = new Map<number, number>();
  #looked = 0;

  constructor(
    terminals: Terminals,
    groups: Groups,
    book: StandingBook,
    habits: Habits,
    paces: Paces,
    isCrowded: (index: number) => boolean,
    isFailing: (index: number) => boolean,
  ) {
    this.#isCrowded = isCrowded;
    this.#isFailing = isFailing;
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
    this.#habits = habits;
    this.#paces = paces;
  }

  /** Looks at the fleet every five minutes of its time. */
  advance(now: number, out: Finding[]): void {
    const look = Math.floor(now / LOOK_MS);
    if (look === this.#looked) return;
    this.#looked = look;
    const t = this.#terminals;
    let peers: Peers | undefined;
    for (let i = 0; i < t.count; i++) {
      const flags = t.int(i, FLAGS);
      const silence = now - t.time(i, SEEN_AT);
      if (flags & ALONE) {
        peers ??= this.#peers(now);
        this.#follow(i, flags, silence, now, peers, out);
        continue;
      }
      if (flags & (GOODBYE | OUT | LOW) || silence < OUTAGE + this.#beat(i) || silence > DAY) continue;
      if (t.time(i, SEEN_AT) - t.time(i, FIRST_AT) < KNOWN) continue;
      if (!this.#habits.isFaithful(i, now) || this.#habits.wasAway(i, now)) continue;
      const missed = this.#habits.missed(i, t.time(i, SEEN_AT), now);
      if (missed < (this.#habits.isFaithful(i, t.time(i, SEEN_AT)) ? OUTAGE : LATE)) continue;
      if (this.#habits.ofSite(t.int(i, SITE), now) !== 'there') continue;
      peers ??= this.#peers(now);
      if (!this.#shopIsThere(i, peers) || this.#isExplained(i)) continue;
      t.setInt(i, FLAGS, flags | ALONE);
      this.#state(i, now, 'watch', out);
    }
  }

  #follow(i: number, flags: number, silence: number, now: number, peers: Peers, out: Finding[]): void {
    const t = this.#terminals;
    const site = t.int(i, SITE);
    const isThere = this.#shopIsThere(i, peers);
    if (!isThere) this.#awayAt.set(site, now);
    if (silence < OUTAGE + this.#beat(i) || flags & OUT || silence > TAKEN) {
      t.setInt(i, FLAGS, flags & ~ALONE);
      for (const key of [this.#key(i, 0), this.#key(i, STARTED)]) {
        if (this.#book.get(key)?.finding.evidence[0]?.metric === SILENCE) this.#book.clear(key, now, out);
      }
      return;
    }
    const severity = this.#book.get(this.#key(i, flags))?.finding.severity;
    if (severity !== 'watch') {
      this.#habits.noteAway(i, t.time(i, SEEN_AT), now);
      return;
    }
    if (!this.#habits.isFaithful(i, t.time(i, SEEN_AT)) && silence < ABSENT) return;
    const since = Math.max(t.time(i, SEEN_AT), this.#awayAt.get(site) ?? 0);
    if (!isThere || !this.#habits.isFaithful(i, now)) return;
    const isSure = this.#isSure(i, since, now);
    if (!isSure && (this.#habits.missed(i, since, now) < TICKET || !this.#isAttended(site, since, now))) return;
    if (this.#isExplained(i)) return;
    if (isSure) this.#sureAt.set(i, now);
    if (isSure || !this.#raiseOmen(i, now, out)) this.#state(i, now, 'warning', out);
    this.#habits.told(i, t.time(i, SEEN_AT), now);
  }

  /** Whether its shop has sold for a while meanwhile; one of whose sales nothing is known is taken to sell at all hours. */
  #isAttended(site: number, since: number, now: number): boolean {
    return now - since >= DAY || this.#habits.soldFor(site, since, now) >= ATTENDED;
  }

  /** A failing link that comes and goes is told soon once a day. */
  #isSure(i: number, since: number, now: number): boolean {
    const lately = this.#sureAt.get(i);
    if (lately !== undefined && now - lately < DAY) return false;
    this.#sureAt.delete(i);
    return this.#habits.missedAlways(i, since, now) >= SURE && !this.#habits.wasAway(i, now) && this.#isFailing(i);
  }

  /** Whether its computer was watched as failing when it fell silent: that, and not its link, is what it is told of now. */
  #raiseOmen(i: number, now: number, out: Finding[]): boolean {
    const t = this.#terminals;
    const key = terminalKey(t.tenant(i), t.name(i), 'system');
    const omen = this.#book.get(key)?.finding;
    if (!omen || omen.evidence[0]?.metric === SILENCE) return false;
    // It is told for as long as it is silent; what is measured of it after that is watched as before.
    this.#book.clear(key, now, out);
    this.#book.clear(this.#key(i, 0), now, out);
    const since = t.time(i, SEEN_AT);
    const minutes = Math.round((now - since) / 60_000);
    const why = `Nothing has been heard of it for ${minutes} minutes of hours in which it is nearly always there, and its neighbours go on. Before that its computer was failing.`;
    const silence = { metric: SILENCE, value: minutes, baseline: Math.ceil(this.#beat(i) / 60_000), why };
    const when = { failsAt: since, failsAtP10: since, failsAtP90: since };
    const evidence = [silence, ...omen.evidence.slice(0, 3)];
    this.#book.hold(
      this.#key(i, 0),
      { ...omen, ...when, at: now, severity: 'warning', probability: 1, horizonH: 0, evidence },
      out,
    );
    return true;
  }

  #state(i: number, now: number, severity: 'watch' | 'warning', out: Finding[]): void {
    const t = this.#terminals;
    const since = t.time(i, SEEN_AT);
    const minutes = Math.round((now - since) / 60_000);
    const terminal = t.name(i);
    const site = t.int(i, SITE);
    const down = t.int(i, FLAGS) & STARTED;
    const key = this.#key(i, down);
    // What was only watched of the same part, under another name or as an omen of this, is over.
    if (this.#book.get(key)?.finding.evidence[0]?.metric !== SILENCE) this.#book.clear(key, now, out);
    const link = terminalKey(t.tenant(i), terminal, 'network');
    if (this.#book.get(link)?.finding.mode === 'offline') this.#book.clear(link, now, out);
    const words = `Nothing has been heard of it for ${minutes} minutes of hours in which it is nearly always there`;
    this.#book.hold(
      key,
      {
        at: now,
        tenant: t.tenant(i),
        scope: 'terminal',
        subject: terminal,
        terminal,
        site: site === 0 ? null : nameOf(this.#groups.nameOf(site)),
        component: down ? 'system' : 'network',
        mode: down ? 'crash_loop' : 'offline',
        severity,
        probability: 1,
        horizonH: 0,
        failsAt: since,
        failsAtP10: since,
        failsAtP90: since,
        evidence: [
          {
            metric: SILENCE,
            value: minutes,
            baseline: Math.ceil(this.#beat(i) / 60_000),
            why: down
              ? `${words}: it restarted by itself and has not come up again. Its neighbours go on.`
              : `${words}; it said no goodbye, and its neighbours go on. No card payment goes through it until it is back.`,
          },
        ],
      },
      out,
    );
  }

  /** Where a part that was failing, or stopped, explains the silence, or a place that is full, that finding speaks for it. */
  #isExplained(i: number): boolean {
    const t = this.#terminals;
    if (this.#isCrowded(i)) return true;
    return COMPONENTS.some((component) => {
      const standing = this.#book.get(terminalKey(t.tenant(i), t.name(i), component));
      return standing !== undefined && standing.finding.severity !== 'watch';
    });
  }

  #shopIsThere(i: number, peers: Peers): boolean {
    const [there, all] = peers.get(this.#terminals.int(i, SITE)) ?? [0, 0];
    return all >= 2 && there >= PEERS * (all - 1);
  }

  #peers(now: number): Peers {
    const t = this.#terminals;
    const peers = new Map<number, [there: number, all: number]>();
    for (let i = 0; i < t.count; i++) {
      const site = t.int(i, SITE);
      if (site === 0 || now - t.time(i, SEEN_AT) > TAKEN) continue;
      const sums = peers.get(site) ?? [0, 0];
      sums[1]++;
      if (now - t.time(i, SEEN_AT) < OUTAGE + this.#beat(i)) sums[0]++;
      peers.set(site, sums);
    }
    return peers;
  }

  #beat(i: number): number {
    return this.#paces.beat(i, this.#terminals.time(i, SEEN_AT));
  }

  /** A terminal that was last heard of as it started has not lost its link: it did not come up. */
  #key(i: number, flags: number): string {
    if (flags & STARTED) return terminalKey(this.#terminals.tenant(i), this.#terminals.name(i), 'system');
    return `${this.#terminals.tenant(i)}/${this.#terminals.name(i)}/offline`;
  }

  save(): SavedSilences {
    return { looked: this.#looked, awayAt: [...this.#awayAt], sureAt: [...this.#sureAt] };
  }

  load({ looked, awayAt, sureAt }: SavedSilences): void {
    this.#looked = looked;
    this.#awayAt.clear();
    for (const [site, at] of awayAt) this.#awayAt.set(site, at);
    this.#sureAt.clear();
    for (const [index, at] of sureAt) this.#sureAt.set(index, at);
  }
}

/** Terminals of each site that are there, and all that it has. */
type Peers = ReadonlyMap<number, readonly [there: number, all: number]>;

export interface SavedSilences {
  readonly looked: number;
  readonly awayAt: readonly (readonly [site: number, at: number])[];
  readonly sureAt: readonly (readonly [index: number, at: number])[];
}
