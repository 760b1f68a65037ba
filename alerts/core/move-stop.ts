import type { Provider } from './providers.ts';
import { layOut, type Round, type SitePlace, type Stop, worksOn } from './rounds.ts';

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
  const target = rounds.find((round) => round.provider === provider.id && round.day === move.day);
  if (target === from) return { ok: true, put: [], gone: [] };
  const visits = (stops: readonly Stop[]) => stops.map((one) => ({ place: placeOf(one, places), tasks: one.tasks }));
  const longer = layOut(provider, move.day, visits([...(target?.stops ?? []), stop]));
  if (longer.minutes > provider.minutesPerDay) {
    return {
      ok: false,
      why: `${provider.name} has ${provider.minutesPerDay} minutes on that day, and ${longer.minutes} would be needed`,
    };
  }
  const rest = from.stops.filter((one) => one !== stop);
  if (rest.length === 0 || !before) return { ok: true, put: [longer], gone: rest.length === 0 ? [from.id] : [] };
  return { ok: true, put: [longer, layOut(before, from.day, visits(rest))], gone: [] };
}
