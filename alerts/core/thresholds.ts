import type { Component } from '../../contract/modes.ts';
import type { Policy } from './policy.ts';

/** From where on something is done: what a tenant may set of its rules for tickets. */
export interface Thresholds {
  readonly ticketFrom: 'warning' | 'critical';
  readonly minProbability: number;
  /** How long a fault must stay away before its ticket resolves by itself. */
  readonly settleMinutes: number;
  /** So many openings within so many hours are held together as one that comes and goes. */
  readonly flappingOpenings: number;
  readonly flappingHours: number;
  /** Share of a service level's time after which it is escalated. */
  readonly warnAtShare: number;
  /** How long a repaired part must be healthy before the repair is accepted. */
  readonly healthyHours: Readonly<Record<Component | 'other', number>>;
  readonly followUpDays: number;
  /** Mean mark (1–5) below which a rating reopens the ticket. */
  readonly badMarkBelow: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What holds where a tenant has set nothing. */
export function thresholdsOf(policy: Policy): Thresholds {
  const { healthyForMs: ms } = policy;
  const hours = (part: Component | 'other'): number => ms[part] / HOUR;
  return {
    ticketFrom: policy.ticketFrom === 'critical' ? 'critical' : 'warning',
    minProbability: policy.minProbability,
    settleMinutes: policy.settleMs / MINUTE,
    flappingOpenings: policy.flapping.openings,
    flappingHours: policy.flapping.withinMs / HOUR,
    warnAtShare: policy.warnAtShare,
    healthyHours: {
      printer: hours('printer'),
      battery: hours('battery'),
      network: hours('network'),
      reader: hours('reader'),
      system: hours('system'),
      other: hours('other'),
    },
    followUpDays: policy.followUpAfterMs / DAY,
    badMarkBelow: policy.badMarkBelow,
  };
}

/** The rules with a tenant's thresholds in place of the platform's own. */
export function withThresholds(policy: Policy, set: Thresholds | undefined): Policy {
  if (!set) return policy;
  const { healthyHours: hours } = set;
  return {
    ...policy,
    ticketFrom: set.ticketFrom,
    minProbability: set.minProbability,
    settleMs: set.settleMinutes * MINUTE,
    flapping: { ...policy.flapping, openings: set.flappingOpenings, withinMs: set.flappingHours * HOUR },
    warnAtShare: set.warnAtShare,
    healthyForMs: {
      printer: hours.printer * HOUR,
      battery: hours.battery * HOUR,
      network: hours.network * HOUR,
      reader: hours.reader * HOUR,
      system: hours.system * HOUR,
      other: hours.other * HOUR,
    },
    followUpAfterMs: set.followUpDays * DAY,
    badMarkBelow: set.badMarkBelow,
  };
}
