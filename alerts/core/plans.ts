import { RRuleTemporal } from 'rrule-temporal';
import { TillwatchError } from '../../contract/errors.ts';
import { metricWords } from './words.ts';

export interface UsePoint {
  /** Value of the plan's counter, cumulative. */
  readonly value: number;
  readonly perDay: number;
  /** What it showed when the plan first saw the terminal: use before that is not the plan's to count. */
  readonly base: number;
}

/** A preventive plan: by date (an RFC 5545 rule), by use (a counter), whichever comes first. */
export interface Plan {
  readonly id: string;
  readonly name: string;
  /** Models it is for; empty: all. */
  readonly models: readonly string[];
  /** RRULE, counted from the last check, e.g. `FREQ=YEARLY` or `FREQ=MONTHLY;INTERVAL=3`. */
  readonly rrule: string;
  /** A metric of the catalogue (cumulative) and how much of it between two checks. */
  readonly use: { readonly metric: string; readonly every: number } | null;
  readonly checklist: readonly string[];
  readonly minutes: number;
  readonly active: boolean;
}

/** When a plan was last done on a terminal, and what its counter showed then. */
export interface PlanDone {
  readonly at: number;
  readonly use: number | null;
}

export interface PlanDue {
  readonly dueAt: number;
  readonly by: 'date' | 'use';
  readonly why: string;
}

const DAY = 86_400_000;

/** The checklists of the procedure; every terminal gets at least one full check a year. */
export const YEARLY_CHECK: Plan = {
  id: 'yearly',
  name: 'Yearly full check',
  models: [],
  rrule: 'FREQ=YEARLY',
  use: null,
  checklist: [
    'clean the print head',
    'clean the roller',
    'clean the card slot',
    'cables and connectors',
    'software version',
    'battery',
    'backup',
  ],
  minutes: 30,
  active: true,
};

const numberWords = (value: number): string => Math.round(value).toLocaleString('en');

function text(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * Next date of a rule after a check on a day, by that day: thousands of terminals share a few hundred days, and a rule costs far more
 * than a look-up. One cache serves one planning run.
 */
export class RuleDates {
  readonly #known = new Map<string, number | null>();

  /** ms UTC; null: the rule gives no further date. Throws `plan.bad_rule` (400) for text that is no RRULE. */
  next(rrule: string, after: number): number | null {
    const day = text(after);
    const key = `${rrule}|${day}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const next = nextDate(rrule, day);
    this.#known.set(key, next);
    return next;
  }
}

function nextDate(rrule: string, day: string): number | null {
  try {
    const stamp = day.replaceAll('-', '');
    const rule = new RRuleTemporal({
      rruleString: `DTSTART;TZID=UTC:${stamp}T000000\nRRULE:${rrule.replace(/^RRULE:/, '')}`,
    });
    const next = rule.next(new Date(Date.parse(`${day}T00:00:00Z`)), false);
    return next === null ? null : next.epochMilliseconds;
  } catch (cause) {
    throw new TillwatchError('plan.bad_rule', `"${rrule}" is not a recurrence rule (RFC 5545), e.g. FREQ=YEARLY`, {
      status: 400,
      cause,
    });
  }
}

/** When a check is next due on a terminal: by date or by use, whichever comes first. Without a check yet it counts from `since`. */
export function nextCheck(
  plan: Plan,
  done: PlanDone | undefined,
  since: number,
  use: UsePoint | undefined,
  now: number,
  dates: RuleDates,
): PlanDue | null {
  const from = done?.at ?? since;
  const byDate = dates.next(plan.rrule, from);
  const date: PlanDue | null =
    byDate === null ? null : { dueAt: byDate, by: 'date', why: `its date has come; counted from ${text(from)}` };
  if (!plan.use || !use) return date;
  const used = use.value - (done?.use ?? use.base);
  const left = plan.use.every - used;
  const dueAt = left <= 0 ? now : use.perDay > 0 ? now + (left / use.perDay) * DAY : Number.POSITIVE_INFINITY;
  if (date && date.dueAt <= dueAt) return date;
  if (!Number.isFinite(dueAt)) return date;
  return {
    dueAt,
    by: 'use',
    why: `${numberWords(used)} of ${numberWords(plan.use.every)} used: ${metricWords(plan.use.metric, 'en')}`,
  };
}
