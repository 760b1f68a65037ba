import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { ALL_MODES, COMPONENTS } from '../../../contract/modes.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { HoldRepository } from '../../../contract/ports/holds.ts';
import type { Outbox } from '../../../contract/ports/outbox.ts';
import type { IncidentBook } from '../../core/incident-book.ts';
import type { Reconciler } from '../reconciler.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';
import { DecisionSchema, Nullable, Severity, Time } from './ticket-schemas.ts';

export interface IncidentRouteDeps {
  readonly clock: Clock;
  readonly book: IncidentBook;
  readonly holds: HoldRepository;
  readonly outbox: Outbox;
  readonly reconciler: Reconciler;
  /** A new id, unique. */
  readonly newId: () => string;
}

const Text = Type.String();
const Short = Type.String({ minLength: 1, maxLength: 200 });
const Match = Type.Object(
  {
    fingerprint: Type.Optional(Short),
    terminal: Type.Optional(Short),
    site: Type.Optional(Short),
    model: Type.Optional(Short),
    firmware: Type.Optional(Short),
    component: Type.Optional(Type.Enum([...COMPONENTS])),
    mode: Type.Optional(Type.Enum([...ALL_MODES])),
  },
  { additionalProperties: false },
);
const HoldSchema = Type.Object({
  tenant: Text,
  id: Text,
  kind: Type.Enum(['mute', 'maintenance']),
  match: Match,
  from: Time,
  to: Time,
  reason: Text,
  by: Text,
  at: Time,
});
const HoldParams = Type.Object({ tenant: Text, id: Text });
const YEAR = 366 * 86_400_000;

/** Why faults have tickets or not; mutes and maintenance windows; the log of what was sent. */
export function incidentRoutes(root: FastifyInstance, deps: IncidentRouteDeps): void {
  const http = typed(root);
  const { clock, book, holds, outbox, reconciler } = deps;

  http.get(
    '/tenants/:tenant/incidents',
    {
      config: { right: 'incidents:read' },
      schema: {
        tags: ['incidents'],
        summary: 'Faults as alerts sees them, each with the decision taken on it and its reason',
        operationId: 'listIncidents',
        params: TenantParams,
        querystring: Type.Object({
          terminal: Type.Optional(Short),
          action: Type.Optional(Short),
          reason: Type.Optional(Short),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                fingerprint: Text,
                scope: Text,
                subject: Text,
                terminal: Nullable(Text),
                component: Text,
                mode: Text,
                severity: Severity,
                standing: Type.Boolean(),
                flapping: Type.Boolean(),
                openings: Type.Integer(),
                ticket: Nullable(Text),
                ticketOpen: Type.Boolean(),
                parent: Nullable(Text),
                recheckAt: Nullable(Time),
                decision: DecisionSchema,
              }),
            ),
            total: Type.Integer(),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const tenant = tenantOf(request.params);
      const { terminal, action, reason, limit = 200 } = request.query;
      const all = [...book.ofTenant(tenant)].filter(
        ({ finding, decision }) =>
          (terminal === undefined || finding.terminal === terminal || finding.members?.includes(terminal)) &&
          (action === undefined || decision.action === action) &&
          (reason === undefined || decision.reason === reason),
      );
      all.sort((a, b) => b.decision.at - a.decision.at);
      return {
        items: all.slice(0, limit).map((record) => ({
          fingerprint: record.fingerprint,
          scope: record.finding.scope,
          subject: record.finding.subject,
          terminal: record.finding.terminal,
          component: record.finding.component,
          mode: record.finding.mode,
          severity: record.finding.severity,
          standing: record.standing,
          flapping: record.flapping,
          openings: record.openings.length,
          ticket: record.ticket,
          ticketOpen: record.ticketOpen,
          parent: record.parent,
          recheckAt: record.recheckAt,
          decision: record.decision,
        })),
        total: all.length,
      };
    },
  );

  http.get(
    '/tenants/:tenant/holds',
    {
      config: { right: 'incidents:read' },
      schema: {
        tags: ['incidents'],
        summary: 'Mutes and maintenance windows',
        operationId: 'listHolds',
        params: TenantParams,
        querystring: Type.Object({ active: Type.Optional(Type.Boolean()) }),
        response: { 200: Type.Object({ items: Type.Array(HoldSchema) }) },
      },
    },
    async (request) => {
      const query = request.query.active ? { activeAt: clock.now() } : {};
      return { items: [...(await holds.list(tenantOf(request.params), query))] };
    },
  );

  http.post(
    '/tenants/:tenant/holds',
    {
      config: { right: 'incidents:write' },
      schema: {
        tags: ['incidents'],
        summary: 'Mute faults, or announce maintenance: with an end and a reason; held, not lost',
        operationId: 'addHold',
        params: TenantParams,
        body: Type.Object({
          kind: Type.Enum(['mute', 'maintenance']),
          match: Match,
          from: Type.Optional(Time),
          to: Time,
          reason: Type.String({ minLength: 3, maxLength: 500 }),
        }),
        response: { 201: HoldSchema },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator');
      const now = clock.now();
      const { kind, match, from = now, to, reason } = request.body;
      if (to <= Math.max(from, now))
        throw new TillwatchError('alerts.bad_hold', 'the end lies before the beginning', { status: 400 });
      if (to > now + YEAR) throw new TillwatchError('alerts.bad_hold', 'a hold ends within a year', { status: 400 });
      const hold = {
        tenant: tenantOf(request.params),
        id: deps.newId(),
        kind,
        match,
        from,
        to,
        reason,
        by: request.principal.name,
        at: now,
      };
      await holds.add(hold);
      await reconciler.refreshHolds();
      return reply.code(201).send(hold);
    },
  );

  http.delete(
    '/tenants/:tenant/holds/:id',
    {
      config: { right: 'incidents:write' },
      schema: {
        tags: ['incidents'],
        summary: 'End a mute or a maintenance window now; what it held is looked at again',
        operationId: 'endHold',
        params: HoldParams,
        response: { 200: Type.Object({ ended: Type.Boolean() }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const ended = await holds.end(tenantOf(request.params), request.params.id, clock.now());
      if (!ended) throw new TillwatchError('alerts.unknown_hold', 'there is no such hold running', { status: 404 });
      await reconciler.again();
      return { ended };
    },
  );

  http.get(
    '/tenants/:tenant/notices',
    {
      config: { right: 'notices:read' },
      schema: {
        tags: ['incidents'],
        summary: 'What tickets caused: notices, commands and the rest, sent, waiting or failed; newest first',
        operationId: 'listEffects',
        params: TenantParams,
        querystring: Type.Object({
          ticket: Type.Optional(Short),
          kind: Type.Optional(Short),
          state: Type.Optional(Type.Enum(['pending', 'done', 'failed'])),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                key: Text,
                ticket: Nullable(Text),
                kind: Text,
                at: Time,
                dueAt: Time,
                payload: Type.Record(Text, Type.Unknown()),
                attempts: Type.Integer(),
                doneAt: Nullable(Time),
                failedAt: Nullable(Time),
                lastError: Nullable(Text),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const items = await outbox.log(tenantOf(request.params), request.query);
      return { items: items.map((entry) => ({ ...entry, payload: { ...entry.payload } })) };
    },
  );

  http.post(
    '/tenants/:tenant/notices/replay',
    {
      config: { right: 'notices:write' },
      schema: {
        tags: ['incidents'],
        summary: 'Send one again, with the same idempotency key',
        operationId: 'replayEffect',
        params: TenantParams,
        body: Type.Object({ key: Type.String({ minLength: 1, maxLength: 300 }) }),
        response: { 200: Type.Object({ replayed: Type.Boolean() }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator');
      const replayed = await outbox.replay(tenantOf(request.params), request.body.key, clock.now());
      if (!replayed) throw new TillwatchError('alerts.unknown_effect', 'there is no such entry', { status: 404 });
      return { replayed };
    },
  );
}
