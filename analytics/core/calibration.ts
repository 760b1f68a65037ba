import type { Component, Mode } from '../../contract/modes.ts';

/** Share of its findings that the engine takes to be right before anybody has said so, and what that belief is worth in outcomes. */
const EXPECTED = 0.85;
const FLEET_WORTH = 10;
/** Outcomes of the whole fleet's mode that a model's own are weighed against. */
const MODEL_WORTH = 8;
/** Bounds of the factor on a finding's threshold. */
const LEAST_DEMAND = 0.9;
const MOST_DEMAND = 1.5;

/** Outcomes: findings that were right, and wrong. */
export interface Tally {
  readonly right: number;
  readonly wrong: number;
}

/** Whose outcomes a finding is judged by. */
export interface Kind {
  readonly tenant: string;
  /** Hardware model, '' where unknown. */
  readonly model: string;
  readonly component: Component;
  readonly mode: Mode;
}

/** What outcomes have taught of one kind of finding. */
export interface Learned extends Kind, Tally {
  /** Posterior mean of a finding of this kind being right. */
  readonly precision: number;
  /** Factor on the strength it needs before it opens a ticket. */
  readonly demand: number;
}

/**
 * What closed tickets have taught: was the part really failing? Beta posteriors of being right, of each mode over the tenant's fleet, and
 * of each model shrunk to its mode's. From these follow the probability a finding states and the strength it needs.
 * It is made of the log of opinions, read again at every start: the same opinions in any order give the same answers.
 */
export class Calibration {
  readonly #fleet = new Map<string, Tally>();
  readonly #models = new Map<string, { kind: Kind; tally: Tally }>();

  take(kind: Kind, right: boolean): void {
    const fleet = fleetKey(kind);
    this.#fleet.set(fleet, counted(this.#fleet.get(fleet), right));
    const key = `${fleet}/${kind.model}`;
    this.#models.set(key, { kind, tally: counted(this.#models.get(key)?.tally, right) });
  }

  /** Posterior mean of a finding of this kind being right; EXPECTED where nothing is known. */
  precision(kind: Kind): number {
    const key = fleetKey(kind);
    const fleet = this.#fleet.get(key);
    if (!fleet) return EXPECTED;
    const own = this.#models.get(`${key}/${kind.model}`)?.tally ?? { right: 0, wrong: 0 };
    // The model's own outcomes are in the fleet's too: they are taken out, so that none counts twice.
    const others = { right: fleet.right - own.right, wrong: fleet.wrong - own.wrong };
    const belief = posterior(others, EXPECTED, FLEET_WORTH);
    return posterior(own, belief, MODEL_WORTH);
  }

  /** A probability of being right as the detectors see it, moved in log-odds by what outcomes say of their kind. */
  calibrated(kind: Kind, probability: number): number {
    if (probability <= 0 || probability >= 1) return probability;
    return logistic(logit(probability) + logit(this.precision(kind)) - logit(EXPECTED));
  }

  /** Factor on the strength that opens a finding: over 1 where this kind was wrong more often than we expect. */
  demand(kind: Kind): number {
    return Math.max(LEAST_DEMAND, Math.min(MOST_DEMAND, EXPECTED / this.precision(kind)));
  }

  /** Everything learned of a tenant's findings. */
  learned(tenant: string): Learned[] {
    return [...this.#models.values()]
      .filter(({ kind }) => kind.tenant === tenant)
      .map(({ kind, tally }) => ({
        ...kind,
        ...tally,
        precision: this.precision(kind),
        demand: this.demand(kind),
      }));
  }
}

/** Mean of a beta posterior whose prior is `belief`, worth `worth` outcomes. */
export function posterior(tally: Tally, belief: number, worth: number): number {
  return (tally.right + belief * worth) / (tally.right + tally.wrong + worth);
}

function counted(tally: Tally | undefined, right: boolean): Tally {
  const { right: rights, wrong } = tally ?? { right: 0, wrong: 0 };
  return right ? { right: rights + 1, wrong } : { right: rights, wrong: wrong + 1 };
}

function fleetKey(kind: Kind): string {
  return `${kind.tenant}/${kind.component}/${kind.mode}`;
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
