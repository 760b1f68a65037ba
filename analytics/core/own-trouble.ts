import type { Component } from '../../contract/modes.ts';
import { MEASURED, MEASURES } from './rollout-measures.ts';
import { readSum, type Sum, type Sums } from './rollout-sums.ts';
import { HOUR } from './time.ts';

/** Least others that must have tried the same firmware, for so many days each, for a terminal's trouble to be seen to be its own; and share of them that may have as much. */
const TRIED_BY = 4;
const TRIED_DAYS = 0.5;
const ALIKE = 0.2;
/** ms by which the others may have taken it later: what comes after days would not show at them yet. */
const LATER_MS = 6 * HOUR;
/** Times another's rate from which one has more than that other. */
const TIMES = 4;
/** Others that are looked at, at the most: a share of them is as well known. */
const LOOKED_AT = 200;
/** Events from which it is trouble: those that begin at several at once show at more than one by then. */
const SHOWS = 3;

/** By component, the metrics of its measures that show trouble which an update may have brought: the first that two terminals count compares them. */
const SHOWN_BY: Readonly<Partial<Record<Component, readonly string[]>>> = {
  system: ['system.crashes_total', 'system.reboots_total'],
  network: ['network.reconnects_total'],
  reader: ['reader.fails'],
  printer: ['printer.retries_total'],
};
const SHOWING: ReadonlyMap<Component, readonly number[]> = new Map(
  MEASURED.map((component) => [
    component,
    (SHOWN_BY[component] ?? []).map((metric) => MEASURES.findIndex((measure) => measure.metric === metric)),
  ]),
);
const TIMED = MEASURES.flatMap(({ perDay }, m) => (perDay > 0 ? [{ m, perDay }] : []));

/** What a terminal of a model came to since it took a firmware at `at`, ms: days that were counted, and events and units of each measure. */
export interface Tried {
  readonly index: number;
  readonly model: number;
  readonly at: number;
  readonly days: number;
  readonly sums: readonly Sum[];
}

/** What one came to since. */
export function triedOf(index: number, model: number, at: number, since: Sums): Tried {
  const sums = MEASURES.map((_, m) => readSum(since, m));
  return { index, model, at, days: Math.max(...TIMED.map(({ m, perDay }) => sums[m]!.units / perDay)), sums };
}

/** Models of which enough took a firmware for one of them to be compared with the others. */
export function comparableModels(took: readonly Tried[]): ReadonlySet<number> {
  const models = Map.groupBy(took, ({ model }) => model);
  return new Set([...models].filter(([, tried]) => tried.length > TRIED_BY).map(([model]) => model));
}

/**
 * Those that took a firmware and whose trouble with a component is their own: what is everybody's would show at more of those of its model that took it no later, too. All are
 * looked at in the same moment; a restart a night that all have is no trouble. Only those that `isAsked` are compared.
 */
export function ownTroubleOf(
  took: readonly Tried[],
  component: Component,
  isAsked: (index: number) => boolean,
): number[] {
  const models = Map.groupBy(
    took.filter(({ days }) => days >= TRIED_DAYS),
    ({ model }) => model,
  );
  const showing = SHOWING.get(component) ?? [];
  return [...models.values()].flatMap((tried) =>
    tried.filter((own) => isAsked(own.index) && isOnlyIts(own, tried, showing)).map(({ index }) => index),
  );
}

function isOnlyIts(own: Tried, tried: readonly Tried[], showing: readonly number[]): boolean {
  const counted = showing.find((m) => own.sums[m]!.units > 0);
  if (counted === undefined || own.sums[counted]!.events < SHOWS) return false;
  let others = 0;
  let alike = 0;
  for (const other of tried) {
    if (other === own || other.at > own.at + LATER_MS) continue;
    others++;
    if (hasAsMuch(other, own, showing)) alike++;
    if (alike > Math.min(LOOKED_AT, tried.length) * ALIKE) return false;
    if (others === LOOKED_AT) break;
  }
  return others >= TRIED_BY && alike <= others * ALIKE;
}

function hasAsMuch(other: Tried, own: Tried, showing: readonly number[]): boolean {
  const both = showing.find((m) => own.sums[m]!.units > 0 && other.sums[m]!.units > 0);
  return both === undefined || rateOf(other.sums[both]!) * TIMES >= rateOf(own.sums[both]!);
}

/** Events a unit. */
function rateOf({ events, units }: Sum): number {
  return events / units;
}
