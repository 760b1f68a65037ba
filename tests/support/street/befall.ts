import type { Dice } from '../wild-random.ts';
import { Fault, type FaultPlan } from './course.ts';
import { DAY, HOUR, KINDS, MIN, WEAR_KEYS, type WearKey } from './frame.ts';
import type { Till } from './till.ts';

const CROWD = 'crowding';
/** What each kind goes by: a till that sends none of it has no announced failure of that kind. */
const TELLS: Readonly<Partial<Record<WearKey, readonly string[]>>> = {
  cutter: ['cutter_errors_total'],
  headPower: ['head_mv', 'low_voltage_stops_total'],
  headHeat: ['head_temp_c', 'overheats_total'],
  capacity: ['full_mah'],
  resistance: ['resistance_mohm', 'brownouts_total'],
  storage: ['flash_free_mb', 'flash_writes_mb_total'],
  sim: ['reattaches_total'],
};

function fits(till: Till, key: WearKey, fast: boolean): boolean {
  const { hw, link } = till;
  const { component, jobs, fast: may } = KINDS[key];
  if (key === 'regression' || key === CROWD || (fast && !may)) return false;
  if (component === 'printer' && !hw.printer) return false;
  if (component === 'battery' && !hw.battery) return false;
  if (key === 'cutter' && !hw.printer?.cutter) return false;
  if (key === 'headPower' && hw.battery) return false;
  if (key === 'charging' && hw.form === 'vehicle') return false;
  if (key === 'sim' && !link.cellular) return false;
  if (key === 'signal' && link.bearer === 'ethernet') return false;
  if (key === 'offline' && link.cellular) return false;
  const sent = [...Object.values(hw.gauges), ...Object.values(hw.counters)].flatMap((fields) => fields.split(' '));
  const tells = TELLS[key];
  // A pack that does not say its resistance tells of it by brownouts, which want prints and days.
  if (key === 'resistance' && !sent.includes('resistance_mohm') && (fast || till.jobsPerHour < 8)) return false;
  // By its retries alone a worn head or feed shows only where much is printed; so does a weak supply by its stops.
  const tell = { headWear: 'dead_dots', headPower: 'head_mv', paperFeed: 'jams_total' }[key as string];
  const bare = tell !== undefined && !sent.includes(tell);
  return (
    till.jobsPerHour >= jobs[fast ? 1 : 0] + (bare ? 4 : 0) && (!tells || tells.some((field) => sent.includes(field)))
  );
}

/** Gives failures to about two in five tills, of every kind in turn, and to some a wear that settles. */
export function befall(tills: readonly Till[], start: number, days: number, d: Dice): void {
  const given = new Map<string, number>();
  const free = shuffled(
    tills.filter((till) => !till.spare && till.retires === Number.POSITIVE_INFINITY && till.joins <= start + 4 * DAY),
    d,
  );
  const failing = Math.round(tills.length * d.between(0.34, 0.4));
  let crowded = crowdSome(free, start, days, d);
  const settling = Math.round(tills.length * 0.05);
  for (const till of free) {
    if (crowded >= failing + settling) break;
    if (till.faults.length > 0 || till.shop.plan.trade.name === 'stall') continue;
    const fast = d.chance(0.38);
    const keys = WEAR_KEYS.filter((key) => fits(till, key, fast));
    if (keys.length === 0) continue;
    const least = Math.min(...keys.map((key) => given.get(key) ?? 0));
    const key = d.pick(keys.filter((k) => (given.get(k) ?? 0) === least));
    const plan = planOf(till, key, fast, start, days, crowded >= failing ? d.between(0.3, 0.55) : 1, d);
    if (!plan) continue;
    given.set(key, least + 1);
    till.faults.push(new Fault(plan, d));
    crowded++;
  }
}

function planOf(
  till: Till,
  of: WearKey,
  fast: boolean,
  start: number,
  days: number,
  most: number,
  d: Dice,
): FaultPlan | undefined {
  const earliest = Math.max(start, till.joins) + 7.2 * DAY;
  const latest = start + days * DAY - 10 * HOUR;
  for (let tries = 0; tries < 40; tries++) {
    const lasts = fast
      ? Math.exp(d.between(Math.log(6), Math.log(44))) * HOUR
      : Math.exp(d.between(Math.log(2.3), Math.log(13))) * DAY;
    if (earliest + lasts > latest) continue;
    const rough = d.between(earliest + lasts, latest);
    const due = toMinute(till.shop.nextOpen(rough) + d.between(0, 90) * MIN);
    const onset = toMinute(till.shop.nextOpen(due - lasts));
    if (!till.shop.isOpen(due) || due > latest || onset < earliest) continue;
    const wall = due - onset;
    // A closed day is time in which nobody could see it.
    if (fast ? wall < 5 * HOUR || wall > 46 * HOUR : wall < 2.1 * DAY) continue;
    const seen = fast ? due - 2 * HOUR : due - DAY;
    if (openHours(till, onset, seen) < (fast ? 3 : 12) || openHours(till, seen - DAY, seen) < 3) continue;
    return { of, shape: d.pick(KINDS[of].shapes), onset, due, most, ...mending(of, d) };
  }
  return undefined;
}

function openHours(till: Till, from: number, to: number): number {
  let open = 0;
  for (let t = from; t < to; t += 30 * MIN) if (till.shop.isOpen(t)) open += 0.5;
  return open;
}

function mending(of: WearKey, d: Dice): Pick<FaultPlan, 'mend' | 'mendAfter'> {
  const cleans = of === 'contact' || of === 'paperFeed' || of === 'charging';
  const mend = d.chance(0.3) ? 'quietly' : cleans && d.chance(0.5) ? 'cleaned' : 'part_replaced';
  return { mend, mendAfter: d.chance(0.2) ? Number.POSITIVE_INFINITY : d.between(6, 80) * HOUR };
}

/** One cell fills up day by day until its terminals get nothing through in the busy hours, and the line of one shop. */
function crowdSome(free: readonly Till[], start: number, days: number, d: Dice): number {
  const isCell = (t: Till): boolean => t.link.cellular && t.hw.form !== 'vehicle' && t.shop.plan.trade.name !== 'stall';
  const cells = groups(free.filter(isCell), (t) => t.link.cell.id).filter((g) => g.length >= 2);
  const lines = groups(
    free.filter((t) => !t.link.cellular),
    (t) => t.shop.plan.id,
  ).filter((g) => g.length >= 2);
  let done = 0;
  for (const together of [cells.find((g) => g.length <= 6) ?? [], lines.length > 0 ? d.pick(lines) : []]) {
    const first = together[0];
    if (!first) continue;
    const fast = d.chance(0.2);
    const plan = planOf(first, CROWD, fast, start, days, 1, d);
    if (!plan) continue;
    for (const till of together.slice(0, 4)) {
      if (till.faults.length > 0) continue;
      till.faults.push(new Fault({ ...plan, mend: 'quietly', mendAfter: 3 * DAY }, d));
      done++;
    }
  }
  return done;
}

function groups(tills: readonly Till[], key: (till: Till) => string): Till[][] {
  const by = new Map<string, Till[]>();
  for (const till of tills) by.set(key(till), [...(by.get(key(till)) ?? []), till]);
  return [...by.values()];
}

export function shuffled<T>(items: readonly T[], d: Dice): T[] {
  return items
    .map((item) => [d(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

export function toMinute(t: number): number {
  return Math.floor(t / MIN) * MIN;
}
