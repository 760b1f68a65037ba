import type { TicketState } from '../../../../contract/tickets.ts';
import type { Ticket, TicketEvent } from '../api/types.ts';

/** One field of a step's form. `options` are the API's words; `money` is typed in major units and sent in minor ones. */
export interface StepField {
  readonly name: string;
  readonly kind: 'text' | 'long' | 'number' | 'money' | 'when' | 'choice' | 'yes' | 'yesno';
  readonly options?: readonly string[];
  readonly optional?: boolean;
  readonly initial?: string | boolean;
}

/** An event that a person can bring to a ticket, with what must be told. */
export interface Step {
  readonly event: string;
  readonly fields: readonly StepField[];
  /** Asks before it is done: it ends something, or reaches out to a device. */
  readonly grave?: boolean;
}

const text = (name: string, optional = false): StepField => ({ name, kind: 'text', ...(optional ? { optional } : {}) });
const long = (name: string, optional = false): StepField => ({ name, kind: 'long', ...(optional ? { optional } : {}) });
const choice = (name: string, options: readonly string[], initial = options[0]): StepField => ({
  name,
  kind: 'choice',
  options,
  ...(initial === undefined ? {} : { initial }),
});
const data: readonly StepField[] = [
  { name: 'settings', kind: 'yes' },
  { name: 'transactionsUploaded', kind: 'yes' },
  long('note', true),
];

export const STEPS: readonly Step[] = [
  { event: 'start_first_aid', fields: [] },
  {
    event: 'first_aid_step',
    fields: [text('step'), choice('result', ['helped', 'no_change', 'not_possible'], 'no_change'), text('note', true)],
  },
  { event: 'start_diagnosis', fields: [text('why', true)] },
  {
    event: 'diagnose',
    fields: [
      choice('causeClass', ['hardware', 'software', 'network', 'operator', 'power', 'maintenance', 'account', 'lost']),
      {
        name: 'component',
        kind: 'choice',
        options: ['', 'printer', 'battery', 'network', 'reader', 'system'],
        optional: true,
      },
      long('note', true),
    ],
  },
  {
    event: 'decide',
    fields: [
      choice('method', ['onsite', 'phone', 'remote', 'mail_in', 'replacement']),
      choice('humanDamage', ['none', 'dropped', 'liquid', 'other']),
      text('why', true),
    ],
  },
  {
    event: 'send_quote',
    fields: [{ name: 'amount', kind: 'money' }, { name: 'currency', kind: 'text', initial: 'EUR' }, text('item')],
  },
  { event: 'consent', fields: [text('why', true)] },
  { event: 'refuse_quote', fields: [text('why')] },
  { event: 'assign', fields: [text('provider'), text('technician', true)] },
  {
    event: 'book',
    fields: [
      { name: 'from', kind: 'when' },
      { name: 'to', kind: 'when' },
      choice('place', ['store', 'service_point']),
      text('technician', true),
    ],
  },
  { event: 'reserve_loan', fields: [text('asset')] },
  { event: 'deliver_loan', fields: [] },
  { event: 'return_loan', fields: [] },
  { event: 'record_backup', fields: data },
  { event: 'order_part', fields: [text('part'), { name: 'quantity', kind: 'number', initial: '1' }] },
  { event: 'part_arrived', fields: [text('part')] },
  {
    event: 'ship',
    fields: [choice('direction', ['to_service', 'to_store']), text('carrier'), text('tracking'), text('packing', true)],
  },
  { event: 'received', fields: [text('tracking')] },
  { event: 'start_repair', fields: [] },
  { event: 'progress', fields: [long('note')] },
  {
    event: 'use_part',
    fields: [
      text('part'),
      { name: 'quantity', kind: 'number', initial: '1' },
      text('serial', true),
      { name: 'cost', kind: 'money' },
    ],
  },
  {
    event: 'add_labour',
    fields: [{ name: 'minutes', kind: 'number' }, { name: 'cost', kind: 'money' }, text('note', true)],
  },
  { event: 'replace_device', fields: [text('asset'), text('model', true)] },
  { event: 'finish_repair', fields: [long('note', true)] },
  { event: 'self_test', fields: [] },
  { event: 'sign_acceptance', fields: [text('by')] },
  { event: 'record_restore', fields: data },
  { event: 'record_training', fields: [text('who'), text('what')] },
  {
    event: 'record_outcome',
    fields: [
      { name: 'wasFailing', kind: 'yesno' },
      choice('action', [
        'repaired',
        'replaced',
        'cleaned',
        'configured',
        'recovered',
        'none',
        'declined',
        'duplicate',
        'checked',
      ]),
      text('part', true),
      long('note', true),
    ],
  },
  { event: 'close', fields: [text('why', true)] },
  { event: 'plan_follow_up', fields: [{ name: 'at', kind: 'when' }] },
  { event: 'follow_up_done', fields: [long('note', true)] },
  {
    event: 'rate',
    fields: [
      choice('attitude', ['5', '4', '3', '2', '1']),
      choice('speed', ['5', '4', '3', '2', '1']),
      choice('result', ['5', '4', '3', '2', '1']),
      long('comment', true),
    ],
  },
  { event: 'archive', fields: [] },
  { event: 'wait_for_merchant', fields: [text('why')] },
  { event: 'resume', fields: [] },
  { event: 'set_severity', fields: [choice('severity', ['critical', 'warning', 'watch']), text('why', true)] },
  { event: 'comment', fields: [long('text')] },
  { event: 'complain', fields: [long('text')] },
  { event: 'escalate', fields: [text('to'), text('why')] },
  { event: 'report_lost', fields: [choice('how', ['lost', 'stolen']), text('policeReport', true)], grave: true },
  { event: 'police_report', fields: [text('number')] },
  { event: 'found', fields: [] },
  { event: 'approve', fields: [] },
  { event: 'refuse', fields: [text('why')] },
  { event: 'lock', fields: [text('why', true)], grave: true },
  {
    event: 'watch',
    fields: [
      { name: 'openSettlements', kind: 'number', initial: '0' },
      { name: 'openComplaints', kind: 'number', initial: '0' },
    ],
  },
  { event: 'request_reactivation', fields: [] },
  { event: 'give_notice', fields: [] },
  { event: 'reactivate', fields: [] },
  { event: 'retire', fields: [text('why', true)], grave: true },
  { event: 'cancel', fields: [text('why'), choice('outcome', ['none', 'duplicate', 'declined'])], grave: true },
  { event: 'reopen', fields: [text('why')] },
];
const byEvent = new Map(STEPS.map((step) => [step.event, step]));

/** What usually comes next in each state, the obvious one first. The server has the last word on what is allowed. */
const USUAL: Readonly<Record<TicketState, readonly string[]>> = {
  reported: ['start_diagnosis', 'start_first_aid', 'diagnose', 'assign', 'cancel'],
  first_aid: ['first_aid_step', 'start_diagnosis', 'diagnose', 'assign', 'cancel'],
  diagnosis: ['diagnose', 'self_test', 'assign', 'cancel'],
  decision: ['decide', 'self_test', 'assign', 'cancel'],
  quote: ['send_quote', 'decide', 'cancel'],
  consent: ['consent', 'refuse_quote', 'send_quote', 'cancel'],
  preparation: [
    'start_repair',
    'assign',
    'book',
    'record_backup',
    'order_part',
    'part_arrived',
    'reserve_loan',
    'deliver_loan',
    'ship',
    'received',
    'cancel',
  ],
  repair: [
    'finish_repair',
    'progress',
    'use_part',
    'add_labour',
    'order_part',
    'part_arrived',
    'replace_device',
    'ship',
    'received',
    'assign',
  ],
  testing: ['self_test', 'sign_acceptance', 'record_restore', 'record_training', 'return_loan'],
  handover: [
    'close',
    'record_outcome',
    'record_restore',
    'record_training',
    'sign_acceptance',
    'return_loan',
    'ship',
    'received',
  ],
  lost: ['police_report', 'found', 'replace_device', 'cancel'],
  review: ['approve', 'refuse'],
  approved: ['record_backup', 'lock', 'cancel'],
  deactivated: ['watch', 'request_reactivation', 'retire'],
  reactivation: ['self_test', 'give_notice', 'reactivate'],
  closed: ['plan_follow_up', 'rate', 'record_outcome', 'archive', 'reopen'],
  follow_up: ['follow_up_done', 'rate', 'reopen', 'archive'],
  archived: [],
  cancelled: ['archive', 'reopen'],
};

/** The next step and the others that the server would take now, the usual ones first. */
export function stepsFor(ticket: Ticket, allowed: readonly string[]): { next: Step | null; others: readonly Step[] } {
  const wanted = [nextOf(ticket), ...USUAL[ticket.state]].filter((event) => event !== undefined);
  const known = new Set(allowed);
  const fits = (event: string) => known.has(event === 'self_test' ? 'command' : event);
  const usual = [...new Set(wanted)].filter(fits);
  const rest = STEPS.map((step) => step.event).filter((event) => fits(event) && !usual.includes(event));
  const steps = [...usual, ...rest].map((event) => byEvent.get(event)).filter((step) => step !== undefined);
  return usual.length === 0 ? { next: null, others: steps } : { next: steps[0] ?? null, others: steps.slice(1) };
}

/** What is missing before a state's usual step, in the order of the procedure. */
function nextOf(ticket: Ticket): string | undefined {
  const leavesStore = ticket.decision?.method === 'mail_in' || ticket.decision?.method === 'replacement';
  switch (ticket.state) {
    case 'reported':
      return ticket.source === 'finding' || ticket.terminal === null ? 'start_diagnosis' : 'start_first_aid';
    case 'preparation':
      if (ticket.provider === null && ticket.decision?.method !== 'phone' && ticket.decision?.method !== 'remote')
        return 'assign';
      if (leavesStore && ticket.backup === null) return 'record_backup';
      if (ticket.decision?.method === 'onsite' && ticket.appointment === null) return 'book';
      return 'start_repair';
    case 'handover':
      if (ticket.backup !== null && ticket.restore === null) return 'record_restore';
      if (ticket.training?.needed && ticket.training.at === null) return 'record_training';
      if (ticket.loan?.state === 'delivered') return 'return_loan';
      if (ticket.outcome === null) return 'record_outcome';
      return 'close';
    case 'closed':
      return ticket.outcome === null ? 'record_outcome' : undefined;
    case 'approved':
      return ticket.backup === null ? 'record_backup' : 'lock';
    case 'reactivation':
      return ticket.deactivation?.noticeAt === null ? 'give_notice' : undefined;
    default:
      return undefined;
  }
}

/** The event's body as the API takes it; the server checks it against the event's own schema. */
export function eventOf(step: Step, values: Readonly<Record<string, string | boolean>>): TicketEvent {
  if (step.event === 'self_test') return { type: 'command', name: 'self_test' };
  const event: Record<string, unknown> = { type: step.event };
  for (const field of step.fields) {
    const value = values[field.name];
    if (field.kind === 'yes') event[field.name] = value === true;
    else if (value === undefined || value === '') continue;
    else if (field.kind === 'yesno') event[field.name] = value === 'yes' ? true : value === 'no' ? false : null;
    else if (field.kind === 'number') event[field.name] = Number(value);
    else if (field.kind === 'money') event[field.name] = Math.round(Number(value) * 100);
    else if (field.kind === 'when') event[field.name] = new Date(String(value)).getTime();
    else event[field.name] = value;
  }
  if (step.event === 'send_quote') {
    event.items = [{ text: event.item, amount: event.amount }];
    delete event.item;
  }
  if (step.event === 'rate') for (const mark of ['attitude', 'speed', 'result']) event[mark] = Number(event[mark]);
  return event as unknown as TicketEvent;
}
