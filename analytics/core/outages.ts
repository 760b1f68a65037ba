import type { Finding, Scope } from '../../contract/findings.ts';
import { type Groups, nameOf } from './groups.ts';
import type { Habit, Habits, SavedHabits } from './habits.ts';
import type { StandingBook } from './standing.ts';
import {
  CARRIER,
  CELL,
  DOWN,
  FIXED,
  FLAGS,
  GOODBYE,
  INTERVAL,
  LINE,
  LOST_AT,
  LOW,
  OUT,
  SEEN_AT,
  SITE,
  type Terminals,
} from './terminals.ts';

const TICK_MS = 10_000;
/** Losses this close together have one cause. */
const TOGETHER_MS = 4 * 60_000;
/** Losses this close together are one blow, even where others of their group go on. */
const BLOW_MS = 75_000;
/** An outage is told once it has stopped growing for so long, or has gone on for so long: what it reaches is part of what it is. */
const SETTLED_MS = 20_000;
const ENOUGH_MS = 30_000;
const ENOUGH_SILENT_MS = 80_000;
/** Share of a group that may still be heard of while it counts as out. */
const STRAGGLERS = 0.15;
/** Least terminals that make an outage of a site, and of what spans sites. */
const LEAST_SITE = 3;
const LEAST_WIDE = 3;
/** Least terminals of a blow that leaves part of its group standing. */
const LEAST_BLOW = 4;
/** Least sites that must go together while nothing is known of their hours. */
const LEAST_STRANGERS = 3;
/** % of charge below which a terminal is about to go out by itself. */
const NEARLY_EMPTY = 15;
/** ms after which a few more members are worth a word. */
const RETELL_MS = 60_000;
/** Sites named in a subject; the others are counted. */
const NAMED = 3;

interface Incident {
  readonly key: string;
  readonly members: Set<number>;
  readonly statement: Omit<Finding, 'at' | 'state' | 'members' | 'evidence'>;
  readonly beganAt: number;
  toldMembers: number;
  toldAt: number;
  backSince: number | null;
}

interface Lost {
  readonly index: number;
  readonly at: number;
  readonly silent: boolean;
  readonly habit: Habit;
}

/** How a group of terminals stands: lost lately, and heard of since the first of those losses. */
interface Tally {
  readonly lost: Lost[];
  heard: number;
}

/**
 * Many terminals that fall silent together are one outage, of the narrowest thing that explains them: a site, a cell, a carrier, or
 * several sites at once. A loss is told by a will, or seen as a heartbeat overdue while its neighbours' are too.
 */
export class OutageWatch {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #incidents = new Map<string, Incident>();
  readonly #habits: Habits;
  /** By tenant: losses in ten seconds, on average: a large fleet always loses some. */
  readonly #usual = new Map<string, number>();
  #tick = 0;
  #newest = 0;
  #quietUntil = 0;

  constructor(terminals: Terminals, groups: Groups, book: StandingBook, habits: Habits) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
    this.#habits = habits;
  }

  /** A message came: it is there again. */
  heard(index: number, at: number): void {
    const t = this.#terminals;
    t.setTime(index, SEEN_AT, at);
    const flags = t.int(index, FLAGS);
    if (flags & (DOWN | GOODBYE)) t.setInt(index, FLAGS, flags & ~(DOWN | GOODBYE));
    if (t.time(index, LOST_AT) !== 0) t.setTime(index, LOST_AT, 0);
    this.#newest = at;
  }

  /** The broker or the terminal itself says that its session ended. */
  lost(index: number, at: number, goodbye: boolean): void {
    const t = this.#terminals;
    const flags = t.int(index, FLAGS);
    this.#newest = Math.max(this.#newest, at);
    if (goodbye) {
      t.setInt(index, FLAGS, flags | GOODBYE);
      return;
    }
    if (flags & (DOWN | GOODBYE)) return;
    t.setInt(index, FLAGS, flags | DOWN);
    t.setTime(index, LOST_AT, at);
  }

  /** Notes whether the battery was nearly empty when last heard of: such a terminal goes silent of that. */
  charged(index: number, percent: number): void {
    const flags = this.#terminals.int(index, FLAGS);
    const next = percent < NEARLY_EMPTY ? flags | LOW : flags & ~LOW;
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
    if (lost.length >= LEAST_SITE && now >= this.#quietUntil) this.#explain(lost, now, out);
    this.#follow(now, out);
  }

  /** Those lost lately whose loss is out of habit. */
  #overdue(now: number): Lost[] {
    const t = this.#terminals;
    const lost: Lost[] = [];
    const fresh = new Map<string, number>();
    for (let i = 0; i < t.count; i++) {
      const flags = t.int(i, FLAGS);
      if (flags & (GOODBYE | OUT)) continue;
      let at = 0;
      if (flags & DOWN) {
        at = t.time(i, LOST_AT);
        if (now - at > TOGETHER_MS) continue;
      } else {
        const interval = (t.int(i, INTERVAL) || 60) * 1000;
        const silence = now - t.time(i, SEEN_AT);
        const patience = interval * 1.1 + 25_000;
        if (silence <= patience || silence >= patience + TOGETHER_MS) continue;
        at = t.time(i, SEEN_AT) + interval;
      }
      const habit = this.#habits.ofSite(t.int(i, SITE), at);
      if (habit === 'away') continue;
      const silent = (flags & DOWN) === 0;
      lost.push({ index: i, at, silent, habit });
      if (!silent && now - at < TICK_MS) fresh.set(t.tenants[i]!, (fresh.get(t.tenants[i]!) ?? 0) + 1);
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
    for (const [tenant, all] of Map.groupBy(lost, (l) => this.#terminals.tenants[l.index]!)) {
      const mine = this.#credible(all);
      if (mine.length < LEAST_SITE) continue;
      const first = mine.reduce((first, l) => Math.min(first, l.at), now);
      const enough = mine.some((l) => !l.silent) ? ENOUGH_MS : ENOUGH_SILENT_MS;
      if (now - first < enough && (enough === ENOUGH_SILENT_MS || now - lastOf(mine) < SETTLED_MS)) continue;
      const tallies = this.#tally(tenant, mine, first);
      const outSites = this.#sitesOut(tallies.get(SITE)!, tallies.get(LINE)!);
      const inSites = outSites.flatMap(([, those]) => those);
      const wide = ([CELL, CARRIER] as const).flatMap((slot) =>
        [...tallies.get(slot)!]
          .filter(([, tally]) => tally.lost.length >= LEAST_WIDE && isOut(tally) && this.#siteCount(tally.lost) >= 2)
          .map(([id, tally]) => ({ slot, id, those: tally.lost })),
      );
      const whole = wide.find(({ those }) => those.length >= 0.8 * mine.length);
      const blow = whole || inSites.length >= LEAST_SITE ? undefined : this.#blow(tenant, mine, tallies);
      if (whole) this.#open(tenant, scopeOf(whole.slot), this.#name(whole.id), whole.those, now, out);
      else if (inSites.length >= LEAST_SITE)
        this.#open(tenant, 'site', this.#sitesName(outSites.map(([id]) => id)), inSites, now, out);
      else if (wide[0]) this.#open(tenant, scopeOf(wide[0].slot), this.#name(wide[0].id), wide[0].those, now, out);
      else if (blow) this.#open(tenant, blow.scope, blow.subject, blow.those, now, out);
    }
  }

  /** Where a site's hours are not known yet, its silence alone is no sign: several must go at one blow. */
  #credible(lost: readonly Lost[]): readonly Lost[] {
    const strangers = lost.filter((l) => l.habit === 'unknown');
    if (strangers.length === 0) return lost;
    const from = strangers.reduce((first, l) => Math.min(first, l.at), Number.POSITIVE_INFINITY);
    const together = strangers.filter((l) => l.at - from <= BLOW_MS);
    if (this.#siteCount(together) >= LEAST_STRANGERS) return lost;
    return lost.filter((l) => l.habit === 'there');
  }

  /** Many wills within seconds, beyond what the fleet loses anyway: a carrier, cell or several sites, though part of them go on. */
  #blow(
    tenant: string,
    lost: readonly Lost[],
    tallies: ReadonlyMap<number, ReadonlyMap<number, Tally>>,
  ): { scope: Scope; subject: string; those: readonly Lost[] } | undefined {
    const told = lost.filter((l) => !l.silent);
    const last = lastOf(told);
    const those = told.filter((l) => last - l.at <= BLOW_MS);
    const usual = ((this.#usual.get(tenant) ?? 0) * BLOW_MS) / TICK_MS;
    if (those.length < LEAST_BLOW + usual + 4 * Math.sqrt(usual) || this.#siteCount(those) < 2) return undefined;
    for (const slot of [CELL, CARRIER] as const) {
      for (const [id, tally] of tallies.get(slot)!) {
        const shared = tally.lost.filter((l) => those.includes(l));
        if (shared.length < 0.8 * those.length) continue;
        return { scope: scopeOf(slot), subject: this.#name(id), those: shared };
      }
    }
    const sites = [...tallies.get(SITE)!].filter(([, tally]) => tally.lost.some((l) => those.includes(l)));
    return { scope: 'site', subject: this.#sitesName(sites.map(([id]) => id)), those };
  }

  #tally(tenant: string, mine: readonly Lost[], first: number): Map<number, Map<number, Tally>> {
    const t = this.#terminals;
    const tallies = new Map<number, Map<number, Tally>>(
      [SITE, LINE, CELL, CARRIER].map((slot) => [slot, new Map<number, Tally>()]),
    );
    const member = (index: number, slot: number): number =>
      slot === LINE ? lineOf(t.int(index, SITE), t.int(index, LINE)) : t.int(index, slot);
    for (const [slot, groups] of tallies) {
      for (const l of mine) {
        const id = member(l.index, slot);
        if (id === 0) continue;
        const tally = groups.get(id);
        if (tally) tally.lost.push(l);
        else groups.set(id, { lost: [l], heard: 0 });
      }
    }
    for (let i = 0; i < t.count; i++) {
      if (t.tenants[i] !== tenant || t.time(i, SEEN_AT) <= first || t.int(i, FLAGS) & (DOWN | GOODBYE)) continue;
      for (const [slot, groups] of tallies) {
        const tally = groups.get(member(i, slot));
        if (tally) tally.heard++;
      }
    }
    return tallies;
  }

  /** Sites that are out whole, or whose own line is while those on the mobile network go on. */
  #sitesOut(sites: ReadonlyMap<number, Tally>, lines: ReadonlyMap<number, Tally>): [number, readonly Lost[]][] {
    return [...sites].flatMap(([id, tally]) => {
      if (tally.lost.length >= 2 && isOut(tally)) return [[id, tally.lost] as [number, readonly Lost[]]];
      const line = lines.get(lineOf(id, FIXED));
      return line && line.lost.length >= LEAST_SITE && isOut(line)
        ? [[id, line.lost] as [number, readonly Lost[]]]
        : [];
    });
  }

  #siteCount(lost: readonly Lost[]): number {
    return new Set(lost.map((l) => this.#terminals.int(l.index, SITE))).size;
  }

  #name(group: number): string {
    return nameOf(this.#groups.nameOf(group));
  }

  #sitesName(sites: readonly number[]): string {
    const names = sites.map((id) => this.#name(id)).sort();
    const more = names.length - NAMED;
    return names.slice(0, NAMED).join('+') + (more > 0 ? `+${more} more` : '');
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
        tenant: this.#terminals.tenants[lost[0]!.index]!,
        scope,
        subject,
        terminal: null,
        site: scope === 'site' && !subject.includes('+') ? subject : null,
        component: 'network',
        mode: 'offline',
        severity: 'critical',
        probability: 1,
        horizonH: 0,
        failsAt: now,
        failsAtP10: now,
        failsAtP90: now,
      },
      beganAt: now,
      toldMembers: 0,
      toldAt: now,
      backSince: null,
    };
    this.#join(incident, lost);
    this.#incidents.set(key, incident);
    this.#state(incident, now, out);
  }

  #join(incident: Incident, lost: readonly Lost[]): void {
    for (const l of lost) {
      incident.members.add(l.index);
      this.#terminals.setInt(l.index, FLAGS, this.#terminals.int(l.index, FLAGS) | OUT);
    }
  }

  #state(incident: Incident, now: number, out: Finding[]): void {
    incident.toldMembers = incident.members.size;
    incident.toldAt = now;
    const members = [...incident.members].map((i) => this.#terminals.names[i]!).sort();
    const { scope, subject } = incident.statement;
    this.#book.hold(
      incident.key,
      {
        ...incident.statement,
        at: now,
        members,
        evidence: [
          {
            metric: 'network.silence',
            value: members.length,
            baseline: 0,
            why: `${members.length} terminals fell silent within minutes of each other; what they share is the ${scope} ${subject}. No card payment goes through there until it is back.`,
          },
        ],
      },
      out,
    );
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
  readonly incidents: readonly (Omit<Incident, 'members'> & { readonly members: readonly number[] })[];
}

function lastOf(lost: readonly Lost[]): number {
  return lost.reduce((last, l) => Math.max(last, l.at), 0);
}

function isOut(tally: Tally): boolean {
  return tally.heard <= STRAGGLERS * (tally.heard + tally.lost.length);
}

/** Number of a site's line of a kind; 0 where either is not known. */
function lineOf(site: number, kind: number): number {
  return site === 0 || kind === 0 ? 0 : site * 4 + kind;
}

function scopeOf(slot: typeof CELL | typeof CARRIER): Scope {
  return slot === CELL ? 'cell' : 'carrier';
}
