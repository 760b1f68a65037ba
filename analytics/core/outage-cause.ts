import type { Scope } from '../../contract/findings.ts';
import { type Groups, nameOf } from './groups.ts';
import type { Habit } from './habits.ts';
import { overdue, type Paces } from './paces.ts';
import { CARRIER, CELL, DOWN, FIXED, FLAGS, GOODBYE, SEEN_AT, SITE, type Terminals } from './terminals.ts';

/** What stands for a shop's line where the others are slots of groups. */
const LINE = -1;

/** Losses this close together are one blow, even where others of their group go on. */
const BLOW_MS = 75_000;
/** An outage is told once it has stopped growing for so long, or has gone on for so long: what it reaches is part of what it is. */
const SETTLED_MS = 20_000;
const ENOUGH_MS = 30_000;
const ENOUGH_SILENT_MS = 80_000;
/** A loss is taken for a recent one for so long, or for the interval of its heartbeats. */
const LATELY_MS = 4 * 60_000;
/** Share of a group that may still be heard of while it counts as out. */
const STRAGGLERS = 0.15;
/** Least terminals that make an outage of a site, and of what spans sites. */
const LEAST_SITE = 3;
const LEAST_WIDE = 3;
/** Least terminals of a blow that leaves part of its group standing. */
const LEAST_BLOW = 4;
/** Share of an interval by which heartbeats that go by one clock come apart. */
const JITTER = 0.03;
/** Least sites that must go together while nothing is known of their hours. */
const LEAST_STRANGERS = 3;
/** Sites named in a subject; the others are counted. */
const NAMED = 3;

/** A terminal that was lost lately, out of habit or while its habits are unknown. */
export interface Lost {
  readonly index: number;
  readonly at: number;
  readonly silent: boolean;
  readonly habit: Habit;
}

/** What many were lost by, and which they are. */
export interface Cause {
  readonly scope: Scope;
  readonly subject: string;
  readonly those: readonly Lost[];
}

/** How a group of terminals stands: lost lately, heard of since the first of those losses, and not yet due since. */
interface Tally {
  readonly lost: Lost[];
  heard: number;
  pending: number;
}

/** Finds what many terminals that were lost together have in common: a site, its line, a cell, a carrier, or several sites at once. */
export class CauseFinder {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #paces: Paces;

  constructor(terminals: Terminals, groups: Groups, paces: Paces) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#paces = paces;
  }

  /** The narrowest cause that `lost` have in common; `usual` losses a ms are what the tenant loses anyway. Undefined: none, or wait and see. */
  find(tenant: string, lost: readonly Lost[], now: number, usual: number): Cause | undefined {
    const cause = this.#narrowest(tenant, this.#credible(lost), now, usual);
    if (!cause || !this.#isOfStrangers(cause.those)) return cause;
    // Shops met today that close one after the other are no outage of one of them.
    return this.#narrowest(
      tenant,
      lost.filter((l) => l.habit === 'there'),
      now,
      usual,
    );
  }

  #isOfStrangers(lost: readonly Lost[]): boolean {
    return lost.some((l) => l.habit === 'unknown') && this.#siteCount(lost) < LEAST_STRANGERS;
  }

  #narrowest(tenant: string, mine: readonly Lost[], now: number, usual: number): Cause | undefined {
    if (mine.length < LEAST_SITE) return undefined;
    const first = mine.reduce((first, l) => Math.min(first, l.at), now);
    const enough = mine.some((l) => !l.silent) ? ENOUGH_MS : ENOUGH_SILENT_MS;
    if (now - first < enough && (enough === ENOUGH_SILENT_MS || now - lastOf(mine) < SETTLED_MS)) return undefined;
    const tallies = this.#tally(tenant, mine, first, now);
    const outSites = this.#sitesOut(tallies.get(SITE)!, tallies.get(LINE)!, now);
    const inSites = outSites.flatMap(([, those]) => those);
    const wide = ([CELL, CARRIER] as const).flatMap((slot) =>
      [...tallies.get(slot)!]
        .filter(([, tally]) => tally.lost.length >= LEAST_WIDE && isOut(tally) && this.#siteCount(tally.lost) >= 2)
        .map(([id, tally]): Cause => ({ scope: scopeOf(slot), subject: this.#name(id), those: tally.lost })),
    );
    const whole = wide.find(({ those }) => those.length >= 0.8 * mine.length);
    if (whole) return whole;
    if (inSites.length >= LEAST_SITE)
      return { scope: 'site', subject: this.#sitesName(outSites.map(([id]) => id)), those: inSites };
    return wide[0] ?? this.#blow(usual * BLOW_MS, mine, tallies);
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
    usual: number,
    lost: readonly Lost[],
    tallies: ReadonlyMap<number, ReadonlyMap<number, Tally>>,
  ): Cause | undefined {
    const told = lost.filter((l) => !l.silent);
    const last = lastOf(told);
    const those = told.filter((l) => last - l.at <= BLOW_MS);
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

  #tally(tenant: string, mine: readonly Lost[], first: number, now: number): Map<number, Map<number, Tally>> {
    const t = this.#terminals;
    const tallies = new Map<number, Map<number, Tally>>(
      [SITE, LINE, CELL, CARRIER].map((slot) => [slot, new Map<number, Tally>()]),
    );
    const member = (index: number, slot: number): number =>
      slot === LINE ? lineOf(t.int(index, SITE), t.line(index)) : t.int(index, slot);
    for (const [slot, groups] of tallies) {
      for (const l of mine) {
        const id = member(l.index, slot);
        if (id === 0) continue;
        const tally = groups.get(id);
        if (tally) tally.lost.push(l);
        else groups.set(id, { lost: [l], heard: 0, pending: 0 });
      }
    }
    const gone = new Set(mine.map((l) => l.index));
    for (let i = 0; i < t.count; i++) {
      if (t.tenant(i) !== tenant || gone.has(i) || t.int(i, FLAGS) & (DOWN | GOODBYE)) continue;
      const seen = t.time(i, SEEN_AT);
      const beat = this.#paces.beat(i, seen);
      const heard = seen > first - JITTER * beat;
      if (!heard && now - seen > overdue(beat)) continue;
      for (const [slot, groups] of tallies) {
        const tally = groups.get(member(i, slot));
        if (tally && heard) tally.heard++;
        else if (tally) tally.pending++;
      }
    }
    return tallies;
  }

  /** Sites that are out whole, or whose own line is while those on the mobile network go on. */
  #sitesOut(
    sites: ReadonlyMap<number, Tally>,
    lines: ReadonlyMap<number, Tally>,
    now: number,
  ): [number, readonly Lost[]][] {
    return [...sites].flatMap(([id, tally]) => {
      if (tally.lost.length >= 2 && isOut(tally)) return [[id, tally.lost] as [number, readonly Lost[]]];
      const line = lines.get(lineOf(id, FIXED));
      // Whether those on the mobile network go on is not known while they are not due: a shop that is shut takes them with it.
      if (tally.pending > 0 && this.#canWait(tally.lost, now)) return [];
      return line && line.lost.length >= LEAST_SITE && isOut(line)
        ? [[id, line.lost] as [number, readonly Lost[]]]
        : [];
    });
  }

  /** Whether there is nothing but silence yet, and all of those that are silent still count as lost lately in a minute. */
  #canWait(lost: readonly Lost[], now: number): boolean {
    return lost.every((l) => {
      const beat = this.#paces.beat(l.index, this.#terminals.time(l.index, SEEN_AT));
      return l.silent && now - l.at < Math.max(LATELY_MS, beat) - 60_000;
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
}

function lastOf(lost: readonly Lost[]): number {
  return lost.reduce((last, l) => Math.max(last, l.at), 0);
}

/** Where wills tell of a loss, those that none tells of are there; where only silence does, those that are not due yet are waited for. */
function isOut({ lost, heard, pending }: Tally): boolean {
  const there = heard + (lost.some((l) => !l.silent) ? 0 : pending);
  return there <= STRAGGLERS * (there + lost.length);
}

/** Number of a site's line of a kind; 0 where either is not known. */
function lineOf(site: number, kind: number): number {
  return site === 0 || kind === 0 ? 0 : site * 4 + kind;
}

function scopeOf(slot: typeof CELL | typeof CARRIER): Scope {
  return slot === CELL ? 'cell' : 'carrier';
}
