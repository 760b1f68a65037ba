import type { DayHours } from '../../contract/registry.ts';
import { dayOf, isoDay, offsetAt, weekdayOf, type Zone } from './calendar.ts';
import { hashUnit } from './random.ts';

/** A store as the simulation knows it: where it stands, when it opens, how busy it gets, what it shares. */
export interface Store {
  readonly site: string;
  readonly name: string;
  readonly chain: string;
  readonly region: string;
  readonly zone: Zone;
  readonly lat: number;
  readonly lon: number;
  /** Monday first; null: closed. */
  readonly hours: readonly (DayHours | null)[];
  /** ISO dates. */
  readonly closedOn: ReadonlySet<string>;
  /** Sales of one till in an average open hour. */
  readonly salesPerHour: number;
  /** Yearly mean, half the yearly swing and half the daily swing of the outside air, °C. */
  readonly climate: { readonly mean: number; readonly season: number; readonly day: number };
  /** Share of the outside's swing that gets indoors: 0 air-conditioned, 1 a market stall. */
  readonly exposure: number;
  readonly bssids: readonly string[];
  readonly cells: readonly string[];
  readonly carriers: readonly string[];
  readonly noise: number;
}

/** What passes over several stores at once. Times in ms UTC. */
export interface Weather {
  readonly from: number;
  readonly to: number;
  /** Stores it covers, by index. */
  readonly stores: ReadonlySet<number>;
  /** Added to the outside air, °C. */
  readonly heat: number;
  /** Factor on sales. */
  readonly sales: number;
}

/** Everything outside a terminal that its parts feel, true for a few minutes in one store. */
export interface Environment {
  readonly at: number;
  /** Local day number. */
  readonly day: number;
  /** Minutes after local midnight. */
  readonly minute: number;
  readonly open: boolean;
  /** Sales per till and hour expected now; 0 when closed. */
  readonly sales: number;
  readonly indoorC: number;
  /** Load of the cells in view, 0–1. */
  readonly cellLoad: number;
  /** Load of the store's own line, 0–1. */
  readonly lineLoad: number;
}

/** Hours of a local day, or null when the store stays closed. */
export function hoursOn(store: Store, day: number): DayHours | null {
  const hours = store.hours[weekdayOf(day)] ?? null;
  return hours && !store.closedOn.has(isoDay(day)) ? hours : null;
}

const bell = (x: number, centre: number, width: number): number => Math.exp(-(((x - centre) / width) ** 2) / 2);

/** Weekday factors of grocery footfall, Monday first (assumption: quiet Mondays, a Saturday a third above the mean). */
const WEEK = [0.86, 0.88, 0.93, 1.0, 1.15, 1.32, 1.05] as const;

/** Evaluates a store's surroundings at an instant. */
export function environmentOf(store: Store, index: number, weather: readonly Weather[], at: number): Environment {
  const local = at + offsetAt(store.zone, at);
  const day = dayOf(local);
  const minute = Math.floor(local / 60_000) - day * 1440;
  const hours = hoursOn(store, day);
  const open = hours !== null && minute >= hours.opens && minute < hours.closes;

  const yearDay = ((day % 365) + 365) % 365;
  // Coldest around 20 January in the north; the southern half-year is the other way round.
  const season = -Math.cos(((yearDay - 20) / 365) * 2 * Math.PI) * (store.lat >= 0 ? 1 : -1);
  // A front passes every few days: two hashed days blended, so that the weather moves without jumps.
  const blend = minute / 1440;
  const front = (hashUnit(store.noise, day, 1) * (1 - blend) + hashUnit(store.noise, day + 1, 1) * blend - 0.5) * 9;
  const dayWave = -Math.cos(((minute / 60 - 3) / 24) * 2 * Math.PI);
  let outdoor = store.climate.mean + store.climate.season * season + store.climate.day * dayWave + front;

  const hour = minute / 60;
  let sales = 0;
  if (open) {
    // Two humps, lunch and after work, on a floor (assumption; the shape of public footfall curves).
    const shape = 0.5 + 0.75 * bell(hour, 12.6, 1.2) + 0.95 * bell(hour, 17.8, 1.6);
    const mood = 0.78 + 0.44 * hashUnit(store.noise, day, 2);
    sales = store.salesPerHour * shape * (WEEK[weekdayOf(day)] as number) * mood;
  }
  for (const spell of weather) {
    if (at < spell.from || at >= spell.to || !spell.stores.has(index)) continue;
    outdoor += spell.heat;
    sales *= spell.sales;
  }
  // Air conditioning holds 22 °C and gives up a share of whatever is beyond 16–27 °C outside.
  const beyond = outdoor > 27 ? outdoor - 27 : outdoor < 16 ? (outdoor - 16) * 0.35 : 0;
  const indoorC = 22 + (open ? 0.6 : -1.4) + beyond * store.exposure + 0.06 * store.climate.day * dayWave;

  const evening = 0.5 * bell(hour, 12.7, 1.6) + 0.75 * bell(hour, 18.6, 2.2);
  const cellLoad = Math.min(0.97, 0.18 + 0.4 * evening + 0.12 * hashUnit(store.noise, day, 3));
  const lineLoad = Math.min(0.95, 0.1 + (open ? 0.22 : 0) + (sales / (store.salesPerHour * 2.5)) * 0.25);
  return { at, day, minute, open, sales, indoorC, cellLoad, lineLoad };
}
