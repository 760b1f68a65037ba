/** A terminal's events and exposure (jobs, payments, days) before and since a change. */
export interface BeforeAfter {
  readonly before: number;
  readonly beforeUnits: number;
  readonly after: number;
  readonly afterUnits: number;
  /** Where it stands; left out where that is not known. */
  readonly place?: number;
}

/** What a change did to a rate, against those that did not change. */
export interface Effect {
  /** Times the rate of the changed ones rose, beyond what it rose for the others. */
  readonly ratio: number;
  /** Rates of the changed ones, events a unit: since, and what they would have had. */
  readonly now: number;
  readonly expected: number;
  /** Standard errors by which the log-ratio differs from 0. */
  readonly z: number;
  /** The same without the place that fares worst; infinite where too few are left without it. */
  readonly elsewhere: number;
}

/** Least of each kind for a comparison. */
const LEAST_CHANGED = 4;
const LEAST_OTHERS = 4;
/** Share of the changed that are left out as the worst: one or two that have gone mad must not speak for all. */
const TRIMMED = 0.12;
/** Scatter of a terminal's own log-rate from week to week beyond chance: we do not believe in less. */
const SCATTER = 0.15;

/**
 * Difference of differences: what those that changed counted is compared with what their own past leads to expect, times what the season
 * did over the same days to those that did not change; so season and the change's counter reset fall out. Expected counts are
 * gamma-Poisson posteriors, shrunk to the pooled rate by a prior worth one event. The variance is that of counts whose rates scatter, as
 * much as the unchanged ones show, and of everything that was estimated; the statistic is Anscombe's root of counts (F. J. Anscombe, "The
 * transformation of Poisson, binomial and negative-binomial data", 1948), which is near normal for rare events too. Undefined where
 * there are too few.
 */
export function effectOf(changed: readonly BeforeAfter[], others: readonly BeforeAfter[]): Effect | undefined {
  if (changed.length < LEAST_CHANGED || others.length < LEAST_OTHERS) return undefined;
  const everyone = [...changed, ...others];
  const prior = (sum(everyone, (x) => x.before) + 0.5) / (sum(everyone, (x) => x.beforeUnits) + 1);
  const still = others.map((x) => expect(x, prior));
  const season = (sum(still, (x) => x.after) + 1) / (sum(still, (x) => x.expected) + 1);
  const scatter = scatterOf(still, season);
  const seasonError = 1 / (sum(still, (x) => x.after) + 1) + scatter / still.length;
  const moved = changed
    .map((x) => expect(x, prior))
    .sort((a, b) => b.after - season * b.expected - (a.after - season * a.expected))
    .slice(Math.ceil(changed.length * TRIMMED));
  const counted = sum(moved, (x) => x.after);
  const due = season * sum(moved, (x) => x.expected);
  const units = sum(moved, (x) => x.units);
  const errors = (some: readonly Expectation[]): number => {
    const [seen, foreseen] = [sum(some, (x) => x.after), season * sum(some, (x) => x.expected)];
    const scattered = sum(some, (x) => (scatter + x.doubt) * (season * x.expected) ** 2);
    const variance = foreseen + foreseen ** 2 * seasonError + scattered;
    return (2 * (Math.sqrt(seen + 0.375) - Math.sqrt(foreseen + 0.375))) / Math.sqrt(variance / foreseen);
  };
  const rest = withoutWorst(moved, season);
  return {
    ratio: (counted + 0.5) / (due + 0.5),
    now: counted / Math.max(1e-9, units),
    expected: due / Math.max(1e-9, units),
    z: errors(moved),
    elsewhere: rest.length < LEAST_CHANGED ? Number.POSITIVE_INFINITY : errors(rest),
  };
}

/** Those that do not stand where most came beyond what was expected: one place has a line, a power supply and a crowd of its own. */
function withoutWorst(moved: readonly Expectation[], season: number): readonly Expectation[] {
  const places = Map.groupBy(moved, (x) => x.place);
  const worst = [...places]
    .map(([place, those]) => ({ place, more: sum(those, (x) => x.after - season * x.expected) }))
    .reduce((a, b) => (b.more > a.more ? b : a));
  return moved.filter((x) => x.place === undefined || x.place !== worst.place);
}

interface Expectation {
  readonly place: number | undefined;
  readonly after: number;
  readonly expected: number;
  readonly units: number;
  /** Squared relative error of `expected`. */
  readonly doubt: number;
}

function expect({ before, beforeUnits, after, afterUnits, place }: BeforeAfter, prior: number): Expectation {
  const rate = (before + 1) / (beforeUnits + 1 / prior);
  return { place, after, expected: rate * afterUnits, units: afterUnits, doubt: 1 / (before + 1) };
}

/** Squared scatter of log-rates between the unchanged, beyond that of their counts (method of moments). */
function scatterOf(all: readonly Expectation[], season: number): number {
  let beyond = 0;
  let weight = 0;
  for (const { after, expected, doubt } of all) {
    const due = season * expected;
    beyond += (after - due) ** 2 - due - doubt * due ** 2;
    weight += due ** 2;
  }
  return Math.max(SCATTER ** 2, weight > 0 ? beyond / weight : 0);
}

function sum<T>(all: readonly T[], of: (x: T) => number): number {
  return all.reduce((s, x) => s + of(x), 0);
}
