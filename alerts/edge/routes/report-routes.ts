import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { DEACTIVATION_REASONS } from '../../../contract/ticket-parts.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { componentHinted, firstAidFor } from '../../core/first-aid.ts';
import { reportTold, type TerminalNotes } from '../../core/reports.ts';
import type { Intake } from '../intake.ts';
import type { Losses } from '../losses.ts';
import type { TicketDesk } from '../ticket-desk.ts';
import { actorOf, need, TenantParams, tenantOf, typed } from './http.ts';
import { Severity, TicketSchema, Time } from './ticket-schemas.ts';

export interface ReportRouteDeps {
  readonly desk: TicketDesk;
  readonly intake: Intake;
  readonly losses: Losses;
  readonly site: (tenant: TenantId, terminal: string) => string | null;
  readonly notes: (tenant: TenantId, terminal: string) => Promise<TerminalNotes | undefined>;
}

const Terminal = Type.String({ minLength: 1, maxLength: 64 });
const Short = Type.String({ minLength: 1, maxLength: 200 });
const Step = Type.Object({ step: Type.String(), en: Type.String(), zh: Type.String() });

/** Reports by people: a fault, a loss, an application for deactivation. */
export function reportRoutes(root: FastifyInstance, deps: ReportRouteDeps): void {
  const http = typed(root);
  const { desk, notes } = deps;

  async function known(tenant: TenantId, terminal: string): Promise<TerminalNotes> {
    const found = await notes(tenant, terminal);
    if (found) return found;
    throw new TillwatchError('registry.unknown_terminal', `there is no terminal ${terminal}`, { status: 404 });
  }

  http.post(
    '/tenants/:tenant/reports',
    {
      config: { right: 'reports:write' },
      schema: {
        tags: ['tickets'],
        summary: 'Report a fault; answers the ticket and the first-aid steps that fit the symptom',
        operationId: 'reportFault',
        params: TenantParams,
        body: Type.Object({
          terminal: Terminal,
          symptom: Type.String({ minLength: 3, maxLength: 2_000 }),
          beganAt: Type.Optional(Time),
          frequency: Type.Optional(Short),
          stepsTried: Type.Optional(Type.Array(Short, { maxItems: 20 })),
          contact: Type.Optional(Short),
          merchant: Type.Optional(Short),
          severity: Type.Optional(Severity),
          language: Type.Optional(Type.Enum(['en', 'zh'])),
        }),
        response: {
          201: Type.Object({
            ticket: TicketSchema,
            firstAid: Type.Array(Step),
            joined: Type.Boolean({ description: 'the fault had an open ticket already, which took the report in' }),
          }),
        },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator', 'merchant');
      const tenant = tenantOf(request.params);
      const told = request.body;
      const { ticket, joined } = await deps.intake.report(
        tenant,
        told,
        await known(tenant, told.terminal),
        actorOf(request.principal),
      );
      const firstAid = firstAidFor(
        { component: componentHinted(told.symptom), mode: ticket.mode, symptom: told.symptom },
        told.stepsTried ?? [],
      );
      return reply.code(201).send({ ticket, firstAid, joined } as never);
    },
  );

  http.post(
    '/tenants/:tenant/reports/loss',
    {
      config: { right: 'reports:write' },
      schema: {
        tags: ['tickets'],
        summary: 'Report a terminal lost or stolen: it is locked at once',
        operationId: 'reportLoss',
        params: TenantParams,
        body: Type.Object({
          terminal: Terminal,
          how: Type.Enum(['lost', 'stolen']),
          policeReport: Type.Optional(Short),
          contact: Type.Optional(Short),
        }),
        response: { 201: TicketSchema },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator', 'merchant');
      const tenant = tenantOf(request.params);
      const ticket = await deps.losses.report(
        tenant,
        request.body,
        await known(tenant, request.body.terminal),
        actorOf(request.principal),
      );
      return reply.code(201).send(ticket as never);
    },
  );

  http.post(
    '/tenants/:tenant/reports/deactivation',
    {
      config: { right: 'reports:write' },
      schema: {
        tags: ['tickets'],
        summary: 'Apply for the deactivation of a terminal',
        operationId: 'applyForDeactivation',
        params: TenantParams,
        body: Type.Object({
          terminal: Terminal,
          reason: Type.Enum([...DEACTIVATION_REASONS]),
          plannedFrom: Time,
          plannedTo: Type.Optional(Time),
          contact: Type.Optional(Short),
          note: Type.Optional(Type.String({ maxLength: 2_000 })),
        }),
        response: { 201: TicketSchema },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator', 'merchant');
      const tenant = tenantOf(request.params);
      const { terminal, reason, plannedFrom, plannedTo, contact, note } = request.body;
      if (plannedTo !== undefined && plannedTo <= plannedFrom) {
        throw new TillwatchError('ticket.condition', 'the planned end lies before the beginning', { status: 400 });
      }
      const report = reportTold(
        { symptom: note ?? `deactivation: ${reason}`, ...(contact ? { contact } : {}) },
        await known(tenant, terminal),
      );
      const ticket = await desk.open(
        {
          tenant,
          kind: 'deactivation',
          source: request.principal.role === 'merchant' ? 'merchant' : 'operator',
          severity: 'watch',
          title: `Deactivation (${reason}): ${terminal}`,
          scope: 'terminal',
          subject: terminal,
          terminal,
          site: deps.site(tenant, terminal),
          fingerprint: `${tenant}/deactivation/${terminal}`,
          report,
          deactivation: {
            reason,
            applicant: request.principal.name,
            contact: contact ?? null,
            plannedFrom,
            plannedTo: plannedTo ?? null,
            reviewedBy: null,
            refusal: null,
            lockedAt: null,
            openSettlements: null,
            openComplaints: null,
            noticeAt: null,
          },
        },
        actorOf(request.principal),
      );
      return reply.code(201).send(ticket as never);
    },
  );
}
