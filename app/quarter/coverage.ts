import type { HistoryEntry, Ticket } from '../../contract/tickets.ts';

/** A ticket with its whole history. */
export interface Told {
  readonly ticket: Ticket;
  readonly history: readonly HistoryEntry[];
}

/** What the quarter showed besides its tickets. */
export interface Shown {
  readonly notices: readonly { readonly kind: string }[];
  readonly rollouts: readonly { readonly state: string; readonly why: string | null }[];
  readonly rounds: number;
  /** Stops at which a check and a predicted failure were dealt with in one visit. */
  readonly mixedStops: number;
  readonly calendar: string;
  readonly statistics: {
    readonly causes: readonly object[];
    readonly providers: readonly object[];
    readonly prevention: { readonly avoided: number; readonly judged: number };
    readonly promises: { readonly tickets: number };
  };
  /** Forms that were printed, by name. */
  readonly forms: readonly string[];
  /** Faults that were held by announced maintenance. */
  readonly held: number;
}

/** A row of the procedure, how often it was seen, and the first ticket that shows it. */
export interface CoveredRow {
  readonly row: string;
  readonly seen: number;
  readonly example: string;
}

function had(told: Told, ...events: readonly string[]): boolean {
  return events.every((event) => told.history.some((entry) => entry.event === event));
}

type Test = (told: Told) => boolean;

/** Rows that tickets show, in the procedure's own order. */
const TICKET_ROWS: readonly (readonly [string, Test])[] = [
  ['1. Report by the platform', ({ ticket }) => ticket.source === 'finding' && ticket.report !== null],
  [
    '1. Report by a merchant, with a photo',
    ({ ticket }) => ticket.source === 'merchant' && ticket.attachments.length > 0,
  ],
  ['2. First aid, each step with its result', ({ ticket }) => ticket.firstAid.length > 1],
  ['2. First aid that helped', (told) => told.ticket.firstAid.some((step) => step.result === 'helped')],
  [
    '3. Remote diagnosis: self-test and log attached, cause class',
    (told) =>
      had(told, 'self_test_result', 'diagnose') &&
      told.ticket.attachments.some((file) => file.name.startsWith('collect_log')),
  ],
  ['4. Decision: free in warranty', ({ ticket }) => ticket.decision?.charge === 'free' && ticket.kind === 'fault'],
  ['4. Decision: human damage or out of warranty, quote and consent', (told) => had(told, 'send_quote', 'consent')],
  ['4. Quote refused, another way decided', (told) => had(told, 'refuse_quote')],
  ['5. Estimate: promised and revised', ({ ticket }) => ticket.estimates.length > 1],
  [
    '6. Spare terminal: reserved, delivered, taken back',
    (told) => had(told, 'reserve_loan', 'deliver_loan', 'return_loan'),
  ],
  [
    '7. Data: backup before, restore after',
    (told) => told.ticket.kind === 'fault' && had(told, 'record_backup', 'record_restore'),
  ],
  ['8. Repair: appointment, progress, part, labour', (told) => had(told, 'book', 'progress', 'use_part', 'add_labour')],
  [
    '8. Repair by mail: both legs tracked, part ordered',
    (told) => had(told, 'ship', 'received', 'order_part', 'part_arrived'),
  ],
  ['9. Acceptance: self-test and healthy telemetry', (told) => had(told, 'telemetry_healthy', 'sign_acceptance')],
  [
    '9. Acceptance failed: back to repair by itself',
    ({ history }) => history.some((entry) => entry.from === 'testing' && entry.to === 'repair'),
  ],
  ['11. Training for another model', (told) => had(told, 'record_training')],
  ['12. Follow-up: visit, marks', (told) => had(told, 'follow_up_due', 'follow_up_done', 'rate')],
  [
    '12. A bad mark reopens',
    ({ history }) => history.some((entry) => entry.event === 'rate' && entry.to === 'diagnosis'),
  ],
  [
    '13. Archive with its outcome for the predictions',
    ({ ticket }) =>
      ticket.state === 'archived' &&
      ticket.source === 'finding' &&
      ticket.outcome?.wasFailing !== null &&
      ticket.outcome !== null,
  ],
  [
    'Stolen: locked, police report, replaced',
    (told) => told.ticket.lost?.how === 'stolen' && had(told, 'police_report', 'replace_device'),
  ],
  [
    'Lost and found: unlocked after a test',
    (told) => had(told, 'found', 'self_test_result') && told.ticket.lost?.how === 'lost',
  ],
  [
    'Deactivation: approved, backup, locked, watched, reactivated after test and notice',
    (told) =>
      had(told, 'approve', 'record_backup', 'lock', 'watch', 'request_reactivation', 'give_notice', 'reactivate'),
  ],
  ['Deactivation refused with its reason', (told) => had(told, 'refuse')],
  ['Complaint: escalated with the evidence, settled', (told) => had(told, 'complain', 'escalate', 'settle_complaint')],
  ['Many at once: one ticket for a site', ({ ticket }) => ticket.scope === 'site' && ticket.members.length > 1],
  [
    'Prevention: check by plan, done by checklist',
    (told) => told.ticket.source === 'plan' && had(told, 'check_item', 'finish_repair'),
  ],
  ['Prevention: a failed item becomes a ticket', ({ ticket }) => ticket.source === 'checklist'],
  ['Service levels: warned before the breach', (told) => had(told, 'clock_warning')],
  [
    'Service levels: clocks stand still for the merchant',
    ({ ticket }) => ticket.clocks.some((clock) => clock.pausedMs > 0),
  ],
  ['Assigned by itself, with its reason', ({ ticket }) => ticket.assignment?.why.includes('covers') === true],
];

const NAMES = ['fault_report', 'repair_record', 'replacement_request', 'loan_slip', 'acceptance_form'];

/** Which of the procedure's rows were seen happening, and where. */
export function coverage(all: readonly Told[], shown: Shown): readonly CoveredRow[] {
  const rows = TICKET_ROWS.map(([row, test]): CoveredRow => {
    const hits = all.filter(test);
    return { row, seen: hits.length, example: hits[0]?.ticket.id ?? '' };
  });
  const one = (row: string, seen: number, example: string): CoveredRow => ({
    row,
    seen,
    example: seen > 0 ? example : '',
  });
  const halted = shown.rollouts.find((rollout) => rollout.state === 'halted');
  return [
    ...rows,
    one(
      '10. Paperwork: the five forms',
      NAMES.every((name) => shown.forms.includes(name)) ? 5 : 0,
      'printed from one ticket',
    ),
    one(
      'Upgrades: stages and window, done',
      shown.rollouts.filter((rollout) => rollout.state === 'done').length,
      'spring',
    ),
    one('Upgrades: halted by itself', halted ? 1 : 0, halted?.why ?? ''),
    one('Upgrades and maintenance: alerts held, not lost', shown.held, 'faults held'),
    one('Rounds: checks and predicted failures in one visit', shown.mixedStops, `of ${shown.rounds} rounds`),
    one('Rounds as a calendar', shown.calendar.split('BEGIN:VEVENT').length - 1, 'iCalendar entries'),
    one(
      'Notices to operator, provider and merchant',
      new Set(shown.notices.map((notice) => notice.kind)).size,
      'kinds',
    ),
    one(
      'Reviews: causes, providers, avoided failures, promises',
      shown.statistics.causes.length,
      `${shown.statistics.prevention.avoided} failures avoided of ${shown.statistics.prevention.judged} judged`,
    ),
  ];
}
