/** Days whose highest is where it begins. */
const FIRST_DAYS = 2;
/** Hours over which how busy a printer or a shop is is averaged. */
const BUSY_HOURS = 1.5;
/** How much busier than its busiest hours is more than it is used to (natural logarithm), and how far that may go a day. */
const BUSIER = 0.12;
const BUSIER_A_DAY = 0.05;
/** Uses an hour under which it is closed rather than quiet. */
const OPEN = 1;

/**
 * The level that is passed one time in ten (a quantile by stochastic approximation: Robbins & Monro 1951): what a day at its hottest or a
 * shop at its busiest is used to. `step` is how far it may go a day. Zero says that nothing is known.
 */
export function followHigh(high: number, value: number, step: number, days: number, age: number): number {
  if (age < FIRST_DAYS || high === 0) return Math.max(high, value);
  return high + (value > high ? 0.9 : -0.1) * step * Math.min(days, 0.5);
}

/** Days in which two thirds of a head's heat come to be taken for that of its surroundings. */
const WARMS_DAYS = 0.6;
/** K a day by which a head cools at the most, 20 an hour, and K that one reading is believed after a night: a wild one would make everything after it hot for most of a day. */
const COOLS_A_DAY = 480;
const COOLS_AT_ONCE = 8;

/** A temperature at its coolest of late, `days` after it was last told; 0 where it is new. What has printed by day is cool again at night. */
export function followCoolest(coolest: number, value: number, days: number): number {
  if (coolest === 0) return value;
  if (value < coolest) return Math.max(value, coolest - Math.min(COOLS_AT_ONCE, COOLS_A_DAY * days));
  return coolest + (value - coolest) * Math.max(0, 1 - Math.exp(-days / WARMS_DAYS));
}

/** Mean use an hour of the last hour or two, after `hours` in which there were `use`. */
export function followBusy(busy: number, use: number, hours: number): number {
  const keep = Math.exp(-hours / BUSY_HOURS);
  return busy * keep + (use / hours) * (1 - keep);
}

/** The busiest hours that it is used to, by their logarithm: doubled is as far from usual in a kiosk as in a supermarket. */
export function followBusiest(busiest: number, busy: number, hours: number, age: number): number {
  return busy < OPEN ? busiest : followHigh(busiest, Math.log(1 + busy), BUSIER_A_DAY, hours / 24, age);
}

/** True while it is busier than it is used to at its busiest. */
export function busier(busy: number, busiest: number): boolean {
  return busiest !== 0 && busy >= OPEN && Math.log(1 + busy) > busiest + BUSIER;
}
