import { priorEstimate } from '../../alerts/core/estimate.ts';
import { type Refused, step, type Taken } from '../../alerts/core/machine.ts';
import { type Opening, openTicket } from '../../alerts/core/opening.ts';
import { DEFAULT_POLICY } from '../../alerts/core/policy.ts';
import type { ActorRole, Context } from '../../alerts/core/row.ts';
import type { EventOf, EventType, TicketEvent } from '../../alerts/core/ticket-events.ts';
import type { Effect, HistoryEntry, Ticket } from '../../contract/tickets.ts';
import { DAY, finding, START, TENANT } from '../support/alerts-room.ts';

export { DAY, START };
export const HOUR = 3_600_000;

/** A sample of every event, complete enough to be taken where nothing else is missing. */
export const SAMPLES: { readonly [E in EventType]: EventOf<E> } = {
  start_first_aid: { type: 'start_first_aid' },
  first_aid_step: { type: 'first_aid_step', step: 'restart', result: 'no_change' },
  start_diagnosis: { type: 'start_diagnosis', why: 'steps were tried on the phone' },
  self_test_result: { type: 'self_test_result', result: 'pass', checks: { print_head: 'pass' } },
  diagnose: { type: 'diagnose', causeClass: 'hardware', component: 'printer', mode: 'head_wear' },
  decide: { type: 'decide', method: 'onsite' },
  send_quote: { type: 'send_quote', amount: 12_000, currency: 'CNY', items: [{ text: 'print head', amount: 12_000 }] },
  consent: { type: 'consent' },
  refuse_quote: { type: 'refuse_quote', why: 'too dear' },
  revise_estimate: { type: 'revise_estimate' },
  reserve_loan: { type: 'reserve_loan', asset: 'SP-1' },
  deliver_loan: { type: 'deliver_loan' },
  return_loan: { type: 'return_loan' },
  record_backup: { type: 'record_backup', settings: true, transactionsUploaded: true },
  book: { type: 'book', from: START + 2 * DAY, to: START + 2 * DAY + HOUR, place: 'store', technician: 'tom' },
  order_part: { type: 'order_part', part: 'head-58', quantity: 1 },
  part_arrived: { type: 'part_arrived', part: 'head-58' },
  ship: { type: 'ship', direction: 'to_service', carrier: 'SF', tracking: 'SF100', accessories: ['charger'] },
  received: { type: 'received', tracking: 'SF100' },
  start_repair: { type: 'start_repair' },
  progress: { type: 'progress', note: 'Opened and cleaned.' },
  use_part: { type: 'use_part', part: 'head-58', quantity: 1, serial: 'H-77', removedSerial: 'H-12', cost: 9_000 },
  add_labour: { type: 'add_labour', minutes: 40, cost: 3_000 },
  replace_device: { type: 'replace_device', asset: 'SP-2', model: 'P500' },
  check_item: { type: 'check_item', item: 'head', result: 'ok' },
  finish_repair: { type: 'finish_repair' },
  telemetry_healthy: { type: 'telemetry_healthy' },
  telemetry_unhealthy: { type: 'telemetry_unhealthy' },
  sign_acceptance: { type: 'sign_acceptance', by: 'Mrs Li' },
  record_restore: { type: 'record_restore', settings: true, transactionsUploaded: true },
  record_training: { type: 'record_training', who: 'Mrs Li', what: 'the new menu' },
  record_outcome: { type: 'record_outcome', wasFailing: true, part: 'head-58', action: 'replaced' },
  close: { type: 'close', why: 'agreed with the merchant' },
  plan_follow_up: { type: 'plan_follow_up', at: START + 20 * DAY },
  follow_up_due: { type: 'follow_up_due' },
  follow_up_done: { type: 'follow_up_done' },
  rate: { type: 'rate', attitude: 5, speed: 4, result: 5 },
  archive: { type: 'archive' },
  cancel: { type: 'cancel', why: 'reported twice', outcome: 'duplicate' },
  reopen: { type: 'reopen', why: 'it is not mended' },
  finding_changed: {
    type: 'finding_changed',
    severity: 'critical',
    at: START + HOUR,
    probability: 0.9,
    horizonH: 24,
    failsAt: START + DAY,
    failsAtP10: null,
    failsAtP90: null,
    evidence: [],
    members: [],
  },
  finding_cleared: { type: 'finding_cleared', at: START + HOUR },
  add_report: { type: 'add_report', symptom: 'prints pale', stepsTried: ['restart'] },
  link_finding: {
    type: 'link_finding',
    fingerprint: 'demo/terminal/T-1/printer/head_wear',
    component: 'printer',
    mode: 'head_wear',
    severity: 'critical',
    at: START + HOUR,
    probability: 0.9,
    horizonH: 24,
    failsAt: START + DAY,
    failsAtP10: null,
    failsAtP90: null,
    evidence: [],
  },
  attach_to: { type: 'attach_to', parent: 'TW-9' },
  detach: { type: 'detach' },
  assign: { type: 'assign', provider: 'fixit' },
  comment: { type: 'comment', text: 'The shop opens at nine.' },
  attach_file: { type: 'attach_file', id: 'f1', name: 'photo.jpg', mediaType: 'image/jpeg', bytes: 1000 },
  set_severity: { type: 'set_severity', severity: 'critical' },
  wait_for_merchant: { type: 'wait_for_merchant', why: 'which counter is it?' },
  resume: { type: 'resume' },
  command: { type: 'command', name: 'reboot' },
  command_result: { type: 'command_result', name: 'reboot', ok: true, commandId: 'TW-1.2.0.reboot' },
  complain: { type: 'complain', text: 'Nobody came.' },
  escalate: { type: 'escalate', to: 'bestfix', why: 'not solved in a week' },
  settle_complaint: { type: 'settle_complaint' },
  clock_warning: { type: 'clock_warning', clock: 'response' },
  clock_breach: { type: 'clock_breach', clock: 'response' },
  hand_over: { type: 'hand_over', tool: 'jira' },
  external_state: { type: 'external_state', tool: 'jira', id: 'OPS-1', state: 'In progress' },
  report_lost: { type: 'report_lost', how: 'stolen', policeReport: 'P-1' },
  police_report: { type: 'police_report', number: 'P-2' },
  found: { type: 'found' },
  approve: { type: 'approve' },
  refuse: { type: 'refuse', why: 'no ground for it' },
  lock: { type: 'lock' },
  watch: { type: 'watch', openSettlements: 0, openComplaints: 0 },
  request_reactivation: { type: 'request_reactivation' },
  give_notice: { type: 'give_notice' },
  reactivate: { type: 'reactivate' },
  retire: { type: 'retire' },
};

export function opening(over: Partial<Opening> = {}): Opening {
  return {
    tenant: TENANT,
    id: 'TW-1',
    kind: 'fault',
    source: 'finding',
    severity: 'warning',
    title: 'Print head wearing out: T-1',
    scope: 'terminal',
    subject: 'T-1',
    terminal: 'T-1',
    site: 'S-1',
    component: 'printer',
    mode: 'head_wear',
    fingerprint: 'demo/terminal/T-1/printer/head_wear',
    finding: finding(),
    report: {
      merchant: 'Noodles',
      vendor: 'Acme',
      model: 'P400',
      serial: 'A-100',
      boughtOn: '2025-03-01',
      warrantyUntil: '2027-03-01',
      symptom: 'faint print',
      beganAt: START,
      frequency: null,
      stepsTried: [],
      contact: null,
      language: 'zh',
    },
    ...over,
  };
}

export function context(now: number, role: ActorRole = 'operations', name: string = role): Context {
  return {
    now,
    actor: { name, role },
    actorProvider: role === 'provider' ? 'fixit' : null,
    policy: DEFAULT_POLICY,
    estimate: priorEstimate,
  };
}

/** One ticket walked by hand through the pure machine, with all that it said and caused. */
export class Walk {
  now = START;
  ticket: Ticket;
  readonly history: HistoryEntry[] = [];
  readonly effects: Effect[] = [];

  constructor(over: Partial<Opening> = {}) {
    const opened = openTicket(opening(over), context(this.now, 'system'));
    this.ticket = opened.ticket;
    this.history.push(opened.history);
    this.effects.push(...opened.effects);
  }

  /** Feeds an event (a name takes its sample); throws when it is refused. */
  take(event: EventType | TicketEvent, role: ActorRole = 'operations'): this {
    const result = this.try(event, role);
    if (!result.ok) throw new Error(`${typeof event === 'string' ? event : event.type} refused: ${result.reason}`);
    this.ticket = result.ticket;
    this.history.push(result.history);
    this.effects.push(...result.effects);
    return this;
  }

  try(event: EventType | TicketEvent, role: ActorRole = 'operations', name?: string): Taken | Refused {
    const full = typeof event === 'string' ? (SAMPLES[event] as TicketEvent) : event;
    return step(this.ticket, full, context(this.now, role, name));
  }

  refusal(event: EventType | TicketEvent, role: ActorRole = 'operations', name?: string): string {
    const result = this.try(event, role, name);
    return result.ok ? 'taken' : result.reason;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Templates of the notices caused so far. */
  notices(): string[] {
    return this.effects.filter((effect) => effect.kind === 'notify').map((effect) => `${effect.payload.template}`);
  }

  commands(): string[] {
    return this.effects
      .filter((effect) => effect.kind === 'command' && !effect.payload.awaits)
      .map((effect) => `${effect.payload.name}`);
  }

  assets(): string[] {
    return this.effects.filter((effect) => effect.kind === 'asset').map((effect) => `${effect.payload.action}`);
  }
}
