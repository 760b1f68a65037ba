import Type, { type Static, type TProperties } from 'typebox';
import { ALL_MODES, COMPONENTS } from '../../contract/modes.ts';
import { CAUSE_CLASSES, HUMAN_DAMAGE, METHODS } from '../../contract/ticket-parts.ts';

/** Everything that can happen to a ticket, as schemas: the HTTP endpoint checks bodies against them, the machine takes their types. */

const text = Type.String({ minLength: 1, maxLength: 2000 });
const short = Type.String({ minLength: 1, maxLength: 200 });
const time = Type.Integer({ minimum: 0, description: 'ms since 1970 UTC' });
const money = Type.Integer({ minimum: 0, description: 'minor units of the currency' });
const why = { why: Type.Optional(text) };
const severity = Type.Enum(['watch', 'warning', 'critical']);
const mark = Type.Integer({ minimum: 1, maximum: 5 });
const evidence = Type.Array(
  Type.Unsafe<{ metric: string; value: number | string; baseline: number | string | null; why: string }>({}),
);
const dataRecord = {
  settings: Type.Boolean({ description: 'terminal settings' }),
  transactionsUploaded: Type.Boolean(),
  note: Type.Optional(text),
};

function event<const N extends string, P extends TProperties>(type: N, fields: P) {
  return Type.Object({ type: Type.Literal(type), ...fields, ...why }, { additionalProperties: false });
}

export const EVENTS = {
  // Steps 1–3: report, first aid, remote diagnosis.
  start_first_aid: event('start_first_aid', {}),
  first_aid_step: event('first_aid_step', {
    step: short,
    result: Type.Enum(['helped', 'no_change', 'not_possible']),
    note: Type.Optional(text),
  }),
  start_diagnosis: event('start_diagnosis', {}),
  self_test_result: event('self_test_result', {
    result: Type.Enum(['pass', 'fail', 'no_answer']),
    checks: Type.Record(Type.String(), Type.String()),
    commandId: Type.Optional(short),
    at: Type.Optional(time),
  }),
  diagnose: event('diagnose', {
    causeClass: Type.Enum([...CAUSE_CLASSES]),
    component: Type.Optional(Type.Enum([...COMPONENTS])),
    mode: Type.Optional(Type.Enum([...ALL_MODES])),
    note: Type.Optional(text),
  }),
  // Steps 4–6: decision, quote and consent, estimate, spare.
  decide: event('decide', {
    method: Type.Enum([...METHODS]),
    humanDamage: Type.Optional(Type.Enum([...HUMAN_DAMAGE])),
  }),
  send_quote: event('send_quote', {
    amount: money,
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    items: Type.Array(Type.Object({ text: short, amount: money }), { maxItems: 50 }),
    validUntil: Type.Optional(time),
  }),
  consent: event('consent', {}),
  refuse_quote: event('refuse_quote', {}),
  revise_estimate: event('revise_estimate', {}),
  reserve_loan: event('reserve_loan', { asset: short }),
  deliver_loan: event('deliver_loan', {}),
  return_loan: event('return_loan', {}),
  // Steps 7–8: data, repair.
  record_backup: event('record_backup', dataRecord),
  book: event('book', {
    from: time,
    to: time,
    place: Type.Enum(['store', 'service_point']),
    technician: Type.Optional(short),
  }),
  order_part: event('order_part', {
    part: short,
    quantity: Type.Integer({ minimum: 1, maximum: 1000 }),
    expectedAt: Type.Optional(time),
  }),
  part_arrived: event('part_arrived', { part: short }),
  ship: event('ship', {
    direction: Type.Enum(['to_service', 'to_store']),
    carrier: short,
    tracking: short,
    packing: Type.Optional(text),
    accessories: Type.Optional(Type.Array(short, { maxItems: 30 })),
  }),
  received: event('received', { tracking: short }),
  start_repair: event('start_repair', {}),
  progress: event('progress', { note: text }),
  use_part: event('use_part', {
    part: short,
    quantity: Type.Integer({ minimum: 1, maximum: 1000 }),
    serial: Type.Optional(short),
    removedSerial: Type.Optional(short),
    cost: money,
  }),
  add_labour: event('add_labour', {
    minutes: Type.Integer({ minimum: 1, maximum: 10_000 }),
    cost: money,
    note: Type.Optional(text),
  }),
  replace_device: event('replace_device', { asset: short, model: Type.Optional(short) }),
  check_item: event('check_item', {
    item: short,
    result: Type.Enum(['ok', 'failed', 'done', 'not_applicable']),
    note: Type.Optional(text),
  }),
  finish_repair: event('finish_repair', { note: Type.Optional(text) }),
  // Steps 9–13: acceptance, handing over, closing, follow-up, archive.
  telemetry_healthy: event('telemetry_healthy', {}),
  telemetry_unhealthy: event('telemetry_unhealthy', {}),
  sign_acceptance: event('sign_acceptance', { by: short }),
  record_restore: event('record_restore', dataRecord),
  record_training: event('record_training', { who: short, what: text }),
  record_outcome: event('record_outcome', {
    wasFailing: Type.Union([Type.Boolean(), Type.Null()]),
    part: Type.Optional(short),
    action: Type.Enum([
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
    note: Type.Optional(text),
  }),
  close: event('close', {}),
  plan_follow_up: event('plan_follow_up', { at: time }),
  follow_up_due: event('follow_up_due', {}),
  follow_up_done: event('follow_up_done', { note: Type.Optional(text) }),
  rate: event('rate', { attitude: mark, speed: mark, result: mark, comment: Type.Optional(text) }),
  archive: event('archive', {}),
  cancel: event('cancel', { outcome: Type.Optional(Type.Enum(['none', 'duplicate', 'declined'])) }),
  reopen: event('reopen', {}),
  add_report: event('add_report', {
    symptom: text,
    contact: Type.Optional(short),
    stepsTried: Type.Optional(Type.Array(short, { maxItems: 20 })),
    language: Type.Optional(Type.Enum(['en', 'zh'])),
  }),
  // The finding behind it.
  finding_changed: event('finding_changed', {
    severity,
    at: time,
    probability: Type.Number(),
    horizonH: Type.Number(),
    failsAt: Type.Union([time, Type.Null()]),
    failsAtP10: Type.Union([time, Type.Null()]),
    failsAtP90: Type.Union([time, Type.Null()]),
    evidence,
    members: Type.Array(Type.String()),
  }),
  finding_cleared: event('finding_cleared', { at: time }),
  link_finding: event('link_finding', {
    fingerprint: Type.String({ minLength: 1, maxLength: 300 }),
    component: Type.Enum([...COMPONENTS]),
    mode: Type.Enum([...ALL_MODES]),
    severity,
    at: time,
    probability: Type.Number(),
    horizonH: Type.Number(),
    failsAt: Type.Union([time, Type.Null()]),
    failsAtP10: Type.Union([time, Type.Null()]),
    failsAtP90: Type.Union([time, Type.Null()]),
    evidence,
  }),
  attach_to: event('attach_to', { parent: short }),
  detach: event('detach', {}),
  // Running it.
  assign: event('assign', { provider: short, technician: Type.Optional(short) }),
  comment: event('comment', { text }),
  attach_file: event('attach_file', {
    id: short,
    name: short,
    mediaType: short,
    bytes: Type.Integer({ minimum: 0 }),
  }),
  set_severity: event('set_severity', { severity }),
  wait_for_merchant: event('wait_for_merchant', {}),
  resume: event('resume', {}),
  command: event('command', {
    name: Type.Enum(['self_test', 'print_test_page', 'reboot', 'collect_log', 'lock', 'unlock']),
  }),
  command_result: event('command_result', {
    name: short,
    ok: Type.Boolean(),
    detail: Type.Optional(text),
    commandId: short,
  }),
  complain: event('complain', { text, evidence: Type.Optional(Type.Array(short, { maxItems: 20 })) }),
  escalate: event('escalate', { to: short }),
  settle_complaint: event('settle_complaint', {}),
  clock_warning: event('clock_warning', { clock: Type.Enum(['response', 'repair']) }),
  clock_breach: event('clock_breach', { clock: Type.Enum(['response', 'repair']) }),
  hand_over: event('hand_over', { tool: short }),
  external_state: event('external_state', {
    tool: short,
    id: short,
    state: short,
    note: Type.Optional(text),
    delivery: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  }),
  // Lost and stolen.
  report_lost: event('report_lost', { how: Type.Enum(['lost', 'stolen']), policeReport: Type.Optional(short) }),
  police_report: event('police_report', { number: short }),
  found: event('found', {}),
  // Deactivation and reactivation.
  approve: event('approve', {}),
  refuse: event('refuse', {}),
  lock: event('lock', {}),
  watch: event('watch', {
    openSettlements: Type.Integer({ minimum: 0 }),
    openComplaints: Type.Integer({ minimum: 0 }),
  }),
  request_reactivation: event('request_reactivation', {}),
  give_notice: event('give_notice', {}),
  reactivate: event('reactivate', {}),
  retire: event('retire', {}),
};

export type EventType = keyof typeof EVENTS;
export type EventOf<E extends EventType> = Static<(typeof EVENTS)[E]>;
export type TicketEvent = { [E in EventType]: EventOf<E> }[EventType];
export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventType[];
