import type { Finding, Severity } from '../../contract/findings.ts';
import type { IncidentDecision, IncidentRecord } from '../../contract/ports/incidents.ts';
import type { Held } from './holds.ts';
import type { Policy } from './policy.ts';

const RANK: Record<Severity, number> = { watch: 0, warning: 1, critical: 2 };
const HOUR = 3_600_000;

/** What is to be done about a fault's ticket. */
export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly repeatOf: string | null }
  | { readonly kind: 'tell' }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'attach'; readonly parent: string }
  | { readonly kind: 'detach' };

export interface Judgement {
  readonly incident: IncidentRecord;
  readonly actions: readonly Action[];
}

/** What surrounds a fault at the time it is judged. */
export interface Surroundings {
  readonly now: number;
  readonly policy: Policy;
  /** The wider standing incident that covers the fault's terminal, if any. */
  readonly wider:
    | { readonly fingerprint: string; readonly subject: string; readonly scope: string; readonly ticket: string | null }
    | undefined;
  readonly held: Held | undefined;
}

export type Statement = Pick<IncidentRecord, 'finding' | 'revision' | 'standing' | 'openedAt' | 'clearedAt'>;

/** The record of a fault first heard of; judged before it is kept. */
export function firstRecord(fingerprint: string, said: Statement, now: number): IncidentRecord {
  return {
    tenant: said.finding.tenant,
    fingerprint,
    ...said,
    ticket: null,
    ticketOpen: false,
    dismissed: null,
    told: null,
    openings: [],
    flapping: false,
    parent: null,
    recheckAt: null,
    decision: { at: now, action: 'ignore', reason: 'gone', text: 'It was over before it was seen.' },
    updatedAt: now,
  };
}

/** True where what is said now differs enough from what the ticket was told to be worth a line in its history. */
function worthTelling(told: IncidentRecord['told'], finding: Finding, now: number): boolean {
  if (!told) return true;
  if (RANK[finding.severity] !== RANK[told.severity]) return true;
  if ((finding.members?.length ?? 0) !== told.members) return true;
  if (Math.abs(finding.probability - told.probability) >= 0.15) return true;
  if ((finding.failsAt === null) !== (told.failsAt === null)) return true;
  if (finding.failsAt === null || told.failsAt === null) return false;
  const left = Math.max(HOUR, told.failsAt - now);
  return Math.abs(finding.failsAt - told.failsAt) > Math.max(6 * HOUR, left / 3);
}

function toldOf(finding: Finding): IncidentRecord['told'] {
  return {
    severity: finding.severity,
    probability: finding.probability,
    failsAt: finding.failsAt,
    members: finding.members?.length ?? 0,
  };
}

/** Takes a new statement into the record: openings are counted for flapping. */
export function hear(before: IncidentRecord, said: Statement, now: number, policy: Policy): IncidentRecord {
  const opened =
    said.standing && (!before.standing || said.openedAt !== before.openedAt || before.openings.length === 0);
  const since = said.finding.at - policy.flapping.withinMs;
  const openings = (opened ? [...before.openings, said.openedAt] : before.openings)
    .filter((at) => at >= since)
    .slice(-20);
  return {
    ...before,
    ...said,
    openings,
    flapping: openings.length >= policy.flapping.openings,
    // A fault that went away and came back is a new one: what a person dismissed was the old.
    dismissed: opened && !before.standing ? null : before.dismissed,
    updatedAt: now,
  };
}

/** Decides what a fault's ticket needs now; pure, and always with its reason. */
export function judge(incident: IncidentRecord, around: Surroundings): Judgement {
  const decided = incident.standing ? judgeStanding(incident, around) : judgeCleared(incident, around);
  const same =
    decided.decision.action === incident.decision.action &&
    decided.decision.reason === incident.decision.reason &&
    decided.decision.text === incident.decision.text;
  return {
    incident: {
      ...incident,
      ...decided.patch,
      recheckAt: decided.recheckAt ?? null,
      // The time of a decision is when it was first taken, not when it was last repeated.
      decision: same ? incident.decision : { at: around.now, ...decided.decision },
    },
    actions: decided.actions,
  };
}

interface Decided {
  readonly decision: Omit<IncidentDecision, 'at'>;
  readonly actions: readonly Action[];
  readonly patch?: Partial<IncidentRecord>;
  readonly recheckAt?: number;
}

function judgeCleared(incident: IncidentRecord, { now, policy }: Surroundings): Decided {
  if (!incident.ticketOpen) {
    return {
      decision: { action: 'ignore', reason: 'gone', text: 'The fault is gone and has no open ticket.' },
      actions: [],
      patch: { parent: null },
    };
  }
  const calm = incident.flapping ? policy.flapping.calmMs : policy.settleMs;
  const at = (incident.clearedAt ?? now) + calm;
  if (now < at) {
    return incident.flapping
      ? {
          decision: {
            action: 'hold',
            reason: 'flapping',
            text: `It came and went ${incident.openings.length} times: held open until it stays away.`,
          },
          actions: [],
          recheckAt: at,
        }
      : {
          decision: {
            action: 'hold',
            reason: 'settling',
            text: 'The fault is gone; the ticket resolves when it stays away.',
          },
          actions: [],
          recheckAt: at,
        };
  }
  return {
    decision: {
      action: 'resolve',
      reason: 'recovered',
      text: 'The part has been well for the set time: the ticket was told.',
    },
    actions: [{ kind: 'resolve' }],
    // The ticket may go on (work under way), but it has been told; `told: null` makes a return of the fault worth telling.
    patch: { told: null, parent: null, flapping: false },
  };
}

function judgeStanding(incident: IncidentRecord, around: Surroundings): Decided {
  const { finding } = incident;
  const { wider, held, policy } = around;
  if (incident.ticketOpen) return judgeTicketed(incident, around);
  if (finding.severity === 'watch') {
    return {
      decision: {
        action: 'ignore',
        reason: 'watch_only',
        text: 'Watched only: a finding opens a ticket from warning on.',
      },
      actions: [],
    };
  }
  const below = belowThreshold(finding, policy);
  if (below) return { decision: { action: 'ignore', reason: 'below_threshold', text: below }, actions: [] };
  if (incident.dismissed && RANK[finding.severity] <= RANK[incident.dismissed]) {
    return {
      decision: {
        action: 'ignore',
        reason: 'dismissed',
        text: 'A person ended its ticket; only a worse fault, or its return, opens another.',
      },
      actions: [],
    };
  }
  if (wider) {
    return {
      decision: {
        action: 'hold',
        reason: 'wider_incident',
        text: `Part of the wider fault of ${wider.scope} ${wider.subject}${wider.ticket ? `, ${wider.ticket}` : ''}.`,
      },
      actions: [],
      patch: { parent: wider.fingerprint },
    };
  }
  if (held) {
    return {
      decision: { action: 'hold', reason: held.reason, text: held.text },
      actions: [],
      patch: { parent: null },
      recheckAt: held.until,
    };
  }
  return {
    decision: {
      action: 'open',
      reason: 'fault',
      text: `A ${finding.severity} fault without a ticket: one was opened.`,
    },
    actions: [{ kind: 'open', repeatOf: incident.ticket }],
    patch: { told: toldOf(finding), parent: null, dismissed: null },
  };
}

/** Why a finding is not yet worth a ticket by the tenant's own thresholds; undefined: it is. */
function belowThreshold(finding: Finding, policy: Policy): string | undefined {
  if (RANK[finding.severity] < RANK[policy.ticketFrom])
    return `A ${finding.severity} fault: the thresholds open tickets from ${policy.ticketFrom} on.`;
  if (finding.horizonH > 0 && finding.probability < policy.minProbability) {
    const pct = (share: number): string => `${Math.round(share * 100)} %`;
    return `Expected with ${pct(finding.probability)}: the thresholds open tickets from ${pct(policy.minProbability)} on.`;
  }
  return undefined;
}

function judgeTicketed(incident: IncidentRecord, { wider, now }: Surroundings): Decided {
  const { finding } = incident;
  const actions: Action[] = [];
  let patch: Partial<IncidentRecord> = {};
  let decision: Omit<IncidentDecision, 'at'> = {
    action: 'update',
    reason: 'unchanged',
    text: 'It has a ticket, and nothing worth telling has changed.',
  };
  if (worthTelling(incident.told, finding, now)) {
    const raised = incident.told !== null && RANK[finding.severity] > RANK[incident.told.severity];
    actions.push({ kind: 'tell' });
    patch = { told: toldOf(finding) };
    decision = raised
      ? { action: 'raise', reason: 'changed', text: `Raised to ${finding.severity}.` }
      : { action: 'update', reason: 'changed', text: 'The forecast changed: the ticket was told.' };
  }
  if (wider?.ticket && incident.parent !== wider.fingerprint) {
    actions.push({ kind: 'attach', parent: wider.ticket });
    patch = { ...patch, parent: wider.fingerprint };
    decision = {
      action: 'attach',
      reason: 'wider_incident',
      text: `Attached to ${wider.ticket}, the wider fault of ${wider.scope} ${wider.subject}.`,
    };
  } else if (!wider && incident.parent !== null) {
    actions.push({ kind: 'detach' });
    patch = { ...patch, parent: null };
    decision = {
      action: 'detach',
      reason: 'wider_over',
      text: 'The wider fault is over and this one still stands: it is worked on by itself.',
    };
  }
  return { decision, actions, patch };
}
