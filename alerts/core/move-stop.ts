import type { Provider } from './providers.ts';
import {
  canDo,
  crewsOf,
  layOut,
  longest,
  type Round,
  roundId,
  type SitePlace,
  type Stop,
  type Tour,
  worksOn,
} from './rounds.ts';

export interface StopMove {
  /** The round it is taken from. */
  readonly round: string;
  readonly site: string;
  /** Midnight UTC of the day it goes to. */
  readonly day: number;
  readonly provider: string;
}

export type Moved =
  | { readonly ok: true; readonly put: readonly Round[]; readonly gone: readonly string[] }
  | { readonly ok: false; readonly why: string };

const placeOf = (stop: Stop, places: ReadonlyMap<string, SitePlace>): SitePlace =>
  places.get(stop.site) ?? {
    site: stop.site,
    name: stop.name,
    address: stop.address,
    region: null,
    lat: null,
    lon: null,
  };

/** Takes a visit out of one round and puts it at the end of another; both are timed anew. Says why where it does not fit. */
export function moveStop(
  move: StopMove,
  rounds: readonly Round[],
  providers: readonly Provider[],
  places: ReadonlyMap<string, SitePlace>,
): Moved {
  const from = rounds.find((round) => round.id === move.round);
  const stop = from?.stops.find((one) => one.site === move.site);
  if (!from || !stop) return { ok: false, why: `there is no visit to ${move.site} in ${move.round}` };
  const provider = providers.find((one) => one.id === move.provider);
  const before = providers.find((one) => one.id === from.provider);
  if (!provider?.active) return { ok: false, why: `there is no active provider ${move.provider}` };
  if (!worksOn(provider, move.day)) return { ok: false, why: `${provider.name} does not work on that day` };
  const sameDay = rounds.filter((round) => round.provider === provider.id && round.day === move.day);
  if (sameDay.includes(from)) return { ok: true, put: [], gone: [] };
  const visits = (stops: readonly Stop[]) => stops.map((one) => ({ ...one, place: placeOf(one, places) }));
  const spent = sameDay.reduce((sum, round) => sum + round.minutes, 0);
  let why = `nobody at ${provider.name} with the skills is free on that day`;
  let longer: Round | undefined;
  // Into a tour that is driven anyway, or else into one of a technician who has none that day.
  for (const tour of toursOf(provider, move.day, sameDay)) {
    if (!canDo(tour.crew, stop.tasks)) continue;
    const target = sameDay.find((round) => round.id === roundId(provider.id, move.day, tour.place));
    const tried = layOut(tour, visits([...(target?.stops ?? []), { ...stop, pinned: true }]));
    const needed = spent - (target?.minutes ?? 0) + tried.minutes;
    if (needed <= provider.minutesPerDay && tried.minutes <= longest(provider, move.day)) {
      longer = tried;
      break;
    }
    why = `${provider.name} has ${Math.min(provider.minutesPerDay, longest(provider, move.day))} minutes on that day, and ${needed} would be needed`;
  }
  if (!longer) return { ok: false, why };
  const rest = from.stops.filter((one) => one !== stop);
  if (rest.length === 0 || !before) return { ok: true, put: [longer], gone: rest.length === 0 ? [from.id] : [] };
  const own = toursOf(before, from.day, [from])[0]!;
  return {
    ok: true,
    put: [longer, { ...layOut(own, visits(rest)), id: from.id, technician: from.technician }],
    gone: [],
  };
}

/** A provider's tours of a day: those that are planned, then one for each technician who has none. */
function toursOf(provider: Provider, day: number, planned: readonly Round[]): readonly Tour[] {
  const crews = crewsOf(provider);
  const tours: Tour[] = planned.map((round) => ({
    provider,
    day,
    crew: crews.find((crew) => crew.name === (round.technician ?? '')) ?? crews[0]!,
    place: placeOfId(round, provider, day),
  }));
  const driven = new Set(planned.map((round) => round.technician ?? ''));
  const taken = new Set(tours.map((tour) => tour.place));
  for (const crew of crews) {
    if (driven.has(crew.name)) continue;
    let place = 0;
    while (taken.has(place)) place += 1;
    taken.add(place);
    tours.push({ provider, day, crew, place });
  }
  return tours;
}

function placeOfId(round: Round, provider: Provider, day: number): number {
  for (let place = 0; place < 1_000; place++) if (roundId(provider.id, day, place) === round.id) return place;
  return 0;
}
