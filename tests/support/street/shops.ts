import type { Dice } from '../wild-random.ts';
import { DAY, during, HOUR, MIN } from './frame.ts';

type Hours = readonly (readonly [from: number, to: number])[];

export interface Trade {
  readonly name: string;
  /** Opening hours of a weekday, Saturday and Sunday; `closed` weekdays (0 is Sunday) besides. */
  readonly hours: readonly [weekday: Hours, saturday: Hours, sunday: Hours];
  readonly closed: readonly number[];
  /** Receipts an hour and till while open, least and most. */
  readonly jobs: readonly [number, number];
  readonly tills: readonly [number, number];
  readonly forms: readonly ('countertop' | 'portable' | 'unattended' | 'vehicle')[];
  readonly outdoor?: boolean;
}

const DAYLONG: Hours = [[0, 24]];
export const TRADES: readonly Trade[] = [
  {
    name: 'market',
    hours: [[[7, 21]], [[7, 21]], [[9, 14]]],
    closed: [],
    jobs: [18, 60],
    tills: [3, 6],
    forms: ['countertop'],
  },
  {
    name: 'discount',
    hours: [[[8, 20]], [[8, 19]], []],
    closed: [],
    jobs: [15, 45],
    tills: [2, 4],
    forms: ['countertop'],
  },
  {
    name: 'kiosk',
    hours: [[[6, 20]], [[7, 18]], [[8, 13]]],
    closed: [],
    jobs: [5, 18],
    tills: [1, 1],
    forms: ['countertop', 'portable'],
  },
  {
    name: 'bistro',
    hours: [
      [
        [11, 14.5],
        [17.5, 23],
      ],
      [[11, 23.5]],
      [[11, 22]],
    ],
    closed: [1],
    jobs: [5, 14],
    tills: [2, 4],
    forms: ['portable'],
  },
  {
    name: 'pharmacy',
    hours: [
      [
        [8, 12.5],
        [14, 18.5],
      ],
      [[8, 12.5]],
      [],
    ],
    closed: [],
    jobs: [5, 20],
    tills: [1, 3],
    forms: ['countertop'],
  },
  { name: 'fuel', hours: [DAYLONG, DAYLONG, DAYLONG], closed: [], jobs: [5, 25], tills: [2, 4], forms: ['unattended'] },
  {
    name: 'parking',
    hours: [DAYLONG, DAYLONG, DAYLONG],
    closed: [],
    jobs: [1, 8],
    tills: [1, 3],
    forms: ['unattended'],
    outdoor: true,
  },
  {
    name: 'boutique',
    hours: [[[10, 19]], [[10, 18]], []],
    closed: [],
    jobs: [1.5, 6],
    tills: [1, 2],
    forms: ['countertop', 'portable'],
  },
  {
    name: 'bakery',
    hours: [[[6, 18]], [[6, 13]], [[7, 12]]],
    closed: [],
    jobs: [15, 40],
    tills: [1, 2],
    forms: ['countertop', 'portable'],
  },
  {
    name: 'taxi',
    hours: [[[5, 22]], [[8, 24]], [[10, 20]]],
    closed: [],
    jobs: [2, 4],
    tills: [2, 4],
    forms: ['vehicle'],
    outdoor: true,
  },
  {
    name: 'salon',
    hours: [[[9, 18]], [[9, 16]], []],
    closed: [1],
    jobs: [1, 2.5],
    tills: [1, 1],
    forms: ['countertop', 'portable'],
  },
  {
    name: 'cinema',
    hours: [[[14, 24]], [[12, 24]], [[11, 23]]],
    closed: [],
    jobs: [6, 22],
    tills: [2, 4],
    forms: ['countertop', 'portable', 'unattended'],
  },
  { name: 'stall', hours: [[], [[7, 14]], []], closed: [], jobs: [6, 12], tills: [1, 2], forms: ['portable'] },
];

export const ZONES = [
  { name: 'Africa/Lagos', hours: 1, warm: 28 },
  { name: 'Asia/Tokyo', hours: 9, warm: 17 },
  { name: 'America/Sao_Paulo', hours: -3, warm: 22 },
  { name: 'America/Bogota', hours: -5, warm: 15 },
] as const;

/** A span in which a cell or a shop's line carries `load` more than its own (1: hardly usable). */
export interface Crowd {
  readonly from: number;
  readonly to: number;
  readonly load: number;
}

export interface Cell {
  readonly id: string;
  readonly carrier: string;
  readonly crowds: Crowd[];
  /** Works on the mast: terminals hang on a weaker sector. */
  readonly works: Crowd[];
}

interface ShopPlan {
  readonly id: string;
  readonly tenant: string;
  readonly trade: Trade;
  readonly zone: (typeof ZONES)[number];
  readonly cell: Cell;
  readonly jobs: number;
}

/** One shop: whether it is open, how busy, how warm, and whether it has mains and a line. */
export class Shop {
  readonly plan: ShopPlan;
  /** Local days on which it is closed besides: holidays, a week of leave. */
  readonly closedDays = new Set<number>();
  readonly surges: Crowd[] = [];
  readonly blackouts: { from: number; to: number }[] = [];
  readonly lineCuts: { from: number; to: number }[] = [];
  readonly heat: Crowd[] = [];
  readonly #days = new Map<number, number>();
  readonly #d: Dice;
  readonly #shift: number;
  open = false;
  /** 0–1 within the opening hours. */
  busy = 0;
  jobsPerMin = 0;
  ambient = 20;
  mains = true;
  line = true;

  constructor(plan: ShopPlan, d: Dice) {
    this.plan = plan;
    this.#d = d;
    this.#shift = d.between(-0.4, 0.4);
  }

  localDay(t: number): number {
    return Math.floor((t + this.plan.zone.hours * HOUR) / DAY);
  }

  isOpen(t: number): boolean {
    return this.#progress(t) !== undefined;
  }

  /** First minute at or after `t` at which the shop is open, within two weeks. */
  nextOpen(t: number): number {
    for (let at = t; at < t + 14 * DAY; at += 5 * MIN) if (this.isOpen(at)) return at;
    return t;
  }

  /** Brings the shop to a minute. */
  step(t: number): void {
    const progress = this.#progress(t);
    this.open = progress !== undefined;
    const hour = (((t / HOUR + this.plan.zone.hours) % 24) + 24) % 24;
    this.busy = progress === undefined ? 0 : busyAt(hour, this.plan.trade.hours[0] === DAYLONG);
    const surge = this.surges.find((s) => t >= s.from && t < s.to)?.load ?? 1;
    this.jobsPerMin = (this.plan.jobs / 60) * this.busy * this.#dayFactor(this.localDay(t)) * surge;
    const heat = this.heat.find((s) => t >= s.from && t < s.to)?.load ?? 0;
    const swing = Math.sin(((hour - 9) / 24) * 2 * Math.PI);
    const outdoor = this.plan.trade.outdoor === true;
    this.ambient = outdoor
      ? this.plan.zone.warm + 6 * swing + heat
      : 21 + 1.8 * swing + (this.plan.zone.warm - 20) * 0.15 + heat * 0.6;
    this.mains = !during(this.blackouts, t);
    this.line = this.mains && !during(this.lineCuts, t);
  }

  #dayFactor(day: number): number {
    let factor = this.#days.get(day);
    if (factor === undefined) {
      const weekday = (((day + 4) % 7) + 7) % 7;
      factor = Math.exp(0.18 * this.#d.normal()) * (weekday === 6 ? 1.25 : weekday === 1 ? 0.85 : 1);
      this.#days.set(day, factor);
    }
    return factor;
  }

  /** How far the opening span is gone, 0–1; undefined while closed. */
  #progress(t: number): number | undefined {
    const local = t + this.plan.zone.hours * HOUR;
    const day = Math.floor(local / DAY);
    if (this.closedDays.has(day)) return undefined;
    const weekday = (((day + 4) % 7) + 7) % 7;
    const { hours, closed, name } = this.plan.trade;
    if (closed.includes(weekday)) return undefined;
    const hour = (local - day * DAY) / HOUR;
    const spans = name === 'stall' && weekday === 3 ? hours[1] : hours[weekday === 0 ? 2 : weekday === 6 ? 1 : 0];
    for (const [from, to] of spans) {
      const a = from === 0 ? 0 : from + this.#shift;
      const b = to === 24 ? 24 : to + this.#shift;
      if (hour >= a && hour < b) return (hour - a) / (b - a);
    }
    return undefined;
  }
}

function busyAt(hour: number, daylong: boolean): number {
  const noon = Math.exp(-(((hour - 12.3) / 2.2) ** 2));
  const evening = Math.exp(-(((hour - 18) / 2.4) ** 2));
  const least = daylong && (hour < 5 || hour > 23) ? 0.06 : 0.3;
  return Math.min(1, least + 0.6 * noon + 0.65 * evening);
}
