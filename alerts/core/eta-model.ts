import type { Estimate } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import { isComplex, priorEstimate } from './estimate.ts';
import { medianOf } from './summaries.ts';

/**
 * How long tickets take, learned from those that were repaired: log durations are taken as normal, and each group's mean is drawn to
 * that of the wider group around it by the number of cases it has (empirical Bayes shrinkage; Efron & Morris, 1975). The chain goes
 * from the procedure's own days over kind and mode to method, parts and region; factors that cut across it are residual means.
 */
export interface EtaModel {
  readonly groups: ReadonlyMap<string, { readonly n: number; readonly mean: number }>;
  readonly sd: number;
  readonly cases: number;
}

export interface EtaCase {
  readonly complex: boolean;
  readonly mode: string;
  readonly cause: string;
  readonly method: string;
  readonly parts: boolean;
  readonly region: string;
  readonly provider: string;
  readonly hours: number;
}

const HOUR = 3_600_000;
const DAY_H = 24;
/** Cases that weigh as much as the wider group's mean. */
const WEIGHT = 6;
/** Natural log of the procedure's days: simple 1–2, complex 3–7. */
const PRIOR = {
  simple: { mean: Math.log(1.5 * DAY_H), sd: 0.45 },
  complex: { mean: Math.log(4.5 * DAY_H), sd: 0.45 },
} as const;

type Features = Omit<EtaCase, 'hours'>;

function chain(f: Features): readonly string[] {
  return [
    `complex:${f.complex}`,
    `mode:${f.mode}`,
    `mode:${f.mode}/${f.method}`,
    `mode:${f.mode}/${f.method}/${f.parts ? 'parts' : 'none'}`,
    `mode:${f.mode}/${f.method}/${f.parts ? 'parts' : 'none'}/${f.provider}`,
  ];
}

function crossing(f: Features): readonly string[] {
  return [`cause:${f.cause}`, `parts:${f.parts}`, `region:${f.region}`, `provider:${f.provider}`];
}

/** Learns from repaired tickets. */
export function learnEta(cases: readonly EtaCase[]): EtaModel {
  const sums = new Map<string, { n: number; sum: number }>();
  for (const one of cases) {
    for (const key of chain(one)) addTo(sums, key, Math.log(Math.max(0.25, one.hours)));
  }
  const groups = new Map<string, { n: number; mean: number }>();
  for (const [key, { n, sum }] of sums) groups.set(key, { n, mean: sum / n });
  const residuals = new Map<string, { n: number; sum: number }>();
  const base: EtaModel = { groups, sd: 1, cases: cases.length };
  for (const one of cases) {
    const residual = Math.log(Math.max(0.25, one.hours)) - chainMean(base, one);
    for (const key of crossing(one)) addTo(residuals, key, residual);
  }
  for (const [key, { n, sum }] of residuals) groups.set(key, { n, mean: sum / (n + 2 * WEIGHT) });
  let squares = 0;
  for (const one of cases) squares += (Math.log(Math.max(0.25, one.hours)) - logHours(base, one)) ** 2;
  // The prior's spread counts as a few cases, so that a handful of like tickets does not promise to the hour.
  const sd = Math.sqrt((squares + WEIGHT * PRIOR.complex.sd ** 2) / (cases.length + WEIGHT));
  return { groups, sd, cases: cases.length };
}

function addTo(map: Map<string, { n: number; sum: number }>, key: string, value: number): void {
  const known = map.get(key);
  if (known) {
    known.n += 1;
    known.sum += value;
  } else map.set(key, { n: 1, sum: value });
}

function chainMean(model: EtaModel, features: Features): number {
  let mean: number = features.complex ? PRIOR.complex.mean : PRIOR.simple.mean;
  for (const key of chain(features)) {
    const group = model.groups.get(key);
    if (group) mean = (group.n * group.mean + WEIGHT * mean) / (group.n + WEIGHT);
  }
  return mean;
}

/** Expected natural log of the hours a ticket takes from opening to repaired. */
export function logHours(model: EtaModel, features: Features): number {
  let mean = chainMean(model, features);
  for (const key of crossing(features)) mean += model.groups.get(key)?.mean ?? 0;
  return mean;
}

export function featuresOf(ticket: Ticket, region: string | null): Features {
  return {
    complex: isComplex(ticket),
    mode: `${ticket.component ?? 'other'}.${ticket.mode ?? 'unknown'}`,
    cause: ticket.diagnosis?.causeClass ?? 'unknown',
    method: ticket.decision?.method ?? 'undecided',
    parts: ticket.orders.length > 0,
    region: region ?? 'unknown',
    provider: ticket.provider ?? 'none',
  };
}

/** A repaired ticket as a case to learn from, waits for the merchant left out; undefined where it tells nothing about repairs. */
export function caseOf(ticket: Ticket, region: string | null): EtaCase | undefined {
  if (ticket.closedAt === null || ticket.kind !== 'fault' || !ticket.outcome) return undefined;
  if (!['repaired', 'replaced', 'cleaned', 'configured'].includes(ticket.outcome.action)) return undefined;
  const repair = ticket.clocks.find((clock) => clock.kind === 'repair');
  const end = repair?.metAt ?? ticket.closedAt;
  const hours = (end - ticket.openedAt - (repair?.pausedMs ?? 0)) / HOUR;
  return hours > 0 ? { ...featuresOf(ticket, region), hours } : undefined;
}

/** Standard normal distribution function (Abramowitz & Stegun 26.2.17; error below 7.5e-8). */
function phi(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z >= 0 ? 1 - tail : tail;
}

/** Inverse of phi by bisection: few enough calls that speed does not matter. */
function probit(p: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 60; i++) {
    const mid = (low + high) / 2;
    if (phi(mid) < p) low = mid;
    else high = mid;
  }
  return (low + high) / 2;
}

export interface Queue {
  /** Tickets before this one at its provider, and how many that provider finishes in a day. */
  readonly ahead: number;
  readonly perDay: number;
}

/**
 * The promise for a ticket, with an 80 % interval, given that it has taken this long already. Falls back to the procedure's own days
 * until there are cases. What is known for sure (parts on order, an appointment, a queue) moves it on top of what was learned.
 */
export function learnedEstimate(
  model: EtaModel | undefined,
  ticket: Ticket,
  region: string | null,
  queue: Queue | undefined,
  now: number,
): Estimate | null {
  const prior = priorEstimate(ticket, now);
  if (!prior || !model || model.cases === 0) return prior && withQueue(prior, queue);
  if (ticket.appointment && ticket.appointment.from > now) return prior;
  const features = featuresOf(ticket, region);
  const mean = logHours(model, features);
  const elapsed = Math.max(0.01, (now - ticket.openedAt) / HOUR);
  const passed = phi((Math.log(elapsed) - mean) / model.sd);
  // One that has outlasted nearly all others tells little by the model: the tail is cut so that the promise stays finite.
  const from = Math.min(passed, 0.98);
  const at = (p: number): number => {
    const hours = Math.exp(mean + model.sd * probit(from + p * (1 - from)));
    return Math.max(now, ticket.openedAt + hours * HOUR);
  };
  const waits = ticket.orders.filter((order) => order.arrivedAt === null && order.expectedAt !== null);
  const earliest = Math.max(0, ...waits.map((order) => order.expectedAt ?? 0));
  const shift = Math.max(0, earliest - at(0.1));
  const mode =
    model.groups.get(`mode:${features.mode}/${features.method}`)?.n ??
    model.groups.get(`mode:${features.mode}`)?.n ??
    0;
  const reasons = [
    mode > 0
      ? `${mode} tickets like it took ${days(Math.exp(mean))} in the middle`
      : `${model.cases} repaired tickets, none of this kind yet`,
    ...(waits.length > 0 ? [`parts on order: ${waits.map((order) => order.part).join(', ')}`] : []),
  ];
  return withQueue(
    {
      at: now,
      dueAt: Math.round(at(0.5) + shift),
      earliestAt: Math.round(at(0.1) + shift),
      latestAt: Math.round(at(0.9) + shift),
      reasons,
    },
    queue,
  );
}

function days(hours: number): string {
  return hours < 36 ? `${Math.round(hours)} h` : `${(hours / 24).toFixed(1)} days`;
}

function withQueue(estimate: Estimate, queue: Queue | undefined): Estimate {
  if (!queue || queue.perDay <= 0) return estimate;
  const wait = Math.max(0, queue.ahead / queue.perDay - 1) * DAY_H * HOUR;
  if (wait === 0) return estimate;
  return {
    ...estimate,
    dueAt: Math.round(estimate.dueAt + wait),
    latestAt: Math.round(estimate.latestAt + wait),
    reasons: [...estimate.reasons, `${queue.ahead} tickets before it at its provider`],
  };
}

export interface EtaAccuracy {
  readonly tickets: number;
  /** Share of first promises whose interval held the truth; 0.8 is meant. */
  readonly covered: number | null;
  /** Middle of |promised − true|, hours, of the first promise and of that at the decision. */
  readonly firstErrorH: number | null;
  readonly decidedErrorH: number | null;
  /** Share of tickets done by the time first promised. */
  readonly kept: number | null;
}

/** How good promises were, over tickets that were repaired. */
export function etaAccuracy(tickets: readonly Ticket[]): EtaAccuracy {
  const done = tickets.filter((ticket) => caseOf(ticket, null) !== undefined && ticket.estimates.length > 0);
  const first: number[] = [];
  const decided: number[] = [];
  let covered = 0;
  let kept = 0;
  for (const ticket of done) {
    const repair = ticket.clocks.find((clock) => clock.kind === 'repair');
    const truth = repair?.metAt ?? ticket.closedAt!;
    const promise = ticket.estimates[0]!;
    first.push(Math.abs(promise.dueAt - truth) / HOUR);
    if (truth >= promise.earliestAt && truth <= promise.latestAt) covered += 1;
    if (truth <= promise.dueAt) kept += 1;
    const later = ticket.decision && ticket.estimates.find((estimate) => estimate.at >= ticket.decision!.at);
    if (later) decided.push(Math.abs(later.dueAt - truth) / HOUR);
  }
  return {
    tickets: done.length,
    covered: done.length === 0 ? null : covered / done.length,
    kept: done.length === 0 ? null : kept / done.length,
    firstErrorH: medianOf(first),
    decidedErrorH: medianOf(decided),
  };
}
