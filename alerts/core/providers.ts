import { DateTime } from 'luxon';
import type { Component } from '../../contract/modes.ts';
import type { DayHours } from '../../contract/registry.ts';
import type { Ticket } from '../../contract/tickets.ts';

export interface Technician {
  readonly name: string;
  readonly skills: readonly (Component | '*')[];
}

/** A service organisation. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  /** Regions it covers; `*` covers all. */
  readonly regions: readonly string[];
  readonly skills: readonly (Component | '*')[];
  /** Tickets it can take on at once. */
  readonly capacity: number;
  /** Minutes of visits it can make in a day. */
  readonly minutesPerDay: number;
  /** Seven entries, Monday first. */
  readonly hours: readonly (DayHours | null)[];
  readonly timezone: string;
  readonly technicians: readonly Technician[];
  /** Names its people sign in with. */
  readonly people: readonly string[];
  readonly contact: string | null;
  readonly active: boolean;
}

export interface Load {
  /** Open tickets by provider. */
  readonly open: ReadonlyMap<string, number>;
  /** Open tickets by `provider/technician`. */
  readonly byTechnician: ReadonlyMap<string, number>;
  /** Mean mark (1–5) by provider, where there is one. */
  readonly marks: ReadonlyMap<string, number>;
}

export type Assignment =
  | { readonly ok: true; readonly provider: string; readonly technician: string | null; readonly why: string }
  | { readonly ok: false; readonly why: string };

const NEUTRAL_MARK = 3.5;

/** True where somebody with these skills can see to a component; null: any can. */
export function skilled(skills: readonly (Component | '*')[], component: Component | null): boolean {
  return component === null || skills.includes('*') || skills.includes(component);
}

/** Hours until a provider opens, in its own zone; 0 while it is open. One that never opens is as far as a week. */
export function opensIn(provider: Provider, now: number): number {
  const local = DateTime.fromMillis(now, { zone: provider.timezone });
  const start = (local.isValid ? local : DateTime.fromMillis(now, { zone: 'utc' })).startOf('day');
  for (let day = -1; day < 7; day++) {
    const date = start.plus({ days: day });
    const hours = provider.hours[date.weekday - 1];
    if (!hours) continue;
    const closes = date.plus({ minutes: hours.closes }).toMillis();
    if (closes <= now) continue;
    return Math.max(0, date.plus({ minutes: hours.opens }).toMillis() - now) / 3_600_000;
  }
  return 168;
}

/**
 * Chooses who repairs a ticket: covers the region, has the skill, has room; then the least busy for its size, the better rated and the
 * sooner open.
 */
export function assign(
  ticket: Ticket,
  region: string | null,
  providers: readonly Provider[],
  load: Load,
  now: number,
): Assignment {
  const active = providers.filter((provider) => provider.active);
  if (active.length === 0) return { ok: false, why: 'no service provider is entered' };
  const near = active.filter(
    (provider) => provider.regions.includes('*') || (region !== null && provider.regions.includes(region)),
  );
  if (near.length === 0)
    return {
      ok: false,
      why: region === null ? 'the site has no region, and no provider covers all' : `no provider covers ${region}`,
    };
  const able = near.filter((provider) => skilled(provider.skills, ticket.component));
  if (able.length === 0) return { ok: false, why: `no provider there repairs ${ticket.component}` };
  const free = able.filter((provider) => (load.open.get(provider.id) ?? 0) < provider.capacity);
  if (free.length === 0) return { ok: false, why: `all ${able.length} providers that could are full` };
  const scored = free
    .map((provider) => {
      const open = load.open.get(provider.id) ?? 0;
      const mark = load.marks.get(provider.id);
      const opens = opensIn(provider, now);
      // A full mark of difference outweighs a quarter of the capacity, and so does a day of closed doors: quality and hours count, but
      // an idle provider is still used.
      const score = open / provider.capacity - ((mark ?? NEUTRAL_MARK) - NEUTRAL_MARK) / 4 + Math.min(opens, 96) / 96;
      return { provider, open, mark, opens, score };
    })
    .sort((a, b) => a.score - b.score || (a.provider.id < b.provider.id ? -1 : 1));
  const best = scored[0]!;
  const technician = technicianFor(ticket, best.provider, load);
  const reasons = [
    best.provider.regions.includes('*') ? 'covers all regions' : `covers ${region}`,
    ticket.component ? `repairs ${ticket.component}` : 'takes any fault',
    `${best.open} of ${best.provider.capacity} tickets open`,
    best.mark === undefined ? 'not rated yet' : `rated ${best.mark.toFixed(1)}`,
    best.opens === 0 ? 'open now' : `opens in ${Math.ceil(best.opens)} h`,
    free.length > 1 ? `best of ${free.length}` : 'the only one that could',
  ];
  return { ok: true, provider: best.provider.id, technician, why: reasons.join(', ') };
}

function technicianFor(ticket: Ticket, provider: Provider, load: Load): string | null {
  const able = provider.technicians.filter((technician) => skilled(technician.skills, ticket.component));
  const busy = (name: string): number => load.byTechnician.get(`${provider.id}/${name}`) ?? 0;
  return able.toSorted((a, b) => busy(a.name) - busy(b.name) || (a.name < b.name ? -1 : 1))[0]?.name ?? null;
}
