import Type, { type Static } from 'typebox';
import { EvidenceSchema } from '../../contract/finding-schema.ts';
import { METRICS } from '../../contract/metrics.ts';
import { COMPONENTS } from '../../contract/modes.ts';
import { TICKET_KINDS, TICKET_SOURCES, TICKET_STATES } from '../../contract/tickets.ts';
import { HEALTH, LINKS } from './words.ts';

/** What the console and other clients are answered: schemas for OpenAPI, types for the code. Times are ms since 1970 UTC. */
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = Nullable(Type.String());
const time = Nullable(Type.Number());

export const SeveritySchema = Type.Enum(['watch', 'warning', 'critical']);
export const HealthSchema = Type.Enum([...HEALTH]);
export const LifecycleSchema = Type.Enum(['pending', 'active', 'locked', 'retired']);
export const ComponentSchema = Type.Enum([...COMPONENTS]);
export const ScopeSchema = Type.Enum(['terminal', 'site', 'cell', 'carrier', 'firmware', 'model']);
const linkSchema = Type.Enum([...LINKS]);
const freshnessSchema = Type.Enum(['fresh', 'late', 'silent', 'never']);
const excuseSchema = Nullable(Type.Enum(['shutdown', 'closed']));

export const FindingSchema = Type.Object({
  fingerprint: Type.String(),
  revision: Type.Number(),
  openedAt: Type.Number(),
  at: Type.Number({ description: 'when it was last stated, ms' }),
  scope: ScopeSchema,
  subject: Type.String(),
  terminal: text,
  members: Type.Optional(Type.Array(Type.String())),
  component: ComponentSchema,
  mode: Type.String(),
  state: Type.Enum(['open', 'update', 'cleared']),
  severity: SeveritySchema,
  probability: Type.Number({ description: 'of failure within horizonH, 0–1' }),
  horizonH: Type.Number(),
  failsAt: time,
  failsAtP10: time,
  failsAtP90: time,
  evidence: Type.Array(EvidenceSchema),
});
export type FindingView = Static<typeof FindingSchema>;

export const TicketSummarySchema = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...TICKET_KINDS]),
  source: Type.Enum([...TICKET_SOURCES]),
  state: Type.Enum([...TICKET_STATES]),
  open: Type.Boolean(),
  severity: SeveritySchema,
  title: Type.String(),
  scope: ScopeSchema,
  subject: Type.String(),
  terminal: text,
  site: text,
  component: Nullable(ComponentSchema),
  mode: text,
  openedAt: Type.Number(),
  updatedAt: Type.Number(),
  stateSince: Type.Number(),
  waitingFor: Nullable(Type.Enum(['operator', 'provider', 'merchant', 'platform'])),
  failsAt: time,
  parent: text,
});
export type TicketView = Static<typeof TicketSummarySchema>;

export const TerminalRowSchema = Type.Object({
  terminal: Type.String(),
  site: text,
  siteName: text,
  model: text,
  firmware: text,
  carrier: text,
  lifecycle: LifecycleSchema,
  health: HealthSchema,
  severity: Nullable(SeveritySchema),
  link: linkSchema,
  linkSince: time,
  freshness: freshnessSchema,
  excuse: excuseSchema,
  lastAt: time,
  failsAt: time,
  worsenedAt: time,
  openTickets: Type.Number(),
  components: Type.Array(ComponentSchema),
  worst: Nullable(
    Type.Object({
      component: ComponentSchema,
      mode: Type.String(),
      scope: ScopeSchema,
      subject: Type.String(),
      severity: SeveritySchema,
      probability: Type.Number(),
      horizonH: Type.Number(),
      why: text,
    }),
  ),
  batteryPct: time,
  signalDbm: time,
  printer: text,
});
export type TerminalRow = Static<typeof TerminalRowSchema>;

export const HealthCountsSchema = Type.Object({
  total: Type.Number(),
  critical: Type.Number(),
  warning: Type.Number(),
  watch: Type.Number(),
  silent: Type.Number(),
  unknown: Type.Number(),
  healthy: Type.Number(),
});
export type HealthCounts = Static<typeof HealthCountsSchema>;

export const GroupSchema = Type.Object({
  key: Type.String(),
  name: text,
  health: HealthCountsSchema,
  offline: Type.Number(),
  failing: Type.Number({ description: 'terminals forecast to fail within seven days' }),
});
export type Group = Static<typeof GroupSchema>;

export const FleetSchema = Type.Object({
  at: Type.Number(),
  health: HealthCountsSchema,
  lifecycle: Type.Object({
    pending: Type.Number(),
    active: Type.Number(),
    locked: Type.Number(),
    retired: Type.Number(),
  }),
  link: Type.Object({ online: Type.Number(), offline: Type.Number(), never: Type.Number() }),
  tickets: Type.Object({ open: Type.Number(), critical: Type.Number(), warning: Type.Number(), watch: Type.Number() }),
  components: Type.Record(Type.String(), Type.Number(), { description: 'terminals with a finding on the component' }),
  worst: Type.Array(TerminalRowSchema),
  wider: Type.Array(FindingSchema, { description: 'findings that many terminals share, worst first' }),
  gotWorse: Type.Object({
    since: Type.Number(),
    total: Type.Number(),
    items: Type.Array(Type.Object({ row: TerminalRowSchema, at: Type.Number(), before: Nullable(SeveritySchema) })),
  }),
  willFail: Type.Object({ until: Type.Number(), total: Type.Number(), items: Type.Array(TerminalRowSchema) }),
  groups: Type.Object({
    site: Type.Array(GroupSchema),
    model: Type.Array(GroupSchema),
    firmware: Type.Array(GroupSchema),
    carrier: Type.Array(GroupSchema),
  }),
  sites: Type.Number({ description: 'sites in all; the group list holds the worst of them' }),
});
export type FleetView = Static<typeof FleetSchema>;

export const MetricSchema = Type.Object({
  key: Type.String(),
  group: Type.String(),
  kind: Type.Enum(['gauge', 'counter', 'text']),
  unit: Type.String({ description: 'UCUM-like; empty for counts and words' }),
  describe: Type.String(),
});
export type MetricView = Static<typeof MetricSchema>;
/** The metric catalogue as clients see it. */
export const METRIC_VIEWS: readonly MetricView[] = METRICS.map(({ key, group, kind, unit, describe }) => ({
  key,
  group,
  kind,
  unit,
  describe,
}));
