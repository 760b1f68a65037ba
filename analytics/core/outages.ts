import type { Finding, Scope } from '../../contract/findings.ts';
import type { Groups } from './groups.ts';
import type { StandingBook } from './standing.ts';
import { CARRIER, CELL, FLAGS, INTERVAL, LOST_AT, SEEN_AT, SITE, type Terminals } from './terminals.ts';

/** Flags of a terminal: a will has told of its loss; it said goodbye; it is part of an outage that stands. */
const DOWN = 1;
const GOODBYE = 2;
const OUT = 4;

const TICK_MS = 10_000;
/** Losses this close together have one cause. */
const TOGETHER_MS = 4 * 60_000;
/** Share of a group that may still be heard of while it counts as out. */
const STRAGGLERS = 0.15;
/** Least terminals that make an outage of a site, and of what spans sites. */
const LEAST_SITE = 3;
const LEAST_WIDE = 3;
const SLOTS = 48;
const SLOT_MS = 1_800_000;

interface Incident {
  readonly key: string;
  readonly members: Set<number>;
  readonly statement: Omit<Finding, 'at' | 'state' | 'members' | 'evidence'>;
  readonly beganAt: number;
  toldMembers: number;
  backSince: number | null;
}

interface Lost {
  readonly index: number;
  readonly at: number;
  readonly silent: boolean;
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
  /** Share of a site's terminals that were there, by half hour of the day: shops that close are not out. */
  readonly #habits = new Map<number, Float32Array>();
  #tick = 0;
  #slot = 0;
  #newest = 0;
  #quietUntil = 0;

  constructor(terminals: Terminals, groups: Groups, book: StandingBook) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
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
    if (goodbye) {
      t.setInt(index, FLAGS, flags | GOODBYE);
      return;
    }
    if (flags & (DOWN | GOODBYE)) return;
    t.setInt(index, FLAGS, flags | DOWN);
    t.setTime(index, LOST_AT, at);
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
    if (blind && this.#incidents.size === 0) return;
    const slot = Math.floor(now / SLOT_MS);
    const lost = this.#overdue(now);
    if (slot !== this.#slot) this.#learnHabits(now, slot);
    if (lost.length >= LEAST_SITE && now >= this.#quietUntil) this.#explain(lost, now, out);
    this.#follow(now, out);
  }

  #overdue(now: number): Lost[] {
    const t = this.#terminals;
    const lost: Lost[] = [];
    for (let i = 0; i < t.count; i++) {
      const flags = t.int(i, FLAGS);
      if (flags & (GOODBYE | OUT)) continue;
      if (flags & DOWN) {
        const at = t.time(i, LOST_AT);
        if (now - at <= TOGETHER_MS) lost.push({ index: i, at, silent: false });
        continue;
      }
      const interval = (t.int(i, INTERVAL) || 60) * 1000;
      const silence = now - t.time(i, SEEN_AT);
      const patience = interval * 1.1 + 25_000;
      if (silence > patience && silence < patience + TOGETHER_MS && this.#usuallyThere(t.int(i, SITE), now)) {
        lost.push({ index: i, at: t.time(i, SEEN_AT) + interval, silent: true });
      }
    }
    return lost;
  }

  #explain(lost: readonly Lost[], now: number, out: Finding[]): void {
    const byTenant = Map.groupBy(lost, (l) => this.#terminals.tenants[l.index]!);
    for (const [tenant, mine] of byTenant) {
      if (mine.length < LEAST_SITE) continue;
      const first = Math.min(...mine.map((l) => l.at));
      const tallies = this.#tally(tenant, mine, first);
      const outSites = this.#sitesOut(tallies.get(SITE)!);
      const inSites = outSites.flatMap(([, tally]) => tally.lost);
      const wide = ([CELL, CARRIER] as const).flatMap((slot) =>
        [...tallies.get(slot)!]
          .filter(([, tally]) => tally.lost.length >= LEAST_WIDE && isOut(tally) && this.#siteCount(tally) >= 2)
          .map(([id, tally]) => ({ slot, id, tally })),
      );
      const whole = wide.find(({ tally }) => tally.lost.length >= 0.8 * mine.length);
      if (whole)
        this.#open(
          tenant,
          whole.slot === CELL ? 'cell' : 'carrier',
          nameOf(this.#groups.nameOf(whole.id)),
          whole.tally.lost,
          now,
          out,
        );
      else if (outSites.length === 1 && inSites.length >= LEAST_SITE)
        this.#open(tenant, 'site', nameOf(this.#groups.nameOf(outSites[0]![0])), inSites, now, out);
      else if (outSites.length > 1 && inSites.length >= LEAST_WIDE)
        this.#open(
          tenant,
          'site',
          outSites
            .map(([id]) => nameOf(this.#groups.nameOf(id)))
            .sort()
            .join('+'),
          inSites,
          now,
          out,
        );
      else
        for (const { slot, id, tally } of wide.slice(0, 1))
          this.#open(tenant, slot === CELL ? 'cell' : 'carrier', nameOf(this.#groups.nameOf(id)), tally.lost, now, out);
    }
  }

  #tally(tenant: string, mine: readonly Lost[], first: number): Map<number, Map<number, Tally>> {
    const t = this.#terminals;
    const tallies = new Map<number, Map<number, Tally>>(
      [SITE, CELL, CARRIER].map((slot) => [slot, new Map<number, Tally>()]),
    );
    for (const [slot, groups] of tallies) {
      for (const l of mine) {
        const id = t.int(l.index, slot);
        if (id === 0) continue;
        const tally = groups.get(id);
        if (tally) tally.lost.push(l);
        else groups.set(id, { lost: [l], heard: 0 });
      }
    }
    for (let i = 0; i < t.count; i++) {
      if (t.tenants[i] !== tenant || t.time(i, SEEN_AT) <= first || t.int(i, FLAGS) & (DOWN | GOODBYE)) continue;
      for (const [slot, groups] of tallies) {
        const tally = groups.get(t.int(i, slot));
        if (tally) tally.heard++;
      }
    }
    return tallies;
  }

  #sitesOut(sites: ReadonlyMap<number, Tally>): [number, Tally][] {
    return [...sites].filter(([, tally]) => tally.lost.length >= 2 && isOut(tally));
  }

  /** Without a will, a shop that is switched off for the night looks like an outage: only where it is usually open does silence count. */
  #usuallyThere(site: number, now: number): boolean {
    const habit = this.#habits.get(site);
    if (!habit) return false;
    const slot = Math.floor(now / SLOT_MS) % SLOTS;
    return Math.min(habit[slot]!, habit[(slot + 1) % SLOTS]!) > 0.6;
  }

  #siteCount(tally: Tally): number {
    return new Set(tally.lost.map((l) => this.#terminals.int(l.index, SITE))).size;
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
        if (incident.members.size > incident.toldMembers * 1.2) this.#state(incident, now, out);
        continue;
      }
      incident.backSince ??= now;
      if (now - incident.backSince < 2 * 60_000) continue;
      for (const i of incident.members) t.setInt(i, FLAGS, t.int(i, FLAGS) & ~OUT);
      this.#incidents.delete(incident.key);
      this.#book.clear(incident.key, now, out);
    }
  }

  #learnHabits(now: number, slot: number): void {
    this.#slot = slot;
    const t = this.#terminals;
    const there = new Map<number, [there: number, all: number]>();
    for (let i = 0; i < t.count; i++) {
      const site = t.int(i, SITE);
      if (site === 0) continue;
      const sums = there.get(site) ?? [0, 0];
      sums[1]++;
      if (now - t.time(i, SEEN_AT) < SLOT_MS) sums[0]++;
      there.set(site, sums);
    }
    const at = (slot - 1) % SLOTS;
    for (const [site, [present, all]] of there) {
      let habit = this.#habits.get(site);
      if (!habit) this.#habits.set(site, (habit = new Float32Array(SLOTS)));
      habit[at]! += (present / all - habit[at]!) * (habit[at] === 0 ? 1 : 0.4);
    }
  }

  save(): unknown {
    return {
      tick: this.#tick,
      slot: this.#slot,
      newest: this.#newest,
      quietUntil: this.#quietUntil,
      habits: [...this.#habits].map(([site, habit]) => [site, [...habit]]),
      incidents: [...this.#incidents.values()].map((i) => ({ ...i, members: [...i.members] })),
    };
  }

  load(saved: ReturnType<OutageWatch['save']>): void {
    const s = saved as {
      tick: number;
      slot: number;
      newest: number;
      quietUntil: number;
      habits: [number, number[]][];
      incidents: (Omit<Incident, 'members'> & { members: number[] })[];
    };
    this.#tick = s.tick;
    this.#slot = s.slot;
    this.#newest = s.newest;
    this.#quietUntil = s.quietUntil;
    this.#habits.clear();
    for (const [site, habit] of s.habits) this.#habits.set(site, Float32Array.from(habit));
    this.#incidents.clear();
    for (const i of s.incidents) this.#incidents.set(i.key, { ...i, members: new Set(i.members) });
  }
}

function isOut(tally: Tally): boolean {
  return tally.heard <= STRAGGLERS * (tally.heard + tally.lost.length);
}

/** The last part of a group's name: `tenant/site/NAME`. */
function nameOf(group: string): string {
  return group.slice(group.indexOf('/', group.indexOf('/') + 1) + 1);
}
