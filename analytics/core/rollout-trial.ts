import type { Component } from '../../contract/modes.ts';
import type { TenantId } from '../../contract/topics.ts';
import { MEASURED, MEASURES } from './rollout-measures.ts';
import type { BeforeAfter } from './two-sample.ts';

/** A firmware on trial. */
export interface Trial {
  readonly tenant: TenantId;
  readonly firmware: number;
  readonly startedAt: number;
  /** Those that were compared as unchanged until they changed too, by measure. */
  readonly frozen: BeforeAfter[][];
  members: string[];
  standing: boolean;
  hits: number;
  /** Components that its evidence speaks of. */
  components: Component[];
  /** Rate that its terminals have since, by measure: events a unit; 0 where it is not worse. */
  rates: number[];
  /** Models of which so many had taken it, when they were last compared, that trouble of one can be seen to be its own. */
  comparable: ReadonlySet<number>;
  /** Parts of those that took it whose trouble is their own, by `partOf`, as they were when they were last compared. */
  ownTrouble: ReadonlySet<number>;
  /** Parts about which a ticket stood as their terminal took it, by `partOf`: what is wrong with them is older than the update. */
  readonly sick: Set<number>;
}

export interface SavedTrial extends Omit<Trial, 'sick' | 'ownTrouble' | 'comparable'> {
  readonly comparable: readonly number[];
  readonly sick: readonly number[];
  readonly ownTrouble: readonly number[];
}

export function newTrial(tenant: TenantId, firmware: number, startedAt: number): Trial {
  return {
    tenant,
    firmware,
    startedAt,
    frozen: MEASURES.map(() => []),
    members: [],
    standing: false,
    hits: 0,
    components: [],
    rates: [],
    comparable: new Set(),
    ownTrouble: new Set(),
    sick: new Set(),
  };
}

/** Notes that a ticket stood about a terminal's measured part as it took the firmware. */
export function markSick({ sick }: Trial, index: number, component: Component): void {
  sick.add(partOf(index, component));
}

/** Whether one stood about that measured part. */
export function isSick({ sick }: Trial, index: number, component: Component): boolean {
  return sick.has(partOf(index, component));
}

/** One number for a terminal's part, of those that are measured. */
export function partOf(index: number, component: Component): number {
  return index * MEASURED.length + MEASURED.indexOf(component);
}

export function saveTrial(trial: Trial): SavedTrial {
  return { ...trial, sick: [...trial.sick], ownTrouble: [...trial.ownTrouble], comparable: [...trial.comparable] };
}

export function loadTrial(saved: SavedTrial): Trial {
  return {
    ...saved,
    sick: new Set(saved.sick),
    ownTrouble: new Set(saved.ownTrouble),
    comparable: new Set(saved.comparable),
  };
}
