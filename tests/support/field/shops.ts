/** Shops and the mobile cells they stand in: what surrounds a terminal. */
import type { Dice } from './hardware.ts';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;
export const STEP = 10 * MIN;

export interface Cell {
  name: string;
  carrier: string;
  /** Load at rest and what the busiest hour adds, 0–1. */
  rest: number;
  peak: number;
  peakHour: number;
  crowd?: { onset: number; days: number; failedAt?: number; endsAt?: number };
}

export interface Site {
  name: string;
  tenant: string;
  timezone: string;
  offset: number;
  opens: number;
  closes: number;
  closedDays: ReadonlySet<number>;
  tx: number;
  rhythm: readonly number[];
  ambient: number;
  aircon: number;
  humid: number;
  dust: number;
  offAtNight: boolean;
  breakerOff: boolean;
  cell: Cell;
  cell2: Cell;
  lan: number;
  closure?: [number, number];
  outage?: [number, number];
  sale?: [number, number, number];
  dayFactor: number[];
}

/** Busy hours of a shop by kind, one weight an hour. */
const RHYTHMS = {
  grocery: [0, 0, 0, 0, 0, 0, 0.2, 0.6, 0.8, 1, 1, 1.1, 1.2, 1, 0.9, 1, 1.3, 1.7, 1.6, 1.1, 0.6, 0.3, 0, 0],
  cafe: [0, 0, 0, 0, 0, 0, 0.5, 1.6, 1.8, 1.2, 1.1, 1.3, 1.6, 1.3, 1, 1, 0.9, 0.7, 0.4, 0.2, 0, 0, 0, 0],
  restaurant: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.4, 1.4, 1.6, 0.7, 0.2, 0.2, 0.4, 1, 1.8, 2.1, 1.9, 1.2, 0.4],
  street: [0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 1, 1.4, 1.3, 1, 1, 1.1, 1, 1, 1.1, 1.3, 1.5, 1.3, 1, 0.8, 0.6, 0.4, 0.3],
} as const;

export function makeSite(
  d: Dice,
  i: number,
  start: number,
  days: number,
  cells: readonly Cell[],
  street: boolean,
): Site {
  const kind = street ? 'street' : d.pick(['grocery', 'grocery', 'cafe', 'restaurant'] as const);
  const place = d.pick([
    ['Europe/Berlin', 2],
    ['Europe/Lisbon', 1],
    ['America/Sao_Paulo', -3],
  ] as const);
  const near = cells.slice((i % Math.ceil(cells.length / 2)) * 2);
  const span = (least: number, most: number): [number, number] => {
    const from = start + Math.floor(d.between(2, days - 4)) * DAY;
    return [from, from + d.between(least, most) * DAY];
  };
  const dayFactor: number[] = [];
  const trend = d.normal(0.006);
  for (let k = 0; k < days + 2; k++) dayFactor.push(d.spread(1 + trend * k, 0.18));
  const opens = street ? 0 : { grocery: 8, cafe: 7, restaurant: 11, street: 0 }[kind] + d.int(-1, 1);
  return {
    name: `${kind}-${i}`,
    tenant: i % 3 === 0 ? 'nordmarkt' : 'kettle',
    timezone: place[0],
    offset: place[1] * HOUR,
    opens,
    closes: street ? 24 : { grocery: 20, cafe: 18, restaurant: 23, street: 24 }[kind] + d.int(-1, 1),
    closedDays: new Set(street ? [] : d.chance(0.5) ? [0] : d.chance(0.4) ? [1] : []),
    tx: street ? d.spread(12, 0.5) : d.spread(26, 0.7),
    rhythm: RHYTHMS[kind],
    ambient: street ? 19 : d.between(20, 25),
    aircon: street ? 1 : d.between(0.15, 0.8),
    humid: d.between(0.3, 0.7),
    dust: d.spread(1, 0.5),
    offAtNight: !street && d.chance(0.25),
    breakerOff: !street && d.chance(0.12),
    cell: near[0] ?? cells[0]!,
    cell2: near[1] ?? cells[1]!,
    lan: d.spread(18, 0.4),
    dayFactor,
    ...(!street && d.chance(0.1) ? { closure: span(5, 12) } : {}),
    ...(d.chance(0.12) ? { outage: span(0.06, 0.35).map((t) => t + 13 * HOUR) as [number, number] } : {}),
    ...(d.chance(0.2) ? { sale: [...span(2, 6), d.between(1.5, 2.6)] as [number, number, number] } : {}),
  };
}

export function isOpen(site: Site, now: number): boolean {
  if (site.closure && now >= site.closure[0] && now < site.closure[1]) return false;
  const local = new Date(now + site.offset);
  const hour = local.getUTCHours() + local.getUTCMinutes() / 60;
  return !site.closedDays.has(local.getUTCDay()) && hour >= site.opens && hour < site.closes;
}

export function trade(site: Site, now: number, start: number): number {
  const local = new Date(now + site.offset);
  const weekend = [1.05, 0.85, 0.9, 0.95, 1, 1.25, 1.35][local.getUTCDay()]!;
  const sale = site.sale && now >= site.sale[0] && now < site.sale[1] ? site.sale[2] : 1;
  const day = site.dayFactor[Math.max(0, Math.floor((now - start) / DAY))] ?? 1;
  return (site.tx / 6) * site.rhythm[local.getUTCHours()]! * weekend * sale * day;
}

/** Load of a cell: its own daily rhythm, and in one of them a crowd that grows by the day (a fair, a new estate). */
export function cellLoad(cell: Cell, now: number, offset: number): number {
  const hour = ((now + offset) % DAY) / HOUR;
  const near = Math.exp(-(((hour - cell.peakHour) / 3) ** 2));
  const c = cell.crowd;
  const grown = c && now >= c.onset && now < (c.endsAt ?? Infinity) ? ((now - c.onset) / (c.days * DAY)) ** 1.3 : 0;
  return cell.rest + cell.peak * near + grown * (0.25 + 1.1 * near);
}
