import Type, { type Static } from 'typebox';
import {
  FindingSchema,
  GroupSchema,
  LifecycleSchema,
  Nullable,
  TerminalRowSchema,
  TicketSummarySchema,
} from './views.ts';

const text = Nullable(Type.String());
const time = Nullable(Type.Number());

export const LatestSchema = Type.Object({
  ts: time,
  values: Type.Array(
    Type.Object({ metric: Type.String(), value: Type.Union([Type.Number(), Type.String()]), unit: Type.String() }),
  ),
});

export const PresenceSchema = Type.Object({
  link: Type.Object({ online: Type.Boolean(), since: Type.Number(), reason: Type.String() }),
  freshness: Type.Object({
    state: Type.Enum(['fresh', 'late', 'silent', 'never']),
    lastAt: time,
    excuse: Nullable(Type.Enum(['shutdown', 'closed'])),
  }),
  clockOffsetMs: Type.Number({ description: 'device clock − server clock' }),
  gaps: Type.Number(),
  duplicates: Type.Number(),
});

export const TerminalSchema = Type.Object({
  at: Type.Number(),
  row: TerminalRowSchema,
  facts: Type.Object({
    terminal: Type.String(),
    lifecycle: LifecycleSchema,
    site: text,
    placed: Type.Boolean(),
    serial: text,
    vendor: text,
    model: text,
    firmware: text,
    app: text,
    carrier: text,
    iccid: text,
    heartbeatS: Type.Number(),
    timezone: text,
    boughtOn: text,
    warrantyUntil: text,
    hardware: Type.Record(Type.String(), Type.Unknown()),
    firstSeenAt: Type.Number(),
    updatedAt: Type.Number(),
  }),
  site: Nullable(
    Type.Object({
      site: Type.String(),
      name: Type.String(),
      timezone: Type.String(),
      region: text,
      address: text,
      contact: text,
    }),
  ),
  presence: Nullable(PresenceSchema),
  latest: LatestSchema,
  findings: Type.Array(FindingSchema),
  tickets: Type.Array(TicketSummarySchema),
});
export type TerminalPage = Static<typeof TerminalSchema>;

export const SeriesSchema = Type.Object({
  from: Type.Number(),
  to: Type.Number(),
  stepMs: time,
  series: Type.Array(
    Type.Object({
      metric: Type.String(),
      unit: Type.String(),
      kind: Type.Enum(['gauge', 'counter', 'text']),
      times: Type.Array(Type.Number()),
      values: Type.Array(Type.Union([Type.Number(), Type.String(), Type.Null()])),
    }),
  ),
});

export const EventSchema = Type.Object({
  at: Type.Number(),
  receivedAt: Type.Number(),
  type: Type.String(),
  component: text,
  detail: Nullable(Type.Record(Type.String(), Type.Unknown())),
});

const DayHoursSchema = Nullable(Type.Object({ opens: Type.Number(), closes: Type.Number() }));
export const SiteSchema = Type.Object({
  site: Type.String(),
  name: Type.String(),
  timezone: text,
  region: text,
  address: text,
  contact: text,
  lat: time,
  lon: time,
  hours: Nullable(Type.Array(DayHoursSchema)),
  group: GroupSchema,
  openTickets: Type.Number(),
});
export type SiteView = Static<typeof SiteSchema>;

export const SitePageSchema = Type.Object({
  at: Type.Number(),
  site: SiteSchema,
  terminals: Type.Array(TerminalRowSchema),
  findings: Type.Array(FindingSchema, { description: 'findings of the site as a whole' }),
  tickets: Type.Array(TicketSummarySchema),
});
