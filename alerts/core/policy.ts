import type { Severity } from '../../contract/findings.ts';
import type { Component } from '../../contract/modes.ts';
import type { ServiceHours } from './service-hours.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A tenant's rules for tickets: times in ms. Handed to the machine and the reconciler, so that they stay pure. */
export interface Policy {
  /** The least severity of a finding that opens a ticket. */
  readonly ticketFrom: Severity;
  /** The least probability of a forecast that opens a ticket; a part that has failed already always does. */
  readonly minProbability: number;
  /** How long the telemetry of a repaired component must be healthy before the repair is accepted. */
  readonly healthyForMs: Readonly<Record<Component | 'other', number>>;
  /** How long a finding must stay cleared before its ticket resolves by itself. */
  readonly settleMs: number;
  readonly followUpAfterMs: number;
  /** After this long without the merchant's marks a followed-up ticket is archived. */
  readonly feedbackWindowMs: number;
  /** Mean mark below which a rating reopens the ticket. */
  readonly badMarkBelow: number;
  readonly serviceLevels: Readonly<Record<Severity, { readonly responseMs: number; readonly repairMs: number }>>;
  /** Share of a service level's time after which it is escalated, before it is breached. */
  readonly warnAtShare: number;
  /** When service levels count; null: day and night. */
  readonly serviceHours: ServiceHours | null;
  readonly quoteValidMs: number;
  readonly flapping: { readonly openings: number; readonly withinMs: number; readonly calmMs: number };
  /** How long a reactivation must be announced to the merchant beforehand. */
  readonly reactivationNoticeMs: number;
  readonly selfTestExpiresMs: number;
}

export const DEFAULT_POLICY: Policy = {
  ticketFrom: 'warning',
  minProbability: 0,
  healthyForMs: {
    printer: DAY,
    battery: 2 * DAY,
    network: 6 * HOUR,
    reader: DAY,
    system: DAY,
    other: DAY,
  },
  settleMs: 30 * 60_000,
  followUpAfterMs: 7 * DAY,
  feedbackWindowMs: 14 * DAY,
  badMarkBelow: 3,
  serviceLevels: {
    critical: { responseMs: 2 * HOUR, repairMs: DAY },
    warning: { responseMs: 8 * HOUR, repairMs: 3 * DAY },
    watch: { responseMs: DAY, repairMs: 7 * DAY },
  },
  warnAtShare: 0.75,
  serviceHours: null,
  quoteValidMs: 14 * DAY,
  flapping: { openings: 4, withinMs: DAY, calmMs: 6 * HOUR },
  reactivationNoticeMs: DAY,
  selfTestExpiresMs: 10 * 60_000,
};

export function healthyFor(policy: Policy, component: Component | null): number {
  return policy.healthyForMs[component ?? 'other'];
}
