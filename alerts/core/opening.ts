import type { Finding, Scope, Severity } from '../../contract/findings.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import type {
  Actor,
  ChecklistItem,
  Deactivation,
  Estimate,
  FaultReport,
  LostRecord,
  Method,
} from '../../contract/ticket-parts.ts';
import type { HistoryEntry, Ticket, TicketKind, TicketSource, TicketState } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { startClocks } from './clocks.ts';
import { nextDue } from './due.ts';
import { sealEffects, type Taken, waitingFor } from './machine.ts';
import type { Policy } from './policy.ts';
import { command, type EffectDraft, notify } from './row.ts';
import { chanceWords } from './words.ts';

/** What a new ticket is made of. */
export interface Opening {
  readonly tenant: TenantId;
  readonly id: string;
  readonly kind: TicketKind;
  readonly source: TicketSource;
  readonly severity: Severity;
  readonly title: string;
  readonly scope: Scope;
  readonly subject: string;
  readonly terminal: string | null;
  readonly members?: readonly string[];
  readonly site: string | null;
  readonly component?: Component | null;
  readonly mode?: Mode | null;
  readonly fingerprint?: string | null;
  readonly finding?: Finding;
  readonly report?: FaultReport;
  readonly repeatOf?: string | null;
  readonly parent?: string | null;
  readonly checklist?: readonly ChecklistItem[];
  readonly lost?: LostRecord;
  readonly deactivation?: Deactivation;
  /** First-aid steps that were gone through before the report was sent. */
  readonly firstAid?: readonly {
    readonly step: string;
    readonly result: 'no_change' | 'not_possible';
    readonly note?: string;
  }[];
  readonly why?: string;
}

export interface OpeningContext {
  readonly now: number;
  readonly actor: Actor;
  readonly policy: Policy;
  readonly estimate: (ticket: Ticket, now: number) => Estimate | null;
}

const FIRST_STATE: Record<TicketKind, TicketState> = {
  fault: 'reported',
  lost: 'lost',
  deactivation: 'review',
  maintenance: 'preparation',
};

function firstEffects(opening: Opening): readonly EffectDraft[] {
  switch (opening.kind) {
    case 'fault':
      return [
        ...(opening.terminal ? [command('self_test')] : []),
        notify('opened', 'operator', { severity: opening.severity }),
        ...(opening.source === 'merchant' ? [notify('report_received', 'merchant')] : []),
      ];
    case 'lost':
      return [
        { kind: 'credentials', payload: { action: 'lock' } },
        command('lock'),
        { kind: 'asset', payload: { action: 'find_replacement' } },
        notify('lost', 'operator', { how: opening.lost?.how }),
      ];
    case 'deactivation':
      return [notify('review_wanted', 'operator', { reason: opening.deactivation?.reason })];
    case 'maintenance':
      return [notify('check_due', 'operator')];
  }
}

function firstText(opening: Opening): string {
  switch (opening.source) {
    case 'finding': {
      const finding = opening.finding;
      const chance = finding ? `: ${chanceWords(finding, opening.scope, opening.members?.length ?? 0)}` : '';
      const why = finding?.evidence[0]?.why;
      return `The platform reported ${opening.title}${chance}.${why ? ` ${why}` : ''}`;
    }
    case 'plan':
      return `${opening.title} is due by its plan.`;
    case 'checklist':
      return `A check found a fault: ${opening.title}.`;
    default:
      return opening.kind === 'deactivation'
        ? `Deactivation applied for: ${opening.deactivation?.reason}.`
        : opening.kind === 'lost'
          ? `Reported ${opening.lost?.how}: locked at once, its credentials are refused, and a replacement is started.`
          : `${opening.source === 'merchant' ? 'The merchant' : 'An operator'} reported: ${opening.title}.`;
  }
}

/** Opens a ticket: version 1, its first history line, its first effects. */
export function openTicket(opening: Opening, context: OpeningContext): Taken {
  const { now, actor, policy } = context;
  const state = FIRST_STATE[opening.kind];
  const finding = opening.finding;
  const method: Method | null =
    opening.kind === 'maintenance' ? 'onsite' : opening.kind === 'lost' ? 'replacement' : null;
  let ticket: Ticket = {
    tenant: opening.tenant,
    id: opening.id,
    kind: opening.kind,
    source: opening.source,
    state,
    open: true,
    severity: opening.severity,
    title: opening.title,
    scope: opening.scope,
    subject: opening.subject,
    terminal: opening.terminal,
    members: opening.members ?? [],
    site: opening.site,
    component: opening.component ?? null,
    mode: opening.mode ?? null,
    fingerprint: opening.fingerprint ?? null,
    openedAt: now,
    updatedAt: now,
    stateSince: now,
    closedAt: null,
    provider: null,
    technician: null,
    waitingFor: null,
    eta: null,
    parent: opening.parent ?? null,
    repeatOf: opening.repeatOf ?? null,
    failsAt: finding?.failsAt ?? null,
    version: 1,
    finding: finding
      ? {
          at: finding.at,
          severity: finding.severity,
          probability: finding.probability,
          horizonH: finding.horizonH,
          failsAt: finding.failsAt,
          failsAtP10: finding.failsAtP10,
          failsAtP90: finding.failsAtP90,
          evidence: finding.evidence,
          standing: true,
        }
      : null,
    report: opening.report ?? null,
    firstAid: (opening.firstAid ?? []).map(({ step, result, note }) => ({
      step,
      result,
      note: note ?? null,
      at: now,
      by: actor.name,
    })),
    selfTests: [],
    diagnosis: null,
    decision: method
      ? {
          method,
          humanDamage: 'none',
          charge: 'free',
          why: opening.kind === 'maintenance' ? 'planned check' : 'the terminal is gone',
          at: now,
          by: actor.name,
        }
      : null,
    quote: null,
    assignment: null,
    estimates: [],
    loan: null,
    backup: null,
    restore: null,
    replacement: null,
    appointment: null,
    orders: [],
    parts: [],
    labour: [],
    shipping: [],
    acceptance: null,
    training: null,
    followUpAt: null,
    followedUpAt: null,
    feedback: null,
    complaints: [],
    outcome: null,
    lost: opening.lost ?? null,
    deactivation: opening.deactivation ?? null,
    checklist: opening.checklist ?? [],
    clocks: opening.kind === 'fault' ? startClocks(opening.severity, now, policy) : [],
    attachments: [],
    external: null,
    reopened: 0,
    awaitingMerchant: false,
    dueAt: null,
  };
  const estimate = context.estimate(ticket, now);
  ticket = { ...ticket, eta: estimate, estimates: estimate ? [estimate] : [], waitingFor: waitingFor(ticket) };
  ticket = { ...ticket, dueAt: nextDue(ticket, policy) };
  const history: HistoryEntry = {
    index: 1,
    at: now,
    by: actor,
    event: 'opened',
    from: null,
    to: state,
    text: firstText(opening),
    why: opening.why ?? null,
    data: { source: opening.source, ...(finding ? { severity: finding.severity, failsAt: finding.failsAt } : {}) },
  };
  return { ok: true, ticket, history, effects: sealEffects(ticket, firstEffects(opening), now) };
}
