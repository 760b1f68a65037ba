import type { Evidence, Severity } from './findings.ts';
import type { Component, Mode } from './modes.ts';
import type { Role } from './principal.ts';

/** The documents and records that a ticket gathers on its way through the repair procedure. Times are ms since 1970 UTC; money is in minor units. */

/** Who did something: a person in a role, or the platform itself. */
export interface Actor {
  readonly name: string;
  readonly role: Role | 'system';
  /** The service provider that a person of role `provider` works for, where the account says so. */
  readonly provider?: string;
}

export const CAUSE_CLASSES = [
  'hardware',
  'software',
  'network',
  'operator',
  'power',
  'maintenance',
  'account',
  'lost',
] as const;
export type CauseClass = (typeof CAUSE_CLASSES)[number];

export const METHODS = ['phone', 'remote', 'onsite', 'mail_in', 'replacement'] as const;
export type Method = (typeof METHODS)[number];

export const HUMAN_DAMAGE = ['none', 'dropped', 'liquid', 'other'] as const;
export type HumanDamage = (typeof HUMAN_DAMAGE)[number];

/** The fault report of step 1, as told by the platform, the merchant or an operator. */
export interface FaultReport {
  readonly merchant: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  /** What ran on it when the fault was reported; left out: not known. */
  readonly firmware?: string | null;
  readonly boughtOn: string | null;
  readonly warrantyUntil: string | null;
  readonly symptom: string;
  readonly beganAt: number | null;
  readonly frequency: string | null;
  readonly stepsTried: readonly string[];
  readonly contact: string | null;
  readonly language: 'en' | 'zh';
}

/** A report of a fault that has a ticket already. */
export interface FurtherReport {
  readonly at: number;
  readonly by: string;
  readonly symptom: string;
  readonly contact: string | null;
}

export interface FirstAidResult {
  readonly step: string;
  readonly result: 'helped' | 'no_change' | 'not_possible';
  readonly note: string | null;
  readonly at: number;
  readonly by: string;
}

/** What analytics last said of the fault, kept so that the ticket explains itself after the finding is gone. */
export interface FindingSnapshot {
  readonly at: number;
  readonly severity: Severity;
  readonly probability: number;
  readonly horizonH: number;
  readonly failsAt: number | null;
  readonly failsAtP10: number | null;
  readonly failsAtP90: number | null;
  readonly evidence: readonly Evidence[];
  readonly standing: boolean;
}

export interface SelfTest {
  readonly at: number;
  readonly result: 'pass' | 'fail' | 'no_answer';
  readonly checks: Readonly<Record<string, string>>;
  readonly commandId: string | null;
}

export interface Diagnosis {
  readonly causeClass: CauseClass;
  readonly component: Component | null;
  readonly mode: Mode | null;
  readonly note: string | null;
  readonly at: number;
  readonly by: string;
}

export interface Decision {
  readonly method: Method;
  readonly humanDamage: HumanDamage;
  /** `free`: in warranty and no human damage; `quote`: the merchant pays and must agree first. */
  readonly charge: 'free' | 'quote';
  readonly why: string;
  readonly at: number;
  readonly by: string;
}

export interface Quote {
  readonly amount: number;
  readonly currency: string;
  readonly items: readonly { readonly text: string; readonly amount: number }[];
  readonly validUntil: number | null;
  readonly at: number;
  readonly consent: {
    readonly given: boolean;
    readonly by: string;
    readonly at: number;
    readonly reason: string | null;
  } | null;
}

/** When the fault is expected to be dealt with: a promise with an 80 % interval and the reasons behind it. */
export interface Estimate {
  readonly at: number;
  readonly dueAt: number;
  readonly earliestAt: number;
  readonly latestAt: number;
  readonly reasons: readonly string[];
}

export interface Loan {
  readonly asset: string;
  readonly state: 'reserved' | 'delivered' | 'returned' | 'cancelled';
  readonly reservedAt: number;
  readonly deliveredAt: number | null;
  readonly returnedAt: number | null;
}

export interface DataRecord {
  readonly settings: boolean;
  readonly transactionsUploaded: boolean;
  readonly note: string | null;
  readonly at: number;
  readonly by: string;
}

export interface Appointment {
  readonly from: number;
  readonly to: number;
  readonly place: 'store' | 'service_point';
  readonly technician: string | null;
  readonly at: number;
}

export interface ShippingLeg {
  readonly direction: 'to_service' | 'to_store';
  readonly carrier: string;
  readonly tracking: string;
  readonly packing: string | null;
  readonly accessories: readonly string[];
  readonly sentAt: number;
  readonly receivedAt: number | null;
}

export interface PartUse {
  readonly part: string;
  readonly quantity: number;
  readonly serial: string | null;
  readonly removedSerial: string | null;
  readonly cost: number;
  readonly at: number;
  readonly by: string;
}

export interface PartOrder {
  readonly part: string;
  readonly quantity: number;
  readonly expectedAt: number | null;
  readonly orderedAt: number;
  readonly arrivedAt: number | null;
}

export interface Labour {
  readonly minutes: number;
  readonly cost: number;
  readonly note: string | null;
  readonly at: number;
  readonly by: string;
}

/** Step 9: a self-test and a period of healthy telemetry; either failing sends the ticket back to repair. */
export interface Acceptance {
  readonly startedAt: number;
  readonly healthyForMs: number;
  readonly healthyAt: number | null;
  readonly selfTest: SelfTest | null;
  readonly signedBy: string | null;
  readonly signedAt: number | null;
  readonly attempts: number;
}

export interface Training {
  readonly needed: boolean;
  readonly who: string | null;
  readonly what: string | null;
  readonly at: number | null;
}

export interface Feedback {
  readonly attitude: number;
  readonly speed: number;
  readonly result: number;
  readonly comment: string | null;
  readonly by: string;
  readonly at: number;
}

export interface Complaint {
  readonly text: string;
  readonly by: string;
  readonly at: number;
  readonly escalatedTo: string | null;
  readonly evidence: readonly string[];
  readonly settledAt: number | null;
}

/** What turned out to be true, asked for at closing and given to analytics: was the flagged part really failing? */
export interface Outcome {
  readonly wasFailing: boolean | null;
  readonly part: string | null;
  readonly action:
    | 'repaired'
    | 'replaced'
    | 'cleaned'
    | 'configured'
    | 'recovered'
    | 'none'
    | 'declined'
    | 'duplicate'
    | 'checked';
  readonly note: string | null;
  readonly at: number;
  readonly by: string;
}

export interface LostRecord {
  readonly how: 'lost' | 'stolen';
  readonly policeReport: string | null;
  readonly reportedAt: number;
  readonly foundAt: number | null;
}

export const DEACTIVATION_REASONS = ['fault', 'breach', 'account', 'upgrade', 'regulation', 'merchant'] as const;

export interface Deactivation {
  readonly reason: (typeof DEACTIVATION_REASONS)[number];
  readonly applicant: string;
  readonly contact: string | null;
  readonly plannedFrom: number;
  readonly plannedTo: number | null;
  readonly reviewedBy: string | null;
  readonly refusal: string | null;
  readonly lockedAt: number | null;
  readonly openSettlements: number | null;
  readonly openComplaints: number | null;
  /** When the merchant was told that the terminal will be reactivated; must lie before the reactivation. */
  readonly noticeAt: number | null;
}

export interface ChecklistItem {
  readonly item: string;
  readonly result: 'ok' | 'failed' | 'done' | 'not_applicable' | null;
  readonly note: string | null;
}

/** A service-level clock; `pausedMs` is the time that did not count because the merchant was waited for. */
export interface ServiceClock {
  readonly kind: 'response' | 'repair';
  readonly startedAt: number;
  readonly limitMs: number;
  readonly pausedMs: number;
  readonly pausedSince: number | null;
  readonly metAt: number | null;
  readonly warnedAt: number | null;
  readonly breachedAt: number | null;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly at: number;
  readonly by: string;
}
