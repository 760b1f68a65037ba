// What the worst hours of a place's days say: whether it fills up, and when it is full. Logs of times its habit, oldest first.

/** Log times the habit from which an hour is one of doubt. */
export const DOUBTED = 0.15;
/** A place that fills up by the day: what its worst hours must come to today, yesterday, and how much they must have grown in two days. */
const FILLING = Math.log(1.5);
export const FILLED = Math.log(1.22);
const GROWN = 0.2;
/** Today alone, where yesterday was notable beside the days before it, and where more days than one had been. */
const MUCH = Math.log(1.8);
const MORE = Math.log(1.35);
const NOTABLE = 0.1;
/**
 * Share of yesterday's rise that today's must come to: a fair beside the cell, or a neighbour's new network, makes every day as bad as its first one;
 * what fills up goes on rising.
 */
const STEP = 0.35;
/** How many times the worst of the days before it a day must come to, to stand out of them. */
const STANDS_OUT = 1.3;
/** Days after which a rhythm comes again. */
const WEEK = 7;
/** Days on end that a slow growth must last, and what it must have come to. */
const CREEPING_DAYS = 5;
const CREPT = Math.log(1.6);
/** The same where no week has been seen yet: a Saturday is busier than the days before it. */
const FIRST_WEEK = Math.log(1.9);
/** Log times the usual round trip at which payments time out at the till: at the soonest, as expected, and at the latest. */
const FULL = [Math.log(6), Math.log(11), Math.log(25)] as const;
/** Shares of the time that a steady pace would take: what fills up does so faster and faster, or is relieved for a while. */
const PACES = [0.15, 0.7, 1.5] as const;

/** What the worst hours of some days ago were beyond those of the same day a week before. */
function beyondWeek(peaks: readonly number[], ago: number): number {
  return (peaks.at(-1 - ago) ?? 0) - Math.max(0, peaks.at(-1 - ago - WEEK) ?? 0);
}

/** The most days on end that may have stood out before today, and the days that must be kept for that: each is set beside the same day of the week before. */
const STOOD = 3;
export const KEPT_DAYS = WEEK + STOOD + 1;

/** How many days on end, up to yesterday, each stood out of all the days before them. */
function daysStood(peaks: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  let stood = 0;
  for (let ago = 1; ago <= STOOD; ago++) {
    least = Math.min(least, beyondWeek(peaks, ago));
    if (least < NOTABLE) break;
    const older = Math.max(0, ...peaks.slice(0, -1 - ago).slice(-WEEK));
    if (least >= STANDS_OUT * older) stood = ago;
  }
  return stood;
}

/**
 * Worse by the day: for three days; or today much worse, after a day that stood out of those before it, or clearly worse after several. A
 * single busy day comes to neither. `hour` is what this hour is beyond its habit: the worst of today may be only beginning.
 */
export function isFilling(peaks: readonly number[], hour: number): boolean {
  const [worst, yesterday, before] = [0, 1, 2].map((ago) => beyondWeek(peaks, ago)) as [number, number, number];
  const today = Math.max(worst, hour - Math.max(0, peaks.at(-1 - WEEK) ?? 0));
  const steps = today - yesterday < STEP * (yesterday - before);
  const grows = today > yesterday && today - before >= GROWN && !steps;
  if (peaks.length <= WEEK) return grows && today >= FIRST_WEEK && yesterday >= FILLED;
  const stood = daysStood(peaks);
  return grows && ((today >= FILLING && yesterday >= FILLED) || (stood > 0 && worst >= (stood > 1 ? MORE : MUCH)));
}

/** Worse than ever on each of three days on end, none of them an ordinary one: what is asked of a few terminals, which are sooner all slow by chance. */
export function isSteady(peaks: readonly number[]): boolean {
  const [today, yesterday, before] = [0, 1, 2].map((ago) => beyondWeek(peaks, ago)) as [number, number, number];
  return before >= NOTABLE && yesterday > before && today > yesterday && today >= FILLING && yesterday >= FILLED;
}

/** Never better than the day before for five days, and far from where it began: so slow a growth is told while nobody waits yet. */
export function isCreeping(peaks: readonly number[]): boolean {
  const days = peaks.slice(-CREEPING_DAYS);
  const first = days[0] ?? 0;
  return (
    peaks.length > WEEK &&
    (days.at(-1) ?? 0) >= CREPT &&
    days.every((peak, i) => i === 0 || peak >= days[i - 1]! - 0.02) &&
    first >= NOTABLE &&
    (days.at(-1) ?? 0) - first >= GROWN
  );
}

/** Days until payments time out, at the pace of the last days up to this `hour`: at the soonest, as expected, at the latest; undefined where it does not grow. */
export function daysLeft(peaks: readonly number[], hour: number): readonly number[] | undefined {
  const today = Math.max(peaks.at(-1) ?? 0, hour);
  const pace = (today - (peaks.at(-3) ?? 0)) / 2;
  if (pace <= 0.02 || (peaks.at(-2) ?? 0) < DOUBTED) return undefined;
  return FULL.map((full, k) => Math.max(0.3 * (k + 1), Math.min(30, ((full - today) / pace) * PACES[k]!)));
}
