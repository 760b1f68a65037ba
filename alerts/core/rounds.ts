import { DateTime } from 'luxon';
import type { Component } from '../../contract/modes.ts';
import { type Provider, skilled, type Technician } from './providers.ts';

/** Something to be done at a site: a due check, or a predicted failure. */
export interface Task {
  readonly kind: 'check' | 'repair';
  readonly terminal: string;
  readonly site: string;
  readonly title: string;
  /** When it ought to be done by; ms. */
  readonly dueAt: number;
  readonly minutes: number;
  readonly ticket: string | null;
  readonly plan: string | null;
  readonly component: Component | null;
}

export interface SitePlace {
  readonly site: string;
  readonly name: string;
  readonly region: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly address: string | null;
}

export interface Stop {
  readonly site: string;
  readonly name: string;
  readonly address: string | null;
  readonly from: number;
  readonly to: number;
  readonly tasks: readonly Task[];
  /** True where a person put the visit on this day: planning anew leaves it there. */
  readonly pinned?: boolean;
}

/** One visit tour of one provider on one day. */
export interface Round {
  readonly id: string;
  readonly provider: string;
  /** Who drives it; null where the provider has entered no technicians. */
  readonly technician: string | null;
  /** Midnight UTC of the day. */
  readonly day: number;
  readonly minutes: number;
  readonly stops: readonly Stop[];
}

export interface RoundPlan {
  readonly rounds: readonly Round[];
  /** Tasks that nobody can take, with the reason. */
  readonly left: readonly { readonly task: Task; readonly why: string }[];
}

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Getting there and setting up, minutes a stop; plus the way from the stop before. */
const STOP_MINUTES = 10;
const KM_PER_MINUTE = 0.6;
const FAR_KM = 25;

/** Great-circle distance, km (haversine). */
export function distanceKm(a: SitePlace, b: SitePlace): number | null {
  if (a.lat === null || a.lon === null || b.lat === null || b.lon === null) return null;
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 12_742 * Math.asin(Math.sqrt(h));
}

function travel(from: SitePlace | undefined, to: SitePlace): number {
  if (!from) return 0;
  const km = distanceKm(from, to);
  if (km === null) return from.region === to.region ? 15 : 45;
  return Math.round(km / KM_PER_MINUTE);
}

interface SiteWork {
  readonly place: SitePlace;
  readonly tasks: Task[];
  dueAt: number;
  minutes: number;
}

interface DraftStop {
  readonly place: SitePlace;
  readonly tasks: readonly Task[];
  readonly way: number;
  readonly minutes: number;
  readonly pinned: boolean;
}

interface Draft extends Tour {
  readonly stops: DraftStop[];
  minutes: number;
}

/**
 * Puts due checks and predicted failures near each other into one visit for one provider. Sites are taken by urgency; each goes to the
 * tour, among those on days before it is due, that it lengthens the least. A tour is one technician's day: their skills, the provider's
 * opening hours that day, and the provider's minutes a day over all its tours bound it. A site's whole work is done in one stop. Greedy insertion: near enough to the best for tours of a day, and thousands of sites plan in a second.
 */
export function planRounds(
  tasks: readonly Task[],
  places: ReadonlyMap<string, SitePlace>,
  providers: readonly Provider[],
  window: {
    readonly from: number;
    readonly days: number;
    /** Rounds as they are planned now: visits that a person moved stay where they are, as long as their site has work. */
    readonly standing?: readonly Round[];
  },
): RoundPlan {
  const left: { task: Task; why: string }[] = [];
  const sites = new Map<string, SiteWork>();
  for (const task of tasks) {
    const place = places.get(task.site);
    if (!place) {
      left.push({ task, why: `the site ${task.site} is not known` });
      continue;
    }
    const work = sites.get(task.site) ?? { place, tasks: [], dueAt: Number.POSITIVE_INFINITY, minutes: STOP_MINUTES };
    work.tasks.push(task);
    work.dueAt = Math.min(work.dueAt, task.dueAt);
    work.minutes += task.minutes;
    sites.set(task.site, work);
  }
  const firstDay = Math.floor(window.from / DAY) * DAY + DAY;
  const days: Days = { drafts: new Map(), minutes: new Map() };
  const byProvider = new Map<string, Draft[]>();
  for (const round of window.standing ?? []) {
    if (round.day >= firstDay && round.day < firstDay + window.days * DAY)
      keepPinned(round, sites, providers, days, byProvider);
  }
  for (const work of [...sites.values()].sort((a, b) => a.dueAt - b.dueAt || (a.place.site < b.place.site ? -1 : 1))) {
    const able = providers.filter(
      (provider) =>
        provider.active &&
        (provider.regions.includes('*') ||
          (work.place.region !== null && provider.regions.includes(work.place.region))) &&
        work.tasks.every((task) => skilled(provider.skills, task.component)),
    );
    if (able.length === 0) {
      for (const task of work.tasks)
        left.push({
          task,
          why: `no provider covers ${work.place.region ?? 'a site without a region'} with the skills wanted`,
        });
      continue;
    }
    const draft =
      bestDraft(work, able, byProvider, days, firstDay, window.days) ??
      newDraft(work, able, byProvider, days, firstDay, window.days);
    if (!draft) {
      for (const task of work.tasks) left.push({ task, why: `no provider has room within ${window.days} days` });
      continue;
    }
    visit(draft, work, false, days);
  }
  return {
    rounds: [...days.drafts.values()].map(roundOf).sort((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1)),
    left,
  };
}

/** Puts a site's work at the end of a tour. */
function visit(draft: Draft, { place, tasks, minutes }: SiteWork, pinned: boolean, days: Days): void {
  const way = travel(draft.stops.at(-1)?.place, place);
  draft.stops.push({ place, tasks, way, minutes, pinned });
  draft.minutes += way + minutes;
  const day = `${draft.provider.id}/${draft.day}`;
  days.minutes.set(day, (days.minutes.get(day) ?? 0) + way + minutes);
}

/** Begins a tour with the visits that a person put into it; their sites are planned no further. */
function keepPinned(
  round: Round,
  sites: Map<string, SiteWork>,
  providers: readonly Provider[],
  days: Days,
  byProvider: Map<string, Draft[]>,
): void {
  const works = round.stops.flatMap((stop) => (stop.pinned && sites.get(stop.site)) || []);
  const provider = providers.find((one) => one.id === round.provider && one.active);
  if (!provider || works.length === 0) return;
  const crews = crewsOf(provider);
  const crew = crews.find((one) => one.name === (round.technician ?? '')) ?? crews[0]!;
  const key = `${provider.id}/${round.day}/${crew.name}`;
  const known = days.drafts.get(key);
  const place = crews.filter((one) => days.drafts.has(`${provider.id}/${round.day}/${one.name}`)).length;
  const draft: Draft = known ?? { provider, crew, place, day: round.day, stops: [], minutes: 0 };
  if (!known) {
    days.drafts.set(key, draft);
    byProvider.set(provider.id, [...(byProvider.get(provider.id) ?? []), draft]);
  }
  for (const work of works) {
    visit(draft, work, true, days);
    sites.delete(work.place.site);
  }
}

/** Tours by provider, day and technician, and the minutes that each provider has given away of each day. */
interface Days {
  readonly drafts: Map<string, Draft>;
  readonly minutes: Map<string, number>;
}

/** True where a technician has the skills for all of these tasks. */
export function canDo(crew: Technician, tasks: readonly Task[]): boolean {
  return tasks.every((task) => skilled(crew.skills, task.component));
}

/** Minutes that one technician can be out on a day: the opening hours. */
export function longest(provider: Provider, day: number): number {
  const hours = provider.hours[weekdayOf(day)];
  return hours ? hours.closes - hours.opens : 0;
}

function weekdayOf(day: number): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

function bestDraft(
  work: SiteWork,
  able: readonly Provider[],
  byProvider: ReadonlyMap<string, readonly Draft[]>,
  { minutes }: Days,
  firstDay: number,
  days: number,
): Draft | undefined {
  const last = Math.max(firstDay, Math.min(work.dueAt, firstDay + (days - 1) * DAY));
  let best: { draft: Draft; way: number } | undefined;
  for (const provider of able) {
    for (const draft of byProvider.get(provider.id) ?? []) {
      if (draft.day > last || !canDo(draft.crew, work.tasks)) continue;
      const from = draft.stops.at(-1)!.place;
      if (from.region !== work.place.region) continue;
      const km = distanceKm(from, work.place);
      if (km !== null && km > FAR_KM) continue;
      const way = travel(from, work.place);
      const more = way + work.minutes;
      if (draft.minutes + more > longest(provider, draft.day)) continue;
      if ((minutes.get(`${provider.id}/${draft.day}`) ?? 0) + more > provider.minutesPerDay) continue;
      if (!best || way < best.way || (way === best.way && draft.day < best.draft.day)) best = { draft, way };
    }
  }
  return best?.draft;
}

/** True where the provider works on that day. */
export function worksOn(provider: Provider, day: number): boolean {
  return provider.hours[weekdayOf(day)] != null;
}

/** Who can drive tours; a provider without technicians by name drives one a day. */
export function crewsOf(provider: Provider): readonly Technician[] {
  return provider.technicians.length > 0 ? provider.technicians : [{ name: '', skills: provider.skills }];
}

function newDraft(
  work: SiteWork,
  able: readonly Provider[],
  byProvider: Map<string, Draft[]>,
  days: Days,
  firstDay: number,
  span: number,
): Draft | undefined {
  // As late as it may be, so that near ones can still join; overdue work comes on the first day there is.
  const latest = Math.min(Math.max(firstDay, Math.floor(work.dueAt / DAY) * DAY - DAY), firstDay + (span - 1) * DAY);
  const order = able.toSorted(
    (a, b) => (byProvider.get(a.id)?.length ?? 0) - (byProvider.get(b.id)?.length ?? 0) || (a.id < b.id ? -1 : 1),
  );
  const candidates: number[] = [];
  for (let day = latest; day >= firstDay; day -= DAY) candidates.push(day);
  for (let day = latest + DAY; day < firstDay + span * DAY; day += DAY) candidates.push(day);
  for (const day of candidates) {
    for (const provider of order) {
      if (work.minutes > longest(provider, day)) continue;
      const spent = days.minutes.get(`${provider.id}/${day}`) ?? 0;
      if (spent + work.minutes > provider.minutesPerDay) continue;
      const crews = crewsOf(provider);
      const free = crews.find((one) => canDo(one, work.tasks) && !days.drafts.has(`${provider.id}/${day}/${one.name}`));
      if (!free) continue;
      const place = crews.filter((one) => days.drafts.has(`${provider.id}/${day}/${one.name}`)).length;
      const draft: Draft = { provider, crew: free, place, day, stops: [], minutes: 0 };
      days.drafts.set(`${provider.id}/${day}/${free.name}`, draft);
      const list = byProvider.get(provider.id);
      if (list) list.push(draft);
      else byProvider.set(provider.id, [draft]);
      return draft;
    }
  }
  return undefined;
}

/** One technician's tour among those of its provider's day. */
export interface Tour {
  readonly provider: Provider;
  readonly day: number;
  readonly crew: Technician;
  /** Which of the provider's tours that day, from 0. */
  readonly place: number;
}

/** The round that makes these visits in this order, from the provider's opening on. */
export function layOut(
  tour: Tour,
  visits: readonly { readonly place: SitePlace; readonly tasks: readonly Task[]; readonly pinned?: boolean }[],
): Round {
  const draft: Draft = { ...tour, stops: [], minutes: 0 };
  for (const { place, tasks, pinned = false } of visits) {
    const way = travel(draft.stops.at(-1)?.place, place);
    const minutes = tasks.reduce((sum, task) => sum + task.minutes, STOP_MINUTES);
    draft.stops.push({ place, tasks, way, minutes, pinned });
    draft.minutes += way + minutes;
  }
  return roundOf(draft);
}

/** The name of a provider's tour. */
export function roundId(provider: string, day: number, place: number): string {
  return `${provider}-${new Date(day).toISOString().slice(0, 10)}${place > 0 ? `-${place + 1}` : ''}`;
}

function roundOf(draft: Draft): Round {
  const opens = draft.provider.hours[weekdayOf(draft.day)]?.opens ?? 540;
  const date = new Date(draft.day);
  let at = DateTime.fromObject(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: Math.floor(opens / 60),
      minute: opens % 60,
    },
    { zone: draft.provider.timezone },
  ).toMillis();
  const stops = draft.stops.map(({ place, tasks, way, minutes, pinned }): Stop => {
    const from = at + way * MINUTE;
    at = from + minutes * MINUTE;
    const { site, name, address } = place;
    return { site, name, address, from, to: at, tasks, ...(pinned ? { pinned } : {}) };
  });
  return {
    id: roundId(draft.provider.id, draft.day, draft.place),
    provider: draft.provider.id,
    technician: draft.crew.name === '' ? null : draft.crew.name,
    day: draft.day,
    minutes: draft.minutes,
    stops,
  };
}
