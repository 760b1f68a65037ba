import type { Mode } from '../../contract/modes.ts';
import { NAMED_BY, TOLD_ON, type Verdict } from './judge.ts';

/** Strength at which a finding is watched, and at which it opens a ticket. */
export const WATCH = 0.5;
export const RAISE = 0.8;
/** What a named mode's own channels amount to at the most for it to have been named by shared evidence only. */
export const OWN_TRACE = 0.25;
/** How much surer the leading mode must be than its rival before it is named. */
const LEAD = 1.12;
/** Days after which a finding that would not even be watched any more stands for nothing that comes beside it. */
const STALE_DAYS = 2;
/** Days for which a ticket about a full line keeps its name while nobody queues: it is full in the busy hours. */
const RETURNS_DAYS = 1.2;
/** What falls as a cell fills up, too, and tells of no aerial then. */
const LOUDER_AIR: readonly string[] = ['network.sinr_db', 'network.rsrq_db'];
/** Days after which a ratio to noise that is worse still is no crowd's. */
const CROWDED_DAYS = 5;

/** The verdict that may open a finding on a part known for `age` days: sure enough, and clearly ahead of its rivals or long enough undisputed. */
export function leading(verdicts: readonly Verdict[], age: number): Verdict | undefined {
  const [first] = verdicts;
  if (!first || first.strength < WATCH || age < 1) return undefined;
  const second = verdicts.find((v) => v !== first && !v.mode.remainder);
  const raisedAt = first.mode.raisedAt ?? RAISE;
  if (first.strength >= raisedAt && second && first.strength < second.strength * LEAD && first.strength < 1.6) {
    return { ...first, strength: raisedAt - 0.01 };
  }
  return first;
}

/**
 * What a finding that has opened a ticket goes by: its own mode, whatever else shows up beside it, and while its own channels are far from
 * their habit, though its failure be expected late; unless it was named by what several modes share, shows nothing of its own, and another
 * does by now. What was left for want of another name is renamed once there is one. `days` after it was opened, a till that was put
 * elsewhere still hears its new place faintly: that does not speak for a line that fills up there. `unheardDays` since what named it was last seen.
 */
export function continuing(
  verdicts: readonly Verdict[],
  named: Mode,
  isLink: boolean,
  days: number,
  unheardDays: number,
): Verdict | undefined {
  const same = verdicts.find((v) => v.mode.mode === named);
  const [first] = verdicts;
  if (!first || first === same) return same;
  // The attaches that named a SIM do not name another while any of them are its own: it attaches again on a day of weak signal, too.
  if (same?.mode.mode === 'sim_wear' && same.strength > 0 && same.metric !== undefined && first.metric === same.metric)
    return same;
  if (named === 'congestion' && unheardDays < RETURNS_DAYS && comesWithQueue(first, days)) return same;
  if (isLink && days > STALE_DAYS && (same?.strength ?? 0) < WATCH && first.own >= RAISE && !first.mode.remainder)
    return first;
  // What was left for want of another name has one once another mode's own channels are sure of it.
  if (same?.mode.remainder && first.own >= RAISE) return first;
  if ((same?.own ?? 0) >= OWN_TRACE) return same;
  if (same && !same.mode.remainder && same.present >= TOLD_ON) return same;
  const isNamed = isLink ? namesLink(first, same) : first.surprise >= NAMED_BY && first.strength >= RAISE;
  return isNamed || first.own >= RAISE ? first : same;
}

/** Whether a full line brings that about as well: sessions that break, and for some days a worse ratio to noise while the signal stands. */
function comesWithQueue({ mode, ownMetrics }: Verdict, days: number): boolean {
  if (mode.remainder) return true;
  return (
    mode.mode === 'signal_degradation' &&
    days < CROWDED_DAYS &&
    ownMetrics.every((metric) => LOUDER_AIR.includes(metric))
  );
}

/** Where nothing is left of what a link's ticket was named by, another's trace names it once all together is twice what opens one. */
function namesLink(first: Verdict, same: Verdict | undefined): boolean {
  return !first.mode.remainder && (same?.own ?? 0) === 0 && first.own >= OWN_TRACE && first.strength >= 2 * RAISE;
}
