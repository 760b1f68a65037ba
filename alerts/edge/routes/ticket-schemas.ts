import Type, { type TSchema } from 'typebox';
import { EvidenceSchema } from '../../../contract/finding-schema.ts';
import { ALL_MODES, COMPONENTS } from '../../../contract/modes.ts';
import { ROLES } from '../../../contract/principal.ts';
import { CAUSE_CLASSES, DEACTIVATION_REASONS, HUMAN_DAMAGE, METHODS } from '../../../contract/ticket-parts.ts';
import { TICKET_KINDS, TICKET_SOURCES, TICKET_STATES } from '../../../contract/tickets.ts';
import { EVENT_NAMES } from '../../core/ticket-events.ts';

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
export const Time = Type.Integer({ description: 'ms since 1970 UTC' });
export const Severity = Type.Enum(['watch', 'warning', 'critical']);
const Text = Type.String();
const NText = Nullable(Type.String());
const NTime = Nullable(Time);
const Count = Type.Integer();
const NModes = Nullable(Type.Enum([...ALL_MODES]));
const NComponent = Nullable(Type.Enum([...COMPONENTS]));

export const EstimateSchema = Type.Object({
  at: Time,
  dueAt: Time,
  earliestAt: Time,
  latestAt: Time,
  reasons: Type.Array(Text),
});

const summary = {
  tenant: Text,
  id: Text,
  kind: Type.Enum([...TICKET_KINDS]),
  source: Type.Enum([...TICKET_SOURCES]),
  state: Type.Enum([...TICKET_STATES]),
  open: Type.Boolean(),
  severity: Severity,
  title: Text,
  scope: Type.Enum(['terminal', 'site', 'cell', 'carrier', 'firmware', 'model']),
  subject: Text,
  terminal: NText,
  members: Type.Array(Text),
  site: NText,
  component: NComponent,
  mode: NModes,
  fingerprint: NText,
  openedAt: Time,
  updatedAt: Time,
  stateSince: Time,
  closedAt: NTime,
  provider: NText,
  technician: NText,
  waitingFor: Nullable(Type.Enum(['operator', 'provider', 'merchant', 'platform'])),
  eta: Nullable(EstimateSchema),
  parent: NText,
  repeatOf: NText,
  failsAt: NTime,
  version: Count,
};

export const TicketSummarySchema = Type.Object(summary);

const SelfTest = Type.Object({
  at: Time,
  result: Type.Enum(['pass', 'fail', 'no_answer']),
  checks: Type.Record(Text, Text),
  commandId: NText,
});
const DataRecord = Type.Object({
  settings: Type.Boolean(),
  transactionsUploaded: Type.Boolean(),
  note: NText,
  at: Time,
  by: Text,
});

export const FaultReportSchema = Type.Object({
  merchant: NText,
  vendor: NText,
  model: NText,
  serial: NText,
  firmware: Type.Optional(NText),
  boughtOn: NText,
  warrantyUntil: NText,
  symptom: Text,
  beganAt: NTime,
  frequency: NText,
  stepsTried: Type.Array(Text),
  contact: NText,
  language: Type.Enum(['en', 'zh']),
});

export const AttachmentSchema = Type.Object({ id: Text, name: Text, type: Text, bytes: Count, at: Time, by: Text });

export const TicketSchema = Type.Object({
  ...summary,
  finding: Nullable(
    Type.Object({
      at: Time,
      severity: Severity,
      probability: Type.Number(),
      horizonH: Type.Number(),
      failsAt: NTime,
      failsAtP10: NTime,
      failsAtP90: NTime,
      evidence: Type.Array(EvidenceSchema),
      standing: Type.Boolean(),
    }),
  ),
  report: Nullable(FaultReportSchema),
  reports: Type.Optional(Type.Array(Type.Object({ at: Time, by: Text, symptom: Text, contact: NText }))),
  firstAid: Type.Array(
    Type.Object({
      step: Text,
      result: Type.Enum(['helped', 'no_change', 'not_possible']),
      note: NText,
      at: Time,
      by: Text,
    }),
  ),
  selfTests: Type.Array(SelfTest),
  diagnosis: Nullable(
    Type.Object({
      causeClass: Type.Enum([...CAUSE_CLASSES]),
      component: NComponent,
      mode: NModes,
      note: NText,
      at: Time,
      by: Text,
    }),
  ),
  decision: Nullable(
    Type.Object({
      method: Type.Enum([...METHODS]),
      humanDamage: Type.Enum([...HUMAN_DAMAGE]),
      charge: Type.Enum(['free', 'quote']),
      why: Text,
      at: Time,
      by: Text,
    }),
  ),
  quote: Nullable(
    Type.Object({
      amount: Count,
      currency: Text,
      items: Type.Array(Type.Object({ text: Text, amount: Count })),
      validUntil: NTime,
      at: Time,
      consent: Nullable(Type.Object({ given: Type.Boolean(), by: Text, at: Time, reason: NText })),
    }),
  ),
  assignment: Nullable(Type.Object({ provider: Text, technician: NText, why: Text })),
  estimates: Type.Array(EstimateSchema),
  loan: Nullable(
    Type.Object({
      asset: Text,
      state: Type.Enum(['reserved', 'delivered', 'returned', 'cancelled']),
      reservedAt: Time,
      deliveredAt: NTime,
      returnedAt: NTime,
    }),
  ),
  backup: Nullable(DataRecord),
  restore: Nullable(DataRecord),
  replacement: Nullable(Type.Object({ asset: Text, model: NText })),
  appointment: Nullable(
    Type.Object({ from: Time, to: Time, place: Type.Enum(['store', 'service_point']), technician: NText, at: Time }),
  ),
  orders: Type.Array(
    Type.Object({ part: Text, quantity: Count, expectedAt: NTime, orderedAt: Time, arrivedAt: NTime }),
  ),
  parts: Type.Array(
    Type.Object({ part: Text, quantity: Count, serial: NText, removedSerial: NText, cost: Count, at: Time, by: Text }),
  ),
  labour: Type.Array(Type.Object({ minutes: Count, cost: Count, note: NText, at: Time, by: Text })),
  shipping: Type.Array(
    Type.Object({
      direction: Type.Enum(['to_service', 'to_store']),
      carrier: Text,
      tracking: Text,
      packing: NText,
      accessories: Type.Array(Text),
      sentAt: Time,
      receivedAt: NTime,
    }),
  ),
  acceptance: Nullable(
    Type.Object({
      startedAt: Time,
      healthyForMs: Count,
      healthyAt: NTime,
      selfTest: Nullable(SelfTest),
      signedBy: NText,
      signedAt: NTime,
      attempts: Count,
    }),
  ),
  training: Nullable(Type.Object({ needed: Type.Boolean(), who: NText, what: NText, at: NTime })),
  followUpAt: NTime,
  followedUpAt: NTime,
  feedback: Nullable(Type.Object({ attitude: Count, speed: Count, result: Count, comment: NText, by: Text, at: Time })),
  complaints: Type.Array(
    Type.Object({ text: Text, by: Text, at: Time, escalatedTo: NText, evidence: Type.Array(Text), settledAt: NTime }),
  ),
  outcome: Nullable(
    Type.Object({
      wasFailing: Nullable(Type.Boolean()),
      part: NText,
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
      note: NText,
      at: Time,
      by: Text,
    }),
  ),
  lost: Nullable(
    Type.Object({ how: Type.Enum(['lost', 'stolen']), policeReport: NText, reportedAt: Time, foundAt: NTime }),
  ),
  deactivation: Nullable(
    Type.Object({
      reason: Type.Enum([...DEACTIVATION_REASONS]),
      applicant: Text,
      contact: NText,
      plannedFrom: Time,
      plannedTo: NTime,
      reviewedBy: NText,
      refusal: NText,
      lockedAt: NTime,
      openSettlements: Nullable(Count),
      openComplaints: Nullable(Count),
      noticeAt: NTime,
    }),
  ),
  checklist: Type.Array(
    Type.Object({ item: Text, result: Nullable(Type.Enum(['ok', 'failed', 'done', 'not_applicable'])), note: NText }),
  ),
  clocks: Type.Array(
    Type.Object({
      kind: Type.Enum(['response', 'repair']),
      startedAt: Time,
      limitMs: Count,
      pausedMs: Count,
      pausedSince: NTime,
      metAt: NTime,
      warnedAt: NTime,
      breachedAt: NTime,
    }),
  ),
  attachments: Type.Array(AttachmentSchema),
  external: Nullable(Type.Object({ tool: Text, id: NText, state: Text, at: Time })),
  reopened: Count,
  awaitingMerchant: Type.Boolean(),
  dueAt: NTime,
});

export const HistorySchema = Type.Object({
  index: Count,
  at: Time,
  by: Type.Object({ name: Text, role: Type.Enum([...ROLES, 'system']) }),
  event: Text,
  from: Nullable(Type.Enum([...TICKET_STATES])),
  to: Type.Enum([...TICKET_STATES]),
  text: Text,
  why: NText,
  data: Type.Record(Text, Type.Unknown()),
});

export const TicketPageSchema = Type.Object({
  ticket: TicketSchema,
  history: Type.Array(HistorySchema),
  allowed: Type.Array(Type.Enum([...EVENT_NAMES]), { description: 'events that the asker may send now' }),
});

export const DecisionSchema = Type.Object({ at: Time, action: Text, reason: Text, text: Text });
