import type { Dice } from '../wild-random.ts';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;

const ZONES: readonly (readonly [string, number])[] = [
  ['Europe/London', 0],
  ['Europe/Berlin', 1],
  ['Asia/Shanghai', 8],
  ['America/Phoenix', -7],
];

/** A shop: where, when it is open, how busy, and what it does at night. */
export interface Site {
  readonly name: string;
  readonly zone: string;
  readonly offset: number;
  readonly opens: number;
  readonly closes: number;
  readonly closedOn: number;
  /** Receipts an hour and terminal, on average while open. */
  readonly trade: number;
  /** What is done with terminals at closing time. */
  readonly night: 'on' | 'announced' | 'silent';
  readonly inside: number;
  readonly cells: readonly string[];
  readonly carrier: string;
  /** Days on which it stays shut. */
  readonly holidays: ReadonlySet<number>;
}

/** Something that passes over many: from, to, and how hard. */
export interface Spell {
  readonly from: number;
  readonly to: number;
  readonly force: number;
}

/** A cause that many terminals share. */
export interface Outage extends Spell {
  readonly scope: 'site' | 'cell' | 'carrier';
  readonly subject: string;
}

export interface World {
  readonly start: number;
  readonly end: number;
  readonly sites: readonly Site[];
  readonly outages: readonly Outage[];
  readonly heat: Spell;
  readonly surge: Spell;
}

export function isIn({ from, to }: Pick<Spell, 'from' | 'to'>, at: number): boolean {
  return at >= from && at < to;
}

export function makeSites(d: Dice, count: number, days: number, start: number): Site[] {
  const carriers = ['Alder', 'Birch', 'Cedar'];
  return Array.from({ length: count }, (_, s) => {
    const [zone, offset] = d.pick(ZONES);
    const holidays = new Set<number>();
    if (d.chance(0.25)) {
      const first = Math.floor(start / DAY) + Math.floor(d.between(6, Math.max(7, days - 3)));
      for (let k = 0; k < Math.ceil(d.between(1, 4)); k++) holidays.add(first + k);
    }
    return {
      name: `shop-${s}`,
      zone,
      offset,
      opens: d.between(6.5, 10.5),
      closes: d.between(17.5, 23),
      closedOn: d.chance(0.5) ? Math.floor(d.between(0, 7)) : -1,
      trade: Math.exp(d.between(Math.log(2.5), Math.log(28))),
      night: d.pick(['on', 'on', 'announced', 'silent'] as const),
      inside: d.between(17, 27),
      cells: [`4${Math.floor(s / 3)}1`, `4${Math.floor(s / 3)}2`],
      carrier: carriers[s % 3]!,
      holidays,
    };
  });
}

/** Local hour of the day, 0 … 24. */
export function localHour(site: Site, at: number): number {
  return (((at / HOUR + site.offset) % 24) + 24) % 24;
}

export function isOpen(site: Site, at: number): boolean {
  const day = Math.floor(at / DAY + site.offset / 24);
  if (day % 7 === site.closedOn || site.holidays.has(day)) return false;
  const hour = localHour(site, at);
  return hour >= site.opens && hour < site.closes;
}

/** Receipts an hour and terminal now: two peaks a day, a weekend, a surge; nothing while shut. */
export function demand(world: World, site: Site, at: number): number {
  if (!isOpen(site, at)) return 0;
  const hour = localHour(site, at);
  const peak = (centre: number, width: number): number => Math.exp(-(((hour - centre) / width) ** 2));
  const weekday = Math.floor(at / DAY + site.offset / 24) % 7;
  const week = weekday === 1 || weekday === 2 ? 1.35 : weekday === 4 ? 0.8 : 1;
  return (
    site.trade * week * (0.35 + peak(12.5, 1.8) + 0.9 * peak(18, 2)) * (isIn(world.surge, at) ? world.surge.force : 1)
  );
}

/** Air around the terminals, °C. */
export function air(world: World, site: Site, at: number): number {
  const day = (at - world.start) / DAY;
  const swing = (isOpen(site, at) ? 1.5 : -1) + 2.2 * Math.sin(((localHour(site, at) - 9) / 24) * 2 * Math.PI);
  const slow = 2.5 * Math.sin(day / 5 + site.inside) + 1.2 * Math.sin(day / 2.3 + site.trade);
  const { from, to, force } = world.heat;
  const wave = isIn(world.heat, at) ? force * Math.sin((Math.PI * (at - from)) / (to - from)) : 0;
  return site.inside + swing + slow + wave;
}

/** Load of the mobile network now, 0 … 1: evenings are busy, and the more so in some cells. */
export function airtime(site: Site, at: number): number {
  const hour = localHour(site, at);
  return Math.exp(-(((hour - 19.5) / 2.6) ** 2)) * (0.4 + 0.6 * ((site.trade * 7) % 1));
}

/** Sites, cells and carriers that are out for a while: one cause, many terminals. */
export function makeOutages(d: Dice, sites: readonly Site[], days: number, start: number): Outage[] {
  const many = Math.max(1, Math.round((sites.length * days) / 150));
  return Array.from({ length: many }, () => {
    const site = d.pick(sites);
    const scope = d.pick(['site', 'site', 'cell', 'carrier'] as const);
    const subject = scope === 'site' ? site.name : scope === 'cell' ? site.cells[0]! : site.carrier;
    const noon = start + Math.floor(d.between(4, days - 1)) * DAY - site.offset * HOUR;
    const from = noon + d.between(site.opens + 1, Math.min(site.closes - 2, 19)) * HOUR;
    return { scope, subject, from, to: from + d.between(0.5, 3) * HOUR, force: 1 };
  });
}
